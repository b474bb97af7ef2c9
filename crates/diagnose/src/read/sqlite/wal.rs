//! The log of changes that were not yet put into the file.
//!
//! A header of 32 bytes, then frames: 24 bytes and a page. Frames count up to the last one that
//! ends a transaction, as long as salt and checksum are right; older ones stand behind.

use super::bytes::u32_at;
use std::collections::HashMap;

const HEADER: usize = 32;
const FRAME: usize = 24;
/// The last bit tells the order of the bytes under the checksum.
const MAGIC: u32 = 0x377f_0682;

/// Where in the log the latest state of each changed page of `size` bytes begins.
pub(super) fn frames(log: &[u8], size: usize) -> HashMap<u32, usize> {
    let mut committed = HashMap::new();
    let Some(mut sum) = opening(log, size) else { return committed };
    let salt = log.get(16..24);
    let mut pending = Vec::new();
    for (at, frame) in log[HEADER..].chunks_exact(FRAME + size).enumerate() {
        sum.add(&frame[..8]);
        sum.add(&frame[FRAME..]);
        let (Some(page), Some(pages)) = (u32_at(frame, 0), u32_at(frame, 4)) else { break };
        if frame.get(8..16) != salt || !sum.is(frame, 16) {
            break;
        }
        pending.push((page, HEADER + at * (FRAME + size) + FRAME));
        // The size of the file after a transaction stands in its last frame alone.
        if pages > 0 {
            committed.extend(pending.drain(..));
        }
    }
    committed
}

/// The checksum over the header, where there is one for pages of `size` bytes.
fn opening(log: &[u8], size: usize) -> Option<Checksum> {
    let magic = u32_at(log, 0).filter(|magic| magic & !1 == MAGIC)?;
    let mut sum = Checksum { big_endian: magic & 1 == 1, sums: [0, 0] };
    sum.add(log.get(..24)?);
    (u32_at(log, 8)? as usize == size && sum.is(log, 24)).then_some(sum)
}

/// SQLite's running checksum: two sums that feed each other.
struct Checksum {
    big_endian: bool,
    sums: [u32; 2],
}

impl Checksum {
    fn add(&mut self, bytes: &[u8]) {
        let word = |four: &[u8]| match <[u8; 4]>::try_from(four) {
            Ok(four) if self.big_endian => u32::from_be_bytes(four),
            Ok(four) => u32::from_le_bytes(four),
            Err(_) => 0,
        };
        let [mut first, mut second] = self.sums;
        for pair in bytes.chunks_exact(8) {
            first = first.wrapping_add(word(&pair[..4])).wrapping_add(second);
            second = second.wrapping_add(word(&pair[4..])).wrapping_add(first);
        }
        self.sums = [first, second];
    }

    fn is(&self, bytes: &[u8], at: usize) -> bool {
        [u32_at(bytes, at), u32_at(bytes, at + 4)] == self.sums.map(Some)
    }
}

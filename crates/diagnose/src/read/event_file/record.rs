//! Records of an event file: u64 length, its masked CRC-32C, the data, their masked CRC-32C.

use std::io::{Read, Result};

/// Length and checksum of a record.
const HEAD: usize = 12;
/// Bytes that a record of scalars does not exceed.
const ORDINARY: u64 = 1 << 12;

/// The records of a stream, through one buffer.
pub(super) struct Records<R> {
    stream: R,
    data: Vec<u8>,
    at: u64,
}

/// What comes next in a stream.
pub(super) enum Next<'a> {
    Data(&'a [u8]),
    End,
    /// The stream cannot be read on; why and where.
    Broken(String),
}

impl<R: Read> Records<R> {
    pub fn new(stream: R) -> Self {
        Self { stream, data: Vec::new(), at: 0 }
    }

    /// The next record. Fails only where the stream cannot be read.
    pub fn next(&mut self) -> Result<Next<'_>> {
        let mut head = [0; HEAD];
        let found = fill(&mut self.stream, &mut head)?;
        if found == 0 {
            return Ok(Next::End);
        }
        let Some(length) = length(&head).filter(|_| found == HEAD) else {
            let why = if found < HEAD { "cut off" } else { "damaged" };
            return Ok(Next::Broken(format!("the record at byte {} is {why}", self.at)));
        };
        let wanted = length.saturating_add(4);
        if !self.fill_data(wanted)? {
            return Ok(Next::Broken(format!("the record at byte {} is cut off", self.at)));
        }
        let (data, sum) = self.data.split_at(length as usize);
        if masked_crc(data).to_le_bytes() != sum {
            return Ok(Next::Broken(format!("the record at byte {} is damaged", self.at)));
        }
        self.at += HEAD as u64 + wanted;
        Ok(Next::Data(data))
    }
}

impl<R: Read> Records<R> {
    /// Whether there were `wanted` bytes for the buffer.
    fn fill_data(&mut self, wanted: u64) -> Result<bool> {
        if wanted <= ORDINARY {
            self.data.resize(wanted as usize, 0);
            return Ok(fill(&mut self.stream, &mut self.data)? == self.data.len());
        }
        // Memory grows with what is there, whatever length the record claims.
        self.data.clear();
        Ok(self.stream.by_ref().take(wanted).read_to_end(&mut self.data)? as u64 == wanted)
    }
}

/// Whether bytes begin like an event file.
pub(in crate::read) fn is_head(bytes: &[u8]) -> bool {
    bytes.first_chunk::<HEAD>().is_some_and(|head| length(head).is_some())
}

/// The length of a record, when its checksum agrees.
fn length(head: &[u8; HEAD]) -> Option<u64> {
    let (length, sum) = head.split_at(8);
    let agrees = masked_crc(length).to_le_bytes() == sum;
    agrees.then(|| length.try_into().map(u64::from_le_bytes).ok()).flatten()
}

fn fill(stream: &mut impl Read, buffer: &mut [u8]) -> Result<usize> {
    let mut found = 0;
    while found < buffer.len() {
        match stream.read(&mut buffer[found..]) {
            Ok(0) => break,
            Ok(more) => found += more,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

fn masked_crc(data: &[u8]) -> u32 {
    crc32c::crc32c(data).rotate_right(15).wrapping_add(0xa282_ead8)
}

//! TensorBoard event files: records of length, checksum, data, checksum; the data are protobuf.
//!
//! ```text
//! record   u64 length, u32 masked CRC-32C of it, data, u32 masked CRC-32C of the data; little endian
//! Event    1 wall_time (double), 2 step (varint), 3 file_version (string), 5 summary
//! Summary  1 value, repeated: 1 tag (string), 2 simple_value (float)
//! ```
//!
//! Source: TensorFlow, `core/lib/io/record_writer.h`, `core/util/event.proto`,
//! `core/framework/summary.proto`.

/// The head of a record: its length and the checksum of that.
const HEAD: usize = 12;
/// The checksum of the data.
const TAIL: usize = 4;

/// The first record of every event file.
pub fn version(wall_time: f64) -> Vec<u8> {
    let mut event = number(1, wall_time);
    event.extend(bytes(3, b"brain.Event:2"));
    record(&event)
}

/// The scalars of one step as a record. `wall_time` counts seconds since 1970.
pub fn scalars<'a>(
    wall_time: f64,
    step: u64,
    values: impl IntoIterator<Item = (&'a str, f64)>,
) -> Vec<u8> {
    let mut summary = Vec::new();
    for (tag, value) in values {
        let mut scalar = bytes(1, tag.as_bytes());
        scalar.push(key(2, Wire::Fixed32));
        scalar.extend((value as f32).to_le_bytes());
        summary.extend(bytes(1, &scalar));
    }
    let mut event = number(1, wall_time);
    event.push(key(2, Wire::Varint));
    event.extend(varint(step));
    event.extend(bytes(5, &summary));
    record(&event)
}

/// Length in bytes of the first `records` whole and undamaged records, and how many they are.
pub fn intact(file: &[u8], records: u64) -> (usize, u64) {
    let (mut length, mut found) = (0, 0);
    while let Some(size) = (found < records).then(|| first(&file[length..])).flatten() {
        length += size;
        found += 1;
    }
    (length, found)
}

/// Size of the first record; none where it is cut off or damaged.
fn first(file: &[u8]) -> Option<usize> {
    let size = u64::from_le_bytes(file.get(..8)?.try_into().ok()?);
    let end = usize::try_from(size).ok()?.checked_add(HEAD)?;
    let whole = end.checked_add(TAIL)?;
    let agrees = |data: &[u8], sum: &[u8]| masked_crc(data).to_le_bytes() == *sum;
    let head = agrees(&file[..8], file.get(8..HEAD)?);
    (head && agrees(file.get(HEAD..end)?, file.get(end..whole)?)).then_some(whole)
}

fn record(data: &[u8]) -> Vec<u8> {
    let length = (data.len() as u64).to_le_bytes();
    let sums = [&length[..], data].map(|part| masked_crc(part).to_le_bytes());
    [&length[..], &sums[0], data, &sums[1]].concat()
}

/// The checksum is masked, since a checksum of data that hold their checksum says little.
fn masked_crc(data: &[u8]) -> u32 {
    crc32c::crc32c(data).rotate_right(15).wrapping_add(0xa282_ead8)
}

/// How protobuf writes a value.
#[derive(Clone, Copy)]
enum Wire {
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}

fn key(field: u8, wire: Wire) -> u8 {
    field << 3 | wire as u8
}

fn number(field: u8, value: f64) -> Vec<u8> {
    [&[key(field, Wire::Fixed64)][..], &value.to_le_bytes()].concat()
}

fn bytes(field: u8, value: &[u8]) -> Vec<u8> {
    [&[key(field, Wire::Bytes)][..], &varint(value.len() as u64), value].concat()
}

/// Seven bits a byte, the lowest first; the high bit says that more follow.
fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    /// Made by TensorBoard's own writer, see `event_file.py`.
    const GOLDEN: &str = include_str!("../tests/golden/event_file.json");

    #[derive(Deserialize)]
    struct Golden {
        events: Vec<Event>,
        file: String,
    }

    #[derive(Deserialize)]
    struct Event {
        wall_time: f64,
        step: u64,
        /// Values as text, since JSON has no NaN.
        scalars: Vec<(String, String)>,
    }

    fn written(golden: &Golden) -> Vec<u8> {
        let mut file = version(golden.events[0].wall_time);
        for event in &golden.events[1..] {
            let value = |(tag, text): &(String, String)| (tag.clone(), text.parse().unwrap());
            let values: Vec<(String, f64)> = event.scalars.iter().map(value).collect();
            let values = values.iter().map(|(tag, value)| (tag.as_str(), *value));
            file.extend(scalars(event.wall_time, event.step, values));
        }
        file
    }

    fn hex(text: &str) -> Vec<u8> {
        let byte = |at| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
        (0..text.len()).step_by(2).map(byte).collect()
    }

    #[test]
    fn the_bytes_are_those_of_tensorboards_own_writer() {
        let golden: Golden = serde_json::from_str(GOLDEN).unwrap();
        assert!(golden.events.len() > 4);
        assert_eq!(written(&golden), hex(&golden.file));
    }

    #[test]
    fn whole_records_are_counted_and_damage_ends_the_count() {
        let golden: Golden = serde_json::from_str(GOLDEN).unwrap();
        let (file, records) = (hex(&golden.file), golden.events.len() as u64);
        assert_eq!(intact(&file, u64::MAX), (file.len(), records));
        assert_eq!(intact(&file, 1).1, 1);
        assert_eq!(intact(&[], 9), (0, 0));
        let (before_last, count) = intact(&file, records - 1);
        for cut in before_last..file.len() {
            assert_eq!(intact(&file[..cut], u64::MAX), (before_last, count), "cut at {cut}");
        }
        for at in before_last..file.len() {
            let mut damaged = file.clone();
            damaged[at] ^= 0x10;
            assert_eq!(intact(&damaged, u64::MAX), (before_last, count), "damaged at {at}");
        }
    }

    /// RFC 3720, appendix B.4: 32 bytes of zeros have the CRC-32C 8a9136aa; masked by hand.
    #[test]
    fn the_checksum_is_masked_crc_32c() {
        assert_eq!(masked_crc(&[0; 32]), 0x0fd7_fffa);
    }
}

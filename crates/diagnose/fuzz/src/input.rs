//! What the bytes of the fuzzer mean to each target.

use wellfit_diagnose::read::Format;

/// A text, and its format where an odd first byte names one; an even one lets it be found out.
pub fn text(data: &[u8]) -> Option<(&[u8], Option<Format>)> {
    let (&first, text) = data.split_first()?;
    let of_files = |format: &&Format| {
        !matches!(format, Format::TensorBoard | Format::Mlflow | Format::MlflowSqlite)
            && !matches!(format, Format::CatBoost | Format::Burn)
    };
    let formats: Vec<Format> = Format::ALL.iter().filter(of_files).copied().collect();
    let format = formats[usize::from(first / 2) % formats.len()];
    Some((text, (first % 2 == 1).then_some(format)))
}

/// An event file. Random bytes never have the right checksum, so an odd first byte frames what
/// follows as records: a length in a byte, then the data.
pub fn event_file(data: &[u8]) -> Option<Vec<u8>> {
    let (&first, rest) = data.split_first()?;
    Some(if first % 2 == 1 { framed(rest) } else { rest.to_vec() })
}

fn framed(mut data: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    while let Some((&length, rest)) = data.split_first() {
        let (record, after) = rest.split_at(rest.len().min(length.into()));
        let length = (record.len() as u64).to_le_bytes();
        file.extend(length);
        file.extend(masked_crc(&length));
        file.extend(record);
        file.extend(masked_crc(record));
        data = after;
    }
    file
}

fn masked_crc(data: &[u8]) -> [u8; 4] {
    crc32c::crc32c(data).rotate_right(15).wrapping_add(0xa282_ead8).to_le_bytes()
}

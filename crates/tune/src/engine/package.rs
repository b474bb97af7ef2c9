//! A file as the zip that Ray unpacks into the folder of a job.

use std::io::{Cursor, Write};
use zip::result::ZipResult;
use zip::write::{FileOptions, ZipWriter};

/// A zip that holds one file, which may be run.
pub fn zip(name: &str, bytes: &[u8]) -> ZipResult<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::with_capacity(bytes.len() + 1024)));
    // Deflate would need one more dependency, and clusters have fast networks.
    let options = FileOptions::default()
        .compression_method(zip::CompressionMethod::Stored)
        .unix_permissions(0o755);
    writer.start_file(name, options)?;
    writer.write_all(bytes)?;
    Ok(writer.finish()?.into_inner())
}

/// A name that another file does not have: FNV-1a of its bytes, and their number.
pub fn digest(bytes: &[u8]) -> String {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325, step);
    format!("{hash:016x}{:x}", bytes.len())
}

//! Files in memory.

use super::{Format, ReadError};
use flate2::read::MultiGzDecoder;
use std::io::{Error, Read, Result};
use std::path::{Path, PathBuf};

const GZIP: [u8; 2] = [0x1f, 0x8b];
/// Times its size that a file may unpack to; a log has no more to say.
const MOST: u64 = 100;

/// Reads a whole file, unpacked where it is packed with gzip.
pub(super) fn bytes(path: &Path) -> std::result::Result<Vec<u8>, ReadError> {
    let read = std::fs::read(path).and_then(unpacked);
    read.map_err(|source| ReadError::File { path: path.to_owned(), source })
}

/// The bytes that are packed in some with gzip's mark; others as they are. Of a file that ends early,
/// what came before stays.
pub(super) fn unpacked(bytes: Vec<u8>) -> Result<Vec<u8>> {
    if !bytes.starts_with(&GZIP) {
        return Ok(bytes);
    }
    let most = MOST * bytes.len() as u64;
    let mut unpacked = Vec::new();
    let end = MultiGzDecoder::new(&bytes[..]).take(most).read_to_end(&mut unpacked);
    if unpacked.len() as u64 == most {
        return Err(Error::other(format!("it unpacks to more than {MOST} times its size")));
    }
    match end {
        Err(error) if unpacked.is_empty() => Err(error),
        _ => Ok(unpacked),
    }
}

/// The error of a file that is not what its format asks for.
pub(super) fn unlike(
    path: &Path,
    format: Format,
    expected: &'static str,
    found: impl Into<String>,
) -> ReadError {
    ReadError::Content { path: PathBuf::from(path), format, expected, found: found.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn packed_files_are_unpacked_and_others_are_left() {
        let text = b"epoch 1 loss 0.5\nepoch 2 loss 0.25\n";
        assert_eq!(unpacked(packed(text)).unwrap(), text);
        assert_eq!(unpacked(text.to_vec()).unwrap(), text);
        let cut = &packed(text)[..30];
        assert!(text.starts_with(&unpacked(cut.to_vec()).unwrap_or_default()));
    }

    #[test]
    fn a_bomb_is_refused() {
        let error = unpacked(packed(&vec![b'0'; 1 << 20])).unwrap_err().to_string();
        assert!(error.contains("100 times"), "{error}");
    }
}

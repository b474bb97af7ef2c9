//! The bytes of a file, packed with gzip or zstd or not at all.

use crate::Error;
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// The first four bytes of a file, or all that it has.
pub(crate) fn start(path: &Path) -> Result<Vec<u8>, Error> {
    let why = |error: std::io::Error| Error::Read { path: path.into(), why: error.to_string() };
    let mut bytes = Vec::new();
    File::open(path).map_err(why)?.take(4).read_to_end(&mut bytes).map_err(why)?;
    Ok(bytes)
}

/// Reads a whole file; one that begins with the magic of gzip or zstd is decompressed whatever its
/// name says.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let why = |error: std::io::Error| Error::Read { path: path.into(), why: error.to_string() };
    inflate(path, std::fs::read(path).map_err(why)?)
}

/// Decompresses `bytes` when they are packed; `path` only names them in errors.
pub(crate) fn inflate(path: &Path, bytes: Vec<u8>) -> Result<Vec<u8>, Error> {
    let mut plain = Vec::new();
    let (format, result) = if bytes.starts_with(&[0x1f, 0x8b]) {
        ("gzip", MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut plain).map(drop))
    } else if bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        ("zstd", zstd::stream::copy_decode(bytes.as_slice(), &mut plain))
    } else {
        return Ok(bytes);
    };
    let damaged =
        |why: std::io::Error| Error::Packed { path: path.into(), format, why: why.to_string() };
    result.map(|()| plain).map_err(damaged)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn gzip_is_told_by_content() {
        let path = Path::new("x");
        assert_eq!(inflate(path, b"plain".to_vec()).unwrap(), b"plain");
        assert_eq!(inflate(path, gzip(b"packed")).unwrap(), b"packed");
        let joined = [gzip(b"one "), gzip(b"two")].concat();
        assert_eq!(inflate(path, joined).unwrap(), b"one two");
    }

    #[test]
    fn a_cut_gzip_is_named() {
        let whole = gzip(&[7; 5000]);
        for length in [2, 12, whole.len() - 9, whole.len() - 1] {
            let text = inflate(Path::new("a.gz"), whole[..length].to_vec()).unwrap_err();
            let start = "a.gz: expected a whole gzip file, found a cut or damaged one (";
            assert!(text.to_string().starts_with(start), "{text}");
        }
        let mut flipped = whole.clone();
        flipped[whole.len() - 6] ^= 1;
        assert!(inflate(Path::new("a.gz"), flipped).is_err(), "the checksum must be read");
    }

    #[test]
    fn zstd_is_told_by_content_and_a_cut_one_is_named() {
        let path = Path::new("a.zst");
        let packed = zstd::encode_all(&b"packed"[..], 1).unwrap();
        assert_eq!(inflate(path, packed.clone()).unwrap(), b"packed");
        let text = inflate(path, packed[..packed.len() - 1].to_vec()).unwrap_err().to_string();
        assert!(text.starts_with("a.zst: expected a whole zstd file, found a cut"), "{text}");
    }

    #[test]
    fn a_missing_file_is_named() {
        let text = read(Path::new("no/such.csv")).unwrap_err().to_string();
        assert!(text.starts_with("no/such.csv: cannot be read: "), "{text}");
    }
}

//! Whether a file is the one that was published.

use crate::catalogue::Download;
use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// What a checksum says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Right,
    /// With the SHA-256 that was found.
    Wrong(String),
}

impl Verdict {
    /// Right is the published file, byte for byte, and a file that unpacks to what it does.
    pub fn of(path: &Path, file: &Download) -> io::Result<Self> {
        let found = sha256(File::open(path)?)?;
        if found == file.sha256 {
            return Ok(Self::Right);
        }
        let unpacked = sha256(MultiGzDecoder::new(File::open(path)?)).ok();
        match (unpacked, file.unpacked_sha256) {
            (Some(unpacked), Some(expected)) if unpacked == expected => Ok(Self::Right),
            _ => Ok(Self::Wrong(found)),
        }
    }
}

/// In hexadecimal.
pub(super) fn sha256(mut reader: impl Read) -> io::Result<String> {
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 64 * 1024]);
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok(format!("{:x}", hash.finalize())),
            Ok(count) => hash.update(&buffer[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_fips_180() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(&b"abc"[..]).unwrap(), abc);
    }
}

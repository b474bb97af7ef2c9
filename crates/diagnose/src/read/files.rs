//! Files in memory.

use super::{Format, ReadError};
use std::path::{Path, PathBuf};

/// Reads a whole file.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, ReadError> {
    std::fs::read(path).map_err(|source| ReadError::File { path: path.to_owned(), source })
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

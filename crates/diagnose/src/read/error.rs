//! Why a log could not be read.

use super::Format;
use std::path::PathBuf;

/// One line for one file: what was expected, what was found, where.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The file system refused.
    #[error("{}: cannot be read: {source}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Nothing in a folder looks like a log.
    #[error("{}: no training log found among {files} files; name one with --format to force it", path.display())]
    NothingFound {
        /// The folder.
        path: PathBuf,
        /// How many files it holds.
        files: usize,
    },
    /// The file is none of the known formats.
    #[error("{}: expected a training log, found {found}", path.display())]
    Unknown {
        /// The file.
        path: PathBuf,
        /// What it looks like.
        found: String,
    },
    /// The content is not what its format asks for.
    #[error("{}: read as {format}: expected {expected}, found {found}", path.display())]
    Content {
        /// The file or folder.
        path: PathBuf,
        /// What it was read as.
        format: Format,
        /// What the format asks for.
        expected: &'static str,
        /// What there was, with its place.
        found: String,
    },
}

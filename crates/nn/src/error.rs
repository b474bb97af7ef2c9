//! What can go wrong in this crate.

use std::path::PathBuf;

/// An error of `wellfit-nn`: what was wrong, what was expected, what was found, where.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A value of a recipe is wrong.
    #[error(transparent)]
    Core(#[from] wellfit_core::Error),
    /// Model and data, or two techniques, do not fit together.
    #[error("{0}")]
    Mismatch(String),
    /// A stored model or checkpoint does not belong to the model it is loaded into.
    #[error("{what}: {message}")]
    Stored {
        /// File or part of it.
        what: String,
        /// What was expected and what was found.
        message: String,
    },
    /// A file could not be read or written.
    #[error("cannot {action} {}: {source}", path.display())]
    File {
        /// `read` or `write`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The tensor library refused, or its device ran out of something.
    #[error("the device failed: {0}")]
    Device(String),
}

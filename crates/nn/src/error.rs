//! What can go wrong in this crate.

use std::path::PathBuf;

/// An error of `wellfit-nn`: what was wrong, what was expected, what was found, where.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A value of a recipe is wrong.
    #[error(transparent)]
    Core(#[from] wellfit_core::Error),
    /// A technique, a setting or a model does not fit the others or the data.
    #[error("{message}")]
    Refused {
        /// What should change.
        subject: Subject,
        /// What is wrong, and what to write instead.
        message: String,
    },
    /// Model and data do not fit together.
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

/// The part of a recipe that an error is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// The technique with this id.
    Technique(&'static str),
    /// This key of `[train]`.
    Train(&'static str),
    /// `[model]`.
    Model,
    /// `[data]`.
    Data,
}

impl Error {
    /// A refusal of `subject`.
    pub fn refused(subject: Subject, message: impl Into<String>) -> Self {
        Self::Refused { subject, message: message.into() }
    }
}

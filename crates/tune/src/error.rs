//! What can go wrong in this crate.

use std::path::PathBuf;

/// An error of `wellfit-tune`: what was wrong, what was expected, what was found, where.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A dimension of a search has no values, or a condition that cannot hold.
    #[error("{dimension}: expected {expected}, found {found}")]
    Dimension {
        /// Name of the dimension.
        dimension: String,
        /// What it may be, in words.
        expected: &'static str,
        /// What was given.
        found: String,
    },
    /// A technique's values do not fit the space that is searched.
    #[error("{technique}: {message}")]
    Technique {
        /// Its id.
        technique: String,
        /// What was wrong, expected and found.
        message: String,
    },
    /// Paired differences that a statistic has no value for.
    #[error("{statistic}: expected {expected}, found {found}")]
    Sample {
        /// Name of the statistic.
        statistic: &'static str,
        /// What it needs, in words.
        expected: &'static str,
        /// What was given.
        found: String,
    },
    /// The steps of a search do not fit together.
    #[error("{setting}: expected {expected}, found {found}")]
    Setting {
        /// Name of the setting.
        setting: &'static str,
        /// What it may be, in words.
        expected: &'static str,
        /// What was given.
        found: String,
    },
    /// A cluster does not answer, or cannot do what it was asked for.
    #[error("{action}: {message}")]
    Engine {
        /// What was tried.
        action: &'static str,
        /// What came of it.
        message: String,
    },
    /// A study file could not be read or written.
    #[error("cannot use the study file {}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A line of a study file is no operation of Optuna's journal.
    #[error("{}, line {line}: {message}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What was wrong with it.
        message: String,
    },
    /// A study file holds something else than what was asked for.
    #[error("study `{study}`: {message}")]
    Study {
        /// The study's name.
        study: String,
        /// What was wrong, expected and found.
        message: String,
    },
}

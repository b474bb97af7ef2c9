//! What can go wrong between a file and a training batch.

use std::path::PathBuf;

/// An error of `wellfit-data`: what was wrong, what was expected, what was found, where.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder cannot be opened or read.
    #[error("{path}: cannot be read: {why}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
    /// A file begins like gzip but does not decompress.
    #[error("{path}: expected a whole gzip file, found a cut or damaged one ({why})")]
    Gzip {
        /// The file.
        path: PathBuf,
        /// What the decompressor says.
        why: String,
    },
    /// A path names an environment variable that cannot be filled in.
    #[error("path `{text}`: {why}")]
    Path {
        /// The path as written.
        text: String,
        /// What is wrong with it, and what to do.
        why: String,
    },
    /// A file breaks its format as a whole.
    #[error("{path}: expected {expected}, found {found}")]
    Format {
        /// The file.
        path: PathBuf,
        /// What the format asks for.
        expected: String,
        /// What the file holds.
        found: String,
    },
    /// A line of a table breaks its format.
    #[error("{path}, line {line}: expected {expected}, found {found}")]
    Line {
        /// The file.
        path: PathBuf,
        /// Line, counted from 1.
        line: u64,
        /// What was expected there.
        expected: String,
        /// What was found there.
        found: String,
    },
    /// One cell of a table is not what its column asks for.
    #[error("{path}, line {line}, column `{column}`: expected {expected}, found {found}")]
    Cell {
        /// The file.
        path: PathBuf,
        /// Line, counted from 1.
        line: u64,
        /// Name of the column.
        column: String,
        /// What was expected there.
        expected: String,
        /// What was found there.
        found: String,
    },
    /// A table has no column of the target's name.
    #[error("{path}: no column is named `{target}`{hint}; the columns are {columns}")]
    NoTarget {
        /// The file.
        path: PathBuf,
        /// The name that was asked for.
        target: String,
        /// The closest name as a question, or nothing.
        hint: String,
        /// The columns that there are.
        columns: String,
    },
    /// `[data]` does not name exactly one source.
    #[error("expected exactly one of `digits`, `idx` and `csv`, found {found}")]
    Sources {
        /// The sources that were named.
        found: String,
    },
    /// A share or count that means no number of examples.
    #[error("expected {expected}, found {found}")]
    Share {
        /// What may be written.
        expected: &'static str,
        /// What was written.
        found: String,
    },
    /// The parts cannot be cut from the rows as asked.
    #[error("cannot split {rows} examples: {why}")]
    Split {
        /// Examples that there are.
        rows: usize,
        /// What is in the way, and what to do.
        why: String,
    },
    /// Label noise was asked for where there is no class to swap.
    #[error("`label_noise` swaps classes, and this target is a number: set it to 0")]
    NoiseOnValues,
    /// Two things that belong together differ in length.
    #[error("{what}: expected {expected}, found {found}")]
    Length {
        /// Which two.
        what: String,
        /// Length that the first asks for.
        expected: usize,
        /// Length of the second.
        found: usize,
    },
    /// A number out of its range.
    #[error(transparent)]
    Number(#[from] wellfit_core::Error),
}

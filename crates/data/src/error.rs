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
    /// A file begins like gzip or zstd but does not decompress.
    #[error("{path}: expected a whole {format} file, found a cut or damaged one ({why})")]
    Packed {
        /// The file.
        path: PathBuf,
        /// `gzip` or `zstd`.
        format: &'static str,
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
    #[error("{path}, {at}, column `{column}`: expected {expected}, found {found}")]
    Cell {
        /// The file.
        path: PathBuf,
        /// `line 3` of a file of lines, `row 3` of any other, counted from 1.
        at: String,
        /// Name of the column.
        column: String,
        /// What was expected there.
        expected: String,
        /// What was found there.
        found: String,
    },
    /// A table has no column of a name that was asked for.
    #[error("{path}: no column is named `{column}`{hint}; the columns are {columns}")]
    NoColumn {
        /// The file.
        path: PathBuf,
        /// The name that was asked for.
        column: String,
        /// The closest name as a question, or nothing.
        hint: String,
        /// The columns that there are.
        columns: String,
    },
    /// `[data]` does not name exactly one source.
    #[error(
        "expected exactly one of `digits`, `mnist`, `fashion_mnist`, `idx`, `images`, `table`, `csv` and \
         `parquet`, found {found}"
    )]
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
    /// An input that should hold the number of a level does not.
    #[error("input {column}: expected a whole number below {levels}, found {found}")]
    Level {
        /// Place of the input in an example.
        column: usize,
        /// How many levels there are.
        levels: usize,
        /// What it holds.
        found: f32,
    },
    /// Two keys of `[data]` that exclude each other.
    #[error("`{first}` and `{second}` do not go together: {why}")]
    Conflict {
        /// The one.
        first: &'static str,
        /// The other.
        second: &'static str,
        /// What to do.
        why: &'static str,
    },
    /// A file or folder cannot be written.
    #[error("{path}: cannot be written: {why}")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
    /// No mirror gave a file of a data set.
    #[error(
        "cannot download `{name}`; tried\n{tried}\nName another address or a folder that holds the \
         files by --mirror, or put them into {folder}"
    )]
    Download {
        /// Name of the data set.
        name: String,
        /// Every address with what went wrong there, a line each.
        tried: String,
        /// Where the files are looked for.
        folder: PathBuf,
    },
    /// A data set is used before it was downloaded.
    #[error("{folder} does not hold all of `{name}`; run `wellfit data get {name}` first")]
    NotCached {
        /// Name of the data set.
        name: String,
        /// Where it is looked for.
        folder: PathBuf,
    },
    /// The catalogue has no data set of this name.
    #[error("no data set is named `{name}`, expected one of {known}")]
    NoSuchSet {
        /// As asked for.
        name: String,
        /// Names that there are.
        known: String,
    },
    /// Nothing tells where a cache may be.
    #[error("no cache folder: set WELLFIT_CACHE to a folder for downloads, or HOME")]
    NoCache,
    /// A number out of its range.
    #[error(transparent)]
    Number(#[from] wellfit_core::Error),
}

//! What can go wrong in this crate.

/// An error of `wellfit-linear`: what was wrong, what was expected, what was found, where.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A number lies outside the range that its meaning allows.
    #[error(transparent)]
    Number(#[from] wellfit_core::Error),
    /// Two inputs that belong together differ in length.
    #[error("{what}: expected {expected} values, found {found}")]
    Length {
        /// Which input.
        what: &'static str,
        /// Length that the other input asks for.
        expected: usize,
        /// Length that was given.
        found: usize,
    },
    /// Values of an input lie outside the range that its meaning allows.
    #[error("{what}: expected {expected}, found {count} other values, the first in {place}")]
    Values {
        /// Which input.
        what: &'static str,
        /// The range, in words.
        expected: &'static str,
        /// How many values are outside.
        count: usize,
        /// Where the first of them stands, positions from 0, and what it is.
        place: String,
    },
    /// A sparse matrix is not put together as its format asks.
    #[error("sparse matrix: {why}")]
    Sparse {
        /// What was expected and found.
        why: String,
    },
    /// There is nothing to fit.
    #[error("{why}")]
    Nothing {
        /// What was expected and found.
        why: String,
    },
    /// Settings that do not go together, or not with this problem.
    #[error("{why}")]
    Settings {
        /// What was expected and found.
        why: String,
    },
    /// A decomposition of a matrix failed, which finite input in range should never cause.
    #[error("the {what} of a {rows} x {cols} matrix did not converge")]
    Decomposition {
        /// Which one.
        what: &'static str,
        /// Rows.
        rows: usize,
        /// Columns.
        cols: usize,
    },
}

/// Refuses values that fail `test`, with their count and the first place.
pub(crate) fn check(
    what: &'static str,
    expected: &'static str,
    values: &[f64],
    test: impl Fn(f64) -> bool,
) -> Result<(), Error> {
    let mut outside = values.iter().enumerate().filter(|(_, value)| !test(**value));
    let Some((index, value)) = outside.next() else { return Ok(()) };
    let place = format!("place {index}: {value}");
    Err(Error::Values { what, expected, count: 1 + outside.count(), place })
}

/// Refuses a length other than the expected one.
pub(crate) fn check_len(what: &'static str, expected: usize, found: usize) -> Result<(), Error> {
    if expected == found { Ok(()) } else { Err(Error::Length { what, expected, found }) }
}

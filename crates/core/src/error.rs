//! What can go wrong in this crate.

/// An error of `wellfit-core`: what was wrong, what was expected, what was found.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A number lies outside the range that its meaning allows.
    #[error("expected {expected}, found {found}")]
    Number {
        /// The range, in words.
        expected: &'static str,
        /// The value that was given.
        found: f64,
    },
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
    /// A metric has no value on this input.
    #[error("{metric} is undefined: {why}")]
    Undefined {
        /// Name of the metric.
        metric: &'static str,
        /// Why it has no value here.
        why: String,
    },
}

//! What can go wrong in this crate.

use crate::recipe::Place;
use std::fmt::Display;

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
    /// One value of an input lies outside the range that its meaning allows.
    #[error("{what}[{index}]: expected {expected}, found {found}")]
    Value {
        /// Which input.
        what: &'static str,
        /// Position in that input, from 0.
        index: usize,
        /// The range, in words.
        expected: &'static str,
        /// The value that was given.
        found: f64,
    },
    /// A class label is not among the classes.
    #[error("{what}[{index}]: expected a class below {classes}, found {found}")]
    Label {
        /// Which input.
        what: &'static str,
        /// Position in that input, from 0.
        index: usize,
        /// Number of classes.
        classes: usize,
        /// The label that was given.
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
    /// A recipe is not what it should be.
    #[error("{message}{}{}", shown("\n", place), shown("\nhint: ", hint))]
    Recipe {
        /// What was wrong, expected and found.
        message: String,
        /// A suggestion, where one is at hand.
        hint: Option<String>,
        /// Where it stands.
        place: Option<Box<Place>>,
    },
}

fn shown<T: Display>(lead: &str, part: &Option<T>) -> String {
    part.as_ref().map(|part| format!("{lead}{part}")).unwrap_or_default()
}

//! What can go wrong in this crate.

/// An error of `wellfit-plot`: what was wrong, what was expected, what was found.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No run holds a loss or a metric to draw.
    #[error("nothing to draw: expected a run with a logged loss or metric, found no points")]
    Empty,
    /// More runs than one figure shows legibly.
    #[error("expected at most {most} runs in one figure, found {found}")]
    TooManyRuns {
        /// How many fit.
        most: usize,
        /// How many were given.
        found: usize,
    },
    /// No run logged the metric that was asked for.
    #[error("no run logged metric `{found}`; expected one of: {expected}")]
    Metric {
        /// The metrics that were logged, separated by commas.
        expected: String,
        /// The metric that was asked for.
        found: String,
    },
    /// A marked epoch lies outside the run.
    #[error(
        "{what} epoch of run `{run}`: expected an epoch between {first} and {last}, found {found}"
    )]
    Marker {
        /// `best`, `stop` or `onset`.
        what: &'static str,
        /// Name of the run.
        run: String,
        /// First logged epoch.
        first: f64,
        /// Last logged epoch.
        last: f64,
        /// The epoch that was given.
        found: f64,
    },
    /// A PNG would have no pixel, or too many.
    #[error("PNG scale: expected a number above 0 and at most {most}, found {found}")]
    Scale {
        /// The largest scale.
        most: f32,
        /// The scale that was given.
        found: f32,
    },
    /// The picture could not be drawn into pixels.
    #[error("could not make the PNG: {0}")]
    Png(String),
}

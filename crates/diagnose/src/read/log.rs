//! What reading gives: runs with the names that their log used.

use super::Format;
use std::path::PathBuf;
use wellfit_core::run::{Part, Run};

/// One training run as its log tells it.
///
/// A log says which series is training and which validation, and not how they were measured: its
/// training series stands under [`Part::Train`] also where it is a mean over batches.
#[derive(Debug, Clone, PartialEq)]
pub struct Log {
    /// Name for a report: of the file or folder, and of the run in it where it holds several.
    pub name: String,
    /// The file or folder that was read, `-` for standard input.
    pub path: PathBuf,
    /// What it was read as.
    pub format: Format,
    /// The series. Their x values are as in the log, see `axis`.
    pub run: Run,
    /// What the x values count.
    pub axis: Axis,
    /// The name that each series has in the log, in the order of `run.series`.
    pub columns: Vec<String>,
    /// What a reader of the verdict should know: parts that could not be read, choices that were
    /// made. A sentence each.
    pub warnings: Vec<String>,
}

impl Log {
    /// The name that the log gives to a series.
    pub fn column(&self, part: Part, metric: &str) -> Option<&str> {
        let mut series = self.run.series.iter();
        let at = series.position(|series| series.part == part && series.metric == metric)?;
        self.columns.get(at).map(String::as_str)
    }
}

/// What the x values of a log count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    /// Passes over the training data, or rounds of boosting.
    Epoch,
    /// Updates of the weights, or whatever the log counts as steps.
    Step,
}

impl Axis {
    /// `epoch` or `step`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Epoch => "epoch",
            Self::Step => "step",
        }
    }
}

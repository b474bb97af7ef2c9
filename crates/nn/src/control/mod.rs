//! The control door: techniques that decide at the end of an epoch whether to go on.
//!
//! A control reads the whole log of the run each time and keeps nothing in between. So there is
//! nothing to save in a checkpoint, and it says the same when it replays an old log.

pub mod early_stopping;

use crate::Error;
use crate::technique::Shelved;
use wellfit_core::control::Decision;
use wellfit_core::run::{Part, Run, Series};

/// The techniques of this door.
pub const SHELF: &[Shelved] = &[Shelved::of::<early_stopping::EarlyStopping>()];

/// A technique that decides at the end of an epoch.
pub trait ControlDoor: Send + Sync {
    /// Decides after the last epoch of `run`; `monitor` is the series that chooses the model.
    ///
    /// # Errors
    /// The technique watches a series that the run does not log.
    fn decide(&self, run: &Run, monitor: &str) -> Result<Decision, Error>;

    /// What it does, with its numbers, as `explain` shows it.
    fn describe(&self) -> String;
}

/// The series that `name`, as `validation.loss`, means.
///
/// # Errors
/// The run has no such series; the message lists those that it has.
pub fn monitored<'a>(run: &'a Run, name: &str) -> Result<&'a Series, Error> {
    run.series.iter().find(|series| series.name() == name).ok_or_else(|| {
        let known = run.series.iter().filter(|series| series.part != Part::Online);
        let names: Vec<String> = known.map(Series::name).collect();
        let message = format!("monitor: no series `{name}`; this run logs {}", names.join(", "));
        Error::Mismatch(message)
    })
}

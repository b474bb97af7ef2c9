//! The control door: techniques that decide at the end of an epoch whether to go on.
//!
//! A control reads the whole log of the run each time and keeps nothing in between. So there is
//! nothing to save in a checkpoint, and it says the same when it replays an old log.

pub mod early_stopping;
#[cfg(feature = "burn-train")]
pub mod learner;

use crate::Error;
use crate::technique::Shelved;
use crate::train::metrics;
use wellfit_core::control::Decision;
use wellfit_core::recipe::closest;
use wellfit_core::run::{Part, Run, Series};
use wellfit_data::Target;

/// The techniques of this door.
pub const SHELF: &[Shelved] = &[Shelved::of::<early_stopping::EarlyStopping>()];

/// A technique that decides at the end of an epoch.
pub trait ControlDoor: Send + Sync {
    /// Decides after the last epoch of `run`; `monitor` is the series that chooses the model.
    ///
    /// # Errors
    /// The technique watches a series that the run does not log.
    fn decide(&self, run: &Run, monitor: &str) -> Result<Decision, Error>;

    /// The series it watches by name, when it names one.
    fn monitor(&self) -> Option<&str> {
        None
    }

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
        Error::Mismatch(unknown(name, known.map(Series::name).collect()))
    })
}

/// Refuses the name of a series that a run on `target` will not log, before it starts; `more` are
/// those that it logs beside the metrics of its parts.
///
/// # Errors
/// There will be no such series; the message lists those that there will be.
pub fn check_monitor(name: &str, target: &Target, more: &[&str]) -> Result<(), String> {
    let parts = [Part::Train, Part::Validation].map(Part::name);
    let of = |part: &'static str| metrics(target).iter().map(move |m| format!("{part}.{m}"));
    let more = more.iter().map(|&name| name.to_owned());
    let known: Vec<String> = parts.into_iter().flat_map(of).chain(more).collect();
    if known.iter().any(|known| known == name) { Ok(()) } else { Err(unknown(name, known)) }
}

fn unknown(name: &str, known: Vec<String>) -> String {
    let names: Vec<&str> = known.iter().map(String::as_str).collect();
    let hint = closest(name, &names).map(|hint| format!("; {hint}")).unwrap_or_default();
    let names = names.join(", ");
    format!("monitor: no series `{name}`, expected one of {names}{hint}")
}

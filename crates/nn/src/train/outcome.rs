//! What a run tells while it goes and leaves when it ends.

use super::Checkpoint;
use crate::Error;
use serde::{Deserialize, Serialize};
use std::fmt;
use wellfit_core::run::Run;

/// Where a run stands.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    /// Steps done.
    pub step: u64,
    /// Steps of all epochs.
    pub steps: u64,
    /// Steps of one epoch.
    pub per_epoch: u64,
    /// Learning rate of the last step.
    pub learning_rate: f64,
    /// What was logged so far.
    pub log: &'a Run,
}

/// What a watcher wants after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Go on.
    Continue,
    /// Save a checkpoint and go on.
    Save,
    /// Save a checkpoint and leave.
    Interrupt,
}

/// Looks on while a run goes: shows progress, writes logs and checkpoints, interrupts.
pub trait Watch {
    /// Called after every step.
    fn after_step(&mut self, progress: &Progress<'_>) -> Wish {
        let _ = progress;
        Wish::Continue
    }

    /// Called after every epoch, numbered from 1.
    fn after_epoch(&mut self, log: &Run, epoch: u64) {
        let _ = (log, epoch);
    }

    /// Saves a checkpoint: asked for by [`Wish`], and at the end of the run.
    ///
    /// # Errors
    /// The checkpoint could not be saved; the run ends with this error.
    fn save(&mut self, checkpoint: &Checkpoint) -> Result<(), Error> {
        let _ = checkpoint;
        Ok(())
    }
}

/// Watches nothing.
impl Watch for () {}

/// What ended a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoppedBy {
    /// All epochs are done.
    Epochs,
    /// A control stopped it; the text tells why.
    Control(String),
    /// The training loss is NaN or infinite.
    Diverged,
    /// The watcher interrupted it.
    Interrupt,
}

impl StoppedBy {
    /// One word for machines.
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Epochs => "epochs",
            Self::Control(_) => "early_stopping",
            Self::Diverged => "diverged",
            Self::Interrupt => "interrupt",
        }
    }
}

impl fmt::Display for StoppedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Epochs => f.write_str("all epochs done"),
            Self::Control(reason) => write!(f, "stopped early: {reason}"),
            Self::Diverged => f.write_str("stopped: the training loss is NaN or infinite"),
            Self::Interrupt => f.write_str("interrupted"),
        }
    }
}

/// A run that has ended. Both models are in evaluation mode.
#[derive(Debug, Clone)]
pub struct Trained<M> {
    /// The model of the best epoch; of the last where no epoch had a finite monitored value.
    pub best: M,
    /// The model of the last step, averaged where the run averages.
    pub last: M,
    /// The epoch with the best monitored value.
    pub best_epoch: Option<u64>,
    /// Whole epochs done.
    pub epochs: u64,
    /// Everything that was logged.
    pub log: Run,
    /// What ended it.
    pub stopped_by: StoppedBy,
}

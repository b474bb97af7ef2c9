//! Training up to an epoch, and on from there.

use crate::{Error, Experiment};
use wellfit_core::run::{Part, Run};
use wellfit_nn::model::Model;
use wellfit_nn::train::{Checkpoint, Progress, StoppedBy, Trained, Watch, Wish};

/// What a stretch of training left.
pub struct Stretch {
    /// The models, the log.
    pub trained: Trained<Model>,
    /// Where to go on.
    pub checkpoint: Checkpoint,
    /// Whether it was stopped before it came to its end.
    pub interrupted: bool,
}

/// Trains on from a checkpoint, or from the start, until so many epochs are done; all of the
/// recipe's where none are told. `stop` is asked after every step.
///
/// # Errors
/// As [`Experiment::train`].
pub fn stretch(
    experiment: &Experiment,
    from: Option<Checkpoint>,
    to: Option<u64>,
    stop: &dyn Fn() -> bool,
) -> Result<Stretch, Error> {
    let mut until = Until { to, stop, reached: false, checkpoint: None };
    let trained = experiment.train(from, &mut until)?;
    let interrupted = trained.stopped_by == StoppedBy::Interrupt && !until.reached;
    let Some(checkpoint) = until.checkpoint else {
        let message = "the run ended without a checkpoint".to_owned();
        return Err(Error::Format { what: "a checkpoint", message });
    };
    Ok(Stretch { trained, checkpoint, interrupted })
}

/// Ends a run after so many epochs, while its learning rate goes by the recipe's.
struct Until<'a> {
    to: Option<u64>,
    stop: &'a dyn Fn() -> bool,
    reached: bool,
    checkpoint: Option<Checkpoint>,
}

impl Watch for Until<'_> {
    fn after_step(&mut self, progress: &Progress<'_>) -> Wish {
        self.reached = self.to.is_some_and(|to| progress.step >= to * progress.per_epoch);
        if self.reached || (self.stop)() { Wish::Interrupt } else { Wish::Continue }
    }

    fn save(&mut self, checkpoint: &Checkpoint) -> Result<(), wellfit_nn::Error> {
        self.checkpoint = Some(checkpoint.clone());
        Ok(())
    }
}

/// The value of `series` at `epoch`; NaN where there is none.
pub fn value_at(log: &Run, series: &str, epoch: Option<u64>) -> f64 {
    let found = || {
        let (_, metric) = series.split_once('.')?;
        let epoch = epoch? as f64;
        let points = &log.get(Part::Validation, metric)?.points;
        points.iter().find(|point| point.0 == epoch).map(|point| point.1)
    };
    found().unwrap_or(f64::NAN)
}

//! The last training of all: on the rows that were held back while the epochs were chosen.

use crate::{Error, Experiment, Metrics};
use serde::Serialize;
use std::num::NonZeroUsize;
use wellfit_data::Dataset;
use wellfit_nn::chance::StepClock;
use wellfit_nn::model::Model;
use wellfit_nn::technique::Doors;
use wellfit_nn::train::{
    Job, Progress, Refit, StoppedBy, TrainConfig, Trained, Watch, Wish, train,
};

/// What became of the refit that a recipe asks for.
pub enum Again {
    /// The model was trained again.
    Done(Box<Refitted>),
    /// It was not, for this reason; the best model stands.
    NotDone(&'static str),
}

/// A model that was trained again on more rows, for as many epochs as chosen without them.
pub struct Refitted {
    /// The model, in evaluation mode.
    pub model: Model,
    /// What the summary tells of it.
    pub told: Told,
}

/// What the summary tells of a refitted model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Told {
    /// Rows that it was trained on.
    pub rows: usize,
    /// Epochs, those of the best model before.
    pub epochs: u64,
    /// Metrics on the test rows, unless it was trained on them too.
    pub test: Option<Metrics>,
}

impl Experiment {
    /// Trains the chosen model again on the rows that the recipe's `refit` adds, from the start and
    /// for as many epochs as were best; none where the recipe asks for no refit.
    ///
    /// # Errors
    /// As [`Self::train`].
    pub fn refit(
        &self,
        trained: &Trained<Model>,
        threshold: Option<f64>,
        watch: &mut dyn Watch,
    ) -> Result<Option<Again>, Error> {
        let Some(rows) = self.rows_to_refit()? else { return Ok(None) };
        if trained.stopped_by == StoppedBy::Interrupt {
            return Ok(Some(Again::NotDone("the run was interrupted before")));
        }
        let Some(epochs) = trained.best_epoch else {
            return Ok(Some(Again::NotDone("no epoch was best: no monitored value was finite")));
        };
        // Nothing is chosen any more: no control stops the run, and what is evaluated at the end of
        // an epoch is looked at by nobody.
        let mut doors = Doors::read(&self.with_found(trained)?)?;
        doors.controls.clear();
        let config = TrainConfig { clean_examples: NonZeroUsize::MIN, ..self.config.clone() };
        let (clock, teach) = (StepClock::new(), self.teach());
        let job = Job {
            build: &|| self.build(&clock),
            clock: &clock,
            train: &rows,
            validation: &rows.select(&[0]),
            doors: &doors,
            config: &config,
            loss: self.loss(),
            seed: self.seed,
            device: &self.device,
            teacher: teach.as_deref(),
        };
        let mut until = Until { epochs, reached: false, inner: watch };
        let again = train(&job, None, &mut until)?;
        if again.stopped_by == StoppedBy::Diverged {
            return Ok(Some(Again::NotDone("it diverged")));
        }
        if !until.reached {
            return Ok(Some(Again::NotDone("it was interrupted")));
        }
        let test = match (self.config.refit, &self.data.test) {
            (Refit::WithValidation, Some(test)) => {
                Some(self.metrics(&again.last, test, threshold)?)
            }
            _ => None,
        };
        let told = Told { rows: rows.len(), epochs, test };
        Ok(Some(Again::Done(Box::new(Refitted { model: again.last, told }))))
    }

    /// The rows of a refit; none where the recipe asks for none.
    pub(crate) fn rows_to_refit(&self) -> Result<Option<Dataset>, Error> {
        let data = &self.data;
        let with_validation = || data.train.joined(&data.validation);
        Ok(match (self.config.refit, &data.test) {
            (Refit::None, _) => None,
            (Refit::WithAll, Some(test)) => Some(with_validation()?.joined(test)?),
            (Refit::WithAll | Refit::WithValidation, _) => Some(with_validation()?),
        })
    }
}

/// Ends a run after so many epochs, while its learning rate goes by the recipe's.
struct Until<'a> {
    epochs: u64,
    reached: bool,
    inner: &'a mut dyn Watch,
}

impl Watch for Until<'_> {
    fn after_step(&mut self, progress: &Progress<'_>) -> Wish {
        let steps = self.epochs * progress.per_epoch;
        self.reached = progress.step >= steps;
        match self.inner.after_step(&Progress { steps, ..*progress }) {
            Wish::Interrupt => Wish::Interrupt,
            _ if self.reached => Wish::Interrupt,
            _ => Wish::Continue,
        }
    }
}

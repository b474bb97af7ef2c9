//! A run in progress: what it holds, and what it does at each step and at the end of each epoch.

use super::batches::Batches;
use super::step::{self, Corridor};
use super::{Best, Checkpoint, Job, Progress, StoppedBy, Trained, Watch, check, evaluate};
use crate::Error;
use crate::control::monitored;
use crate::model::Network;
use crate::optimizer::Updater;
use crate::optimizer::schedule::LearningRate;
use crate::parameter::{Parameter, parameters};
use crate::snapshot::Snapshot;
use wellfit_core::control::Decision;
use wellfit_core::run::{Direction, Part, Run};
use wellfit_data::Dataset;

/// A run in progress.
pub struct Training<'a, M> {
    job: &'a Job<'a, M>,
    batches: Batches<'a>,
    clean: Dataset,
    /// The learning rate of every step.
    pub learning_rate: LearningRate,
    parameters: Vec<Parameter>,
    /// One for every class, where they do not count the same.
    class_weights: Option<Vec<f64>>,
    updater: Updater,
    model: Option<M>,
    /// Steps done.
    pub step: u64,
    /// Sum of the batch losses of this epoch, and their number.
    online: (f64, u64),
    log: Run,
    best: Option<Best>,
    /// What ended the run.
    pub stopped_by: Option<StoppedBy>,
}

impl<'a, M: Network> Training<'a, M> {
    /// Builds the model, or restores it from a checkpoint.
    pub fn begin(job: &'a Job<'a, M>, from: Option<Checkpoint>) -> Result<Self, Error> {
        check(job.doors, job.config, job.train)?;
        let size = job.config.batch_size.get();
        let moments = job.doors.batch.iter().any(|door| door.needs_moments());
        let batches = Batches::new(job.train, size, job.config.sampling, job.seed);
        let batches = batches.with_moments(moments);
        let class_weights = job.config.class_weights.as_ref();
        let model = (job.build)()?;
        let parameters = parameters(&model);
        let mut training = Self {
            clean: job.config.clean_subset(job.train, job.seed),
            learning_rate: job.config.learning_rate(batches.per_epoch()),
            updater: Updater::new(job.config.optimizer),
            class_weights: class_weights.map(|w| w.of(&job.train.target)).transpose()?,
            batches,
            parameters,
            job,
            model: Some(model),
            step: 0,
            online: (0.0, 0),
            log: Run::default(),
            best: None,
            stopped_by: None,
        };
        if let Some(checkpoint) = from {
            training.resume(checkpoint)?;
        }
        Ok(training)
    }

    fn resume(&mut self, checkpoint: Checkpoint) -> Result<(), Error> {
        let fresh = self.model.take().map_or_else(self.job.build, Ok)?;
        self.model = Some(checkpoint.model.restore(fresh)?);
        let moments = checkpoint.moments;
        self.updater = Updater::resumed(
            self.job.config.optimizer,
            moments,
            &self.parameters,
            self.job.device,
        )?;
        self.step = checkpoint.step;
        self.online = checkpoint.online;
        self.log = checkpoint.log;
        self.best = checkpoint.best;
        self.stopped_by = checkpoint.stopped_by;
        Ok(())
    }

    /// Walks one batch through the corridor.
    pub fn step(&mut self, learning_rate: f64) {
        let Some(model) = self.model.take() else { return };
        let batch = self.batches.at(self.step, self.job.device);
        let corridor = Corridor {
            job: self.job,
            parameters: &self.parameters,
            class_weights: self.class_weights.as_deref(),
            learning_rate,
            step: self.step,
            epoch: self.step as f64 / self.learning_rate.epoch as f64,
        };
        let (model, loss) = corridor.walk(model, batch, &mut self.updater);
        self.model = Some(model);
        self.online = (self.online.0 + loss, self.online.1 + 1);
        self.step += 1;
    }

    /// Evaluates, logs, keeps the model if it is the best, asks the controls.
    pub fn end_epoch(&mut self, watch: &mut dyn Watch) -> Result<(), Error> {
        let Some(model) = &self.model else { return Ok(()) };
        let epoch = self.step / self.learning_rate.epoch;
        let (sum, count) = std::mem::take(&mut self.online);
        self.log.push(Part::Online, "loss", epoch as f64, sum / count as f64);
        let rate = self.learning_rate.at(self.step - 1);
        self.log.push(Part::Online, "learning_rate", epoch as f64, rate);
        let evaluated = model.valid();
        let parts = [(Part::Train, &self.clean), (Part::Validation, self.job.validation)];
        for (part, data) in parts {
            let scores = evaluate(&evaluated, data, self.job.loss, self.job.device)?;
            for (metric, value) in scores.iter() {
                self.log.push(part, metric, epoch as f64, value);
            }
        }
        if !self.job.doors.penalties.is_empty() {
            let penalty = step::penalty(model, &self.parameters, self.job);
            self.log.push(Part::Train, "penalty", epoch as f64, penalty);
        }
        self.keep_if_best(epoch)?;
        self.stopped_by = self.decide(epoch)?;
        watch.after_epoch(&self.log, epoch);
        Ok(())
    }

    fn keep_if_best(&mut self, epoch: u64) -> Result<(), Error> {
        let monitored = monitored(&self.log, &self.job.config.monitor)?;
        let direction = Direction::of(&monitored.metric);
        let value = monitored.points.last().map_or(f64::NAN, |point| point.1);
        let better = |best: &Best| direction.as_cost(value) < direction.as_cost(best.value);
        if value.is_finite()
            && self.best.as_ref().is_none_or(better)
            && let Some(model) = &self.model
        {
            self.best = Some(Best { epoch, value, model: Snapshot::of(model) });
        }
        Ok(())
    }

    fn decide(&self, epoch: u64) -> Result<Option<StoppedBy>, Error> {
        let loss = monitored(&self.log, "train.loss")?.points.last().map_or(0.0, |p| p.1);
        if !loss.is_finite() {
            return Ok(Some(StoppedBy::Diverged));
        }
        for control in &self.job.doors.controls {
            if let Decision::Stop(reason) = control.decide(&self.log, &self.job.config.monitor)? {
                return Ok(Some(StoppedBy::Control(reason.to_string())));
            }
        }
        Ok((epoch >= self.job.config.epochs.get()).then_some(StoppedBy::Epochs))
    }

    /// Where the run stands.
    pub fn progress(&self, learning_rate: f64) -> Progress<'_> {
        Progress {
            step: self.step,
            steps: self.learning_rate.total,
            per_epoch: self.learning_rate.epoch,
            learning_rate,
            log: &self.log,
        }
    }

    /// All that the run needs to go on.
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            step: self.step,
            online: self.online,
            log: self.log.clone(),
            best: self.best.clone(),
            stopped_by: self.stopped_by.clone(),
            model: self.model.as_ref().map(Snapshot::of).unwrap_or_default(),
            moments: self.updater.state().clone(),
        }
    }

    /// Restores the best model.
    pub fn finish(self) -> Result<Trained<M>, Error> {
        let last = self.model.map_or_else(self.job.build, Ok)?;
        let best = match &self.best {
            Some(best) => Some(best.model.restore((self.job.build)()?)?.valid()),
            None => None,
        };
        Ok(Trained {
            best_epoch: self.best.map(|best| best.epoch),
            best: best.unwrap_or_else(|| last.valid()),
            last: last.valid(),
            epochs: self.step / self.learning_rate.epoch,
            log: self.log,
            stopped_by: self.stopped_by.unwrap_or(StoppedBy::Interrupt),
        })
    }
}

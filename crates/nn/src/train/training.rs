//! A run in progress: what it holds, and what it does at each step and at the end of each epoch.

use super::batches::Batches;
use super::check::{has_teacher, names_fit};
use super::step::{self, Corridor, Walked};
use super::unheld::without_validation;
use super::{Best, Checkpoint, Job, Online, Progress, StoppedBy, Trained, Watch, check, evaluate};
use crate::Error;
use crate::average::{Averages, Moment};
use crate::control::monitored;
use crate::lambda::{Evidence, Factors, LambdaState, Tuner};
use crate::layer::batch_norm::recalibrate;
use crate::model::Network;
use crate::optimizer::Updater;
use crate::optimizer::schedule::LearningRate;
use crate::parameter::{Parameter, depths, parameters, zero_share, zeros};
use crate::penalty::Starts;
use crate::snapshot::Snapshot;
use wellfit_core::control::Decision;
use wellfit_core::run::{Direction, Part, Run};
use wellfit_data::Dataset;

/// The series of the evidence.
const EVIDENCE: &str = "train.evidence";

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
    averages: Averages<'a>,
    model: Option<M>,
    /// Steps done.
    pub step: u64,
    /// What this epoch has seen so far.
    online: Online,
    /// Values before the first step, where a penalty asked for them.
    starts: Starts,
    /// Factor on the learning rate of each tensor, where they are not all 1.
    rates: Option<Vec<f64>>,
    /// Finds λ, where the recipe leaves it to the run and its validation examples.
    tuner: Option<Tuner<'a>>,
    /// The same, where it is left to the training examples.
    evidence: Option<Evidence>,
    log: Run,
    best: Option<Best>,
    /// What ended the run.
    pub stopped_by: Option<StoppedBy>,
}

impl<'a, M: Network> Training<'a, M> {
    /// Builds the model, or restores it from a checkpoint.
    pub fn begin(job: &'a Job<'a, M>, from: Option<Checkpoint>) -> Result<Self, Error> {
        check(job.doors, job.config, job.train)?;
        if job.validation.is_empty() {
            without_validation(job.doors, job.config)?;
        }
        has_teacher(job.doors, job.teacher.is_some())?;
        let size = job.config.batch_size.get();
        let moments = job.doors.batch.iter().any(|door| door.needs_moments());
        let batches = Batches::new(job.train, size, job.config.sampling, job.seed);
        let batches = batches.with_moments(moments);
        let class_weights = job.config.class_weights.as_ref();
        let model = (job.build)()?;
        let parameters = parameters(&model);
        names_fit(job.doors, &parameters)?;
        let mut training = Self {
            clean: job.config.clean_subset(job.train, job.seed),
            learning_rate: job.config.learning_rate(batches.per_epoch()),
            updater: Updater::new(job.config.optimizer),
            class_weights: class_weights.map(|w| w.of(&job.train.target)).transpose()?,
            batches,
            starts: Starts::where_needed(job.doors.need_start(), &model),
            rates: rates(job, &parameters),
            tuner: Tuner::begin(job, &parameters)?,
            evidence: Evidence::begin(job, &parameters),
            averages: Averages::begin(&job.doors.averages, &model, &parameters),
            parameters,
            job,
            model: Some(model),
            step: 0,
            online: Online::default(),
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
        self.averages = Averages::resumed(
            &self.job.doors.averages,
            checkpoint.averages,
            &self.parameters,
            self.job.device,
        )?;
        if let Some(state) = checkpoint.lambda {
            match (&mut self.tuner, &mut self.evidence) {
                (Some(tuner), _) => tuner.resume(state)?,
                (None, Some(evidence)) => evidence.resume(state)?,
                (None, None) => {}
            }
        }
        self.step = checkpoint.step;
        self.online = checkpoint.online;
        self.log = checkpoint.log;
        self.best = checkpoint.best;
        self.stopped_by = checkpoint.stopped_by;
        Ok(())
    }

    /// What λ is now, where the run finds it.
    fn factors(&self) -> Factors {
        let tuner = self.tuner.as_ref().map(Tuner::factors);
        tuner.or(self.evidence.as_ref().map(Evidence::factors)).cloned().unwrap_or_default()
    }

    fn lambda_state(&self) -> Option<&LambdaState> {
        let tuner = self.tuner.as_ref().map(Tuner::state);
        tuner.or(self.evidence.as_ref().map(Evidence::state))
    }

    /// Numbers that a forward pass multiplies, were every weight to meet every example once.
    pub fn products(&self) -> usize {
        let sizes =
            self.parameters.iter().map(|parameter| parameter.shape.iter().product::<usize>());
        self.job.config.batch_size.get() * sizes.sum::<usize>()
    }

    /// Walks one batch through the corridor.
    pub fn step(&mut self, learning_rate: f64) {
        let Some(model) = self.model.take() else { return };
        let batch = self.batches.at(self.step, self.job.device);
        self.job.clock.at_epoch(self.step as f64 / self.learning_rate.epoch as f64);
        let (step, per_epoch) = (self.step, self.learning_rate.epoch);
        let tuner = self.tuner.as_ref();
        let corridor = Corridor {
            job: self.job,
            parameters: &self.parameters,
            class_weights: self.class_weights.as_deref(),
            starts: &self.starts,
            rates: self.rates.as_deref(),
            learning_rate,
            step,
            factors: &self.factors(),
            moves_lambda: tuner.is_some_and(|tuner| tuner.acts_at(step, per_epoch)),
        };
        let Walked { model, loss, effects, responses } =
            corridor.walk(model, batch, &mut self.updater);
        if let Some(tuner) = self.tuner.as_mut().filter(|_| !responses.is_empty()) {
            tuner.learn(&model, &self.parameters, &responses, self.job);
        }
        if self.online.add(loss, &effects) {
            self.stopped_by = Some(StoppedBy::Diverged);
        }
        self.step += 1;
        let LearningRate { epoch: per_epoch, total: steps, .. } = self.learning_rate;
        let moment = Moment { step: self.step, per_epoch, steps };
        self.model = Some(self.averages.after_step(model, moment));
    }

    /// The weights that are evaluated and stored, those of `model` or their average, and the model
    /// of them in evaluation.
    fn evaluated(&mut self, model: &M) -> Result<(M, M), Error> {
        let weights = self.averages.averaged(model).unwrap_or_else(|| model.clone());
        let has_statistics = |parameter: &Parameter| parameter.path.ends_with("running_mean");
        if !self.averages.wants_recalibration() || !self.parameters.iter().any(has_statistics) {
            let evaluated = weights.valid();
            return Ok((weights, evaluated));
        }
        // A model in evaluation has statistics of its own; those of the average are the training
        // model's.
        let apart = weights.valid();
        let (batches, device) = (&mut self.batches, self.job.device);
        let batches = (0..batches.per_epoch()).map(|step| batches.at(step, device).inputs);
        let forward = |model: &M, inputs| drop(model.forward(inputs));
        Ok((weights, recalibrate(apart, self.job.clock, batches, forward)))
    }

    /// Evaluates, logs, keeps the model if it is the best, asks the controls.
    pub fn end_epoch(&mut self, watch: &mut dyn Watch) -> Result<(), Error> {
        let Some(model) = self.model.clone() else { return Ok(()) };
        let epoch = self.step / self.learning_rate.epoch;
        self.online.log(&mut self.log, epoch as f64);
        let rate = self.learning_rate.at(self.step - 1);
        self.log.push(Part::Online, "learning_rate", epoch as f64, rate);
        if let Some(tuner) = &self.tuner {
            tuner.log(&mut self.log, &self.parameters, epoch as f64);
        }
        let (weights, evaluated) = self.evaluated(&model)?;
        let parts = [(Part::Train, &self.clean), (Part::Validation, self.job.validation)];
        for (part, data) in parts.into_iter().filter(|(_, data)| !data.is_empty()) {
            let scores = evaluate(&evaluated, data, self.job.loss, self.job.device)?;
            for (metric, value) in scores.iter() {
                self.log.push(part, metric, epoch as f64, value);
            }
        }
        if !self.job.doors.penalties.is_empty() {
            let (list, factors) = (&self.parameters, self.factors());
            let penalty = step::penalty(&weights, list, &self.starts, &factors, self.job);
            self.log.push(Part::Train, "penalty", epoch as f64, penalty);
        }
        if self.job.doors.makes_zeros() {
            let settled = settled(&Snapshot::of(&weights), self.job)?;
            let share = zero_share(&zeros(&settled, &self.parameters));
            self.log.push(Part::Train, "zero_weights", epoch as f64, share);
        }
        if let Some(evidence) = self.evidence.as_mut().filter(|e| e.acts_at(epoch)) {
            evidence.learn(&model, &self.parameters, self.job, epoch, &mut self.log);
        }
        self.keep_if_best(epoch, &evaluated)?;
        if self.stopped_by.is_none() {
            self.stopped_by = self.decide(epoch)?;
        }
        watch.after_epoch(&self.log, epoch);
        Ok(())
    }

    /// Logs what the steps of an epoch saw that ended the run before its end.
    pub fn end_within_epoch(&mut self, watch: &mut dyn Watch) {
        let epoch = self.step / self.learning_rate.epoch + 1;
        self.online.log(&mut self.log, epoch as f64);
        watch.after_epoch(&self.log, epoch);
    }

    fn keep_if_best(&mut self, epoch: u64, model: &M) -> Result<(), Error> {
        let by_evidence = self.evidence.as_ref().filter(|_| self.job.config.monitor == EVIDENCE);
        if by_evidence.is_some_and(|evidence| !evidence.chooses_at(epoch)) {
            return Ok(());
        }
        let monitored = monitored(&self.log, &self.job.config.monitor)?;
        let direction = Direction::of(&monitored.metric);
        let value = monitored.points.last().map_or(f64::NAN, |point| point.1);
        let better = |best: &Best| direction.as_cost(value) < direction.as_cost(best.value);
        if value.is_finite() && self.best.as_ref().is_none_or(better) {
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
            averages: self.averages.memory().clone(),
            lambda: self.lambda_state().cloned(),
        }
    }

    /// Restores the best model and settles both.
    pub fn finish(mut self) -> Result<Trained<M>, Error> {
        let last = self.model.take().map_or_else(self.job.build, Ok)?;
        let (_, last) = self.evaluated(&last)?;
        let best = match &self.best {
            Some(best) => Some(settled(&best.model, self.job)?),
            None => None,
        };
        let last = settled(&Snapshot::of(&last), self.job)?;
        Ok(Trained {
            best_epoch: self.best.map(|best| best.epoch),
            best: best.unwrap_or_else(|| last.clone()),
            last,
            epochs: self.step / self.learning_rate.epoch,
            log: self.log,
            stopped_by: self.stopped_by.unwrap_or(StoppedBy::Interrupt),
        })
    }
}

/// What each tensor's learning rate is multiplied by, where layers do not learn alike.
fn rates<M>(job: &Job<'_, M>, parameters: &[Parameter]) -> Option<Vec<f64>> {
    let decay = job.config.layer_decay.get();
    let rate = |depth: usize| decay.powf(depth as f64);
    (decay != 1.0).then(|| depths(parameters).into_iter().map(rate).collect())
}

/// A trained model as the techniques leave it, in evaluation mode.
fn settled<M: Network>(trained: &Snapshot, job: &Job<'_, M>) -> Result<M, Error> {
    let mut tensors = trained.clone();
    job.doors.layers.iter().for_each(|door| door.settle(&mut tensors));
    Ok(tensors.restore((job.build)()?)?.valid())
}

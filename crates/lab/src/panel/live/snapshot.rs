//! What a page is told of a run at one moment.

use super::histogram::Histogram;
use super::surface::{Plane, Surface};
use serde::Serialize;
use std::time::{Duration, Instant};
use wellfit::Experiment;
use wellfit::core::run::{Part, Run};
use wellfit::diagnose::Remedy;
use wellfit::nn::average::Use;
use wellfit::nn::burn::module::Module;
use wellfit::nn::burn::tensor::TensorData;
use wellfit::nn::chance::StepClock;
use wellfit::nn::parameter::{Role, parameters};
use wellfit::nn::snapshot::Snapshot as Weights;
use wellfit::nn::train::Checkpoint;

/// How often the log is diagnosed anew, at most; and how many times longer than it took the run
/// is left alone, for a long log is a long read.
const DIAGNOSE: Duration = Duration::from_millis(400);
const LEAVE: u32 = 10;
/// Remedies that are told.
const REMEDIES: usize = 3;

/// A run at one moment.
#[derive(Debug, Clone, Serialize)]
pub struct Moment {
    /// `ready`, `training`, or what ended the run: `epochs`, `early_stopping`, `diverged`,
    /// `interrupt`, `error`.
    pub state: &'static str,
    /// What ended it, in words.
    pub ended: Option<String>,
    /// Steps done, and steps of an epoch.
    pub step: u64,
    pub per_epoch: u64,
    /// Epochs of the whole run.
    pub epochs: u64,
    /// Steps in a second, lately.
    pub speed: f64,
    /// Epochs at which strengths were changed.
    pub changes: Vec<u64>,
    /// The last values of loss and metric, and their gaps.
    pub gaps: Vec<Gap>,
    /// What the log shows.
    pub verdict: Option<Told>,
    /// The weights of each layer.
    pub layers: Vec<Histogram>,
    /// The answers of the model, where its inputs are two quantities.
    pub surface: Option<Surface>,
    /// Everything logged; a page is told what is new to it.
    #[serde(skip)]
    pub log: Run,
}

/// A metric on both parts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Gap {
    /// `loss`, `accuracy`, ...
    pub metric: String,
    /// Clean training examples, validation examples.
    pub train: f64,
    pub validation: f64,
    /// Training minus validation.
    pub gap: f64,
}

/// A verdict in words.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Told {
    /// The word, as `overfit`.
    pub id: &'static str,
    /// The same as a heading.
    pub title: String,
    /// The evidence.
    pub sentence: String,
    /// How sure, in [0, 1].
    pub confidence: f64,
    /// What to try.
    pub remedies: Vec<Tried>,
}

/// A technique to try.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tried {
    /// Its id.
    pub technique: &'static str,
    /// Why it may help.
    pub reason: String,
    /// Values to begin with, as a recipe has them.
    pub values: serde_json::Value,
}

impl Tried {
    fn of(remedy: &Remedy) -> Self {
        let read = || {
            let recipe: toml::Table = toml::from_str(&remedy.recipe).ok()?;
            let values = recipe.get("regularize")?.get(0)?.get(remedy.technique)?;
            serde_json::to_value(values).ok()
        };
        let values = read().unwrap_or_default();
        Self { technique: remedy.technique, reason: remedy.reason.clone(), values }
    }
}

/// Looks at a run of an experiment.
pub struct Observer<'a> {
    experiment: &'a Experiment,
    plane: Option<Plane>,
    /// Paths of the tensors that are weights.
    weights: Vec<String>,
    /// When the log is diagnosed again, and what it said.
    diagnosed: Option<(Instant, Told)>,
}

impl<'a> Observer<'a> {
    /// An observer of runs of this experiment.
    ///
    /// # Errors
    /// Techniques that do not fit the model.
    pub fn new(experiment: &'a Experiment) -> Result<Self, wellfit::nn::Error> {
        let model = experiment.build(&StepClock::new())?;
        let weights = parameters(&model).into_iter().filter(|p| p.role == Role::Weight);
        let weights = weights.map(|parameter| parameter.path).collect();
        Ok(Self { experiment, plane: Plane::of(experiment), weights, diagnosed: None })
    }

    /// The run before its first step.
    ///
    /// # Errors
    /// The device fails.
    pub fn at_start(&self) -> Result<Moment, wellfit::nn::Error> {
        let model = self.experiment.build(&StepClock::new())?;
        let weights = Weights::of(&model);
        let surface = self.plane.as_ref().map(|p| p.answers(&model.valid(), self.experiment));
        Ok(Moment {
            state: "ready",
            ended: None,
            step: 0,
            per_epoch: self.per_epoch(),
            epochs: self.experiment.config.epochs.get(),
            speed: 0.0,
            changes: Vec::new(),
            gaps: Vec::new(),
            verdict: None,
            layers: Histogram::of(&weights, &self.weights),
            surface: surface.transpose()?,
            log: Run::default(),
        })
    }

    /// The run where that checkpoint was taken. `last` looks: the log is diagnosed whenever that
    /// was.
    ///
    /// # Errors
    /// The device fails.
    pub fn at(
        &mut self,
        checkpoint: &Checkpoint,
        last: bool,
    ) -> Result<Moment, wellfit::nn::Error> {
        let weights = evaluated(self.experiment, checkpoint);
        let surface = self.plane.as_ref().map(|plane| {
            let model = weights.restore(self.experiment.build(&StepClock::new())?)?;
            plane.answers(&model.valid(), self.experiment)
        });
        let log = checkpoint.log.clone();
        Ok(Moment {
            state: "training",
            ended: None,
            step: checkpoint.step,
            per_epoch: self.per_epoch(),
            epochs: self.experiment.config.epochs.get(),
            speed: 0.0,
            changes: Vec::new(),
            gaps: ["loss", self.experiment.metric()].iter().filter_map(|m| gap(&log, m)).collect(),
            verdict: self.verdict(&log, last),
            layers: Histogram::of(&weights, &self.weights),
            surface: surface.transpose()?,
            log,
        })
    }

    fn per_epoch(&self) -> u64 {
        let (examples, batch) =
            (self.experiment.data.train.len(), self.experiment.config.batch_size);
        examples.div_ceil(batch.get()) as u64
    }

    fn verdict(&mut self, log: &Run, last: bool) -> Option<Told> {
        let began = Instant::now();
        let fresh = self.diagnosed.as_ref().filter(|(again, _)| began < *again);
        if log.series.is_empty() || !last && fresh.is_some() {
            return fresh.map(|(_, told)| told.clone());
        }
        let found = self.experiment.diagnose(log);
        let remedies = found.prescription.iter().take(REMEDIES);
        let told = Told {
            id: found.verdict.id(),
            title: found.verdict.to_string(),
            sentence: found.sentence(),
            confidence: found.confidence,
            remedies: remedies.map(Tried::of).collect(),
        };
        let pause = DIAGNOSE.max(LEAVE * began.elapsed());
        self.diagnosed = Some((Instant::now() + pause, told.clone()));
        Some(told)
    }
}

/// The weights that are evaluated: the model's, or their average where a technique keeps one.
fn evaluated(experiment: &Experiment, checkpoint: &Checkpoint) -> Weights {
    let mut weights = checkpoint.model.clone();
    let doors = &experiment.doors.averages;
    let Some(door) = doors.iter().find(|door| door.purpose() != Use::Training) else {
        return weights;
    };
    for (key, average) in &checkpoint.averages {
        let path = key.strip_prefix(door.id()).and_then(|rest| rest.strip_prefix('/'));
        let shape = path.and_then(|path| Some(weights.tensors().get(path)?.shape().clone()));
        if let (Some(path), Some(shape)) = (path, shape) {
            let average: Vec<f32> = average.to_data().iter().collect();
            weights.insert(path.to_owned(), TensorData::new(average, shape));
        }
    }
    weights
}

fn gap(log: &Run, metric: &str) -> Option<Gap> {
    let last = |part| log.get(part, metric)?.points.last().map(|point| point.1);
    let (train, validation) = (last(Part::Train)?, last(Part::Validation)?);
    Some(Gap { metric: metric.to_owned(), train, validation, gap: train - validation })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_remedy_has_the_values_that_it_tells() {
        for technique in wellfit::diagnose::techniques() {
            let remedy = Remedy::usual(technique).unwrap();
            let tried = Tried::of(&remedy);
            let values = tried.values.as_object().unwrap();
            assert!(values.keys().all(|key| remedy.start.contains(key.as_str())), "{technique}");
            assert_eq!(values.is_empty(), remedy.start.is_empty(), "{technique}");
        }
    }
}

//! The last line of `wellfit train --json`: a run in one object.

use crate::{Again, Error, Experiment, Told};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::path::{Path, PathBuf};
use wellfit_core::metric::Threshold;
use wellfit_data::Dataset;
use wellfit_diagnose::Verdict;
use wellfit_nn::chance::StepClock;
use wellfit_nn::lambda::Chosen;
use wellfit_nn::model::Model;
use wellfit_nn::parameter::{Zeros, parameters, zeros};
use wellfit_nn::train::{Evaluation, Scores, StoppedBy, Trained};

/// The version of the objects' layout.
const SCHEMA: u32 = 1;

/// Metrics by name. A value that is not finite is written as the string `nan`, `inf` or `-inf`.
#[derive(Debug, Clone, PartialEq)]
pub struct Metrics(Vec<(String, f64)>);

impl Metrics {
    /// Metrics in this order.
    pub fn new(metrics: impl IntoIterator<Item = (String, f64)>) -> Self {
        Self(metrics.into_iter().collect())
    }

    /// Names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, f64)> {
        self.0.iter().map(|(name, value)| (name.as_str(), *value))
    }

    /// The value of `metric`.
    pub fn get(&self, metric: &str) -> Option<f64> {
        self.iter().find(|(name, _)| *name == metric).map(|(_, value)| value)
    }
}

impl From<Scores> for Metrics {
    fn from(scores: Scores) -> Self {
        Self::new(scores.iter().map(|(name, value)| (name.to_owned(), value)))
    }
}

impl Serialize for Metrics {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.iter() {
            map.serialize_entry(name, &Number(value))?;
        }
        map.end()
    }
}

/// A number in JSON, which has no word for those that are not finite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number(pub f64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.is_finite() {
            true => serializer.serialize_f64(self.0),
            false => serializer.serialize_str(&self.0.to_string().to_lowercase()),
        }
    }
}

/// One model on each part of the data.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Parts {
    /// Clean training examples.
    pub train: Metrics,
    /// Validation examples; empty where there are none.
    pub validation: Metrics,
    /// Test examples, where the data have them.
    pub test: Option<Metrics>,
}

impl Parts {
    /// Evaluates `model`, which is in evaluation mode, on the parts of `experiment`; with a
    /// threshold for the second of two classes where the recipe asked for one.
    ///
    /// # Errors
    /// The model does not fit the data.
    pub fn of(
        model: &Model,
        experiment: &Experiment,
        threshold: Option<f64>,
    ) -> Result<Self, Error> {
        let on = |data: &Dataset| experiment.metrics(model, data, threshold);
        let clean = experiment.config.clean_subset(&experiment.data.train, experiment.seed);
        Ok(Self {
            train: on(&clean)?,
            validation: match experiment.data.validation.is_empty() {
                true => Metrics::new([]),
                false => on(&experiment.data.validation)?,
            },
            test: experiment.data.test.as_ref().map(on).transpose()?,
        })
    }
}

impl Experiment {
    /// Exact zeros of `model`, layer by layer, where a technique of the recipe makes them.
    fn zeros(&self, model: &Model) -> Result<Vec<Zeros>, Error> {
        if !self.doors.makes_zeros() {
            return Ok(Vec::new());
        }
        // A model in evaluation trains no tensor, so that a fresh one says which are weights.
        let fresh = self.build(&StepClock::new())?;
        Ok(zeros(model, &parameters(&fresh)))
    }

    /// The metrics of `model`, which is in evaluation mode, on `data`.
    ///
    /// # Errors
    /// The model does not fit the data.
    pub(crate) fn metrics(
        &self,
        model: &Model,
        data: &Dataset,
        threshold: Option<f64>,
    ) -> Result<Metrics, Error> {
        let mut evaluation = Evaluation::new(model, self.loss(), threshold, &self.device);
        evaluation.add(data)?;
        Ok(evaluation.finish()?.scores.into())
    }
}

/// A run in one object.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// Version of this object's layout.
    pub schema: u32,
    /// The recipe's seed.
    pub seed: u64,
    /// Whole epochs done.
    pub epochs: u64,
    /// Epoch of the restored model, from 1; none when no epoch had a finite monitored value.
    pub best_epoch: Option<u64>,
    /// `epochs`, `early_stopping`, `diverged` or `interrupt`.
    pub stopped_by: &'static str,
    /// From which probability on the best model predicts the second of two classes; none unless
    /// asked for.
    #[serde(serialize_with = "value")]
    pub threshold: Option<Threshold>,
    /// The restored best model, at its threshold.
    #[serde(flatten)]
    pub best: Parts,
    /// The model of the last epoch.
    #[serde(rename = "final")]
    pub last: Parts,
    /// The model that was trained again on more rows, and is stored in place of the best; none
    /// unless asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refit: Option<Told>,
    /// Why there is no refit although the recipe asks for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refit_not_done: Option<&'static str>,
    /// Exact zeros of the best model, layer by layer; none where no technique makes them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub zeros: Vec<Zeros>,
    /// λ by technique and tensor; none where the recipe gives every λ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lambda: Vec<Chosen>,
    /// The verdict in one word.
    pub verdict: Verdict,
    /// How sure the verdict is, in [0, 1].
    pub confidence: f64,
    /// Since which epoch the run overfits; none for any other verdict.
    pub onset_epoch: Option<u64>,
    /// Seconds since the program began, loading included; of a resumed run the last part only.
    pub seconds: f64,
    /// Folder of the run's files.
    #[serde(serialize_with = "shown")]
    pub out: PathBuf,
}

fn value<S: Serializer>(threshold: &Option<Threshold>, serializer: S) -> Result<S::Ok, S::Error> {
    threshold.map(|found| found.value).serialize(serializer)
}

/// A path that is no Unicode is no error: JSON gets it as screens show it.
fn shown<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&path.display())
}

impl Summary {
    /// What became of the refit that the recipe asks for, in words; none where it asks for none.
    pub fn refit_told(&self) -> Option<String> {
        if let Some(why) = self.refit_not_done {
            return Some(format!("the best model, not trained again: {why}"));
        }
        let refit = self.refit.as_ref()?;
        let held = match (&refit.test, &self.best.test) {
            (Some(_), _) => "with the validation examples",
            (None, Some(_)) => "with validation and test examples, none is left to judge it",
            (None, None) => "with the validation examples, none is left to judge it",
        };
        Some(format!("trained again {held}: {} rows, {} epochs", refit.rows, refit.epochs))
    }

    /// Takes down what became of the refit.
    pub fn note_refit(&mut self, again: &Again) {
        match again {
            Again::Done(refitted) => self.refit = Some(refitted.told.clone()),
            Again::NotDone(why) => self.refit_not_done = Some(why),
        }
    }

    /// Evaluates both models of a run on all parts of the data.
    ///
    /// # Errors
    /// A model does not fit the data.
    pub fn of(
        trained: &Trained<Model>,
        experiment: &Experiment,
        seconds: f64,
        out: PathBuf,
    ) -> Result<Self, Error> {
        let threshold = experiment.threshold(&trained.best)?;
        let found = experiment.diagnose(&trained.log);
        let best = Parts::of(&trained.best, experiment, threshold.map(|found| found.value))?;
        Ok(Self {
            schema: SCHEMA,
            seed: experiment.seed.get(),
            epochs: trained.epochs,
            best_epoch: trained.best_epoch,
            stopped_by: trained.stopped_by.id(),
            threshold,
            best,
            last: Parts::of(&trained.last, experiment, None)?,
            refit: None,
            refit_not_done: None,
            zeros: experiment.zeros(&trained.best)?,
            lambda: experiment.found(trained),
            verdict: found.verdict,
            confidence: found.confidence,
            onset_epoch: found.onset_epoch.map(|epoch| epoch as u64),
            seconds,
            out,
        })
    }
}

/// A run that diverged before there was a model to keep, in one object. Its keys are those of
/// [`Summary`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ruin {
    schema: u32,
    seed: u64,
    /// Whole epochs done: none.
    epochs: u64,
    best_epoch: Option<u64>,
    stopped_by: &'static str,
    verdict: Verdict,
    seconds: f64,
    #[serde(serialize_with = "shown")]
    out: PathBuf,
}

impl Ruin {
    /// Tells of the run in the folder `out`, which took `seconds`.
    pub fn of(experiment: &Experiment, seconds: f64, out: PathBuf) -> Self {
        Self {
            schema: SCHEMA,
            seed: experiment.seed.get(),
            epochs: 0,
            best_epoch: None,
            stopped_by: StoppedBy::Diverged.id(),
            verdict: Verdict::Diverged,
            seconds,
            out,
        }
    }
}

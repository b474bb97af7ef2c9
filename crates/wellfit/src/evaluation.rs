//! How good a stored model is on labelled examples.

use crate::{Error, Metrics, Number, StoredModel, Uncertainty};
use serde::Serialize;
use wellfit_core::metric::{ConfusionMatrix, ZeroDivision};
use wellfit_data::Examples;
use wellfit_nn::train::{self, ROWS};

/// The version of the object's layout.
pub(crate) const SCHEMA: u32 = 1;

/// A model on one set of examples, in one object.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// Version of this object's layout.
    pub schema: u32,
    /// Number of examples.
    pub examples: usize,
    /// Mean loss.
    pub loss: Number,
    /// The other metrics that training logs.
    pub metrics: Metrics,
    /// The scores of every class; none for regression.
    pub per_class: Option<Vec<ClassReport>>,
    /// How often each actual class (a row) was predicted as each class; none for regression.
    pub confusion: Option<Vec<Vec<u64>>>,
    /// From which probability on the second of two classes was predicted.
    pub threshold: Option<f64>,
    /// What samples of the model say; none unless asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uncertainty: Option<Uncertainty>,
}

/// The scores of one class against all others; 0 where a score has no value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassReport {
    /// Its name.
    pub class: String,
    /// Share of the examples predicted as this class that are of it, in [0, 1].
    pub precision: f64,
    /// Share of the examples of this class that were predicted as it, in [0, 1].
    pub recall: f64,
    /// Harmonic mean of the two, in [0, 1].
    pub f1: f64,
    /// Number of examples of this class.
    pub support: u64,
}

impl StoredModel {
    /// Evaluates labelled examples: on those of a run's test part to the bits of its summary.
    ///
    /// # Errors
    /// An example that cannot be read, or targets of another kind than the model's.
    pub fn evaluate(&self, examples: &Examples<'_>) -> Result<Evaluation, Error> {
        let (loss, threshold) = (self.file().loss, self.threshold());
        let mut evaluation = train::Evaluation::new(&self.model, loss, threshold, &self.device);
        for start in (0..examples.len()).step_by(ROWS) {
            evaluation.add(&examples.part(start..examples.len().min(start + ROWS))?)?;
        }
        let found = evaluation.finish()?;
        let others = found.scores.iter().filter(|(name, _)| *name != "loss");
        let confusion = found.confusion.as_ref();
        Ok(Evaluation {
            schema: SCHEMA,
            examples: examples.len(),
            loss: Number(found.scores.get("loss").unwrap_or(f64::NAN)),
            metrics: Metrics::new(others.map(|(name, value)| (name.to_owned(), value))),
            per_class: confusion.map(|matrix| per_class(self.classes(), matrix)),
            confusion: confusion.map(|matrix| matrix.rows().map(<[u64]>::to_vec).collect()),
            threshold,
            uncertainty: None,
        })
    }
}

/// The scores of the classes with these names.
pub(crate) fn per_class(names: &[String], matrix: &ConfusionMatrix) -> Vec<ClassReport> {
    let scores = matrix.per_class(ZeroDivision::Zero);
    let report = |(class, scores): (&String, wellfit_core::metric::ClassScores)| ClassReport {
        class: class.clone(),
        precision: scores.precision,
        recall: scores.recall,
        f1: scores.f1,
        support: scores.support,
    };
    names.iter().zip(scores).map(report).collect()
}

//! The diagnosis of one run: what `wellfit diagnose` shows and writes as JSON.

use crate::case::Case;
use crate::prescription::{self, Remedy};
use crate::rule::{Symptom, symptoms};
use crate::trend::lowest;
use crate::verdict::{Verdict, judge};
use serde::Serialize;
use wellfit_core::run::{Part, Run};

/// What a log does not say. Everything may stay unknown.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Context {
    /// Training loss of the best constant output, ln C for C balanced classes: the reference
    /// against which a run is called underfit.
    pub constant_loss: Option<f64>,
    /// What the model reads.
    pub inputs: Option<Inputs>,
    /// Number of training examples.
    pub examples: Option<u64>,
    /// Examples in a batch.
    pub batch_size: Option<u64>,
    /// Ids of the techniques that are already on.
    pub in_use: Vec<String>,
}

/// What a model reads, as far as techniques differ by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inputs {
    /// Pictures.
    Images,
    /// Rows of a table.
    Table,
}

/// The series that were judged, as `part.metric`.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Chosen {
    /// Training loss.
    pub train: Option<String>,
    /// Validation loss, or the first metric where no loss was logged.
    pub validation: Option<String>,
    /// The first other metric on validation examples.
    pub metric: Option<String>,
}

/// What a run shows, how sure that is, and what to do.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Diagnosis {
    /// Name of the run.
    pub name: String,
    /// File that it was read from, set by whoever read it.
    pub path: Option<String>,
    /// Format of that file, set by whoever read it.
    pub format: Option<String>,
    /// The verdict.
    pub verdict: Verdict,
    /// How sure it is, in [0, 1]; 0 for `cannot_tell`.
    pub confidence: f64,
    /// Epoch of the lowest validation loss, or of the best metric where no loss was logged.
    pub best_epoch: Option<f64>,
    /// Since when the run overfits; none for any other verdict.
    pub onset_epoch: Option<f64>,
    /// Number of validation values that were judged.
    pub epochs: usize,
    /// The series that were judged.
    pub series: Chosen,
    /// All findings with their numbers.
    pub symptoms: Vec<Symptom>,
    /// Techniques to try, the most promising first.
    pub prescription: Vec<Remedy>,
    /// What to do besides, and what a log does not tell. It is for people and no part of the JSON.
    #[serde(skip)]
    pub advice: Vec<String>,
    /// What was odd about the log.
    pub warnings: Vec<String>,
}

/// Diagnoses a run of which nothing is known but its log.
pub fn diagnose(run: &Run) -> Diagnosis {
    diagnose_with(run, &Context::default())
}

/// Diagnoses a run with what is known beside its log.
///
/// The run may be still going on: the diagnosis is of what was logged so far.
pub fn diagnose_with(run: &Run, context: &Context) -> Diagnosis {
    let case = Case::new(run, context);
    let judgement = judge(&case);
    let symptoms = symptoms(&case);
    let curve = case.watched().map(|watched| &watched.curve);
    let best = curve.filter(|curve| !curve.validation.is_empty());
    let best_epoch = best.map(|curve| curve.epochs[lowest(&curve.validation)]);
    let told = prescription::prescribe(&case, judgement.verdict, &symptoms);
    Diagnosis {
        name: run.name.clone(),
        path: None,
        format: None,
        verdict: judgement.verdict,
        confidence: judgement.confidence,
        best_epoch,
        onset_epoch: judgement.onset,
        epochs: case.points(),
        series: chosen(&case, run),
        symptoms,
        prescription: told.remedies,
        advice: told.advice,
        warnings: warnings(&case, run),
    }
}

fn chosen(case: &Case, run: &Run) -> Chosen {
    let curve = case.watched().map(|watched| &watched.curve);
    let training = |part| run.series.iter().find(|series| series.part == part);
    let alone = || training(Part::Train).or_else(|| training(Part::Online));
    let beside = if case.loss.is_some() { 0 } else { 1 };
    Chosen {
        train: match curve {
            Some(curve) => curve.train_name.clone(),
            None => alone().map(|series| series.name()),
        },
        validation: curve.map(|curve| curve.validation_name.clone()),
        metric: case.metrics.get(beside).map(|metric| metric.curve.validation_name.clone()),
    }
}

fn warnings(case: &Case, run: &Run) -> Vec<String> {
    let mut warnings = Vec::new();
    for series in &run.series {
        let lost: Vec<f64> =
            series.points.iter().filter(|p| !p.1.is_finite()).map(|p| p.0).collect();
        if let Some(first) = lost.first() {
            let count = lost.len();
            let name = series.name();
            warnings.push(format!("{name}: {count} value(s) NaN or infinite, first at {first}"));
        }
    }
    let Some(curve) = case.watched().map(|watched| &watched.curve) else {
        warnings.push("no series on validation or test examples was found".to_owned());
        return warnings;
    };
    if curve.train.is_none() {
        let name = &curve.metric;
        warnings.push(format!("no training series of {name}: the gap to training is unknown"));
    }
    if curve.validation_name.starts_with(Part::Test.name()) {
        let name = &curve.validation_name;
        warnings.push(format!(
            "{name} was judged, since no validation series was found: a checkpoint chosen by test \
             examples makes their score too good"
        ));
    }
    warnings
}

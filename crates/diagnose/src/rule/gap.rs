//! `gap`: validation is much worse than training.
//!
//! Rule: accuracy, F1, precision, recall and the like, and R², end at least 0.08 apart; a loss on
//! validation is at least 1.5 times that on training, and the difference is at least a tenth of
//! what the loss was when training began. Where validation no longer improves, the former is
//! overfitting. So is an error of regression five times as large, when validation had learned or
//! training is learned by heart, and validation came to its best in the first 70% of the run. The size of a cross-entropy has no such meaning:
//! its gap alone is none. A model that has learned the training set by heart is called memorised; as
//! long as validation is at its best, nothing was lost by it.

use super::{Symptom, shown, symptom};
use crate::case::{Case, Measured};
use crate::kind::Kind;
use crate::trend::{MIN_Z, lowest};
use wellfit_core::control::SHORT;

/// Difference of shares, or of R², that is large.
const LARGE: f64 = 0.08;
/// Ratio of losses that is worth a word.
const RATIO: f64 = 1.5;
/// Ratio of errors of regression that is overfitting when validation stands still.
const EXTREME: f64 = 5.0;
/// Share of the first validation loss that the difference must have.
const OF_FIRST: f64 = 0.1;
/// An error below this share of its first value has come down.
const LEARNED: f64 = 0.7;
/// A best within this share of the run is long ago.
const LONG_AGO: f64 = 0.7;
/// A training error at most this share of the first is learned by heart; for shares, of 1.
const BY_HEART: f64 = 0.02;

/// Training and validation at the end of a run.
#[derive(Debug, Clone)]
pub(crate) struct Gap {
    /// Level on training examples, as a cost.
    pub train: f64,
    /// Level on validation examples, as a cost.
    pub validation: f64,
    /// The difference over the smallest that is large; from 1 on there is a gap.
    pub size: f64,
    /// Evidence for overfitting over its threshold; 0 while validation still improves.
    pub strength: f64,
    /// Whether training has hardly any error left.
    pub memorised: bool,
}

impl Gap {
    /// Nothing without a training series or with fewer than 3 points.
    pub fn of(measured: &Measured) -> Option<Self> {
        let curve = &measured.curve;
        let (validation, train) = (measured.end?.level, measured.train_end?.level);
        let first = curve.validation[0].max(curve.train.as_deref()?[0]);
        let clear = clear_difference(measured)?;
        let ratio = if train > 0.0 { validation / train } else { 1.0 };
        let (size, strength) = match curve.kind {
            Kind::Share | Kind::R2 => (clear / LARGE, clear / LARGE),
            _ if clear < OF_FIRST * first => (0.0, 0.0),
            Kind::Error => ((ratio - 1.0) / (RATIO - 1.0), (ratio - 1.0) / (EXTREME - 1.0)),
            Kind::Loss | Kind::Score => ((ratio - 1.0) / (RATIO - 1.0), 0.0),
        };
        let by_heart = BY_HEART * if curve.is_score() { 1.0 } else { first };
        let memorised = train - curve.perfect() <= by_heart;
        let strength = if stands(measured, memorised) { strength } else { 0.0 };
        Some(Self { train, validation, size, strength, memorised })
    }
}

/// Validation minus training at the end, 0 when noise explains it. Of a short curve, whose noise is
/// hardly known, the smaller of the last two differences.
fn clear_difference(measured: &Measured) -> Option<f64> {
    let (end, train_end, curve) = (measured.end?, measured.train_end?, &measured.curve);
    if curve.validation.len() <= SHORT {
        let pairs = curve.validation.iter().zip(curve.train.as_deref()?);
        return pairs.rev().take(2).map(|(validation, train)| validation - train).reduce(f64::min);
    }
    let difference = end.level - train_end.level;
    let z = difference / end.error.hypot(train_end.error);
    Some(if z > MIN_Z { difference } else { 0.0 })
}

/// Whether validation has come to a stand: a score that no longer improves; an error that came down,
/// or that training no longer has, and has not been better for long.
fn stands(measured: &Measured, memorised: bool) -> bool {
    let costs = &measured.curve.validation;
    if measured.curve.is_score() {
        return !measured.still_improves();
    }
    let best = lowest(costs);
    let learned = costs[best] < LEARNED * costs[0] || memorised;
    learned && costs.len() > SHORT && (best as f64) < LONG_AGO * costs.len() as f64
}

/// The metric with the largest gap, one with an absolute meaning before the loss.
pub(super) fn find(case: &Case) -> Option<Symptom> {
    let large = |m: &&Measured| m.gap.as_ref().is_some_and(|gap| gap.size >= 1.0);
    let size = |m: &Measured| m.gap.as_ref().map_or(0.0, |gap| gap.size);
    let worst = case.metrics.iter().filter(large).max_by(|a, b| size(a).total_cmp(&size(b)));
    let measured = worst.or_else(|| case.loss.as_ref().filter(large))?;
    let (gap, curve) = (measured.gap.as_ref()?, &measured.curve);
    let (train, validation) = (curve.shown(gap.train), curve.shown(gap.validation));
    let ending = match (gap.memorised, measured.has_turned()) {
        (true, false) => "; the training examples are memorised, validation is not worse for it",
        (true, true) => "; the training examples are memorised",
        (false, _) => "",
    };
    let summary = format!(
        "{} is {} on training and {} on validation examples{ending}",
        curve.metric,
        shown(train),
        shown(validation)
    );
    let evidence = [
        ("train", train),
        ("validation", validation),
        ("difference", (train - validation).abs()),
        ("ratio", validation / train),
        ("memorised", f64::from(u8::from(gap.memorised))),
    ];
    symptom("gap", summary, evidence)
}

#[cfg(test)]
mod tests {
    use super::super::example::{find as found, log, wobble};
    use super::*;
    use wellfit_core::run::Part::{Train, Validation};

    #[test]
    fn accuracies_far_apart_are_a_gap() {
        let train = |e: f64| 1.0 - 0.5 / e;
        let far = |e: f64| 0.75 - 0.3 / e + 0.005 * wobble(e);
        let near = |e: f64| 0.96 - 0.5 / e + 0.005 * wobble(e);
        let run = log(50, &[(Train, "accuracy", &train), (Validation, "accuracy", &far)]);
        let symptom = found(&run, find).unwrap();
        assert!((symptom.evidence["difference"] - 0.243).abs() < 0.01, "{symptom:?}");
        let run = log(50, &[(Train, "accuracy", &train), (Validation, "accuracy", &near)]);
        assert_eq!(found(&run, find), None);
    }

    #[test]
    fn a_memorised_training_set_with_validation_at_its_best_is_said_so() {
        let (train, validation) = (|e: f64| (-0.3 * e).exp(), |e: f64| 0.4 + (-0.1 * e).exp());
        let run = log(50, &[(Train, "loss", &train), (Validation, "loss", &validation)]);
        let symptom = found(&run, find).unwrap();
        assert!(symptom.summary.contains("memorised, validation is not worse"), "{symptom:?}");
    }

    #[test]
    fn two_tiny_losses_have_no_gap_however_large_their_ratio() {
        let (train, validation) = (|e: f64| 2.0 / e.powi(3), |e: f64| 2.0 / e.powi(2));
        let run = log(50, &[(Train, "loss", &train), (Validation, "loss", &validation)]);
        assert_eq!(found(&run, find), None);
    }
}

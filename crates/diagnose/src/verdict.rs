//! From what was measured to one word, and how sure.

use crate::case::{Case, Measured};
use crate::confidence::{absent, present};
use crate::rule::{too_few_points::FEWEST, train_plateau::plateau};
use crate::trend::MIN_Z;
use serde::Serialize;
use std::fmt;

/// Confidence in an underfit against a known reference, and against a guessed one.
const UNDERFIT: (f64, f64) = (0.75, 0.35);
/// Confidence in a breakdown: NaN is a fact, its cause could still be the log.
const DIVERGED: f64 = 0.95;
/// Highest confidence in overfitting without a training series to compare with.
const ALONE: f64 = 0.6;

/// What a run shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Validation became worse while training became better, or is far worse and stands still.
    Overfit,
    /// Training stands still far from perfect, and validation is near it.
    Underfit,
    /// Validation is near its best and stands still.
    Good,
    /// Validation still improved when the log ended.
    NotConverged,
    /// A loss became NaN or infinite, or exploded.
    Diverged,
    /// Too little was logged.
    CannotTell,
}

impl Verdict {
    /// All verdicts.
    pub const ALL: [Self; 6] = [
        Self::Overfit,
        Self::Underfit,
        Self::Good,
        Self::NotConverged,
        Self::Diverged,
        Self::CannotTell,
    ];

    /// The word in JSON and on the command line.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Overfit => "overfit",
            Self::Underfit => "underfit",
            Self::Good => "good",
            Self::NotConverged => "not_converged",
            Self::Diverged => "diverged",
            Self::CannotTell => "cannot_tell",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.id().replace('_', " "))
    }
}

/// A verdict with its confidence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Judgement {
    pub verdict: Verdict,
    pub confidence: f64,
    /// Since when, of overfitting.
    pub onset: Option<f64>,
}

/// Judges a run: breakdown before lack of data, that before overfitting, that before all else.
pub(crate) fn judge(case: &Case) -> Judgement {
    let points = case.points();
    let told = |verdict, confidence| Judgement { verdict, confidence, onset: None };
    if case.broken.is_some() {
        return told(Verdict::Diverged, DIVERGED);
    }
    let Some(watched) = case.watched().filter(|_| points >= FEWEST) else {
        return told(Verdict::CannotTell, 0.0);
    };
    if let Some(judgement) = overfit(case) {
        return judgement;
    }
    let not_overfit = absent(case.all().map(doubt).fold(0.0, f64::max), points);
    if let Some(end) = watched.end.filter(|_| watched.still_improves()) {
        let confidence = present(end.z / MIN_Z, points);
        return told(Verdict::NotConverged, confidence.min(not_overfit));
    }
    let gap = |m: &Measured| m.gap.as_ref().is_some_and(|gap| gap.size >= 1.0);
    match plateau(case).filter(|_| !case.all().any(gap)) {
        Some((_, plateau)) => {
            let confidence = if plateau.known { UNDERFIT.0 } else { UNDERFIT.1 };
            told(Verdict::Underfit, confidence.min(not_overfit))
        }
        None => told(Verdict::Good, not_overfit),
    }
}

/// The strongest evidence of overfitting. The loss tells the onset when it has turned, then a
/// metric that has, then the place where a metric with a large gap came to a stand.
fn overfit(case: &Case) -> Option<Judgement> {
    let turned = case.all().find(|m| m.has_turned());
    let apart = case.all().find(|m| gap_strength(m) >= 1.0);
    let onset = match (turned, apart) {
        (Some(m), _) => m.curve.epochs[m.turn.as_ref()?.onset],
        (None, Some(m)) => stand(m)?,
        (None, None) => return None,
    };
    let strength = case.all().map(overfit_strength).fold(0.0, f64::max);
    let alone = if turned.or(apart)?.curve.train.is_none() { ALONE } else { 1.0 };
    let confidence = present(strength, case.points()).min(alone);
    Some(Judgement { verdict: Verdict::Overfit, confidence, onset: Some(onset) })
}

fn overfit_strength(measured: &Measured) -> f64 {
    let turn = measured.turn.as_ref().filter(|turn| turn.is_overfit);
    turn.map_or(0.0, |turn| turn.strength).max(gap_strength(measured))
}

fn gap_strength(measured: &Measured) -> f64 {
    measured.gap.as_ref().map_or(0.0, |gap| gap.strength)
}

/// How near a curve came to counting as overfit.
fn doubt(measured: &Measured) -> f64 {
    measured.turn.as_ref().map_or(0.0, |turn| turn.strength).max(gap_strength(measured))
}

/// The first epoch at which validation was as good as at the end, but for what matters.
fn stand(measured: &Measured) -> Option<f64> {
    let curve = &measured.curve;
    let level = measured.end?.level;
    let reached = level + curve.noticeable(level);
    let at = curve.validation.iter().position(|&cost| cost <= reached)?;
    Some(curve.epochs[at])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::confidence::FEW_CAP;
    use crate::diagnosis::Context;
    use crate::rule::example::{log, wobble};
    use wellfit_core::run::Part::{Online, Train, Validation};
    use wellfit_core::run::Run;

    fn judged(run: &Run) -> Judgement {
        judge(&Case::new(run, &Context::default()))
    }

    fn losses(train: &dyn Fn(f64) -> f64, validation: &dyn Fn(f64) -> f64, epochs: u32) -> Verdict {
        judged(&log(epochs, &[(Train, "loss", train), (Validation, "loss", validation)])).verdict
    }

    #[test]
    fn the_textbook_shapes() {
        let falling = |e: f64| 1.0 / e;
        let settled = |e: f64| 0.5 + (-e).exp();
        let turning = |e: f64| 0.5 + 0.01 * (e - 15.0).powi(2);
        let line = |e: f64| 5.0 - 0.1 * e;
        assert_eq!(losses(&falling, &turning, 40), Verdict::Overfit);
        assert_eq!(losses(&settled, &settled, 40), Verdict::Good);
        assert_eq!(losses(&line, &line, 40), Verdict::NotConverged);
        assert_eq!(losses(&|e| if e > 9.0 { f64::NAN } else { 1.0 }, &line, 40), Verdict::Diverged);
        assert_eq!(losses(&falling, &falling, 2), Verdict::CannotTell);
        assert_eq!(losses(&|_| 0.69, &|_| 0.69, 40), Verdict::Underfit);
    }

    #[test]
    fn a_gap_of_accuracy_is_overfitting_once_validation_stands() {
        let train = |e: f64| 1.0 - 0.5 / e;
        let stands = |e: f64| 0.75 - 0.4 * (-0.5 * e).exp() + 0.003 * wobble(e);
        let grows = |e: f64| 0.5 + 0.005 * e;
        let accuracy = |validation| {
            judged(&log(50, &[(Train, "accuracy", &train), (Validation, "accuracy", validation)]))
        };
        let found = accuracy(&stands);
        assert_eq!(found.verdict, Verdict::Overfit);
        assert!(found.onset.unwrap() < 12.0, "{found:?}");
        assert_eq!(accuracy(&grows).verdict, Verdict::NotConverged);
    }

    #[test]
    fn without_training_a_rise_is_less_sure() {
        let turning = |e: f64| 0.5 + 0.01 * (e - 15.0).powi(2);
        let found = judged(&log(40, &[(Validation, "loss", &turning)]));
        assert_eq!((found.verdict, found.confidence), (Verdict::Overfit, ALONE));
    }

    #[test]
    fn training_alone_tells_nothing() {
        let found = judged(&log(40, &[(Online, "loss", &|e| 1.0 / e)]));
        assert_eq!((found.verdict, found.confidence), (Verdict::CannotTell, 0.0));
    }

    #[test]
    fn four_points_are_never_sure() {
        let turning = |e: f64| [0.6, 0.3, 0.6, 0.9][e as usize - 1];
        let train = |e: f64| 0.5 / e;
        let found = judged(&log(4, &[(Train, "loss", &train), (Validation, "loss", &turning)]));
        assert_eq!(found.verdict, Verdict::Overfit);
        assert!(found.confidence <= FEW_CAP);
    }
}

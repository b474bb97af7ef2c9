//! `overconfident`: the validation loss rises while validation accuracy still improves.
//!
//! Rule: the loss has turned, and a share of right answers (accuracy, F1, ...) is at least as good
//! at the end as at the turning point of the loss and has not turned itself. The model is right as
//! often as before or more often, and too sure where it is wrong: softer targets or a temperature
//! cure that, an early stop would throw the better classifier away.
//!
//! # Paper
//! Guo et al. 2017, *On calibration of modern neural networks*, arXiv 1706.04599

use super::{Symptom, shown, symptom};
use crate::case::{Case, Measured};
use crate::kind::Kind;
use crate::trend::{lowest, mean_around};

pub(super) fn find(case: &Case) -> Option<Symptom> {
    let loss =
        case.loss.as_ref().filter(|loss| loss.has_turned() && loss.curve.kind == Kind::Loss)?;
    let onset = loss.curve.epochs[loss.turn.as_ref()?.onset];
    let score = case.metrics.iter().find(|m| m.curve.kind == Kind::Share && holds(m, onset))?;
    let curve = &score.curve;
    let end = curve.shown(score.end?.level);
    let best = curve.epochs[lowest(&curve.validation)];
    let summary = format!(
        "the validation loss has risen since epoch {onset}, but {} on validation did not fall ({} at \
         the end, best at epoch {best}): the model is too sure where it is wrong",
        curve.metric,
        shown(end)
    );
    let evidence = [
        ("loss_onset_epoch", onset),
        ("metric_at_onset", curve.shown(level_at(score, onset)?)),
        ("metric_at_end", end),
        ("metric_best_epoch", best),
    ];
    symptom("overconfident", summary, evidence)
}

fn holds(score: &Measured, onset: f64) -> bool {
    let (Some(end), Some(then)) = (score.end, level_at(score, onset)) else { return false };
    end.level <= then && !score.has_turned()
}

fn level_at(score: &Measured, epoch: f64) -> Option<f64> {
    let curve = &score.curve;
    let place = curve.epochs.partition_point(|&known| known < epoch);
    let window = score.turn.as_ref()?.rise.window;
    Some(mean_around(&curve.validation, place.min(curve.validation.len() - 1), window))
}

#[cfg(test)]
mod tests {
    use super::super::example::{find as found, log, wobble};
    use super::*;
    use wellfit_core::run::Part::{Train, Validation};

    #[test]
    fn a_rising_loss_beside_a_rising_accuracy() {
        let train = |e: f64| (-0.1 * e).exp();
        let loss = |e: f64| 0.5 + 0.01 * (e - 15.0).abs();
        let grows = |e: f64| 0.9 - 0.4 / e + 0.002 * wobble(e);
        let falls = |e: f64| 0.9 - 0.004 * (e - 15.0).abs() + 0.002 * wobble(e);
        let series = |accuracy| {
            log(
                50,
                &[
                    (Train, "loss", &train),
                    (Validation, "loss", &loss),
                    (Validation, "accuracy", accuracy),
                ],
            )
        };
        let symptom = found(&series(&grows), find).unwrap();
        assert!(symptom.evidence["metric_best_epoch"] > 30.0, "{symptom:?}");
        assert_eq!(found(&series(&falls), find), None);
    }

    #[test]
    fn a_loss_that_did_not_turn_is_not_overconfident() {
        let (loss, accuracy) = (|e: f64| 0.3 + 1.0 / e, |e: f64| 0.9 - 0.4 / e);
        let run = log(50, &[(Validation, "loss", &loss), (Validation, "accuracy", &accuracy)]);
        assert_eq!(found(&run, find), None);
    }
}

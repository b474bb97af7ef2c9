//! `metric_drop`: accuracy, F1, precision, recall, R² or another metric falls on validation after
//! its best.
//!
//! Rule: the same as for a rising loss, on the metric as a cost. For shares and R² the fall must
//! exceed 0.02, since a percentage of them means little near 1. F1 matters most on imbalanced data,
//! where accuracy can look fine: the metric with the clearest fall is shown. Precision that falls
//! while recall rises, or the other way, is a moved threshold and no loss.

use super::{Symptom, shown, symptom};
use crate::case::{Case, Measured};
use crate::trend::mean_around;

/// The other side of a trade, by the word in a metric's name.
const TRADES: [(&str, &str); 2] = [("precision", "recall"), ("recall", "precision")];

/// Whether what `fallen` lost was gained by its counterpart, since `fallen` turned.
pub(crate) fn is_traded(fallen: &Measured, metrics: &[Measured]) -> bool {
    let is = |metric: &Measured, word: &str| metric.curve.metric.contains(word);
    let Some((_, other)) = TRADES.into_iter().find(|trade| is(fallen, trade.0)) else {
        return false;
    };
    metrics.iter().any(|metric| is(metric, other) && gained_since(metric, fallen) == Some(true))
}

fn gained_since(metric: &Measured, fallen: &Measured) -> Option<bool> {
    let (turn, curve) = (fallen.turn.as_ref()?, &metric.curve);
    let onset = turn.onset.min(curve.validation.len() - 1);
    let then = mean_around(&curve.validation, onset, turn.rise.window);
    let end = metric.end?.level;
    Some(then - end > curve.noticeable(end))
}

pub(super) fn find(case: &Case) -> Option<Symptom> {
    let strength = |m: &Measured| m.turn.as_ref().map_or(0.0, |turn| turn.strength);
    let turned = case.metrics.iter().filter(|metric| metric.has_turned());
    let worst = turned.max_by(|a, b| strength(a).total_cmp(&strength(b)))?;
    let (curve, turn) = (&worst.curve, worst.turn.as_ref()?);
    let (best, end) = (curve.shown(turn.rise.minimum), curve.shown(turn.rise.end));
    let epoch = curve.epochs[turn.onset];
    let summary = format!(
        "{} on validation examples was {} around epoch {epoch} and is {} at the end",
        curve.metric,
        shown(best),
        shown(end)
    );
    let evidence = [
        ("onset_epoch", epoch),
        ("best", best),
        ("end", end),
        ("drop", (best - end).abs()),
        ("z", turn.rise.z),
    ];
    symptom("metric_drop", summary, evidence)
}

#[cfg(test)]
mod tests {
    use super::super::example::{find as found, log, wobble};
    use super::*;
    use wellfit_core::run::Part::{Train, Validation};

    #[test]
    fn each_score_may_fall_or_stay() {
        let train = |e: f64| 1.0 - 0.5 / e;
        let falls = |e: f64| 0.8 - 0.004 * (e - 15.0).abs() + 0.005 * wobble(e);
        let stays = |e: f64| 0.9 - 0.5 / e + 0.005 * wobble(e);
        for metric in ["accuracy", "f1", "precision", "recall", "r2"] {
            let run = log(50, &[(Train, metric, &train), (Validation, metric, &falls)]);
            let symptom = found(&run, find).unwrap();
            assert!((symptom.evidence["onset_epoch"] - 15.0).abs() <= 4.0, "{symptom:?}");
            let run = log(50, &[(Train, metric, &train), (Validation, metric, &stays)]);
            assert_eq!(found(&run, find), None, "{metric}");
        }
    }

    #[test]
    fn a_trade_between_precision_and_recall_is_no_drop() {
        let falls = |e: f64| 0.8 - 0.004 * (e - 15.0).abs();
        let rises = |e: f64| 0.5 + 0.005 * e;
        let trade = log(50, &[(Validation, "precision", &falls), (Validation, "recall", &rises)]);
        assert_eq!(found(&trade, find), None);
        let both = log(50, &[(Validation, "precision", &falls), (Validation, "recall", &falls)]);
        assert!(found(&both, find).is_some());
    }

    #[test]
    fn f1_tells_what_accuracy_hides() {
        let (train, accuracy) = (|e: f64| 1.0 - 0.1 / e, |e: f64| 0.97 - 0.05 / e);
        let f1 = |e: f64| 0.7 - 0.005 * (e - 20.0).abs();
        let run = log(
            60,
            &[
                (Train, "accuracy", &train),
                (Validation, "accuracy", &accuracy),
                (Train, "f1", &train),
                (Validation, "f1", &f1),
            ],
        );
        assert!(found(&run, find).unwrap().summary.starts_with("f1"));
    }
}

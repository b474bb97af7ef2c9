//! `val_loss_rising`: the validation loss rises while the training loss does not.
//!
//! Rule: since its turning point the loss rose by more than 3 standard errors, corrected for the luck
//! of a minimum ([`rise`](wellfit_core::control::rise)), and took back more than a twentieth of what
//! it had gained (within 2.5% and 10% of the minimum); it ends above the training loss, and training
//! lost at most half as much. It is judged on the whole run and again after the last
//! drop of the learning rate. With more than 10 points at least 3 must follow the turning point;
//! with 10 or fewer, a clear and steady rise beside a steadily falling training loss is enough.

use super::{Symptom, shown, symptom};
use crate::case::Case;

pub(super) fn find(case: &Case) -> Option<Symptom> {
    let loss = case.loss.as_ref().filter(|loss| loss.has_turned())?;
    let turn = loss.turn.as_ref()?;
    let epoch = loss.curve.epochs[turn.onset];
    let (minimum, end) = (turn.rise.minimum, turn.rise.end);
    let percent = 100.0 * (end - minimum) / minimum.abs();
    let falls = turn.train_change.is_some_and(|change| change < 0.0);
    let beside = if falls { ", while the training loss fell" } else { "" };
    let summary = format!(
        "the validation {} has risen by {}% since epoch {epoch}{beside}",
        loss.curve.metric,
        shown(percent)
    );
    let nothing = f64::NAN;
    let evidence = [
        ("onset_epoch", epoch),
        ("minimum", minimum),
        ("end", end),
        ("rise_percent", percent),
        ("z", turn.rise.z),
        ("noise", turn.rise.sigma),
        ("gap_at_end", turn.gap.unwrap_or(nothing)),
        ("train_change", turn.train_change.unwrap_or(nothing)),
    ];
    symptom("val_loss_rising", summary, evidence)
}

#[cfg(test)]
mod tests {
    use super::super::example::{find as found, log, wobble};
    use super::*;
    use wellfit_core::run::Part::{Online, Train, Validation};
    use wellfit_core::run::Run;

    fn beside(train: &dyn Fn(f64) -> f64, validation: &dyn Fn(f64) -> f64, epochs: u32) -> Run {
        log(epochs, &[(Train, "loss", train), (Validation, "loss", validation)])
    }

    fn falling(e: f64) -> f64 {
        (-0.05 * e).exp()
    }

    #[test]
    fn a_turned_loss_is_found_with_its_epoch() {
        let turning = |e: f64| 0.6 + 0.01 * (e - 20.0).abs() + 0.005 * wobble(e);
        let symptom = found(&beside(&falling, &turning, 60), find).unwrap();
        assert!((symptom.evidence["onset_epoch"] - 20.0).abs() <= 2.0, "{symptom:?}");
        let level = |e: f64| 0.6 + falling(e) + 0.02 * wobble(e);
        assert_eq!(found(&beside(&falling, &level, 60), find), None);
    }

    #[test]
    fn a_run_that_got_worse_as_a_whole_is_no_overfitting() {
        let turning = |e: f64| 0.6 + 0.01 * (e - 20.0).abs();
        let worse = |e: f64| turning(e) - 0.1;
        assert_eq!(found(&beside(&worse, &turning, 60), find), None);
    }

    #[test]
    fn a_validation_loss_below_training_is_no_overfitting() {
        let turning = |e: f64| 0.6 + 0.01 * (e - 20.0).abs();
        let above = |e: f64| 1.5 + falling(e);
        assert_eq!(found(&beside(&above, &turning, 60), find), None);
    }

    #[test]
    fn the_last_segment_is_judged_by_itself() {
        // The loss was lower long ago in a lucky dip; within the last segment it rises.
        let rate = |e: f64| if e > 60.0 { 0.01 } else { 0.1 };
        let train = |e: f64| if e > 60.0 { 0.2 - 0.001 * e } else { 0.5 };
        let validation =
            |e: f64| if e > 60.0 { 0.50 + 0.002 * (e - 60.0) } else { 1.2 } + 0.002 * wobble(e);
        let run = log(
            100,
            &[(Train, "loss", &train), (Validation, "loss", &validation), (Online, "lr", &rate)],
        );
        let symptom = found(&run, find).unwrap();
        assert!((symptom.evidence["onset_epoch"] - 61.0).abs() <= 2.0, "{symptom:?}");
    }

    #[test]
    fn short_curves_need_a_steady_rise() {
        let at = |values: &'static [f64]| move |e: f64| values[e as usize - 1];
        let train = |e: f64| 0.6 / e;
        let positive: [&[f64]; 3] =
            [&[0.62, 0.58, 0.75], &[0.5, 0.6, 0.7, 0.8], &[0.9, 0.6, 0.5, 0.55, 0.6, 0.7]];
        for values in positive {
            assert!(found(&beside(&train, &at(values), values.len() as u32), find).is_some());
        }
        let negative: [&[f64]; 4] = [
            &[0.62, 0.58, 0.60],
            &[0.9, 0.6, 0.5, 0.45, 0.42, 0.43],
            &[0.9, 0.5, 0.6, 0.45, 0.6, 0.5],
            &[0.9, 0.7, 0.6, 0.55, 0.5, 0.8],
        ];
        for values in negative {
            let run = beside(&train, &at(values), values.len() as u32);
            assert_eq!(found(&run, find), None, "{values:?}");
        }
    }
}

//! `val_better_than_train`: validation ends better than training.
//!
//! Rule: the difference of the last levels exceeds 3 standard errors and 3% of a loss or 0.02 of a
//! share or R². Dropout and augmentation act on training only, a training loss averaged over an
//! epoch is half an epoch old, and a penalty may be counted in it: any of these explains it, and it
//! is never underfitting by itself.

use super::{Symptom, shown, symptom};
use crate::case::Case;
use crate::trend::MIN_Z;

pub(super) fn find(case: &Case) -> Option<Symptom> {
    let measured = case.watched()?;
    let (curve, end, train_end) = (&measured.curve, measured.end?, measured.train_end?);
    let difference = train_end.level - end.level;
    let enough = difference > curve.noticeable(end.level)
        && difference > MIN_Z * end.error.hypot(train_end.error);
    if !enough {
        return None;
    }
    let (train, validation) = (curve.shown(train_end.level), curve.shown(end.level));
    let summary = format!(
        "{} is {} on validation and {} on training examples: dropout, augmentation, a mean over the \
         epoch or a penalty in the training loss explain it; it is no sign of underfitting",
        curve.metric,
        shown(validation),
        shown(train)
    );
    symptom("val_better_than_train", summary, [("train", train), ("validation", validation)])
}

#[cfg(test)]
mod tests {
    use super::super::example::{find as found, log, wobble};
    use super::*;
    use wellfit_core::run::Part::{Online, Validation};

    #[test]
    fn only_a_difference_beyond_noise_counts() {
        let train = |e: f64| 0.5 + 1.0 / e + 0.02 * wobble(e);
        let beside = |shift: f64| {
            let validation = move |e: f64| 0.5 + shift + 1.0 / e + 0.02 * wobble(e + 50.0);
            log(50, &[(Online, "loss", &train), (Validation, "loss", &validation)])
        };
        assert!(found(&beside(-0.2), find).unwrap().summary.contains("no sign of underfitting"));
        assert_eq!(found(&beside(0.0), find), None);
        assert_eq!(found(&beside(0.2), find), None);
    }
}

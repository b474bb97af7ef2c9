//! `still_improving`: validation still got better when the log ended.
//!
//! Rule: the mean of the last tenth of the run is better than that of the tenth before, by more
//! than 3 standard errors and by more than 2% of a loss or 0.005 of a share or R². Of 10 values or
//! fewer, the last must be the best and the one before it the second best.

use super::{Symptom, shown, symptom};
use crate::case::Case;

pub(super) fn find(case: &Case) -> Option<Symptom> {
    let watched = case.watched().filter(|watched| watched.still_improves())?;
    let (curve, end) = (&watched.curve, watched.end?);
    let (now, before) = (curve.shown(end.level), curve.shown(end.level + end.gain));
    let summary = format!(
        "{} on validation still improved when the log ended, from {} to {}",
        curve.metric,
        shown(before),
        shown(now)
    );
    symptom("still_improving", summary, [("before", before), ("last", now), ("z", end.z)])
}

#[cfg(test)]
mod tests {
    use super::super::example::{find as found, log, wobble};
    use super::*;
    use wellfit_core::run::Part::Validation;

    #[test]
    fn a_falling_loss_improves_and_a_settled_one_does_not() {
        let falling = |e: f64| 5.0 - 0.1 * e + 0.02 * wobble(e);
        let settled = |e: f64| 0.5 + (-0.5 * e).exp() + 0.02 * wobble(e);
        assert!(found(&log(40, &[(Validation, "loss", &falling)]), find).is_some());
        assert_eq!(found(&log(40, &[(Validation, "loss", &settled)]), find), None);
        let grows = |e: f64| 0.02 * e;
        assert!(found(&log(40, &[(Validation, "accuracy", &grows)]), find).is_some());
    }
}

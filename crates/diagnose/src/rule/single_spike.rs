//! `single_spike`: one value stands out of the validation curve and the next are as before.
//!
//! Rule: a value lies more than 8 standard deviations of the noise above the median of it and its
//! neighbours, and more than a tenth of the level. One outlier is not a trend: it is left out of
//! every other rule.

use super::{Symptom, shown, symptom};
use crate::case::Case;
use crate::trend::without_spikes;
use wellfit_core::control::SHORT;

/// Standard deviations by which an outlier stands out.
const DEVIATIONS: f64 = 8.0;
/// How often it exceeds a noticeable difference.
const TIMES: f64 = 3.0;

pub(super) fn find(case: &Case) -> Option<Symptom> {
    let measured = case.watched()?;
    let curve = &measured.curve;
    let costs = &curve.validation;
    let sigma = measured.turn.as_ref().filter(|turn| turn.rise.points > SHORT)?.rise.sigma;
    let usual = without_spikes(costs);
    let height = |at: usize| costs[at] - usual[at];
    let stands_out = |&at: &usize| {
        height(at) > DEVIATIONS * sigma && height(at) > TIMES * curve.noticeable(usual[at])
    };
    let inner = 1..costs.len() - 1;
    let at = inner.filter(stands_out).max_by(|&a, &b| height(a).total_cmp(&height(b)))?;
    let (value, around) = (curve.shown(costs[at]), curve.shown(usual[at]));
    let epoch = curve.epochs[at];
    let summary = format!(
        "{} on validation is {} at epoch {epoch} and {} around it: one outlier is not a trend",
        curve.metric,
        shown(value),
        shown(around)
    );
    symptom("single_spike", summary, [("epoch", epoch), ("value", value), ("usual", around)])
}

#[cfg(test)]
mod tests {
    use super::super::example::{find as found, log, wobble};
    use super::*;
    use wellfit_core::run::Part::Validation;

    #[test]
    fn one_outlier_is_found_and_noise_is_not() {
        let calm = |e: f64| 0.5 + 1.0 / e + 0.02 * wobble(e);
        let spike = |e: f64| calm(e) * if e == 17.0 { 3.0 } else { 1.0 };
        let symptom = found(&log(40, &[(Validation, "loss", &spike)]), find).unwrap();
        assert_eq!(symptom.evidence["epoch"], 17.0);
        assert_eq!(found(&log(40, &[(Validation, "loss", &calm)]), find), None);
    }
}

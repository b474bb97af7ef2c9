//! `diverged`: a loss became NaN or infinite, or exploded.
//!
//! Rule: the last value of a loss is not finite, or more than half of its values are not; or the
//! training loss, or where none is called so all of them, ends above its first value by more than it
//! had ever come below it, by more than half, and by more than 5 standard errors. Of 10 values or
//! fewer the last two must stand so high: one is a spike. A NaN in between is a warning and no
//! divergence: loss scaling in half precision makes such.

use super::{Symptom, shown, symptom};
use crate::case::Case;
use crate::trend::{End, lowest};
use wellfit_core::control::SHORT;
use wellfit_core::run::{Direction, Part, Run, Series};

/// Share of the first value by which an exploded loss exceeds it.
const ABOVE: f64 = 0.5;
/// Standard errors by which it does.
const MIN_Z: f64 = 5.0;

/// How a run broke down.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Broken {
    pub series: String,
    pub epoch: f64,
    /// The value then.
    pub value: f64,
}

/// Where a loss of the run broke down.
pub(crate) fn broken(run: &Run) -> Option<Broken> {
    let losses = || run.series.iter().filter(|series| is_loss(series));
    let at = |series: &Series, index: usize| {
        let (epoch, value) = series.points[index];
        Broken { series: series.name(), epoch, value }
    };
    let lost = losses().filter_map(|series| Some(at(series, lost_at(series)?)));
    let first = lost.min_by(|a, b| a.epoch.total_cmp(&b.epoch));
    let trained = |series: &&Series| matches!(series.part, Part::Train | Part::Online);
    let training: Vec<&Series> = losses().filter(trained).collect();
    first.or_else(|| exploded(&training).map(|(series, index)| at(series, index)))
}

/// Where the training loss exploded; where several losses have other names, all of them must have:
/// one part of a loss may rise while the whole falls, as a divergence of codes does.
fn exploded<'a>(training: &[&'a Series]) -> Option<(&'a Series, usize)> {
    let whole = training.iter().position(|series| series.metric == "loss");
    let judged = whole.map_or(training, |at| &training[at..=at]);
    let all: Option<Vec<(&Series, usize)>> =
        judged.iter().map(|series| Some((*series, exploded_at(series)?))).collect();
    all?.into_iter().next()
}

fn is_loss(series: &Series) -> bool {
    let rate = series.metric.starts_with("lr") || series.metric.contains("learning_rate");
    Direction::of(&series.metric) == Direction::Lower && !rate
}

/// The first of the values that are not finite at the end, or the first of all when most are not.
fn lost_at(series: &Series) -> Option<usize> {
    let lost = |point: &(f64, f64)| !point.1.is_finite();
    let count = series.points.iter().filter(|point| lost(point)).count();
    if 2 * count > series.points.len() {
        return series.points.iter().position(lost);
    }
    let kept = series.points.iter().rposition(|point| !lost(point))? + 1;
    (kept < series.points.len()).then_some(kept)
}

/// The first value above the first one, in the climb that ends an exploded series.
fn exploded_at(series: &Series) -> Option<usize> {
    let finite = || (0..series.points.len()).filter(|&i| series.points[i].1.is_finite());
    let values: Vec<f64> = finite().map(|i| series.points[i].1).collect();
    let (&first, end) = (values.first()?, End::of(&values)?);
    let gained = first - values[lowest(&values)];
    let far = |above: f64| above > gained && above > ABOVE * first.abs();
    let lasts = values.len() > SHORT || values.iter().rev().take(2).all(|value| far(value - first));
    let above = end.level - first;
    let exploded = far(above) && lasts && above > MIN_Z * end.error;
    let calm = finite().rfind(|&i| series.points[i].1 <= first)?;
    exploded.then_some((calm + 1).min(series.points.len() - 1))
}

pub(super) fn find(case: &Case) -> Option<Symptom> {
    let broken = case.broken.as_ref()?;
    let what = if broken.value.is_finite() { "exploded" } else { "became NaN or infinite" };
    let value = shown(broken.value);
    let summary = format!("{} {what} at epoch {} ({value})", broken.series, broken.epoch);
    symptom("diverged", summary, [("epoch", broken.epoch), ("value", broken.value)])
}

#[cfg(test)]
mod tests {
    use super::super::example::{Formula, find as found, log, wobble};
    use super::*;

    fn epoch_of(training: impl Fn(f64) -> f64) -> Option<f64> {
        let run =
            log(30, &[(Part::Train, "loss", &training), (Part::Validation, "loss", &|_| 1.0)]);
        found(&run, find).map(|symptom| symptom.evidence["epoch"])
    }

    #[test]
    fn nan_at_the_end_is_divergence_and_nan_in_between_is_not() {
        assert_eq!(epoch_of(|e| if e > 12.0 { f64::NAN } else { 1.0 / e }), Some(13.0));
        assert_eq!(epoch_of(|e| if e == 30.0 { f64::INFINITY } else { 1.0 / e }), Some(30.0));
        assert_eq!(epoch_of(|e| if e == 12.0 { f64::NAN } else { 1.0 / e }), None);
        assert_eq!(epoch_of(|_| f64::NAN), Some(1.0));
    }

    fn of_few(values: &[f64]) -> Option<f64> {
        let training = |epoch: f64| values[epoch as usize - 1];
        let run = log(values.len() as u32, &[(Part::Train, "loss", &training)]);
        found(&run, find).map(|symptom| symptom.evidence["epoch"])
    }

    #[test]
    fn of_few_values_the_last_alone_is_a_spike() {
        assert_eq!(of_few(&[1.0, 0.8, 0.7, 0.65, 2.5]), None);
        assert_eq!(of_few(&[0.5, 0.4, 0.45, 0.9]), None, "twice the lowest");
        assert_eq!(of_few(&[1.0, 0.8, 0.7, 2.5, 20.0]), Some(4.0));
        assert_eq!(of_few(&[1.0, 0.8, 0.7, 0.65, f64::NAN]), Some(5.0));
    }

    #[test]
    fn a_part_of_the_loss_may_rise() {
        let falls: Formula = (Part::Train, "loss_recon", &|e| 1.0 / e);
        let rises: Formula = (Part::Train, "loss_kl", &|e| e * e);
        assert_eq!(found(&log(30, &[rises, falls]), find), None);
        assert!(found(&log(30, &[rises]), find).is_some());
    }

    #[test]
    fn an_explosion_needs_no_nan() {
        assert_eq!(epoch_of(|e| if e > 20.0 { (e - 20.0).exp() } else { 1.0 / e }), Some(21.0));
        assert_eq!(epoch_of(|e| 1.0 + 0.2 * wobble(e)), None);
        assert_eq!(epoch_of(|e| if e == 30.0 { 9.0 } else { 1.0 / e }), None, "one spike");
    }
}

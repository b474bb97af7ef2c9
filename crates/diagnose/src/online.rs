//! The same evidence read while a run goes on: when to stop.

use serde::Serialize;
use wellfit_core::control::{MIN_Z, MIN_Z_SHORT, SHORT, rise};

/// A rise above this share of the minimum stops a run. It is smaller than what a verdict asks for:
/// the checkpoint of the minimum is kept, so that little is lost by stopping a run that would have
/// recovered by as little.
const MIN_RELATIVE: f64 = 0.001;
/// A run is judged again after growing by this share, so that the work stays near linear.
const GROWTH: f64 = 0.01;

/// Stops a run when its validation loss has risen since its minimum by more than noise explains.
///
/// A patience must be chosen for the noise of a run: too short, a fluctuation stops it, too long,
/// epochs are wasted. Here the noise is estimated from the values themselves ([`rise`]). Values are
/// costs: lower is better.
#[derive(Debug, Clone, Default)]
pub struct NoiseAware {
    epochs: Vec<f64>,
    validation: Vec<f64>,
    /// Pairs of place and value of training costs.
    train: Vec<(usize, f64)>,
    best: usize,
    judged: usize,
}

/// Whether to train on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// The validation loss has not risen beyond noise.
    Continue,
    /// A value is NaN or infinite.
    NotFinite,
    /// The validation loss has risen.
    Risen {
        /// Share of the minimum by which it has risen, corrected for noise.
        relative: f64,
        /// Standard errors of that rise.
        z: f64,
    },
}

impl NoiseAware {
    /// A rule that has seen nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in the validation cost after an epoch, and the training cost where it is known.
    pub fn observe(&mut self, epoch: f64, train: Option<f64>, validation: f64) -> Decision {
        if !validation.is_finite() || train.is_some_and(|value| !value.is_finite()) {
            return Decision::NotFinite;
        }
        self.epochs.push(epoch);
        self.validation.push(validation);
        let last = self.validation.len() - 1;
        self.train.extend(train.map(|value| (last, value)));
        if validation < self.validation[self.best] {
            self.best = last;
        }
        if (last as f64) < self.judged as f64 * (1.0 + GROWTH) {
            return Decision::Continue;
        }
        self.judged = last;
        self.judge().unwrap_or(Decision::Continue)
    }

    /// Epoch and value of the lowest validation cost: the checkpoint to keep.
    pub fn best(&self) -> Option<(f64, f64)> {
        Some((*self.epochs.get(self.best)?, self.validation[self.best]))
    }

    fn judge(&self) -> Option<Decision> {
        let rise = rise(&self.validation)?;
        let short = rise.points <= SHORT;
        let min_relative = if short { wellfit_core::control::MIN_RELATIVE } else { MIN_RELATIVE };
        let min_z = if short { MIN_Z_SHORT } else { MIN_Z };
        let risen = rise.relative > min_relative && rise.z > min_z;
        let stop = risen && self.training_allows(rise.minimum_index, rise.window, rise.end);
        stop.then_some(Decision::Risen { relative: rise.relative, z: rise.z })
    }

    /// Training must have come down since the minimum and lie below validation: before that, both
    /// move together, as in a warm-up. Unknown training allows everything.
    fn training_allows(&self, minimum: usize, window: usize, validation: f64) -> bool {
        let last = self.validation.len();
        let mean = |from: usize, to: usize| {
            let part = &self.train[self.place(from)..self.place(to)];
            let sum: f64 = part.iter().map(|point| point.1).sum();
            (!part.is_empty()).then(|| sum / part.len() as f64)
        };
        let begin = minimum - window / 2;
        let (then, now) = (mean(begin, begin + window), mean(last - window, last));
        then.zip(now).is_none_or(|(then, now)| now < then && now < validation)
    }

    fn place(&self, at: usize) -> usize {
        self.train.partition_point(|point| point.0 < at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::example::wobble;

    fn stopped(train: impl Fn(f64) -> f64, validation: impl Fn(f64) -> f64) -> (NoiseAware, f64) {
        let mut rule = NoiseAware::new();
        let stop = (1..=300).map(f64::from).find(|&epoch| {
            rule.observe(epoch, Some(train(epoch)), validation(epoch)) != Decision::Continue
        });
        (rule, stop.unwrap_or(f64::INFINITY))
    }

    #[test]
    fn a_turn_stops_soon_and_keeps_the_minimum() {
        let turning = |e: f64| 0.5 + 0.002 * (e - 100.0).abs() + 0.005 * wobble(e);
        let (rule, stop) = stopped(|e| (-0.01 * e).exp() - 0.3, turning);
        assert!((100.0..140.0).contains(&stop), "{stop}");
        assert!((rule.best().unwrap().0 - 100.0).abs() < 5.0);
    }

    #[test]
    fn noise_and_a_common_rise_stop_nothing() {
        let settled = |e: f64| 0.5 + (-0.05 * e).exp() + 0.05 * wobble(e);
        assert_eq!(stopped(|e| 0.4 / e, settled).1, f64::INFINITY);
        let both = |e: f64| 0.5 + 0.002 * (e - 100.0).abs();
        assert_eq!(stopped(|e| both(e) - 0.1, both).1, f64::INFINITY);
    }

    #[test]
    fn nan_stops_at_once_and_is_never_best() {
        let mut rule = NoiseAware::new();
        assert_eq!(rule.observe(1.0, None, 0.5), Decision::Continue);
        assert_eq!(rule.observe(2.0, None, f64::NAN), Decision::NotFinite);
        assert_eq!(rule.best(), Some((1.0, 0.5)));
        assert_eq!(NoiseAware::new().best(), None);
    }
}

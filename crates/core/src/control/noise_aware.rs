//! Stop when the validation loss has risen by more than its own noise explains.

use super::rise::{MIN_RELATIVE, MIN_Z, MIN_Z_SHORT, SHORT, rise};
use super::{Decision, Reason};
use serde::{Deserialize, Serialize};

/// A rise above this share of the minimum stops a run. It is smaller than what a verdict asks for:
/// the checkpoint of the minimum is kept, so that little is lost by stopping a run that would have
/// recovered by as little.
const WORTH_STOPPING: f64 = 0.001;
/// A run is judged again after growing by this share, so that the work stays near linear.
const GROWTH: f64 = 0.01;

/// Stops a run when its validation loss has risen since its minimum by more than noise explains.
///
/// A patience must be chosen for the noise of a run: too short, a fluctuation stops it, too long,
/// epochs are wasted. Here the noise is estimated from the values themselves ([`rise`]). Values are
/// costs: lower is better.
///
/// The state is serializable: restored from a checkpoint it goes on exactly as before. A training
/// loop of any framework asks it after each evaluation:
///
/// ```
/// use wellfit_core::control::{Decision, NoiseAware};
///
/// let mut rule = NoiseAware::new();
/// let mut stopped = None;
/// for epoch in (1..=200).map(f64::from) {
///     // Here a training loop trains for an epoch and evaluates.
///     let (train, validation) = (1.0 / epoch, 0.5 + 0.002 * (epoch - 60.0).abs());
///     if let Decision::Stop(reason) = rule.observe(epoch, Some(train), validation) {
///         stopped = Some((epoch, reason.to_string()));
///         break;
///     }
/// }
/// let (best, _) = rule.best().unwrap(); // the checkpoint to restore
/// assert_eq!(best, 60.0);
/// assert!(stopped.unwrap().0 < 80.0);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoiseAware {
    epochs: Vec<f64>,
    validation: Vec<f64>,
    /// Pairs of place and value of training costs.
    train: Vec<(usize, f64)>,
    best: usize,
    judged: usize,
}

impl NoiseAware {
    /// A rule that has seen nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in the validation cost after an epoch, and the training cost where it is known.
    pub fn observe(&mut self, epoch: f64, train: Option<f64>, validation: f64) -> Decision {
        if !validation.is_finite() || train.is_some_and(|value| !value.is_finite()) {
            return Decision::Stop(Reason::NotFinite);
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
        self.judge().map_or(Decision::Continue, Decision::Stop)
    }

    /// Epoch and value of the lowest validation cost: the checkpoint to keep.
    pub fn best(&self) -> Option<(f64, f64)> {
        Some((*self.epochs.get(self.best)?, self.validation[self.best]))
    }

    fn judge(&self) -> Option<Reason> {
        let rise = rise(&self.validation)?;
        let short = rise.points <= SHORT;
        let min_relative = if short { MIN_RELATIVE } else { WORTH_STOPPING };
        let min_z = if short { MIN_Z_SHORT } else { MIN_Z };
        let risen = rise.relative > min_relative && rise.z > min_z;
        let stop = risen && self.training_allows(rise.minimum_index, rise.window, rise.end);
        stop.then_some(Reason::Risen { percent: 100.0 * rise.relative, z: rise.z })
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

    /// Noise without chance: about normal, standard deviation near 1.
    fn wobble(epoch: f64) -> f64 {
        2.0_f64.sqrt() * (epoch * 12.9898 + (epoch * 0.7).sin() * 43.0).sin()
    }

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
    fn a_restored_rule_goes_on_as_before() {
        let (rule, _) = stopped(|e| 1.0 / e, |e| 0.5 + 0.002 * (e - 100.0).abs());
        let saved = serde_json::to_string(&rule).unwrap();
        assert_eq!(serde_json::from_str::<NoiseAware>(&saved).unwrap(), rule);
    }

    #[test]
    fn nan_stops_at_once_and_is_never_best() {
        let mut rule = NoiseAware::new();
        assert_eq!(rule.observe(1.0, None, 0.5), Decision::Continue);
        assert_eq!(rule.observe(2.0, None, f64::NAN), Decision::Stop(Reason::NotFinite));
        assert_eq!(rule.best(), Some((1.0, 0.5)));
        assert_eq!(NoiseAware::new().best(), None);
    }
}

//! Early stopping by patience, with the semantics of Keras.

use super::{Decision, Reason};
use crate::number::{Finite, NonNegative, Rate};
use crate::run::Direction;
use serde::{Deserialize, Serialize};
use std::num::NonZeroU64;

/// By how much a value must beat the reference to count as an improvement.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MinDelta {
    /// By more than this, in units of the metric.
    Absolute(NonNegative),
    /// By more than this share of the reference's absolute value.
    Relative(Rate),
}

/// Settings of [`EarlyStopping`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EarlyStoppingConfig {
    /// Stop after this many evaluations in a row without improvement, at least 1.
    pub patience: NonZeroU64,
    /// What counts as an improvement. Default: any, however small.
    #[serde(default = "any_improvement")]
    pub min_delta: MinDelta,
    /// Whether lower or higher values are better. Default: lower.
    #[serde(default = "lower")]
    pub direction: Direction,
    /// Values of earlier epochs are not looked at, for runs that begin with a warm-up. Default: 0.
    #[serde(default)]
    pub start_epoch: u64,
    /// The wait begins anew only when a value also beats this one. Default: none.
    #[serde(default)]
    pub baseline: Option<Finite>,
    /// Stop at once when the value is NaN or infinite, warm-up included; otherwise such a value
    /// merely is no improvement. Default: true.
    #[serde(default = "yes")]
    pub stop_on_nan: bool,
}

impl EarlyStoppingConfig {
    /// This patience, and the defaults for all else.
    pub fn new(patience: NonZeroU64, direction: Direction) -> Self {
        Self {
            patience,
            direction,
            min_delta: any_improvement(),
            start_epoch: 0,
            baseline: None,
            stop_on_nan: yes(),
        }
    }
}

fn any_improvement() -> MinDelta {
    MinDelta::Absolute(NonNegative::ZERO)
}

fn lower() -> Direction {
    Direction::Lower
}

fn yes() -> bool {
    true
}

/// Stops when a value has not improved for `patience` evaluations.
///
/// A value improves when it is strictly better than the *reference* by more than `min_delta`; it
/// then becomes the reference. Each evaluation without improvement adds 1 to the wait, and the run
/// stops when the wait reaches the patience.
///
/// # Two notions of best
/// [`Self::reference`] is what must be beaten: it ignores gains within `min_delta`, so that a
/// creeping curve cannot go on forever. [`Self::best`] is the best value seen, however small its
/// lead: that is the checkpoint to keep, because `min_delta` says when to stop hoping and not that
/// the better of two models is worse. (Keras restores the former.) Without `min_delta` they agree.
/// Neither is ever NaN or infinite, and of equal values the first one is kept.
///
/// The state is serializable: restored from a checkpoint it goes on exactly as before. After a
/// stop, more values may be observed, so that a log can be replayed to its end.
///
/// # Paper
/// Prechelt 1998, *Early stopping, but when?*
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EarlyStopping {
    config: EarlyStoppingConfig,
    reference: Option<(u64, f64)>,
    best: Option<(u64, f64)>,
    waited: u64,
}

impl EarlyStopping {
    /// A rule that has seen nothing.
    pub fn new(config: EarlyStoppingConfig) -> Self {
        Self { config, reference: None, best: None, waited: 0 }
    }

    /// Takes in the value of one evaluation.
    pub fn observe(&mut self, epoch: u64, value: f64) -> Decision {
        if !value.is_finite() && self.config.stop_on_nan {
            return Decision::Stop(Reason::NotFinite);
        }
        if epoch < self.config.start_epoch {
            return Decision::Continue;
        }
        self.waited += 1;
        if self.beats(value, self.best, 0.0) {
            self.best = Some((epoch, value));
        }
        if self.beats(value, self.reference, self.min_delta()) {
            self.reference = Some((epoch, value));
            if self.beats_baseline(value) {
                self.waited = 0;
            }
            return Decision::Continue;
        }
        if self.waited >= self.config.patience.get() {
            return Decision::Stop(Reason::NoImprovement { waited: self.waited });
        }
        Decision::Continue
    }

    /// Epoch and value of the best evaluation: the checkpoint to keep.
    pub fn best(&self) -> Option<(u64, f64)> {
        self.best
    }

    /// Epoch and value of the last improvement by more than `min_delta`: the value to beat.
    pub fn reference(&self) -> Option<(u64, f64)> {
        self.reference
    }

    /// Evaluations since the last improvement.
    pub fn waited(&self) -> u64 {
        self.waited
    }

    /// The settings.
    pub fn config(&self) -> &EarlyStoppingConfig {
        &self.config
    }

    fn beats(&self, value: f64, other: Option<(u64, f64)>, min_delta: f64) -> bool {
        let cost = |value| self.config.direction.as_cost(value);
        let lead = |other: (u64, f64)| cost(value) < cost(other.1) - min_delta;
        value.is_finite() && other.is_none_or(lead)
    }

    fn beats_baseline(&self, value: f64) -> bool {
        let baseline = self.config.baseline.map(|baseline| (0, baseline.get()));
        self.beats(value, baseline, self.delta_at(baseline))
    }

    fn min_delta(&self) -> f64 {
        self.delta_at(self.reference)
    }

    fn delta_at(&self, reference: Option<(u64, f64)>) -> f64 {
        match self.config.min_delta {
            MinDelta::Absolute(delta) => delta.get(),
            MinDelta::Relative(share) => share.get() * reference.map_or(0.0, |r| r.1.abs()),
        }
    }
}

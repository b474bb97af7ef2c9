//! The learning rate over a run.

use serde::{Deserialize, Serialize};
use std::num::NonZeroU64;
use wellfit_core::number::{Fraction, Positive};

/// How the learning rate changes; all of them after a linear warm-up, where one is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Schedule {
    /// Not at all.
    #[default]
    Constant,
    /// Times `factor` every `every` epochs, counted from the end of the warm-up.
    Step {
        /// Epochs between drops.
        every: NonZeroU64,
        /// What a drop multiplies by.
        factor: Fraction,
    },
    /// Half a cosine from 1 to `last`. (Loshchilov and Hutter 2017, arXiv 1608.03983.)
    Cosine {
        /// Share of the learning rate that is left at the end.
        #[serde(default = "nothing", rename = "final")]
        last: Fraction,
    },
}

fn nothing() -> Fraction {
    Fraction::ZERO
}

/// The learning rate of every step of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LearningRate {
    /// The rate that factors are applied to.
    pub peak: Positive,
    /// How it changes.
    pub schedule: Schedule,
    /// Steps of linear warm-up, from peak / warm_up to the peak.
    pub warm_up: u64,
    /// Steps of one epoch.
    pub epoch: u64,
    /// Steps of the whole run.
    pub total: u64,
}

impl LearningRate {
    /// The learning rate of `step`, from 0.
    pub fn at(&self, step: u64) -> f64 {
        self.peak.get() * self.factor(step)
    }

    fn factor(&self, step: u64) -> f64 {
        if step < self.warm_up {
            return (step + 1) as f64 / self.warm_up as f64;
        }
        match self.schedule {
            Schedule::Constant => 1.0,
            Schedule::Step { every, factor } => {
                let epochs = (step - self.warm_up) / self.epoch.max(1);
                factor.get().powf((epochs / every.get()) as f64)
            }
            Schedule::Cosine { last } => {
                let span = self.total.saturating_sub(self.warm_up).max(1) as f64;
                let progress = (step - self.warm_up) as f64 / span;
                let cosine = (1.0 + (std::f64::consts::PI * progress).cos()) / 2.0;
                last.get() + (1.0 - last.get()) * cosine
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rates(schedule: Schedule, warm_up: u64) -> Vec<f64> {
        let peak = Positive::new(2.0).unwrap();
        let rate = LearningRate { peak, schedule, warm_up, epoch: 2, total: 8 };
        (0..8).map(|step| rate.at(step)).collect()
    }

    #[test]
    fn constant_after_a_linear_warm_up() {
        assert_eq!(rates(Schedule::Constant, 4), [0.5, 1.0, 1.5, 2.0, 2.0, 2.0, 2.0, 2.0]);
    }

    #[test]
    fn steps_drop_at_epochs() {
        let every = NonZeroU64::new(2).unwrap();
        let schedule = Schedule::Step { every, factor: Fraction::new(0.5).unwrap() };
        assert_eq!(rates(schedule, 0), [2.0, 2.0, 2.0, 2.0, 1.0, 1.0, 1.0, 1.0]);
    }

    #[test]
    fn the_cosine_is_half_way_in_the_middle() {
        let rates = rates(Schedule::Cosine { last: Fraction::ZERO }, 0);
        assert_eq!(rates[0], 2.0);
        assert!((rates[4] - 1.0).abs() < 1e-12);
        assert!(rates.windows(2).all(|pair| pair[1] < pair[0]));
    }
}

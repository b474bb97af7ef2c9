//! When a layer that drops does so, over the epochs of a run.
//!
//! Dropout at the beginning alone helps a model that underfits; dropout later than that, one that
//! overfits. Liu et al. 2023, arXiv 2303.01500.

use crate::chance::Tick;
use serde::{Deserialize, Serialize};
use wellfit_core::number::{Positive, Rate};

/// How the rate follows the epochs: `"constant"`, `{ early = 10 }`, `{ late = 10 }` or
/// `{ linear = 10 }`.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Schedule {
    /// The same all the time.
    #[default]
    Constant,
    /// In so many first epochs, and never after.
    Early(Positive),
    /// After so many epochs, and never before.
    Late(Positive),
    /// From 0 in a straight line, reached after so many epochs.
    Linear(Positive),
}

impl Schedule {
    /// What is left of `rate` at this moment; all of it in Monte Carlo inference, which knows no
    /// epochs.
    pub fn at(self, rate: Rate, tick: Tick) -> Rate {
        let share = match self {
            _ if tick.sampling => 1.0,
            Self::Constant => 1.0,
            Self::Early(epochs) => f64::from(u8::from(tick.epoch < epochs.get())),
            Self::Late(epochs) => f64::from(u8::from(tick.epoch >= epochs.get())),
            Self::Linear(epochs) => (tick.epoch / epochs.get()).clamp(0.0, 1.0),
        };
        Rate::new(share * rate.get()).unwrap_or(rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::StepClock;

    #[test]
    fn each_schedule_follows_the_epochs() {
        let (rate, clock) = (Rate::new(0.4).unwrap(), StepClock::new());
        let four = Positive::new(4.0).unwrap();
        let expected = [
            (Schedule::Constant, [0.4, 0.4, 0.4, 0.4]),
            (Schedule::Early(four), [0.4, 0.4, 0.0, 0.0]),
            (Schedule::Late(four), [0.0, 0.0, 0.4, 0.4]),
            (Schedule::Linear(four), [0.0, 0.1, 0.4, 0.4]),
        ];
        for (schedule, rates) in expected {
            for (epoch, expected) in [0.0, 1.0, 4.0, 100.0].into_iter().zip(rates) {
                clock.at_epoch(epoch);
                let found = schedule.at(rate, clock.tick()).get();
                assert!((found - expected).abs() < 1e-12, "{schedule:?} at {epoch}: {found}");
            }
        }
        clock.sample(true);
        assert_eq!(Schedule::Early(four).at(rate, clock.tick()), rate);
    }
}

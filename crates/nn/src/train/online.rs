//! What an epoch has seen so far, step by step: the running loss, and what gradients were like.

use crate::gradient::Effect;
use serde::{Deserialize, Serialize};
use wellfit_core::run::{Part, Run};

/// Sums over the steps of the epoch in progress; a checkpoint holds them.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Online {
    loss: Mean,
    norm: Mean,
    clipped: Mean,
    skipped: u64,
    /// Steps skipped one behind the other, over the ends of epochs.
    in_a_row: u64,
}

/// A mean in the making.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
struct Mean {
    sum: f64,
    count: u64,
}

impl Mean {
    fn add(&mut self, value: f64) {
        (self.sum, self.count) = (self.sum + value, self.count + 1);
    }

    fn get(self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / self.count as f64)
    }
}

impl Online {
    /// Adds a step; says whether so many were skipped in a row that the run has diverged.
    pub fn add(&mut self, loss: f64, effects: &[Effect]) -> bool {
        let limit = effects.iter().find_map(|effect| effect.skip);
        match limit {
            Some(_) => (self.skipped, self.in_a_row) = (self.skipped + 1, self.in_a_row + 1),
            None => {
                self.in_a_row = 0;
                self.loss.add(loss);
                // The first norm is that of the gradients as backward left them.
                effects
                    .iter()
                    .find_map(|effect| effect.norm)
                    .into_iter()
                    .for_each(|n| self.norm.add(n));
                let clipped = effects.iter().filter_map(|effect| effect.clipped);
                if let Some(clipped) = clipped.reduce(|any, clipped| any || clipped) {
                    self.clipped.add(f64::from(u8::from(clipped)));
                }
            }
        }
        limit.is_some_and(|limit| self.in_a_row >= limit.get())
    }

    /// Logs the epoch and begins the next.
    pub fn log(&mut self, log: &mut Run, epoch: f64) {
        log.push(Part::Online, "loss", epoch, self.loss.get().unwrap_or(f64::NAN));
        for (name, mean) in [("gradient_norm", self.norm), ("clipped_share", self.clipped)] {
            if let Some(mean) = mean.get() {
                log.push(Part::Online, name, epoch, mean);
            }
        }
        if self.skipped > 0 {
            log.push(Part::Online, "skipped_steps", epoch, self.skipped as f64);
        }
        *self = Self { in_a_row: self.in_a_row, ..Self::default() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::num::NonZeroU64;

    fn skip(limit: u64) -> Effect {
        Effect { skip: NonZeroU64::new(limit), ..Effect::default() }
    }

    #[test]
    fn skipped_steps_count_in_a_row_and_leave_the_mean_alone() {
        let mut online = Online::default();
        assert!(!online.add(1.0, &[]) && !online.add(f64::NAN, &[skip(2)]));
        assert!(!online.add(3.0, &[Effect { norm: Some(4.0), ..Effect::default() }]));
        assert!(!online.add(f64::NAN, &[skip(2)]));
        let mut log = Run::default();
        online.log(&mut log, 1.0);
        let last = |name: &str| {
            let series = log.series.iter().find(|s| s.name() == name).unwrap();
            *series.values().last().unwrap()
        };
        assert_eq!((last("online.loss"), last("online.gradient_norm")), (2.0, 4.0));
        assert_eq!(last("online.skipped_steps"), 2.0);
        assert!(online.add(f64::NAN, &[skip(2)]), "two in a row, over the end of the epoch");
    }
}

//! The rungs: after how many epochs a cohort is judged.

use crate::Error;
use std::num::NonZeroU64;

/// Epochs at which the trials of a cohort are compared, the last of which is the whole run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ladder {
    rungs: Vec<u64>,
    factor: u64,
}

impl Ladder {
    /// A ladder of `rungs` rungs up to `epochs`, each `factor` times as many epochs as the one
    /// before, rounded up. Rungs of equal height are one. One rung means no halving.
    ///
    /// # Errors
    /// [`Error::Setting`] for a factor other than 2 and 3: a larger one gives up on strong
    /// regularizers before they can show anything.
    pub fn new(epochs: NonZeroU64, rungs: NonZeroU64, factor: u64) -> Result<Self, Error> {
        if !(2..=3).contains(&factor) {
            return Err(Error::Setting {
                setting: "factor",
                expected: "2 or 3",
                found: factor.to_string(),
            });
        }
        let mut heights = vec![epochs.get()];
        while heights.len() < rungs.get() as usize && heights[0] > 1 {
            heights.insert(0, heights[0].div_ceil(factor));
        }
        Ok(Self { rungs: heights, factor })
    }

    /// Epochs at each rung, ascending.
    pub fn rungs(&self) -> &[u64] {
        &self.rungs
    }

    /// Of `trials` that reached a rung, how many go on to the next: at least one.
    pub fn kept(&self, trials: usize) -> usize {
        trials.div_ceil(self.factor as usize)
    }

    /// Epochs that a cohort of so many trials trains in all.
    pub fn cost(&self, trials: usize) -> u64 {
        let (mut live, mut before, mut cost) = (trials, 0, 0);
        for &rung in &self.rungs {
            cost += live as u64 * (rung - before);
            (live, before) = (self.kept(live), rung);
        }
        cost
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ladder(epochs: u64, rungs: u64, factor: u64) -> Ladder {
        let some = |n| NonZeroU64::new(n).unwrap();
        Ladder::new(some(epochs), some(rungs), factor).unwrap()
    }

    #[test]
    fn each_rung_is_a_third_of_the_next() {
        assert_eq!(ladder(81, 3, 3).rungs(), [9, 27, 81]);
        assert_eq!(ladder(50, 3, 3).rungs(), [6, 17, 50]);
        assert_eq!(ladder(50, 1, 3).rungs(), [50]);
        assert_eq!(ladder(3, 9, 2).rungs(), [1, 2, 3]);
    }

    #[test]
    fn what_a_cohort_costs() {
        // 9 trials of 9 epochs, 3 of 18 more, 1 of 54 more.
        assert_eq!(ladder(81, 3, 3).cost(9), 81 + 54 + 54);
        assert_eq!(ladder(81, 1, 3).cost(9), 729);
    }

    #[test]
    fn a_steep_ladder_is_refused() {
        let one = NonZeroU64::MIN;
        let message = Ladder::new(one, one, 4).unwrap_err().to_string();
        assert_eq!(message, "factor: expected 2 or 3, found 4");
    }
}

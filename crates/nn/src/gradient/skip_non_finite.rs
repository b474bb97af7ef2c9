//! Skips steps whose gradient holds NaN or infinity, as a batch with one broken example has.
//!
//! Mixed-precision training does the same to find its loss scale: Micikevicius et al. 2018, arXiv
//! 1710.03740.

use super::{Effect, GradientDoor};
use crate::batch::Chance;
use crate::elementwise::sum_of_squares;
use crate::parameter::Slot;
use crate::technique::{Door, Technique};
use serde::{Deserialize, Serialize};
use std::num::NonZeroU64;
use wellfit_core::card::{self, Card, Family};

const CARD: Card = Card {
    id: "skip_non_finite",
    name: "Skipping of non-finite gradients",
    door: card::Door::Gradient,
    family: Family::TrainingControl,
    one_line: "Leaves the model as it is in a step whose gradient is not finite.",
    formula: "w <- w where any g is NaN or infinite; the run has diverged after `limit` in a row",
    paper: "Micikevicius et al. 2018, arXiv 1710.03740",
    when: "Rare broken batches would end a long run.",
    watch_out: "Running statistics of batch norm have seen the batch already. Skipped steps are \
                logged as `skipped_steps`: look at them.",
    example: "{ limit = 10 }",
    off: None,
    search: &[],
};

/// Skips steps with broken gradients.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SkipNonFinite {
    /// So many skipped steps in a row mean that the run has diverged.
    #[serde(default = "ten")]
    pub limit: NonZeroU64,
}

fn ten() -> NonZeroU64 {
    const { NonZeroU64::new(10).unwrap() }
}

impl Technique for SkipNonFinite {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        false
    }

    fn at_door(self) -> Door {
        Door::Gradient(Box::new(self))
    }
}

impl GradientDoor for SkipNonFinite {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn apply(&self, slots: &mut [Slot<'_>], _: &Chance) -> Effect {
        let squares: f64 = slots.iter().map(|slot| sum_of_squares(&slot.gradient)).sum();
        let skip = (!squares.is_finite()).then_some(self.limit);
        Effect { norm: Some(squares.sqrt()), skip, ..Effect::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradient::tests::effect;

    #[test]
    fn one_broken_number_skips_the_step() {
        let door = SkipNonFinite { limit: ten() };
        assert_eq!(effect(&door, &[&[3.0, 4.0], &[12.0]]).skip, None);
        assert_eq!(effect(&door, &[&[3.0, f32::NAN], &[12.0]]).skip, Some(ten()));
        assert_eq!(effect(&door, &[&[3.0, 4.0], &[f32::INFINITY]]).skip, Some(ten()));
        // Squares beyond single precision are finite.
        assert_eq!(effect(&door, &[&[3e30, 4e30]]).skip, None);
    }
}

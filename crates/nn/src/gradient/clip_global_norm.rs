//! Clipping by global norm: one factor for all gradients, so that their direction stays.
//!
//! g <- g min(1, max_norm / |g|), |g| over all trained tensors jointly
//!
//! Pascanu et al. 2013, arXiv 1211.5063.

use super::{Effect, GradientDoor};
use crate::batch::Chance;
use crate::elementwise::{map, sum_of_squares, taken};
use crate::parameter::Slot;
use crate::technique::{Door, Technique};
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::Positive;

const CARD: Card = Card {
    id: "clip_global_norm",
    name: "Gradient clipping by global norm",
    door: card::Door::Gradient,
    family: Family::TrainingControl,
    one_line: "Scales all gradients down together to a joint norm of `max_norm` at most.",
    formula: "g <- g min(1, max_norm / |g|), |g| over all parameters",
    paper: "Pascanu et al. 2013, arXiv 1211.5063",
    when: "The loss explodes or jumps; recurrent networks; high learning rates.",
    watch_out: "It acts on the gradient of the data loss; penalties are added behind it.",
    example: "{ max_norm = 1.0 }",
    off: None,
    search: &[Range { key: "max_norm", low: 0.1, high: 10.0, scale: Scale::Log }],
};

/// Bounds the joint norm of all gradients.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClipGlobalNorm {
    /// Largest Euclidean norm of all gradients together.
    pub max_norm: Positive,
}

impl Technique for ClipGlobalNorm {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        false
    }

    fn at_door(self) -> Door {
        Door::Gradient(Box::new(self))
    }
}

impl GradientDoor for ClipGlobalNorm {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn apply(&self, slots: &mut [Slot<'_>], _: &Chance) -> Effect {
        let squares = slots.iter().map(|slot| sum_of_squares(&slot.gradient));
        let norm = squares.sum::<f64>().sqrt();
        if norm > self.max_norm.get() {
            let factor = (self.max_norm.get() / norm) as f32;
            for slot in slots {
                slot.gradient = map(taken(&mut slot.gradient), move |g| g * factor);
            }
        }
        let clipped = norm > self.max_norm.get();
        Effect { norm: Some(norm), clipped: Some(clipped), skip: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradient::tests::clipped;

    fn door(max_norm: f64) -> ClipGlobalNorm {
        ClipGlobalNorm { max_norm: Positive::new(max_norm).unwrap() }
    }

    #[test]
    fn one_factor_scales_all_tensors() {
        assert_eq!(clipped(&door(6.5), &[&[3.0, 4.0], &[12.0]]), [vec![1.5, 2.0], vec![6.0]]);
    }

    #[test]
    fn squares_beyond_single_precision_do_not_stop_the_step() {
        let clipped = clipped(&door(5.0), &[&[3e30, 4e30]]);
        assert!((clipped[0][0] - 3.0).abs() < 1e-5 && (clipped[0][1] - 4.0).abs() < 1e-5);
    }

    #[test]
    fn below_the_threshold_and_at_zero_nothing_changes() {
        assert_eq!(clipped(&door(13.0), &[&[3.0, 4.0], &[12.0]]), [vec![3.0, 4.0], vec![12.0]]);
        assert_eq!(clipped(&door(1.0), &[&[0.0, 0.0]]), [vec![0.0, 0.0]]);
    }
}

//! Clipping by norm, tensor by tensor.
//!
//! g_t <- g_t min(1, max_norm / |g_t|) for each tensor t by itself. Pascanu's clipping is
//! `clip_global_norm`; this is what Burn and Keras call clipping by norm.

use super::{Effect, GradientDoor};
use crate::batch::Chance;
use crate::elementwise::{map, sum_of_squares, taken};
use crate::parameter::Slot;
use crate::technique::{Door, Technique};
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::Positive;

const CARD: Card = Card {
    id: "clip_norm",
    name: "Gradient clipping by the norm of each tensor",
    door: card::Door::Gradient,
    family: Family::TrainingControl,
    one_line: "Scales the gradient of each tensor down to a norm of `max_norm` at most.",
    formula: "g_t <- g_t min(1, max_norm / |g_t|), for each tensor t",
    paper: "Pascanu et al. 2013, arXiv 1211.5063 (there over all parameters jointly)",
    when: "One layer's gradient explodes while the others are fine.",
    watch_out: "Layers are scaled differently, so the direction of the whole changes; \
                clip_global_norm keeps it.",
    example: "{ max_norm = 1.0 }",
    off: None,
    search: &[Range { key: "max_norm", low: 0.1, high: 10.0, scale: Scale::Log }],
};

/// Bounds the norm of each tensor's gradient.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClipNorm {
    /// Largest Euclidean norm of one tensor's gradient.
    pub max_norm: Positive,
}

impl Technique for ClipNorm {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        false
    }

    fn at_door(self) -> Door {
        Door::Gradient(Box::new(self))
    }
}

impl GradientDoor for ClipNorm {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn apply(&self, slots: &mut [Slot<'_>], _: &Chance) -> Effect {
        let (mut all, mut clipped) = (0.0, false);
        for slot in slots {
            let squares = sum_of_squares(&slot.gradient);
            let norm = squares.sqrt();
            all += squares;
            if norm > self.max_norm.get() {
                clipped = true;
                let factor = (self.max_norm.get() / norm) as f32;
                slot.gradient = map(taken(&mut slot.gradient), move |g| g * factor);
            }
        }
        Effect { norm: Some(all.sqrt()), clipped: Some(clipped), skip: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradient::tests::clipped;

    #[test]
    fn each_tensor_is_scaled_by_itself() {
        let door = ClipNorm { max_norm: Positive::new(6.5).unwrap() };
        assert_eq!(clipped(&door, &[&[3.0, 4.0], &[12.0]]), [vec![3.0, 4.0], vec![6.5]]);
    }
}

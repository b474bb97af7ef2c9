//! Clipping by value: every element of a gradient into [-max, max].

use super::{Effect, GradientDoor};
use crate::batch::Chance;
use crate::elementwise::{CHUNK, in_place, taken};
use crate::parameter::Slot;
use crate::technique::{Door, Technique};
use rayon::iter::ParallelIterator;
use rayon::slice::ParallelSliceMut;
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::Positive;

const CARD: Card = Card {
    id: "clip_value",
    name: "Gradient clipping by value",
    door: card::Door::Gradient,
    family: Family::TrainingControl,
    one_line: "Cuts every element of every gradient to [-max, max].",
    formula: "g <- min(max(g, -max), max)",
    paper: "Mikolov 2012, PhD thesis, Brno University of Technology",
    when: "Single elements explode.",
    watch_out: "It turns the gradient's direction; clip_global_norm keeps it.",
    example: "{ max = 1.0 }",
    off: None,
    search: &[Range { key: "max", low: 1e-3, high: 1e1, scale: Scale::Log }],
};

/// Bounds each element of the gradients.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClipValue {
    /// Largest absolute value of an element.
    pub max: Positive,
}

impl Technique for ClipValue {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        false
    }

    fn at_door(self) -> Door {
        Door::Gradient(Box::new(self))
    }
}

impl GradientDoor for ClipValue {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn apply(&self, slots: &mut [Slot<'_>], _: &Chance) -> Effect {
        let max = self.max.get() as f32;
        // Whether any was cut is asked chunk by chunk, so that both loops run many lanes at once.
        let cut = |g: &mut [f32]| {
            let beyond = g.iter().fold(false, |any, g| any | (g.abs() > max));
            g.iter_mut().for_each(|g| *g = g.clamp(-max, max));
            beyond
        };
        let mut clipped = false;
        for slot in slots {
            slot.gradient = in_place(taken(&mut slot.gradient), |g| {
                clipped |= match g.len() {
                    0..=CHUNK => cut(g),
                    _ => g.par_chunks_mut(CHUNK).map(cut).reduce(|| false, |a, b| a | b),
                };
            });
        }
        Effect { clipped: Some(clipped), ..Effect::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradient::tests::clipped;

    #[test]
    fn each_element_is_cut_by_itself() {
        let door = ClipValue { max: Positive::new(3.5).unwrap() };
        assert_eq!(clipped(&door, &[&[3.0, 4.0], &[-12.0]]), [vec![3.0, 3.5], vec![-3.5]]);
    }
}

//! One operation drawn from fourteen, of any strength: nothing to tune.
//!
//! Müller and Hutter 2021, "TrivialAugment", arXiv 2103.10158, with its wide ranges.

use super::operation::{KINDS, Table};
use super::{EachImage, Image};
use crate::technique::{Door, Technique};
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family};
use wellfit_core::number::Fraction;
use wellfit_core::seed::Draw;

const CARD: Card = Card {
    id: "trivial_augment",
    name: "TrivialAugment",
    door: card::Door::Batch,
    family: Family::DataBased,
    one_line: "Does one of fourteen operations on each training image, of any strength.",
    formula: "x' = op(x), op uniform among 14, its strength uniform among 31 steps",
    paper: "Müller and Hutter 2021, arXiv 2103.10158",
    when: "Photographs, when there is no time to tune an augmentation.",
    watch_out: "Its ranges are wide: up to 135 degrees, 32 pixels, twice or none of the contrast. \
                On images of 28 pixels a shift of 32 leaves nothing; digits and letters lose \
                their labels. Needs longer training.",
    example: "{}",
    off: Some("{ probability = 0.0 }"),
    search: &[],
};

/// Strengths at the last of the 31 steps.
pub const TABLE: Table = Table {
    kinds: &KINDS,
    shear: 0.99,
    translate: |_| 32.0,
    rotate: 135.0,
    color: 0.99,
    bits: [8.0, 2.0],
    grows: true,
};

/// Steps of strength.
const STEPS: u64 = 31;

/// Does one operation of any strength.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrivialAugment {
    /// Probability of acting, in [0, 1]; 0 is off.
    #[serde(default = "one")]
    pub probability: Fraction,
}

const fn one() -> Fraction {
    Fraction::ONE
}

impl Technique for TrivialAugment {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.probability == Fraction::ZERO
    }

    fn at_door(self) -> Door {
        Door::Batch(Box::new(self))
    }
}

impl EachImage for TrivialAugment {
    const NEEDS_PIXELS: bool = true;

    fn change(&self, image: &mut Image<'_>, draw: &mut Draw) {
        if draw.happens(self.probability) {
            let level = draw.below(STEPS) as f64 / (STEPS - 1) as f64;
            let operation = TABLE.drawn(level, image.shape, draw);
            image.in_pixels(|image| operation.apply(image));
        }
    }
}

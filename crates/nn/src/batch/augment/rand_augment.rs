//! A few operations drawn from fourteen, all of one strength.
//!
//! Cubuk et al. 2020, "RandAugment", arXiv 1909.13719.

use super::operation::{KINDS, Table};
use super::{EachImage, Image};
use crate::technique::{Door, Technique};
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::Magnitude;
use wellfit_core::seed::Draw;

const CARD: Card = Card {
    id: "rand_augment",
    name: "RandAugment",
    door: card::Door::Batch,
    family: Family::DataBased,
    one_line: "Does a few of fourteen operations on each training image, all of one strength.",
    formula: "x' = op_N(... op_1(x)), each op uniform among 14, at magnitude / 30 of its range",
    paper: "Cubuk et al. 2020, arXiv 1909.13719",
    when: "Photographs and enough epochs: two numbers to tune instead of a dozen techniques.",
    watch_out: "Shears, shifts, turns by up to 30 degrees, inverts bright pixels: look at some \
                pictures before you trust their labels. Needs longer training. Best alone: \
                rotation or colour jitter beside it add to the same changes.",
    example: "{ ops = 2, magnitude = 9.0 }",
    off: Some("{ ops = 0 }"),
    search: &[Range { key: "magnitude", low: 3.0, high: 20.0, scale: Scale::Linear }],
};

/// Strengths at magnitude 30.
pub const TABLE: Table = Table {
    kinds: &KINDS,
    shear: 0.3,
    translate: |side| 150.0 / 331.0 * side as f64,
    rotate: 30.0,
    color: 0.9,
    bits: [8.0, 4.0],
};

/// Does a few operations of one strength.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RandAugment {
    /// Operations on each image, 0 to 255; 0 is off.
    #[serde(default = "two")]
    pub ops: u8,
    /// Their strength, in [0, 30].
    #[serde(default = "nine")]
    pub magnitude: Magnitude,
}

const fn two() -> u8 {
    2
}

const fn nine() -> Magnitude {
    Magnitude::NINE
}

impl Technique for RandAugment {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.ops == 0
    }

    fn at_door(self) -> Door {
        Door::Batch(Box::new(self))
    }
}

impl EachImage for RandAugment {
    const NEEDS_PIXELS: bool = true;

    fn change(&self, image: &mut Image<'_>, draw: &mut Draw) {
        let level = self.magnitude.get() / 30.0;
        image.in_pixels(|image| {
            for _ in 0..self.ops {
                TABLE.drawn(level, image.shape, draw).apply(image);
            }
        });
    }
}

//! Images in colour that become grey.
//!
//! grey = 0.2989 R + 0.587 G + 0.114 B in all three channels. Chen et al. 2020, arXiv 2002.05709.

use super::{EachImage, Image, color};
use crate::technique::{Door, Technique};
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::Fraction;
use wellfit_core::seed::Draw;

const CARD: Card = Card {
    id: "grayscale",
    name: "Grayscale",
    door: card::Door::Batch,
    family: Family::DataBased,
    one_line: "Takes the colour out of some training images.",
    formula: "R, G, B <- 0.2989 R + 0.587 G + 0.114 B with probability p",
    paper: "Chen et al. 2020, arXiv 2002.05709",
    when: "Classes that shape tells, in photographs whose colours mislead.",
    watch_out: "Wrong where the colour is the class. Does nothing on images that have not three \
                channels.",
    example: "{ probability = 0.1 }",
    off: Some("{ probability = 0.0 }"),
    search: &[Range { key: "probability", low: 0.05, high: 0.5, scale: Scale::Log }],
};

/// Takes colours out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grayscale {
    /// Probability of acting, in [0, 1]; 0 is off.
    #[serde(default = "tenth")]
    pub probability: Fraction,
}

const fn tenth() -> Fraction {
    Fraction::TENTH
}

impl Technique for Grayscale {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.probability == Fraction::ZERO
    }

    fn at_door(self) -> Door {
        Door::Batch(Box::new(self))
    }
}

impl EachImage for Grayscale {
    const NEEDS_PIXELS: bool = true;

    fn change(&self, image: &mut Image<'_>, draw: &mut Draw) {
        if draw.happens(self.probability) {
            image.in_pixels(color::grayscale);
        }
    }
}

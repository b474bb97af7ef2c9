//! Images turned by a random angle.
//!
//! angle ~ U[-degrees, degrees], about the middle, bilinear; what comes from outside is filled.
//! Simard et al. 2003, "Best Practices for Convolutional Neural Networks".

use super::warp::{Motion, STILL, warp};
use super::{EachImage, Fill, Image};
use crate::technique::{Door, Technique};
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::NonNegative;
use wellfit_core::seed::Draw;

const CARD: Card = Card {
    id: "rotation",
    name: "Rotation",
    door: card::Door::Batch,
    family: Family::DataBased,
    one_line: "Turns each training image by a random angle.",
    formula: "x'(p) = x(R(-angle) p), angle ~ U[-degrees, degrees], bilinear",
    paper: "Simard, Steinkraus and Platt 2003, ICDAR",
    when: "Things that stand a little aslant: handwriting (10 degrees), photographs taken by \
           hand. 180 where no side is up.",
    watch_out: "Large angles make labels wrong: a 6 becomes a 9, left becomes down. Corners turn \
                out of the image and are filled; bilinear interpolation blurs a little.",
    example: "{ degrees = 10.0 }",
    off: Some("{ degrees = 0.0 }"),
    search: &[Range { key: "degrees", low: 1.0, high: 45.0, scale: Scale::Log }],
};

/// Turns images.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rotation {
    /// Largest angle to either side, in degrees; 0 is off.
    pub degrees: NonNegative,
    /// What stands where nothing of the image is.
    #[serde(default = "Fill::black")]
    pub fill: Fill,
}

impl Technique for Rotation {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.degrees == NonNegative::ZERO
    }

    fn at_door(self) -> Door {
        Door::Batch(Box::new(self))
    }
}

impl EachImage for Rotation {
    fn change(&self, image: &mut Image<'_>, draw: &mut Draw) {
        let degrees = draw.between(-self.degrees.get(), self.degrees.get());
        rotate(image, degrees, self.fill);
    }
}

/// Turns an image about its middle, by `degrees` counter-clockwise.
pub fn rotate(image: &mut Image<'_>, degrees: f64, fill: Fill) {
    warp(image, &Motion { degrees: -degrees, ..STILL }, fill);
}

//! Random rotation, translation, scale and shear at once.
//!
//! One map about the middle, bilinear: shear, then scale, rotation and translation by whole pixels.
//! Simard et al. 2003, "Best Practices for Convolutional Neural Networks".

use super::warp::{Motion, STILL, warp};
use super::{EachImage, Fill, Image};
use crate::technique::{Door, Technique};
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::{Fraction, NonNegative, Positive, Span};
use wellfit_core::seed::Draw;

const CARD: Card = Card {
    id: "affine",
    name: "Affine map",
    door: card::Door::Batch,
    family: Family::DataBased,
    one_line: "Turns, shifts, scales and shears each training image at random, in one map.",
    formula: "x'(p) = x(A⁻¹(p - t)), A = R(angle) scale SHy SHx, bilinear",
    paper: "Simard, Steinkraus and Platt 2003, ICDAR",
    when: "Handwriting and drawings; anything seen from somewhat other places. One map blurs \
           less than rotation and crop one after the other.",
    watch_out: "What is not named stays as it is. Large shifts push the subject out of the image, \
                large angles make labels wrong.",
    example: "{ degrees = 10.0, translate_x = 0.1, translate_y = 0.1, scale = [0.9, 1.1] }",
    off: Some("{}"),
    search: &[
        Range { key: "degrees", low: 1.0, high: 45.0, scale: Scale::Log },
        Range { key: "translate_x", low: 0.01, high: 0.3, scale: Scale::Log },
        Range { key: "translate_y", low: 0.01, high: 0.3, scale: Scale::Log },
        Range { key: "shear_x", low: 1.0, high: 30.0, scale: Scale::Log },
    ],
};

/// Maps images.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Affine {
    /// Largest angle to either side, in degrees.
    #[serde(default = "zero")]
    pub degrees: NonNegative,
    /// Largest shift to the left or right, as a share of the width in [0, 1].
    #[serde(default = "nothing")]
    pub translate_x: Fraction,
    /// Largest shift up or down, as a share of the height in [0, 1].
    #[serde(default = "nothing")]
    pub translate_y: Fraction,
    /// Size by the old size, between these, each above 0.
    #[serde(default = "one")]
    pub scale: Span<Positive>,
    /// Largest shear along the rows to either side, in degrees.
    #[serde(default = "zero")]
    pub shear_x: NonNegative,
    /// Largest shear along the columns to either side, in degrees.
    #[serde(default = "zero")]
    pub shear_y: NonNegative,
    /// What stands where nothing of the image is.
    #[serde(default = "Fill::black")]
    pub fill: Fill,
}

const fn zero() -> NonNegative {
    NonNegative::ZERO
}

const fn nothing() -> Fraction {
    Fraction::ZERO
}

const fn one() -> Span<Positive> {
    Span::at(Positive::ONE)
}

impl Technique for Affine {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        [self.degrees, self.shear_x, self.shear_y] == [NonNegative::ZERO; 3]
            && [self.translate_x, self.translate_y] == [Fraction::ZERO; 2]
            && self.scale == one()
    }

    fn at_door(self) -> Door {
        Door::Batch(Box::new(self))
    }
}

impl EachImage for Affine {
    fn change(&self, image: &mut Image<'_>, draw: &mut Draw) {
        let mut either_way = |most: f64| draw.between(-most, most);
        let shift = [
            either_way(self.translate_x.get() * image.shape.width as f64).round(),
            either_way(self.translate_y.get() * image.shape.height as f64).round(),
        ];
        let motion = Motion {
            degrees: either_way(self.degrees.get()),
            translate: shift,
            shear: [self.shear_x, self.shear_y].map(|most| either_way(most.get())),
            scale: draw.between(self.scale.low(), self.scale.high()),
            ..STILL
        };
        warp(image, &motion, self.fill);
    }
}

#[cfg(test)]
mod tests {
    use super::super::image::tests::{SHAPE, numbers};
    use super::*;
    use wellfit_core::seed::Seed;

    #[test]
    fn translation_alone_moves_whole_pixels() {
        let affine: Affine = toml::from_str("translate_x = 0.4").unwrap();
        let (image, mut draw) = (numbers(SHAPE), Seed::new(1).stream("affine").step(0));
        let mut shifts = [0; 5];
        for _ in 0..400 {
            let mut values = image.clone();
            affine.change(&mut Image::new(&mut values, SHAPE, None), &mut draw);
            let shift = (0..5).find(|&shift| {
                // Row 0 of the first channel, from column 2 of the shifted one.
                let source = (2 + 2_usize).checked_sub(shift).filter(|&at| at < 5);
                values[2] == source.map_or(0.0, |at| image[at])
            });
            shifts[shift.unwrap()] += 1;
        }
        // U[-2, 2] rounded: the ends have half the probability of the rest.
        let error = |p: f64| 5.0 * (400.0 * p * (1.0 - p)).sqrt();
        for (count, p) in shifts.into_iter().zip([0.125, 0.25, 0.25, 0.25, 0.125]) {
            assert!((f64::from(count) - 400.0 * p).abs() < error(p), "{shifts:?}");
        }
    }
}

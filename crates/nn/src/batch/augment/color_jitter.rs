//! Random brightness, contrast, saturation and hue.
//!
//! Each factor is uniform in [max(0, 1 - v), 1 + v], the hue turns by a share in [-hue, hue], and
//! the four come in random order. Howard 2013, arXiv 1312.5402.

use super::color::{brightness, contrast, hue, saturation};
use super::{EachImage, Image};
use crate::technique::{Door, Technique};
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::{Hue, NonNegative};
use wellfit_core::seed::Draw;

const CARD: Card = Card {
    id: "color_jitter",
    name: "Colour jitter",
    door: card::Door::Batch,
    family: Family::DataBased,
    one_line: "Changes brightness, contrast, saturation and hue of training images at random.",
    formula: "factors ~ U[max(0, 1 - v), 1 + v], hue turned by U[-hue, hue], in random order",
    paper: "Howard 2013, arXiv 1312.5402",
    when: "Photographs in the light of different days and cameras. 0.4 for the first three is \
           usual, 0.1 for the hue.",
    watch_out: "What is not named stays as it is. Wrong where the colour is the class: ripe \
                fruit, stained tissue, traffic lights. Grey images have no saturation and no hue.",
    example: "{ brightness = 0.4, contrast = 0.4, saturation = 0.4 }",
    off: Some("{}"),
    search: &[
        Range { key: "brightness", low: 0.0, high: 0.8, scale: Scale::Linear },
        Range { key: "contrast", low: 0.0, high: 0.8, scale: Scale::Linear },
        Range { key: "saturation", low: 0.0, high: 0.8, scale: Scale::Linear },
        Range { key: "hue", low: 0.0, high: 0.2, scale: Scale::Linear },
    ],
};

/// Jitters colours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColorJitter {
    /// Largest change of the brightness factor from 1; 0 is off.
    #[serde(default = "zero")]
    pub brightness: NonNegative,
    /// Largest change of the contrast factor from 1; 0 is off.
    #[serde(default = "zero")]
    pub contrast: NonNegative,
    /// Largest change of the saturation factor from 1; 0 is off.
    #[serde(default = "zero")]
    pub saturation: NonNegative,
    /// Largest turn on the colour circle, as a share of it in [0, 0.5]; 0 is off.
    #[serde(default = "no_turn")]
    pub hue: Hue,
}

const fn zero() -> NonNegative {
    NonNegative::ZERO
}

const fn no_turn() -> Hue {
    Hue::ZERO
}

impl Technique for ColorJitter {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        [self.brightness, self.contrast, self.saturation] == [NonNegative::ZERO; 3]
            && self.hue == Hue::ZERO
    }

    fn at_door(self) -> Door {
        Door::Batch(Box::new(self))
    }
}

impl EachImage for ColorJitter {
    const NEEDS_PIXELS: bool = true;

    fn change(&self, image: &mut Image<'_>, draw: &mut Draw) {
        let order = draw.permutation(4);
        let factors = [self.brightness, self.contrast, self.saturation].map(|most| {
            let factor = draw.between((1.0 - most.get()).max(0.0), 1.0 + most.get());
            if most == NonNegative::ZERO { 1.0 } else { factor }
        });
        let turn = draw.between(-self.hue.get(), self.hue.get());
        image.in_pixels(|image| color_jitter(image, &order, factors, turn));
    }
}

/// Changes the pixels in the order of `order`: 0 brightness, 1 contrast, 2 saturation, by their
/// factors, 3 hue. A factor of 1 and a turn of 0 are left out.
pub fn color_jitter(image: &mut Image<'_>, order: &[usize], factors: [f64; 3], turn: f64) {
    for index in order {
        match *index {
            0 if factors[0] != 1.0 => brightness(image, factors[0]),
            1 if factors[1] != 1.0 => contrast(image, factors[1]),
            2 if factors[2] != 1.0 => saturation(image, factors[2]),
            3 if turn != 0.0 => hue(image, turn),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::image::tests::{SHAPE, numbers};
    use super::*;
    use wellfit_core::seed::Seed;

    /// On half-bright pixels, brightness alone multiplies by its factor.
    #[test]
    fn factors_are_uniform_around_one() {
        let jitter: ColorJitter = toml::from_str("brightness = 0.4").unwrap();
        let mut draw = Seed::new(1).stream("color_jitter").step(0);
        let n = 20_000;
        let factors = (0..n).map(|_| {
            let mut values = vec![0.5; SHAPE.features()];
            jitter.change(&mut Image::new(&mut values, SHAPE, None), &mut draw);
            assert!(values.iter().all(|&pixel| pixel == values[0]));
            f64::from(values[0]) * 2.0
        });
        let (mut sum, mut square) = (0.0, 0.0);
        for factor in factors {
            assert!((0.6..=1.4).contains(&factor));
            (sum, square) = (sum + factor - 1.0, square + (factor - 1.0).powi(2));
        }
        let n = f64::from(n);
        // Uniform in ± 0.4: variance 0.16 / 3, and the squares have the variance 0.16² 4 / 45.
        assert!((sum / n).abs() < 5.0 * (0.16 / 3.0 / n).sqrt());
        assert!((square / n - 0.16 / 3.0).abs() < 5.0 * 0.16 * (4.0 / 45.0 / n).sqrt());
    }

    #[test]
    fn the_order_counts() {
        let in_order = |order: &[usize]| {
            let mut values = numbers(SHAPE);
            let mut image = Image::new(&mut values, SHAPE, None);
            color_jitter(&mut image, order, [1.3, 1.4, 0.5], 0.1);
            values
        };
        assert_ne!(in_order(&[0, 1, 2, 3]), in_order(&[1, 0, 2, 3]));
    }
}

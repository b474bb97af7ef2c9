//! Mirrored images.
//!
//! Each image is mirrored left to right with one probability, and upside down with another.
//! Krizhevsky et al. 2012, "ImageNet Classification with Deep Convolutional Neural Networks".

use super::{EachImage, Image};
use crate::technique::{Door, Technique};
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::Fraction;
use wellfit_core::seed::Draw;

const CARD: Card = Card {
    id: "flip",
    name: "Flip",
    door: card::Door::Batch,
    family: Family::DataBased,
    one_line: "Mirrors training images at random, left to right or upside down.",
    formula: "x'[i, j] = x[i, W-1-j] with probability horizontal; x[H-1-i, j] with probability \
              vertical",
    paper: "Krizhevsky et al. 2012, NeurIPS 25",
    when: "Photographs: a mirrored cat is a cat. Upside down only where no side is up, as in \
           pictures from above or through a microscope.",
    watch_out: "Wrong where the side carries the meaning: digits and letters (a mirrored 2 is no \
                2; a 6 on its head is a 9), text, traffic signs, organs, classes such as \"turns \
                left\".",
    example: "{ horizontal = 0.5 }",
    off: Some("{ horizontal = 0.0, vertical = 0.0 }"),
    search: &[Range { key: "horizontal", low: 0.0, high: 0.5, scale: Scale::Linear }],
};

/// Mirrors images.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flip {
    /// Probability of mirroring left to right, in [0, 1].
    #[serde(default = "half")]
    pub horizontal: Fraction,
    /// Probability of mirroring upside down, in [0, 1].
    #[serde(default = "zero")]
    pub vertical: Fraction,
}

const fn half() -> Fraction {
    Fraction::HALF
}

const fn zero() -> Fraction {
    Fraction::ZERO
}

impl Technique for Flip {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.horizontal == Fraction::ZERO && self.vertical == Fraction::ZERO
    }

    fn at_door(self) -> Door {
        Door::Batch(Box::new(self))
    }
}

impl EachImage for Flip {
    fn change(&self, image: &mut Image<'_>, draw: &mut Draw) {
        let (sideways, over) = (draw.happens(self.horizontal), draw.happens(self.vertical));
        if sideways || over {
            image.on_one_scale(|image| flip(image, sideways, over));
        }
    }
}

/// Mirrors left to right where `horizontal`, upside down where `vertical`.
pub fn flip(image: &mut Image<'_>, horizontal: bool, vertical: bool) {
    let width = image.shape.width.max(1);
    for channel in image.channels() {
        match (horizontal, vertical) {
            // Both together are half a turn: every number comes to the opposite place.
            (true, true) => channel.reverse(),
            (true, false) => channel.chunks_exact_mut(width).for_each(<[f32]>::reverse),
            (false, true) => {
                let (mut rows, mut upper) = (channel.chunks_exact_mut(width), true);
                while let (true, Some(top), Some(bottom)) = (upper, rows.next(), rows.next_back()) {
                    top.swap_with_slice(bottom);
                    upper = rows.len() > 0;
                }
            }
            (false, false) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::image::tests::{SHAPE, numbers};
    use super::*;
    use crate::batch::Chance;
    use crate::batch::augment::augment;
    use burn::tensor::{Device, Tensor};
    use wellfit_core::seed::{Address, Seed};

    fn flipped(values: &[f32], horizontal: bool, vertical: bool) -> Vec<f32> {
        let mut values = values.to_vec();
        flip(&mut Image::new(&mut values, SHAPE, None), horizontal, vertical);
        values
    }

    #[test]
    fn every_pixel_comes_to_its_place_and_back() {
        let image = numbers(SHAPE);
        for (sideways, over) in [(true, false), (false, true), (true, true), (false, false)] {
            let once = flipped(&image, sideways, over);
            for (index, &value) in once.iter().enumerate() {
                let (channel, row, column) = (index / 20, index / 5 % 4, index % 5);
                let row = if over { 3 - row } else { row };
                let column = if sideways { 4 - column } else { column };
                assert_eq!(value, image[channel * 20 + row * 5 + column]);
            }
            assert_eq!(flipped(&once, sideways, over), image);
        }
    }

    #[test]
    fn each_image_flips_by_itself_with_the_probability_asked_for() {
        let count = 20_000;
        let row = Tensor::<4>::from_data([[[[1.0, 2.0], [3.0, 4.0]]]], &Device::flex());
        let images = row.repeat_dim(0, count);
        let [horizontal, vertical] = [0.3, 0.6].map(|p| Fraction::new(p).unwrap());
        let chance = Chance { seed: Seed::new(1), address: Address::default(), epoch: 0.0 };
        let flipped = augment(&Flip { horizontal, vertical }, images, None, &chance);
        let values: Vec<f32> = flipped.into_data().try_into_vec().unwrap();
        let found = |first: f32| values.chunks(4).filter(|image| image[0] == first).count() as f64;
        for (first, p) in [(1.0, 0.28), (2.0, 0.12), (3.0, 0.42), (4.0, 0.18)] {
            let (n, expected) = (count as f64, count as f64 * p);
            let error = 5.0 * (n * p * (1.0 - p)).sqrt();
            assert!((found(first) - expected).abs() < error, "{first}: {}", found(first));
        }
    }
}

//! Square holes in images.
//!
//! The middle of a hole is any pixel, so that a hole may lie partly outside: what lies inside is
//! filled. DeVries and Taylor 2017, arXiv 1708.04552.

use super::{EachImage, Fill, Image, Length, Region};
use crate::technique::{Door, Technique};
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family};
use wellfit_core::seed::Draw;

const CARD: Card = Card {
    id: "cutout",
    name: "Cutout",
    door: card::Door::Batch,
    family: Family::DataBased,
    one_line: "Cuts a square hole into every training image, anywhere.",
    formula: "x'[i, j] = fill where |i - a| and |j - b| are within size / 2; (a, b) is any pixel",
    paper: "DeVries and Taylor 2017, arXiv 1708.04552",
    when: "Classification of images by parts that stand in for one another; small \
           images, as those of CIFAR.",
    watch_out: "The hole must not hide the whole subject: half the side is much for small \
                subjects. For 10 classes of CIFAR the paper takes half the side, for 100 a quarter.",
    example: "{ size = 0.25 }",
    off: Some("{ size = 0 }"),
    search: &[],
};

/// Cuts square holes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cutout {
    /// Side of the square: pixels (integer), or a share of the image's shorter side (float, 0 to
    /// 1); 0 is off.
    #[serde(default = "half")]
    pub size: Length,
    /// Number of holes, 0 to 255; 0 is off.
    #[serde(default = "one")]
    pub holes: u8,
    /// What the holes show.
    #[serde(default = "Fill::zero")]
    pub fill: Fill,
}

const fn half() -> Length {
    Length::HALF
}

const fn one() -> u8 {
    1
}

impl Technique for Cutout {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.size.is_zero() || self.holes == 0
    }

    fn at_door(self) -> Door {
        Door::Batch(Box::new(self))
    }
}

impl EachImage for Cutout {
    fn change(&self, image: &mut Image<'_>, draw: &mut Draw) {
        let shape = image.shape;
        for _ in 0..self.holes {
            let middle = [shape.height, shape.width].map(|side| draw.below(side as u64) as usize);
            cutout(image, self.size, middle, self.fill);
        }
    }
}

/// Cuts the part inside the image of a square hole around `middle`, a row and a column.
pub fn cutout(image: &mut Image<'_>, size: Length, middle: [usize; 2], fill: Fill) {
    let size = size.on(image.shape.height.min(image.shape.width));
    image.fill(Region::square(image.shape, size, middle), fill);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ImageShape;
    use wellfit_core::seed::Seed;

    const SHAPE: ImageShape = ImageShape { channels: 2, height: 8, width: 8 };

    /// The hole's size, its clipping and its place: an image of 8 by 8 with a hole of 4.
    ///
    /// Along a side, the middle is one of 8 and 2, 3, 4, 4, 4, 4, 4, 3 pixels are inside: 3.5 on
    /// average, so that 12.25 of 64 pixels are expected to go.
    #[test]
    fn holes_are_clipped_boxes_in_all_channels() {
        let cutout = Cutout { size: Length::pixels(4), holes: 1, fill: Fill::Black };
        let mut draw = Seed::new(1).stream("cutout").step(0);
        let (count, mut total, mut square) = (20_000, 0.0, 0.0);
        for _ in 0..count {
            let mut values = vec![1.0; SHAPE.features()];
            cutout.change(&mut Image::new(&mut values, SHAPE, None), &mut draw);
            assert_eq!(values[..64], values[64..]);
            let holes: Vec<usize> = (0..64).filter(|&i| values[i] == 0.0).collect();
            let rows = holes.iter().map(|i| i / 8);
            let columns = holes.iter().map(|i| i % 8);
            let length = |all: &mut dyn Iterator<Item = usize>| {
                let all: Vec<usize> = all.collect();
                all.iter().max().unwrap() - all.iter().min().unwrap() + 1
            };
            let (height, width) = (length(&mut rows.clone()), length(&mut columns.clone()));
            assert_eq!(holes.len(), height * width, "a full box");
            assert!((2..=4).contains(&height) && (2..=4).contains(&width));
            total += holes.len() as f64;
            square += (holes.len() as f64).powi(2);
        }
        let n = f64::from(count);
        let (mean, variance) = (total / n, square / n - (total / n).powi(2));
        assert!((mean - 12.25).abs() < 5.0 * (variance / n).sqrt(), "{mean}");
    }
}

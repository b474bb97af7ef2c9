//! A random window of the padded image.
//!
//! The image is padded on all sides, and a window of the old size is cut out anywhere. He et al.
//! 2016, arXiv 1512.03385: four pixels on images of 32.

use super::{EachImage, Fill, Image, Length};
use crate::model::ImageShape;
use crate::technique::{Door, Technique};
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family};
use wellfit_core::seed::Draw;

const CARD: Card = Card {
    id: "crop",
    name: "Padded crop",
    door: card::Door::Batch,
    family: Family::DataBased,
    one_line: "Pads training images and cuts a window of the old size out of them, anywhere.",
    formula: "x'[i, j] = padded[i + a, j + b], a and b uniform in 0..=2 padding",
    paper: "He et al. 2016, arXiv 1512.03385",
    when: "Small images whose subject may stand anywhere; with flips the standard of CIFAR.",
    watch_out: "Cuts off what stands at the border. Where the place carries the meaning, as on \
                maps or boards, it makes labels wrong. An eighth of the side is usual.",
    example: "{ padding = 4 }",
    off: Some("{ padding = 0 }"),
    search: &[],
};

/// Cuts a window out of the padded image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crop {
    /// On each of the four sides: pixels (integer), or a share of that side (float, 0 to 1); 0 is
    /// off.
    #[serde(default = "eighth")]
    pub padding: Length,
    /// What the padding shows.
    #[serde(default = "constant")]
    pub mode: Padding,
    /// Its colour, where that is constant.
    #[serde(default = "Fill::black")]
    pub fill: Fill,
}

/// What stands around an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Padding {
    /// One colour.
    Constant,
    /// The pixels of the border, repeated.
    Edge,
    /// The image mirrored at its border, whose pixels are not repeated.
    Reflect,
}

const fn eighth() -> Length {
    Length::EIGHTH
}

const fn constant() -> Padding {
    Padding::Constant
}

impl Technique for Crop {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.padding.is_zero()
    }

    fn at_door(self) -> Door {
        Door::Batch(Box::new(self))
    }
}

impl EachImage for Crop {
    fn change(&self, image: &mut Image<'_>, draw: &mut Draw) {
        let shift = [image.shape.height, image.shape.width].map(|side| {
            let padding = self.padding.on(side);
            draw.below(2 * padding as u64 + 1) as isize - padding as isize
        });
        crop(image, shift, self.mode, self.fill);
    }
}

/// Moves the window by `shift` rows down and columns to the right.
pub fn crop(image: &mut Image<'_>, shift: [isize; 2], mode: Padding, fill: Fill) {
    if shift == [0, 0] {
        return;
    }
    image.on_one_scale(|image| {
        let (levels, ImageShape { channels, height, width }) = (image.levels(fill), image.shape);
        let rows: Vec<Option<usize>> = sources(height, shift[0], mode);
        let columns = sources(width, shift[1], mode);
        image.redraw(|old, new| {
            for (index, new) in new.chunks_exact_mut(width).enumerate() {
                let channel = index / height;
                let level = levels[channel * levels.len() / channels];
                let row = rows[index % height].map(|row| &old[(channel * height + row) * width..]);
                let pixel = |column: &Option<usize>| row.zip(*column).map(|(row, at)| row[at]);
                for (new, column) in new.iter_mut().zip(&columns) {
                    *new = pixel(column).unwrap_or(level);
                }
            }
        });
    });
}

/// Where along a side each place of the window comes from; none for the constant padding.
fn sources(side: usize, shift: isize, mode: Padding) -> Vec<Option<usize>> {
    let last = side as isize - 1;
    let source = |place: isize| match mode {
        Padding::Constant => (0..=last).contains(&place).then_some(place),
        Padding::Edge => Some(place.clamp(0, last)),
        // To and fro: the image repeats after 2 last places.
        Padding::Reflect => {
            let folded = place.rem_euclid((2 * last).max(1));
            Some(folded.min(2 * last - folded).max(0))
        }
    };
    (0..side as isize).map(|place| source(place + shift).map(|at| at as usize)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::image::tests::{SHAPE, numbers};
    use super::*;
    use std::collections::BTreeSet;
    use wellfit_core::seed::Seed;

    #[test]
    fn a_crop_is_a_window_of_the_padded_image() {
        let image = numbers(SHAPE);
        for (down, right) in [(1, -2), (-1, 0), (-9, 2), (0, 1)] {
            let mut values = image.clone();
            let mut cropped = Image::new(&mut values, SHAPE, None);
            crop(&mut cropped, [down, right], Padding::Constant, Fill::Black);
            for (index, &value) in values.iter().enumerate() {
                let (channel, row, column) = (index / 20, index / 5 % 4, index % 5);
                let (row, column) = (row as isize + down, column as isize + right);
                let inside = (0..4).contains(&row) && (0..5).contains(&column);
                let from = channel * 20 + (row * 5 + column).max(0) as usize;
                assert_eq!(value, if inside { image[from] } else { 0.0 });
            }
        }
    }

    #[test]
    fn borders_repeat_or_mirror() {
        let at = |shift, mode| sources(4, shift, mode).into_iter().flatten().collect::<Vec<_>>();
        assert_eq!(at(-3, Padding::Edge), [0, 0, 0, 0]);
        assert_eq!(at(2, Padding::Edge), [2, 3, 3, 3]);
        assert_eq!(at(-3, Padding::Reflect), [3, 2, 1, 0]);
        assert_eq!(at(2, Padding::Reflect), [2, 3, 2, 1]);
        assert_eq!(at(4, Padding::Reflect), [2, 1, 0, 1]);
        assert_eq!(at(2, Padding::Constant), [2, 3]);
        assert_eq!(sources(1, 1, Padding::Reflect), [Some(0)]);
    }

    /// All (2 padding + 1)² windows come, the last row and column among them.
    #[test]
    fn every_window_is_cut_some_time() {
        let crop = Crop { padding: Length::pixels(1), mode: Padding::Constant, fill: Fill::Black };
        let mut draw = Seed::new(1).stream("crop").step(0);
        let windows: BTreeSet<Vec<u32>> = (0..200)
            .map(|_| {
                let mut values = numbers(SHAPE);
                crop.change(&mut Image::new(&mut values, SHAPE, None), &mut draw);
                values.into_iter().map(f32::to_bits).collect()
            })
            .collect();
        assert_eq!(windows.len(), 9);
    }
}

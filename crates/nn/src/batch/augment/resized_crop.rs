//! A random part of the image, brought back to its size.
//!
//! The part's share of the area is uniform, its aspect log-uniform; ten tries, then the largest
//! part in the middle whose aspect is allowed. Szegedy et al. 2015, arXiv 1409.4842.

use super::{EachImage, Image, Region};
use crate::model::ImageShape;
use crate::technique::{Door, Technique};
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family};
use wellfit_core::number::{Fraction, Positive, Span};
use wellfit_core::seed::Draw;

const CARD: Card = Card {
    id: "resized_crop",
    name: "Resized crop",
    door: card::Door::Batch,
    family: Family::DataBased,
    one_line: "Takes a random part of each training image and brings it to the image's size.",
    formula: "area ~ U[area] of the image, width / height = exp U[ln aspect], bilinear",
    paper: "Szegedy et al. 2015, arXiv 1409.4842",
    when: "Photographs whose subject comes in many sizes; the standard of ImageNet.",
    watch_out: "Parts of a twelfth of the area, the default, often miss the subject of small \
                images: begin there with area = [0.5, 1.0]. Hides how large things are, and \
                shows the network larger things than it will meet.",
    example: "{ area = [0.5, 1.0] }",
    off: Some("{ probability = 0.0 }"),
    search: &[],
};

/// Takes parts of images.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResizedCrop {
    /// Share of the image's area that is taken, between these, each in [0, 1].
    #[serde(default = "usual_area")]
    pub area: Span<Fraction>,
    /// Width / height of the part in pixels, between these, each above 0.
    #[serde(default = "usual_aspect")]
    pub aspect: Span<Positive>,
    /// Probability of acting, in [0, 1]; 0 is off.
    #[serde(default = "one")]
    pub probability: Fraction,
}

const fn usual_area() -> Span<Fraction> {
    Span::<Fraction>::CROPPED
}

const fn usual_aspect() -> Span<Positive> {
    Span::<Positive>::CROPPED
}

const fn one() -> Fraction {
    Fraction::ONE
}

impl Technique for ResizedCrop {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.probability == Fraction::ZERO
    }

    fn at_door(self) -> Door {
        Door::Batch(Box::new(self))
    }
}

impl EachImage for ResizedCrop {
    fn change(&self, image: &mut Image<'_>, draw: &mut Draw) {
        if draw.happens(self.probability) {
            let drawn = Region::drawn(image.shape, self.area, self.aspect, draw);
            resized_crop(image, drawn.unwrap_or_else(|| largest(image.shape, self.aspect)));
        }
    }
}

/// The largest part in the middle whose aspect is allowed.
fn largest(shape: ImageShape, aspect: Span<Positive>) -> Region {
    let own = shape.width as f64 / shape.height as f64;
    let allowed = own.clamp(aspect.low(), aspect.high());
    let part = |side: usize, share: f64| ((side as f64 * share).round() as usize).clamp(1, side);
    let height = part(shape.height, (own / allowed).min(1.0));
    let width = part(shape.width, (allowed / own).min(1.0));
    let [top, left] = [(shape.height - height) / 2, (shape.width - width) / 2];
    Region { top, left, height, width }
}

/// Takes `region` and brings it to the image's size, bilinear.
pub fn resized_crop(image: &mut Image<'_>, region: Region) {
    if region == Region::whole(image.shape) {
        return;
    }
    image.on_one_scale(|image| {
        let ImageShape { height, width, .. } = image.shape;
        let (rows, columns) = (
            neighbours(height, region.top, region.height),
            neighbours(width, region.left, region.width),
        );
        let mut stretched = vec![0.0; region.height * width];
        image.redraw(|old, new| {
            let channels = old.chunks_exact(height * width);
            for (old, new) in channels.zip(new.chunks_exact_mut(height * width)) {
                // Each row of the region once, for all rows that it is a neighbour of.
                let taken = old[region.top * width..].chunks_exact(width);
                for (row, out) in taken.zip(stretched.chunks_exact_mut(width)) {
                    for (new, &([left, right], along)) in out.iter_mut().zip(&columns) {
                        *new = row[left] + along * (row[right] - row[left]);
                    }
                }
                for (new, &(pair, down)) in new.chunks_exact_mut(width).zip(&rows) {
                    let [upper, lower] = pair.map(|at| &stretched[(at - region.top) * width..]);
                    for (new, (&upper, &lower)) in new.iter_mut().zip(upper.iter().zip(lower)) {
                        *new = upper + down * (lower - upper);
                    }
                }
            }
        });
    });
}

/// For each place of a side, its two neighbours in the part that is stretched over it, and how far
/// it lies from the first to the second; centres of pixels are matched, and the part's border is
/// repeated.
fn neighbours(side: usize, start: usize, length: usize) -> Vec<([usize; 2], f32)> {
    let neighbour = |place: usize| {
        let source = (place as f64 + 0.5) * length as f64 / side as f64 - 0.5;
        let source = source.clamp(0.0, length as f64 - 1.0);
        let first = source.floor() as usize;
        let pair = [first, (first + 1).min(length - 1)].map(|at| start + at);
        (pair, (source - source.floor()) as f32)
    };
    (0..side).map(neighbour).collect()
}

#[cfg(test)]
mod tests {
    use super::super::image::tests::{SHAPE, numbers};
    use super::*;

    fn taken(values: &[f32], region: Region) -> Vec<f32> {
        let mut values = values.to_vec();
        resized_crop(&mut Image::new(&mut values, SHAPE, None), region);
        values
    }

    #[test]
    fn the_whole_is_the_image_and_one_pixel_is_flat() {
        let image = numbers(SHAPE);
        assert_eq!(taken(&image, Region::whole(SHAPE)), image);
        let flat = taken(&image, Region { top: 2, left: 3, height: 1, width: 1 });
        for (channel, values) in flat.chunks(20).enumerate() {
            assert!(values.iter().all(|&value| value == image[channel * 20 + 13]));
        }
    }

    #[test]
    fn what_never_fits_is_the_middle() {
        let largest = |low: f64, high: f64| {
            let [low, high] = [low, high].map(|v| Positive::new(v).unwrap());
            let found = largest(SHAPE, Span::new(low, high).unwrap());
            [found.top, found.left, found.height, found.width]
        };
        assert_eq!(largest(0.5, 2.0), [0, 0, 4, 5]);
        assert_eq!(largest(2.5, 3.0), [1, 0, 2, 5]);
        assert_eq!(largest(0.5, 0.5), [0, 1, 4, 2]);
    }
}

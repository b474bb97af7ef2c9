//! Images under an affine map: where does each pixel of the new image come from?
//!
//! Pixels are squares and their values stand at the centres; between centres the image is bilinear.
//! These are the conventions of torchvision on tensors. A pixel that lies partly outside is a mixture
//! of image and fill by their shares, also where torchvision, given a fill, counts the image's share
//! twice.

use super::{Fill, Image};
use crate::model::ImageShape;

/// An affine motion of an image: shear, scale and rotation about a point, then a translation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Motion {
    /// Rotation, in degrees clockwise.
    pub degrees: f64,
    /// Pixels to the right and down.
    pub translate: [f64; 2],
    /// Size of the new image of a thing by its old size.
    pub scale: f64,
    /// Shear along the rows and along the columns, in degrees.
    pub shear: [f64; 2],
    /// The point that rotation, scale and shear leave in place, in pixels right of and below the
    /// middle of the image.
    pub about: [f64; 2],
}

/// Nothing moves.
pub const STILL: Motion =
    Motion { degrees: 0.0, translate: [0.0; 2], scale: 1.0, shear: [0.0; 2], about: [0.0; 2] };

/// old place = matrix (x, y, 1), both as distances from the middle of the image
type Inverse = [[f64; 3]; 2];

impl Motion {
    /// The motion backwards: R(degrees) scale SHy SHx, inverted.
    fn inverse(&self) -> Inverse {
        let (sine, cosine) = self.degrees.to_radians().sin_cos();
        let [shear_x, shear_y] = self.shear.map(|degrees| degrees.to_radians().tan());
        let [a, b] = [cosine + sine * shear_y, -sine - (cosine + sine * shear_y) * shear_x];
        let [c, d] = [sine - cosine * shear_y, cosine - (sine - cosine * shear_y) * shear_x];
        // Rotations and shears keep areas, so that their determinant is 1.
        let matrix = [[d, -b], [-c, a]].map(|row| row.map(|value| value / self.scale));
        let [about, shift] = [self.about, self.translate];
        let row = |index: usize| {
            let [p, q] = matrix[index];
            let [x, y] = [about[0] + shift[0], about[1] + shift[1]];
            [p, q, about[index] - p * x - q * y]
        };
        [row(0), row(1)]
    }
}

/// Moves an image; `fill` stands where nothing of the old image is.
pub fn warp(image: &mut Image<'_>, motion: &Motion, fill: Fill) {
    image.on_one_scale(|image| {
        let (levels, inverse, shape) = (image.levels(fill), motion.inverse(), image.shape);
        let level = |channel: usize| levels[channel * levels.len() / shape.channels];
        let plane = shape.height * shape.width;
        image.redraw(|old, new| {
            for place in 0..plane {
                let corners = corners(shape, source(shape, &inverse, place));
                let outside = 1.0 - corners.iter().map(|corner| corner.1).sum::<f32>();
                for channel in 0..shape.channels {
                    let old = &old[channel * plane..][..plane];
                    let inside: f32 = corners.iter().map(|&(at, weight)| weight * old[at]).sum();
                    // Not even a rounding error of the fill where it has no part.
                    let filled = if outside > 0.0 { outside * level(channel) } else { 0.0 };
                    new[channel * plane + place] = inside + filled;
                }
            }
        });
    });
}

/// Column and row of the old image at which the value of a new pixel stands.
fn source(shape: ImageShape, inverse: &Inverse, place: usize) -> [f64; 2] {
    let middle = [shape.width, shape.height].map(|side| (side as f64 - 1.0) / 2.0);
    let x = (place % shape.width) as f64 - middle[0];
    let y = (place / shape.width) as f64 - middle[1];
    [0, 1].map(|axis| {
        let [p, q, shift] = inverse[axis];
        p * x + q * y + shift + middle[axis]
    })
}

/// The four pixels around a point with their bilinear weights; those outside the image have none.
fn corners(shape: ImageShape, [x, y]: [f64; 2]) -> [(usize, f32); 4] {
    // A point that is a pixel but for rounding gets exactly that pixel: weights are rounded to 32
    // bits, and 1 - 1e-15 becomes 1.
    let (right, down) = ((x - x.floor()) as f32, (y - y.floor()) as f32);
    [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)].map(|(to_right, to_down)| {
        let (column, row) = (x.floor() + to_right, y.floor() + to_down);
        let inside = (0.0..shape.width as f64).contains(&column)
            && (0.0..shape.height as f64).contains(&row);
        if !inside {
            return (0, 0.0);
        }
        let along = if to_right == 1.0 { right } else { 1.0 - right };
        let across = if to_down == 1.0 { down } else { 1.0 - down };
        (row as usize * shape.width + column as usize, along * across)
    })
}

#[cfg(test)]
mod tests {
    use super::super::image::tests::numbers;
    use super::*;

    const SHAPE: ImageShape = ImageShape { channels: 2, height: 9, width: 9 };

    fn moved(values: &[f32], motion: Motion, fill: Fill) -> Vec<f32> {
        let mut values = values.to_vec();
        warp(&mut Image::new(&mut values, SHAPE, None), &motion, fill);
        values
    }

    #[test]
    fn standing_still_and_four_quarter_turns_change_no_bit() {
        let image = numbers(SHAPE);
        for fill in [Fill::Black, Fill::Mean] {
            assert_eq!(moved(&image, STILL, fill), image);
            let quarter =
                |values: Vec<f32>, degrees| moved(&values, Motion { degrees, ..STILL }, fill);
            for degrees in [90.0, -90.0, 180.0, 270.0] {
                let mut turned = image.clone();
                for _ in 0..4 {
                    turned = quarter(turned, degrees);
                }
                assert_eq!(turned, image, "{degrees}");
            }
            // Clockwise: the top left corner goes to the top right.
            assert_eq!(quarter(image.clone(), 90.0)[8], image[0]);
        }
    }

    #[test]
    fn turned_back_a_disc_is_nearly_what_it_was() {
        // Smooth, so that two interpolations lose little.
        let smooth = |i: usize| ((i % 9) as f32 * 0.3).sin() + ((i / 9 % 9) as f32 * 0.2).cos();
        let image: Vec<f32> = (0..SHAPE.features()).map(smooth).collect();
        for degrees in [10.0, 33.0, 45.0, 77.0] {
            let there = moved(&image, Motion { degrees, ..STILL }, Fill::Black);
            let back = moved(&there, Motion { degrees: -degrees, ..STILL }, Fill::Black);
            assert!(there.iter().zip(&image).any(|(a, b)| (a - b).abs() > 0.1));
            for (index, (new, old)) in back.iter().zip(&image).enumerate() {
                let (x, y) = ((index % 9) as f32 - 4.0, (index / 9 % 9) as f32 - 4.0);
                if x.hypot(y) <= 2.5 {
                    assert!((new - old).abs() < 0.04, "{degrees}: {new}, {old}");
                }
            }
        }
    }

    #[test]
    fn whole_pixels_shift_and_the_rest_is_filled() {
        let image = numbers(SHAPE);
        let shifted = moved(&image, Motion { translate: [2.0, -1.0], ..STILL }, Fill::Black);
        for (index, value) in shifted.iter().enumerate() {
            let (column, row) = (index % 9, index / 9 % 9);
            let expected = if column >= 2 && row < 8 { image[index - 2 + 9] } else { 0.0 };
            assert_eq!(*value, expected);
        }
    }
}

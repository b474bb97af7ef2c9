//! Images under an affine map: where does each pixel of the new image come from?
//!
//! Pixels are squares and their values stand at the centres; between centres the image is bilinear.
//! These are the conventions of torchvision on tensors. A pixel that lies partly outside is a
//! mixture of image and fill by their shares, also where torchvision, given a fill, counts the
//! image's share twice.

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

/// Nothing is seen of an image of this size; a smaller one is not told from it.
const TINIEST: f64 = 1e-9;

impl Motion {
    /// The motion backwards: R(degrees) scale SHy SHx, inverted.
    fn inverse(&self) -> Inverse {
        let (sine, cosine) = self.degrees.to_radians().sin_cos();
        let [shear_x, shear_y] = self.shear.map(|degrees| degrees.to_radians().tan());
        let [a, b] = [cosine + sine * shear_y, -sine - (cosine + sine * shear_y) * shear_x];
        let [c, d] = [sine - cosine * shear_y, cosine - (sine - cosine * shear_y) * shear_x];
        // Rotations and shears keep areas, so that their determinant is 1.
        let matrix = [[d, -b], [-c, a]].map(|row| row.map(|value| value / self.scale.max(TINIEST)));
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
        let ImageShape { channels, height, width } = shape;
        image.redraw(|old, new| {
            for row in 0..height {
                for column in 0..width {
                    let point = Point::source(shape, &inverse, row, column);
                    for channel in 0..channels {
                        let start = channel * height * width;
                        let level = levels[channel * levels.len() / channels];
                        let old = &old[start..start + height * width];
                        new[start + row * width + column] = point.read(old, shape, level);
                    }
                }
            }
        });
    });
}

/// A point between the centres of four pixels: the upper left of them, and how far it lies from
/// there to the right and down, in [0, 1].
struct Point {
    column: i32,
    row: i32,
    right: f32,
    down: f32,
}

impl Point {
    /// The point of the old image that a pixel of the new one shows.
    fn source(shape: ImageShape, inverse: &Inverse, row: usize, column: usize) -> Self {
        let middle = [shape.width, shape.height].map(|side| (side as f64 - 1.0) / 2.0);
        let [x, y] = [column as f64 - middle[0], row as f64 - middle[1]];
        let [x, y] = [0, 1].map(|axis| {
            let [p, q, shift] = inverse[axis];
            (p * x + q * y + shift + middle[axis]).clamp(-FAR, FAR)
        });
        let (left, above) = (floor(x), floor(y));
        // A point that is a pixel but for rounding becomes exactly that pixel: 1 - 1e-15 is 1 in
        // 32 bits.
        let (right, down) = ((x - f64::from(left)) as f32, (y - f64::from(above)) as f32);
        Self { column: left, row: above, right, down }
    }

    /// The bilinear value there; pixels outside the channel have the value `level`.
    fn read(&self, channel: &[f32], shape: ImageShape, level: f32) -> f32 {
        let pixel = |right: i32, down: i32| {
            // Negative numbers become huge ones.
            let (column, row) = ((self.column + right) as usize, (self.row + down) as usize);
            let inside = column < shape.width && row < shape.height;
            if inside { channel[row * shape.width + column] } else { level }
        };
        let row = |down: i32| pixel(0, down) * (1.0 - self.right) + pixel(1, down) * self.right;
        row(0) * (1.0 - self.down) + row(1) * self.down
    }
}

/// Farther than any image reaches, and near enough for 32 bits.
const FAR: f64 = 1e9;

/// The largest whole number that is not above x. (`f64::floor` is a function call where the
/// processor's instruction for it may not be taken for granted.)
fn floor(x: f64) -> i32 {
    let whole = x as i32;
    whole - i32::from(f64::from(whole) > x)
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
    fn sizes_beyond_sense_leave_numbers() {
        for scale in [f64::MIN_POSITIVE, 1e300] {
            let moved =
                moved(&numbers(SHAPE), Motion { scale, degrees: 10.0, ..STILL }, Fill::Black);
            assert!(moved.iter().all(|value| value.is_finite()), "{scale}");
        }
        assert_eq!([-1.5, -1.0, -0.1, 0.0, 0.9, 7.0].map(floor), [-2, -1, -1, 0, 0, 7]);
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

//! A rectangle inside an image.

use crate::model::ImageShape;
use std::ops::Range;
use wellfit_core::number::{Fraction, Positive, Span};
use wellfit_core::seed::Draw;

/// How often a rectangle is drawn that does not fit, before it is given up; as in the papers' code.
const TRIES: usize = 10;

/// A rectangle of pixels that lies inside its image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// Rows above it.
    pub top: usize,
    /// Columns left of it.
    pub left: usize,
    /// Its rows.
    pub height: usize,
    /// Its columns.
    pub width: usize,
}

impl Region {
    /// All of an image.
    pub const fn whole(shape: ImageShape) -> Self {
        Self { top: 0, left: 0, height: shape.height, width: shape.width }
    }

    /// The part inside the image of a square whose middle is at (row, column).
    pub fn square(shape: ImageShape, size: usize, middle: [usize; 2]) -> Self {
        Self::around(shape, [size; 2], middle)
    }

    /// The part inside the image of a rectangle of (height, width) whose middle is at (row, column).
    pub fn around(
        shape: ImageShape,
        [height, width]: [usize; 2],
        [row, column]: [usize; 2],
    ) -> Self {
        let clipped = |middle: usize, size: usize, side: usize| {
            let start = middle.saturating_sub(size / 2);
            (start, (middle + size).saturating_sub(size / 2).min(side))
        };
        let (top, bottom) = clipped(row, height, shape.height);
        let (left, right) = clipped(column, width, shape.width);
        Self { top, left, height: bottom - top, width: right - left }
    }

    /// Where its rows lie among the numbers of an image, channel after channel.
    pub fn rows(self, shape: ImageShape) -> impl Iterator<Item = Range<usize>> {
        (0..shape.channels * self.height).map(move |row| {
            let (channel, row) = (row / self.height, row % self.height);
            let start = (channel * shape.height + self.top + row) * shape.width + self.left;
            start..start + self.width
        })
    }

    /// A rectangle anywhere: its share of the image's area is uniform in `area`, and width / height
    /// is log-uniform in `aspect`. None where ten tries bring none that fits.
    pub fn drawn(
        shape: ImageShape,
        area: Span<Fraction>,
        aspect: Span<Positive>,
        draw: &mut Draw,
    ) -> Option<Self> {
        let pixels = (shape.height * shape.width) as f64;
        let size = (0..TRIES).find_map(|_| {
            let area = pixels * draw.between(area.low(), area.high());
            let aspect = draw.between(aspect.low().ln(), aspect.high().ln()).exp();
            let height = (area / aspect).sqrt().round() as usize;
            let width = (area * aspect).sqrt().round() as usize;
            let fits = (1..=shape.height).contains(&height) && (1..=shape.width).contains(&width);
            fits.then_some((height, width))
        });
        size.map(|(height, width)| Self {
            top: draw.below((shape.height - height + 1) as u64) as usize,
            left: draw.below((shape.width - width + 1) as u64) as usize,
            height,
            width,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wellfit_core::seed::Seed;

    const SHAPE: ImageShape = ImageShape { channels: 1, height: 20, width: 30 };

    fn span<T: Copy + Into<f64>>(new: impl Fn(f64) -> T, low: f64, high: f64) -> Span<T> {
        Span::new(new(low), new(high)).unwrap()
    }

    #[test]
    fn squares_are_clipped_at_the_border() {
        let square = |size, middle| {
            let Region { top, left, height, width } = Region::square(SHAPE, size, middle);
            [top, left, height, width]
        };
        assert_eq!(square(8, [10, 10]), [6, 6, 8, 8]);
        assert_eq!(square(8, [0, 29]), [0, 25, 4, 5]);
        assert_eq!(square(7, [19, 1]), [16, 0, 4, 5]);
        assert_eq!(square(1, [3, 3]), [3, 3, 1, 1]);
        assert_eq!(square(100, [5, 5]), [0, 0, 20, 30]);
    }

    /// Area and log-aspect have the means of their uniform laws, within five standard errors and
    /// what rounding to whole pixels moves; every place is reached.
    #[test]
    fn rectangles_have_their_area_and_aspect() {
        let area = span(|v| Fraction::new(v).unwrap(), 0.1, 0.3);
        let aspect = span(|v| Positive::new(v).unwrap(), 0.5, 2.0);
        let mut draw = Seed::new(1).stream("region").step(0);
        let count = 20_000;
        let (mut areas, mut aspects, mut corner) = (0.0, 0.0, [false; 2]);
        for _ in 0..count {
            let found = Region::drawn(SHAPE, area, aspect, &mut draw).unwrap();
            assert!(found.top + found.height <= 20 && found.left + found.width <= 30);
            let share = (found.height * found.width) as f64 / 600.0;
            assert!((0.08..0.33).contains(&share), "{found:?}");
            areas += share / f64::from(count);
            aspects += (found.width as f64 / found.height as f64).ln() / f64::from(count);
            corner[0] |= found.top == 0 && found.left == 0;
            corner[1] |= found.top + found.height == 20 && found.left + found.width == 30;
        }
        let error = |width: f64| 5.0 * width / 12f64.sqrt() / f64::from(count).sqrt();
        assert!((areas - 0.2).abs() < error(0.2) + 1e-3, "{areas}");
        assert!(aspects.abs() < error(2.0 * 2f64.ln()) + 3e-3, "{aspects}");
        assert_eq!(corner, [true; 2]);
    }

    #[test]
    fn what_never_fits_is_given_up() {
        let area = span(|v| Fraction::new(v).unwrap(), 1.0, 1.0);
        let aspect = span(|v| Positive::new(v).unwrap(), 9.0, 9.0);
        let mut draw = Seed::new(1).stream("region").step(0);
        assert_eq!(Region::drawn(SHAPE, area, aspect, &mut draw), None);
    }
}

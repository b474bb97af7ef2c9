//! One image of a batch, where it lies in host memory.

use super::{Fill, Region};
use crate::model::ImageShape;
use wellfit_data::PixelScale;

/// One image: channel after channel, each row by row.
#[derive(Debug)]
pub struct Image<'a> {
    /// Its numbers, as the model reads them or as pixels from 0 to 1.
    pub values: &'a mut [f32],
    /// Their arrangement.
    pub shape: ImageShape,
    scale: Option<&'a PixelScale>,
    /// Whether the values are pixels now.
    are_pixels: bool,
}

impl<'a> Image<'a> {
    /// An image of `shape`, which `values` must fill. Without a scale the values are pixels from
    /// 0, black, to 1, white.
    pub fn new(values: &'a mut [f32], shape: ImageShape, scale: Option<&'a PixelScale>) -> Self {
        let told = |scale: &&PixelScale| !scale.mean.is_empty() && !scale.std.is_empty();
        let scale = scale.filter(told);
        Self { values, shape, scale, are_pixels: scale.is_none() }
    }

    /// Lets `change` work on pixels from 0 to 1.
    pub fn in_pixels(&mut self, change: impl FnOnce(&mut Image<'_>)) {
        let scale = match self.scale {
            Some(scale) if !self.are_pixels => scale,
            _ => return change(self),
        };
        self.each_on(scale, |value, mean, std| mean + std * value);
        self.are_pixels = true;
        change(self);
        self.are_pixels = false;
        self.each_on(scale, |value, mean, std| (value - mean) / std);
    }

    /// value <- f(value, mean, std) with the mean and std of its place.
    fn each_on(&mut self, scale: &PixelScale, f: impl Fn(f32, f32, f32) -> f32) {
        let each = self.values.len().div_ceil(scale.mean.len()).max(1);
        let parts = self.values.chunks_mut(each).zip(&scale.mean).zip(&scale.std);
        for ((part, &mean), &std) in parts {
            part.iter_mut().for_each(|value| *value = f(*value, mean, std));
        }
    }

    /// Lets `change` move values about, on one scale for all places of a channel.
    pub fn on_one_scale(&mut self, change: impl FnOnce(&mut Image<'_>)) {
        let by_place = |scale: &PixelScale| scale.mean.len() > self.shape.channels;
        if self.scale.is_some_and(by_place) { self.in_pixels(change) } else { change(self) }
    }

    /// The channels, one after the other.
    pub fn channels(&mut self) -> impl Iterator<Item = &mut [f32]> {
        self.values.chunks_exact_mut((self.shape.height * self.shape.width).max(1))
    }

    /// Lets `change` read the image as it was and write it anew.
    pub fn redraw(&mut self, change: impl FnOnce(&[f32], &mut [f32])) {
        let before = self.values.to_vec();
        change(&before, self.values);
    }

    /// The value that `fill` stands for: one for all, one for every channel, or one for every
    /// number.
    pub fn levels(&self, fill: Fill) -> Vec<f32> {
        let plane = self.shape.height * self.shape.width;
        match (fill, self.scale) {
            (Fill::Mean, _) => self.values.chunks_exact(plane.max(1)).map(mean).collect(),
            (Fill::Black, Some(scale)) if !self.are_pixels => {
                scale.mean.iter().zip(&scale.std).map(|(mean, std)| -mean / std).collect()
            }
            (Fill::Zero, Some(scale)) if self.are_pixels => scale.mean.clone(),
            (Fill::Black | Fill::Zero, _) => vec![0.0],
        }
    }

    /// Fills a region, in all channels.
    pub fn fill(&mut self, region: Region, fill: Fill) {
        let (levels, count) = (self.levels(fill), self.values.len());
        self.paint(region, |index| levels[index * levels.len() / count]);
    }

    /// Writes `value(index)` at each place of a region, in all channels.
    pub fn paint(&mut self, region: Region, mut value: impl FnMut(usize) -> f32) {
        let places = region.rows(self.shape).flatten();
        places.for_each(|index| self.values[index] = value(index));
    }
}

/// The mean of a channel, summed in 64 bits.
pub(super) fn mean(values: &[f32]) -> f32 {
    let sum: f64 = values.iter().map(|&value| f64::from(value)).sum();
    (sum / values.len() as f64) as f32
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Different numbers between 0 and 1.
    pub fn numbers(shape: ImageShape) -> Vec<f32> {
        (0..shape.features()).map(|i| 0.5 + 0.5 * (i as f32 * 1.7 + 0.3).sin()).collect()
    }

    pub const SHAPE: ImageShape = ImageShape { channels: 3, height: 4, width: 5 };

    #[test]
    fn pixels_are_there_and_back_again() {
        let each: Vec<f32> = (1..=60).map(|i| i as f32 / 60.0).collect();
        for (mean, std) in [
            (vec![0.25], vec![0.5]),
            (vec![0.1, 0.2, 0.3], vec![0.2, 0.4, 0.8]),
            (each.clone(), each),
        ] {
            let scale = PixelScale { mean, std };
            let (pixels, count) = (numbers(SHAPE), scale.mean.len());
            let at = |i: usize, list: &[f32]| list[i * count / 60];
            let scaled =
                |(i, &pixel): (usize, &f32)| (pixel - at(i, &scale.mean)) / at(i, &scale.std);
            let mut values: Vec<f32> = pixels.iter().enumerate().map(scaled).collect();
            let before = values.clone();
            let mut image = Image::new(&mut values, SHAPE, Some(&scale));
            assert!((image.levels(Fill::Black)[0] + scale.mean[0] / scale.std[0]).abs() < 1e-6);
            assert_eq!(image.levels(Fill::Zero), [0.0]);
            image.in_pixels(|image| {
                for (found, expected) in image.values.iter().zip(&pixels) {
                    assert!((found - expected).abs() < 1e-6);
                }
                assert_eq!(image.levels(Fill::Black), [0.0]);
                assert_eq!(image.levels(Fill::Zero), scale.mean);
            });
            image.on_one_scale(|image| assert_eq!(image.are_pixels, count == 60));
            for (found, expected) in values.iter().zip(&before) {
                assert!((found - expected).abs() < 1e-5 * expected.abs().max(1.0));
            }
        }
    }

    #[test]
    fn a_region_is_filled_and_nothing_else() {
        let mut values = numbers(SHAPE);
        let before = values.clone();
        let region = Region { top: 1, left: 2, height: 2, width: 3 };
        let mut image = Image::new(&mut values, SHAPE, None);
        let levels = image.levels(Fill::Mean);
        image.fill(region, Fill::Mean);
        for (index, (new, old)) in values.iter().zip(&before).enumerate() {
            let (channel, row, column) = (index / 20, index / 5 % 4, index % 5);
            let inside = (1..3).contains(&row) && (2..5).contains(&column);
            assert_eq!(*new, if inside { levels[channel] } else { *old });
        }
    }
}

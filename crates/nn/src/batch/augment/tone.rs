//! How many tones an image has, and where they lie: for images whose values are pixels from 0 to 1.
//!
//! The formulas are those that torchvision has for tensors of floats.

use super::Image;
use crate::model::ImageShape;

/// Leaves 2^bits tones, from 0 on.
pub fn posterize(image: &mut Image<'_>, bits: u32) {
    let tones = 2f32.powi(bits.min(16) as i32);
    let tone = |pixel: f32| ((pixel * tones) as u32 as f32).min(tones - 1.0) / tones;
    image.values.iter_mut().for_each(|pixel| *pixel = tone(*pixel));
}

/// Inverts pixels of `threshold` and more.
pub fn solarize(image: &mut Image<'_>, threshold: f64) {
    let threshold = threshold as f32;
    image.values.iter_mut().filter(|pixel| **pixel >= threshold).for_each(|pixel| {
        *pixel = 1.0 - *pixel;
    });
}

/// Stretches every channel from black to white.
pub fn auto_contrast(image: &mut Image<'_>) {
    for channel in image.channels() {
        let least = channel.iter().copied().fold(f32::INFINITY, f32::min);
        let most = channel.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        if most > least {
            let range = most - least;
            channel
                .iter_mut()
                .for_each(|pixel| *pixel = ((*pixel - least) / range).clamp(0.0, 1.0));
        }
    }
}

/// Makes all 256 tones of a channel alike frequent, as far as whole tones can. A channel of less
/// than 255 pixels beside its brightest tone stays.
pub fn equalize(image: &mut Image<'_>) {
    // As 0 to 255, where a pixel of k/255 becomes k whatever its rounding.
    let tone = |pixel: f32| (pixel * 255.999) as u8;
    for channel in image.channels() {
        let mut counts = [0usize; 256];
        channel.iter().for_each(|&pixel| counts[usize::from(tone(pixel))] += 1);
        let brightest = counts.iter().rev().find(|&&count| count > 0).copied().unwrap_or(0);
        let step = (channel.len() - brightest) / 255;
        if step == 0 {
            continue;
        }
        let (mut tones, mut below) = ([0.0; 256], 0);
        for (new, count) in tones.iter_mut().zip(counts) {
            *new = ((below + step / 2) / step).min(255) as f32 / 255.0;
            below += count;
        }
        channel.iter_mut().for_each(|pixel| *pixel = tones[usize::from(tone(*pixel))]);
    }
}

/// Moves every pixel away from the mean of its neighbours, or towards it; the border stays.
pub fn sharpness(image: &mut Image<'_>, factor: f64) {
    let ImageShape { height, width, .. } = image.shape;
    if height <= 2 || width <= 2 {
        return;
    }
    let factor = factor as f32;
    image.redraw(|old, new| {
        new.iter_mut().for_each(|pixel| *pixel = pixel.clamp(0.0, 1.0));
        let inner = (0..old.len()).filter(|index| {
            let (row, column) = (index / width % height, index % width);
            (1..height - 1).contains(&row) && (1..width - 1).contains(&column)
        });
        for index in inner {
            let row = |start: usize| old[start - 1] + old[start] + old[start + 1];
            let sum = row(index - width) + row(index) + row(index + width);
            // The pixel itself counts five of thirteen.
            let smooth = (sum + 4.0 * old[index]) / 13.0;
            new[index] = (smooth + factor * (old[index] - smooth)).clamp(0.0, 1.0);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::super::image::tests::{SHAPE, numbers};
    use super::*;

    fn changed(shape: ImageShape, change: impl Fn(&mut Image<'_>)) -> Vec<f32> {
        let mut values = numbers(shape);
        change(&mut Image::new(&mut values, shape, None));
        values
    }

    #[test]
    fn one_bit_leaves_two_tones() {
        let image = numbers(SHAPE);
        for (new, old) in changed(SHAPE, |image| posterize(image, 1)).iter().zip(&image) {
            assert_eq!(*new, if *old < 0.5 { 0.0 } else { 0.5 });
        }
    }

    #[test]
    fn solarizing_inverts_the_bright_part() {
        assert_eq!(changed(SHAPE, |image| solarize(image, 1.1)), numbers(SHAPE));
        let inverted = changed(SHAPE, |image| solarize(image, 0.0));
        assert!(inverted.iter().zip(&numbers(SHAPE)).all(|(new, old)| *new == 1.0 - old));
    }

    #[test]
    fn contrast_reaches_black_and_white() {
        let stretched = changed(SHAPE, auto_contrast);
        for channel in stretched.chunks(20) {
            assert!(channel.contains(&0.0) && channel.contains(&1.0));
        }
    }

    #[test]
    fn equal_tones_are_spread_evenly() {
        let shape = ImageShape { channels: 1, height: 40, width: 40 };
        let mut found = changed(shape, equalize);
        found.sort_by(f32::total_cmp);
        // The darkest and the brightest tone of a sine are a twenty-fifth of it each.
        for (index, pixel) in found.iter().enumerate() {
            assert!((pixel - index as f32 / 1600.0).abs() < 0.045, "{index}: {pixel}");
        }
        assert_eq!(changed(SHAPE, equalize), numbers(SHAPE), "too few pixels");
    }
}

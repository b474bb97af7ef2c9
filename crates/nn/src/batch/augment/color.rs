//! Brightness, contrast, saturation and hue of images whose values are pixels from 0 to 1.
//!
//! A factor of 1 leaves the image, 0 gives black, flat grey or grey. The formulas are those that
//! torchvision has for tensors of floats.

use super::Image;
use super::image::mean;

/// Grey of a colour, as televisions take it (ITU-R 601-2).
fn gray([red, green, blue]: [f32; 3]) -> f32 {
    0.2989 * red + 0.587 * green + 0.114 * blue
}

/// A factor in 32 bits, where one that is too large is the largest and not infinite.
fn finite(factor: f64) -> f32 {
    (factor as f32).min(f32::MAX)
}

/// ratio x + (1 - ratio) y, cut to [0, 1]
fn blend(x: f32, y: f32, ratio: f32) -> f32 {
    (ratio * x + (1.0 - ratio) * y).clamp(0.0, 1.0)
}

/// Changes each pixel of an image in colour; one of any other number of channels stays.
fn each_color(image: &mut Image<'_>, change: impl Fn([f32; 3]) -> [f32; 3]) {
    if image.shape.channels != 3 {
        return;
    }
    let (red, rest) = image.values.split_at_mut(image.shape.height * image.shape.width);
    let (green, blue) = rest.split_at_mut(red.len());
    for ((red, green), blue) in red.iter_mut().zip(green).zip(blue) {
        [*red, *green, *blue] = change([*red, *green, *blue]);
    }
}

/// Multiplies every pixel.
pub fn brightness(image: &mut Image<'_>, factor: f64) {
    let factor = finite(factor);
    image.values.iter_mut().for_each(|pixel| *pixel = (*pixel * factor).clamp(0.0, 1.0));
}

/// Moves every pixel away from the mean grey of the image, or towards it.
pub fn contrast(image: &mut Image<'_>, factor: f64) {
    let mut sum = 0.0;
    let middle = if image.shape.channels == 3 {
        let plane = image.shape.height * image.shape.width;
        let channel = |index: usize| &image.values[index * plane..][..plane];
        for ((&red, &green), &blue) in channel(0).iter().zip(channel(1)).zip(channel(2)) {
            sum += f64::from(gray([red, green, blue]));
        }
        (sum / plane as f64) as f32
    } else {
        mean(image.values)
    };
    let factor = finite(factor);
    image.values.iter_mut().for_each(|pixel| *pixel = blend(*pixel, middle, factor));
}

/// Moves every colour away from its grey, or towards it. Grey images stay.
pub fn saturation(image: &mut Image<'_>, factor: f64) {
    let factor = finite(factor);
    each_color(image, |color| {
        let gray = gray(color);
        color.map(|channel| blend(channel, gray, factor))
    });
}

/// Makes colours grey.
pub fn grayscale(image: &mut Image<'_>) {
    each_color(image, |color| [gray(color); 3]);
}

/// Turns every colour on the colour circle, by `turn` of a full turn. Grey images stay.
pub fn hue(image: &mut Image<'_>, turn: f64) {
    each_color(image, |color| {
        let [hue, saturation, value] = to_hsv(color);
        from_hsv([(hue + turn as f32).rem_euclid(1.0), saturation, value])
    });
}

/// Hue, saturation and value, all from 0 to 1.
fn to_hsv(color: [f32; 3]) -> [f32; 3] {
    let [red, green, blue] = color;
    let (most, least) = (red.max(green).max(blue), red.min(green).min(blue));
    if most == least {
        return [0.0, 0.0, most];
    }
    let range = most - least;
    let sixth = if most == red {
        (green - blue) / range
    } else if most == green {
        2.0 + (blue - red) / range
    } else {
        4.0 + (red - green) / range
    };
    [(sixth / 6.0).rem_euclid(1.0), range / most, most]
}

fn from_hsv([hue, saturation, value]: [f32; 3]) -> [f32; 3] {
    // A channel is full around its own hue and falls off linearly to both sides.
    let channel = |own: f32| {
        let place = (own + 6.0 * hue) % 6.0;
        let lost = place.min(4.0 - place).clamp(0.0, 1.0);
        (value * (1.0 - saturation * lost)).clamp(0.0, 1.0)
    };
    [channel(5.0), channel(3.0), channel(1.0)]
}

#[cfg(test)]
mod tests {
    use super::super::image::tests::{SHAPE, numbers};
    use super::*;

    fn changed(change: impl Fn(&mut Image<'_>)) -> Vec<f32> {
        let mut values = numbers(SHAPE);
        change(&mut Image::new(&mut values, SHAPE, None));
        values
    }

    fn assert_near(found: &[f32], expected: &[f32]) {
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 3e-6, "{found}, {expected}");
        }
    }

    #[test]
    fn factors_of_one_and_full_turns_leave_the_image() {
        let image = numbers(SHAPE);
        assert_eq!(changed(|image| brightness(image, 1.0)), image);
        assert_eq!(changed(|image| contrast(image, 1.0)), image);
        assert_eq!(changed(|image| saturation(image, 1.0)), image);
        for turn in [0.0, 1.0, -1.0] {
            assert_near(&changed(|image| hue(image, turn)), &image);
        }
    }

    #[test]
    fn a_third_of_a_turn_exchanges_the_channels() {
        let image = numbers(SHAPE);
        let turned = changed(|image| hue(image, 1.0 / 3.0));
        assert_near(&turned[20..], &image[..40]);
        assert_near(&turned[..20], &image[40..]);
    }

    #[test]
    fn factors_beyond_sense_leave_pixels() {
        for change in [brightness, contrast, saturation] {
            let image = changed(|image| change(image, 1e300));
            assert!(image.iter().all(|pixel| (0.0..=1.0).contains(pixel)));
        }
    }

    #[test]
    fn without_saturation_an_image_is_grey() {
        let grey = changed(grayscale);
        assert_eq!((&grey[..20], &grey[20..40]), (&grey[20..40], &grey[40..]));
        assert_near(&changed(|image| saturation(image, 0.0)), &grey);
        let flat = changed(|image| contrast(image, 0.0));
        assert!(flat.iter().all(|&pixel| pixel == flat[0]));
    }
}

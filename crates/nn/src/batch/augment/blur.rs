//! Gaussian blur of random width.
//!
//! x' = x * G(σ) with σ uniform, cut off at 3σ; beyond the border the image is mirrored. Chen et
//! al. 2020, arXiv 2002.05709.

use super::{EachImage, Image};
use crate::model::ImageShape;
use crate::technique::{Door, Technique};
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::{Fraction, Positive, Span};
use wellfit_core::seed::Draw;

const CARD: Card = Card {
    id: "blur",
    name: "Gaussian blur",
    door: card::Door::Batch,
    family: Family::DataBased,
    one_line: "Blurs some training images by a Gaussian of random width.",
    formula: "x' = x * G(σ), σ ~ U[sigma] in pixels, with probability p",
    paper: "Chen et al. 2020, arXiv 2002.05709",
    when: "Pictures that come more or less in focus; large photographs.",
    watch_out: "σ is in pixels: 2 is little on 224 pixels and wipes out an image of 8. Wrong \
                where fine texture is the class.",
    example: "{ sigma = [0.1, 1.0], probability = 0.5 }",
    off: Some("{ probability = 0.0 }"),
    search: &[Range { key: "probability", low: 0.1, high: 1.0, scale: Scale::Linear }],
};

/// Blurs images.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blur {
    /// Standard deviation of the Gaussian in pixels, between these, each above 0.
    #[serde(default = "usual_sigma")]
    pub sigma: Span<Positive>,
    /// Probability of acting, in [0, 1]; 0 is off.
    #[serde(default = "half")]
    pub probability: Fraction,
}

const fn usual_sigma() -> Span<Positive> {
    Span::<Positive>::BLURRED
}

const fn half() -> Fraction {
    Fraction::HALF
}

impl Technique for Blur {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.probability == Fraction::ZERO
    }

    fn at_door(self) -> Door {
        Door::Batch(Box::new(self))
    }
}

impl EachImage for Blur {
    fn change(&self, image: &mut Image<'_>, draw: &mut Draw) {
        let acts = draw.happens(self.probability);
        let sigma = draw.between(self.sigma.low(), self.sigma.high());
        if acts {
            blur(image, sigma);
        }
    }
}

/// Blurs by a Gaussian of standard deviation `sigma` pixels, first along the rows, then along the
/// columns.
pub fn blur(image: &mut Image<'_>, sigma: f64) {
    image.on_one_scale(|image| {
        let ImageShape { height, width, .. } = image.shape;
        for (side, step) in [(width, 1), (height, width)] {
            let weights = weights(sigma, side);
            image.redraw(|old, new| {
                for (index, new) in new.iter_mut().enumerate() {
                    let place = index / step % side;
                    let start = index - place * step;
                    let near = |distance: usize| {
                        // Mirrored at the border, whose pixel is not repeated.
                        let right = place + distance;
                        let right = if right < side { right } else { 2 * (side - 1) - right };
                        old[start + place.abs_diff(distance) * step] + old[start + right * step]
                    };
                    let around = weights.iter().enumerate().skip(1);
                    *new = around.fold(weights[0] * old[index], |sum, (distance, weight)| {
                        sum + weight * near(distance)
                    });
                }
            });
        }
    });
}

/// Weights of a pixel and of its neighbours at distance 1, 2, ... to 3σ, or to where a side ends;
/// with those of the other direction they sum to 1.
fn weights(sigma: f64, side: usize) -> Vec<f32> {
    let radius = ((3.0 * sigma).ceil() as usize).min(side.saturating_sub(1));
    let density = |distance: usize| (-0.5 * (distance as f64 / sigma).powi(2)).exp();
    let sum = density(0) + 2.0 * (1..=radius).map(density).sum::<f64>();
    (0..=radius).map(|distance| (density(distance) / sum) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::super::image::tests::{SHAPE, numbers};
    use super::*;

    #[test]
    fn flat_images_stay_and_narrow_gaussians_do_nothing() {
        let mut flat = vec![0.7; SHAPE.features()];
        blur(&mut Image::new(&mut flat, SHAPE, None), 1.5);
        assert!(flat.iter().all(|pixel| (pixel - 0.7).abs() < 1e-6));
        let mut values = numbers(SHAPE);
        blur(&mut Image::new(&mut values, SHAPE, None), 0.05);
        assert_eq!(values, numbers(SHAPE));
    }

    #[test]
    fn a_point_becomes_the_gaussian() {
        let shape = ImageShape { channels: 1, height: 15, width: 15 };
        let mut point = vec![0.0; 225];
        point[7 * 15 + 7] = 1.0;
        blur(&mut Image::new(&mut point, shape, None), 1.0);
        let ratio = |row: usize, column: usize| f64::from(point[row * 15 + column] / point[112]);
        assert!((ratio(7, 9) - (-2.0f64).exp()).abs() < 1e-6);
        assert!((ratio(6, 8) - (-1.0f64).exp()).abs() < 1e-6);
        assert!((point.iter().sum::<f32>() - 1.0).abs() < 1e-6);
    }
}

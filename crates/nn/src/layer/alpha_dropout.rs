//! Alpha dropout: in training, each activation takes SELU's lowest value with probability `rate`,
//! and all are scaled and shifted so that mean 0 and variance 1 stay.
//!
//! y = a (x m + α' (1 - m)) + b, m ~ Bernoulli(q), q = 1 - rate, α' = -1.0507 · 1.6733,
//! a = 1 / sqrt(q + α'² q (1 - q)), b = -a α' (1 - q); the identity in evaluation
//!
//! Klambauer et al. 2017, arXiv 1706.02515.

use super::{Layer, LayerDoor, Site, SiteKind};
use crate::Error;
use crate::chance::{Source, mask_like, sloped};
use crate::technique::{Door, Technique};
use burn::module::{Flag, Module, Param};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::Rate;

/// The value that SELU goes to from above: -s α.
const LOWEST: f64 = -1.758_099_340_847_376_6;

const CARD: Card = Card {
    id: "alpha_dropout",
    name: "Alpha dropout",
    door: card::Door::Layer,
    family: Family::ArchitectureBased,
    one_line: "Dropout for SELU: drops to its lowest value and keeps mean 0 and variance 1.",
    formula: "y = a (x m + α' (1 - m)) + b, m ~ Bernoulli(1 - rate)",
    paper: "Klambauer et al. 2017, arXiv 1706.02515",
    when: "Deep perceptrons with `activation = \"selu\"` that memorize.",
    watch_out: "Only behind SELU are mean and variance 0 and 1; behind ReLU use dropout.",
    example: "{ rate = 0.1 }",
    off: Some("{ rate = 0.0 }"),
    search: &[Range { key: "rate", low: 0.02, high: 0.3, scale: Scale::Linear }],
};

/// Share of the activations that is dropped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Share of the hidden activations that is dropped, in [0, 1); 0 is off.
    pub rate: Rate,
}

impl Technique for Config {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.rate == Rate::ZERO
    }

    fn at_door(self) -> Door {
        Door::Layer(Box::new(self))
    }
}

impl LayerDoor for Config {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn is_stochastic(&self) -> bool {
        true
    }

    fn build(&self, site: &Site<'_>) -> Result<Option<Layer>, Error> {
        let layer = || Layer::AlphaDropout(AlphaDropout::new(self.rate, site.source(CARD.id)));
        Ok((site.kind == SiteKind::Hidden && !site.spatial).then(layer))
    }
}

/// The layer.
///
/// # Shapes
/// any -> the same
///
/// # Off
/// `rate` 0, a model in `valid()`, a frozen layer: the input passes and nothing is drawn.
#[derive(Module, Debug)]
pub struct AlphaDropout {
    #[module(skip)]
    rate: Rate,
    #[module(skip)]
    source: Source,
    training: Param<Flag>,
}

/// The scale a and the shift b that keep mean 0 and variance 1.
fn affine(rate: Rate) -> (f64, f64) {
    let (keep, drop) = (rate.keep(), rate.get());
    let a = (keep + LOWEST * LOWEST * keep * drop).sqrt().recip();
    (a, -a * LOWEST * drop)
}

impl AlphaDropout {
    /// Drops with `rate`, drawing from `source`.
    pub fn new(rate: Rate, source: Source) -> Self {
        Self { rate, source, training: Param::from_bool(true) }
    }

    /// Drops elements of `input` in training, and in Monte Carlo inference.
    pub fn forward<const D: usize>(&self, input: Tensor<D>) -> Tensor<D> {
        if self.rate == Rate::ZERO || !self.source.is_live(&self.training, &input) {
            return input;
        }
        let (mut draw, (a, b)) = (self.source.draw(), affine(self.rate));
        let (scale, kept, dropped) = (a as f32, b as f32, (a * LOWEST + b) as f32);
        let mask = draw.clone().mask_in_parts(input.shape().num_elements(), self.rate);
        let shifted = move |x, m| {
            let (m, shift) = if m > 0.0 { (scale, kept) } else { (0.0, dropped) };
            (x * m + shift, m)
        };
        sloped(&input, |start, out| mask.fill(start, out), shifted).unwrap_or_else(|| {
            let keeps = mask_like(&input, self.rate, &mut draw).greater_elem(0.0).float();
            let keeps = keeps.cast(input.dtype());
            let shifts = keeps.clone() * (kept - dropped) + dropped;
            input * (keeps * scale) + shifts
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::StepClock;
    use crate::layer::golden::golden;
    use burn::tensor::Device;
    use burn::tensor::activation::selu;
    use wellfit_core::seed::Seed;

    fn layer(rate: f64) -> AlphaDropout {
        let source = Source::new(Seed::new(3), "drop", &StepClock::new());
        AlphaDropout::new(Rate::new(rate).unwrap(), source)
    }

    #[test]
    fn kept_and_dropped_values_are_pytorch_s() {
        for (index, rate) in [0.2, 0.5, 0.8].into_iter().enumerate() {
            // What becomes of 0 and of 1 where they are kept, and of all that is dropped.
            let expected = &golden("drops", "alpha_dropout")[3 * index..3 * index + 3];
            let ones = Tensor::<2>::ones([50, 50], &Device::flex().autodiff());
            let values = |x: Tensor<2>| -> Vec<f32> {
                layer(rate).forward(x).into_data().try_into_vec().unwrap()
            };
            let (zeros, ones) = (values(ones.zeros_like()), values(ones));
            let near = |found: f32, expected: f64| (f64::from(found) - expected).abs() < 1e-6;
            let mut dropped = 0;
            for (&zero, &one) in zeros.iter().zip(&ones) {
                let drops = near(zero, expected[2]) && near(one, expected[2]);
                assert!(drops || near(zero, expected[0]) && near(one, expected[1]), "{rate}");
                dropped += usize::from(drops);
            }
            let bound = 5.0 * (2500.0 * rate * (1.0 - rate)).sqrt();
            assert!((dropped as f64 - 2500.0 * rate).abs() < bound, "{dropped}");
        }
    }

    #[test]
    fn mean_0_and_variance_1_stay() {
        let mut draw = Seed::new(1).stream("inputs").step(0);
        let normal: Vec<f32> = (0..400_000).map(|_| draw.standard_normal() as f32).collect();
        let x = Tensor::<1>::from_data(normal.as_slice(), &Device::flex().autodiff());
        for rate in [0.2, 0.5, 0.8] {
            let y: Vec<f64> =
                layer(rate).forward(selu(x.clone())).into_data().try_into_vec_as().unwrap();
            let mean = y.iter().sum::<f64>() / y.len() as f64;
            let std = (y.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / y.len() as f64).sqrt();
            assert!(mean.abs() < 0.01 && (std - 1.0).abs() < 0.01, "{rate}: {mean}, {std}");
        }
    }
}

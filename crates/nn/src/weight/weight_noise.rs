//! Weight noise: every pass sees weights with fresh Gaussian noise on them.
//!
//! w' = w + σ ε, ε ~ N(0, 1); the gradient at w' moves the clean w
//!
//! σ is `std`, or relative: `std` |w| for each weight, or `std` times the standard deviation of the
//! weights of the tensor.
//!
//! Graves 2011, "Practical variational inference for neural networks", NIPS; Hinton and van Camp
//! 1993, COLT.

use super::WeightDoor;
use crate::batch::Chance;
use crate::chance::with_normals;
use crate::elementwise::{sum, sum_of_squares};
use crate::penalty::Place;
use crate::technique::{Door, Technique};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::NonNegative;

const CARD: Card = Card {
    id: "weight_noise",
    name: "Weight noise",
    door: card::Door::Weight,
    family: Family::NoiseBased,
    one_line: "Adds fresh Gaussian noise to the weights in every pass, and moves the clean ones.",
    formula: "w' = w + σ ε, ε ~ N(0, 1); w <- w - η ∂C0/∂w'",
    paper: "Graves 2011, NIPS 24; Hinton and van Camp 1993, COLT",
    when: "Recurrent and small networks; a search for flat minima at little cost.",
    watch_out: "std is in the units of the weights, whose spread is about sqrt(2 / inputs): \
                relative = \"tensor\" spares that thought. Biases and norms have no noise.",
    example: "{ std = 0.1, relative = \"tensor\" }",
    off: Some("{ std = 0.0 }"),
    search: &[Range { key: "std", low: 0.005, high: 0.5, scale: Scale::Log }],
};

/// Gaussian noise on the weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeightNoise {
    /// Standard deviation of the noise, in the units that `relative` says; 0 is off.
    pub std: NonNegative,
    /// What the standard deviation is measured in.
    #[serde(default)]
    pub relative: Relative,
}

/// What a standard deviation is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relative {
    /// Nothing: it is that of the noise.
    #[default]
    None,
    /// The size of each weight.
    Weight,
    /// The standard deviation of the tensor's weights.
    Tensor,
}

impl Technique for WeightNoise {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.std == NonNegative::ZERO
    }

    fn at_door(self) -> Door {
        Door::Weight(Box::new(self))
    }
}

impl WeightDoor for WeightNoise {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn acts_before(&self) -> bool {
        true
    }

    fn before(&self, weights: Tensor<1>, place: Place<'_>, chance: &Chance) -> Tensor<1> {
        let mut draw = chance.draw_at(CARD.id, &place.parameter.path);
        match self.relative {
            Relative::None => with_normals(&weights, self.std, &mut draw, move |e, w| w + e),
            Relative::Weight => {
                with_normals(&weights, self.std, &mut draw, move |e, w| w + w.abs() * e)
            }
            Relative::Tensor => {
                let spread = spread(&weights);
                with_normals(&weights, self.std, &mut draw, move |e, w| w + spread * e)
            }
        }
    }

    fn describe(&self) -> String {
        let unit = match self.relative {
            Relative::None => "",
            Relative::Weight => " |w|",
            Relative::Tensor => " std(W)",
        };
        format!("weight_noise: each pass sees w + {}{unit} ε", self.std.get())
    }
}

/// Standard deviation of the weights of a tensor.
fn spread(weights: &Tensor<1>) -> f32 {
    let count = weights.dims()[0].max(1) as f64;
    let mean = sum(weights) / count;
    (sum_of_squares(weights) / count - mean * mean).max(0.0).sqrt() as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameter::{Parameter, Role};
    use burn::tensor::{Device, TensorData};
    use wellfit_core::seed::{Address, Seed};

    fn noisy(values: &[f32], relative: Relative, step: u64) -> Vec<f32> {
        let parameter =
            Parameter { path: "w".into(), shape: vec![values.len(), 1], role: Role::Weight };
        let door = WeightNoise { std: NonNegative::new(0.5).unwrap(), relative };
        let weights = Tensor::from_data(TensorData::from(values), &Device::flex());
        let chance =
            Chance { seed: Seed::new(1), address: Address { step, pass: 0, call: 0 }, epoch: 0.0 };
        door.before(weights, Place::of(&parameter, 1.0), &chance)
            .into_data()
            .try_into_vec()
            .unwrap()
    }

    /// The variance of xw' is σ²|x|²: here with x of ones, over many pairs of weights.
    #[test]
    fn an_output_has_the_variance_sigma_squared_times_the_input_s_square() {
        let pairs = 100_000;
        let found = noisy(&vec![1.0; 2 * pairs], Relative::None, 0);
        let outputs: Vec<f64> =
            found.chunks(2).map(|pair| 2.0 * f64::from(pair[0]) - f64::from(pair[1])).collect();
        let mean = outputs.iter().sum::<f64>() / pairs as f64;
        let variance = outputs.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / pairs as f64;
        let expected = 0.25 * (4.0 + 1.0);
        assert!((mean - 1.0).abs() < 5.0 * (expected / pairs as f64).sqrt(), "{mean}");
        let bound = 5.0 * expected * (2.0 / pairs as f64).sqrt();
        assert!((variance - expected).abs() < bound, "{variance}");
    }

    #[test]
    fn noise_is_fresh_at_every_step_and_scales_as_told() {
        let weights = [2.0, 0.0, -4.0, 1.0];
        let plain = noisy(&weights, Relative::None, 0);
        assert_ne!(plain, noisy(&weights, Relative::None, 1));
        let eps: Vec<f32> = plain.iter().zip(weights).map(|(n, w)| n - w).collect();
        let relative = noisy(&weights, Relative::Weight, 0);
        let tensor = noisy(&weights, Relative::Tensor, 0);
        // Mean -0.25, mean square 5.25.
        let spread = (5.25f32 - 0.0625).sqrt();
        for i in 0..4 {
            assert!((relative[i] - (weights[i] + eps[i] * weights[i].abs())).abs() < 1e-5);
            assert!((tensor[i] - (weights[i] + eps[i] * spread)).abs() < 1e-5);
        }
        assert_eq!(relative[1], 0.0);
    }
}

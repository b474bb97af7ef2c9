//! Gaussian noise on the inputs, in training only.
//!
//! x' = x + ε, ε ~ N(0, std²); numbers of embedded levels stay as they are
//!
//! For a linear model this is ridge with λ = n std². Bishop 1995, "Training with noise is
//! equivalent to Tikhonov regularization", Neural Computation 7(1).

use super::{Batch, BatchDoor, Chance};
use crate::chance::normal_like;
use crate::technique::{Door, Technique};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::NonNegative;
use wellfit_core::seed::Draw;

const CARD: Card = Card {
    id: "input_noise",
    name: "Input noise",
    door: card::Door::Batch,
    family: Family::NoiseBased,
    one_line: "Adds fresh Gaussian noise to every input of every training batch.",
    formula: "x' = x + ε, ε ~ N(0, std²)",
    paper: "Bishop 1995, Neural Computation 7(1):108-116",
    when: "Few examples with inputs that carry measurement noise anyway; tables, sensors, audio.",
    watch_out: "std is in the units of the scaled inputs: 0.1 is a tenth of a standard deviation \
                after standardizing. For a linear model it is ridge with λ = n std².",
    example: "{ std = 0.1 }",
    off: Some("{ std = 0.0 }"),
    search: &[Range { key: "std", low: 0.01, high: 1.0, scale: Scale::Log }],
};

/// Gaussian noise on the inputs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputNoise {
    /// Standard deviation, in the units of the scaled inputs; 0 is off.
    pub std: NonNegative,
}

impl Technique for InputNoise {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.std == NonNegative::ZERO
    }

    fn at_door(self) -> Door {
        Door::Batch(Box::new(self))
    }
}

impl BatchDoor for InputNoise {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn apply(&self, batch: Batch, chance: &Chance) -> Batch {
        batch.map_inputs(|inputs| input_noise(inputs, self.std, &mut chance.draw(CARD.id)))
    }
}

/// Adds N(0, std²) to every element.
///
/// # Shapes
/// any -> the same
///
/// # Off
/// std = 0 returns the inputs and draws nothing.
pub fn input_noise<const D: usize>(
    inputs: Tensor<D>,
    std: NonNegative,
    draw: &mut Draw,
) -> Tensor<D> {
    if std == NonNegative::ZERO {
        return inputs;
    }
    let noise = normal_like(&inputs, std, draw);
    inputs + noise
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;
    use wellfit_core::seed::Seed;

    /// E|(x + ε)w|² - |xw|² = std² |w|² per example: the identity behind "noise is ridge".
    #[test]
    fn the_expected_squared_output_grows_by_std_squared_times_the_weights() {
        let (rows, std) = (200_000, 0.5);
        let x = Tensor::<2>::zeros([rows, 2], &Device::flex());
        let w = Tensor::<2>::from_data([[3.0], [4.0]], &Device::flex());
        let mut draw = Seed::new(1).stream("input_noise").step(0);
        let noisy = input_noise(x, NonNegative::new(std).unwrap(), &mut draw);
        let squared = noisy.matmul(w).square().mean().into_scalar::<f64>();
        // Expected std² 25, and the mean of squares of N(0, s²) has standard error s² √(2 / n).
        let expected = std * std * 25.0;
        let error = expected * (2.0 / rows as f64).sqrt();
        assert!((squared - expected).abs() < 5.0 * error, "{squared}");
    }
}

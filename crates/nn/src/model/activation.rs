//! Activations.

use burn::tensor::Tensor;
use burn::tensor::activation;
use serde::{Deserialize, Serialize};

/// What a hidden layer applies to each of its sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    /// max(z, 0).
    #[default]
    Relu,
    /// 1 / (1 + e^-z).
    Sigmoid,
    /// Hyperbolic tangent.
    Tanh,
    /// z Φ(z), Φ the normal distribution function.
    Gelu,
    /// z σ(z).
    Silu,
}

impl Activation {
    /// Applies it to every element.
    pub fn apply<const D: usize>(self, input: Tensor<D>) -> Tensor<D> {
        match self {
            Self::Relu => activation::relu(input),
            Self::Sigmoid => activation::sigmoid(input),
            Self::Tanh => activation::tanh(input),
            Self::Gelu => activation::gelu(input),
            Self::Silu => activation::silu(input),
        }
    }
}

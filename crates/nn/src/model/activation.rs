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
    /// s max(z, 0) + s α min(e^z - 1, 0), s = 1.0507 and α = 1.6733: keeps mean 0 and variance 1
    /// from layer to layer. (Klambauer et al. 2017, arXiv 1706.02515.)
    Selu,
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
            Self::Selu => activation::selu(input),
        }
    }
}

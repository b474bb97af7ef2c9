//! Initial weights, drawn from the recipe's seed by the layer's path.
//!
//! Burn draws initial weights from one generator of the whole process; here each layer has a
//! stream of its own, so that a layer added elsewhere changes none of its weights.

use super::activation::Activation;
use burn::module::Param;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{Linear, PaddingConfig2d};
use burn::tensor::{Device, Tensor, TensorData};
use serde::{Deserialize, Serialize};
use wellfit_core::number::NonNegative;
use wellfit_core::seed::{Draw, Seed};

/// The law of a layer's initial weights; `in` and `out` are its numbers of inputs and outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Init {
    /// Weights and biases from N(0, 1): the textbook's first network. (Nielsen 2015, chapter 1.)
    StandardNormal,
    /// Weights N(0, 1/in), biases N(0, 1): the textbook's better one. (Nielsen 2015, chapter 3.)
    ScaledNormal,
    /// Weights N(0, 2/in), biases 0. (He et al. 2015, arXiv 1502.01852.)
    KaimingNormal,
    /// Weights uniform within sqrt(6/in), biases 0. (The same.)
    KaimingUniform,
    /// Weights N(0, 2/(in + out)), biases 0. (Glorot and Bengio 2010, AISTATS.)
    XavierNormal,
    /// Weights uniform within sqrt(6/(in + out)), biases 0. (The same.)
    XavierUniform,
    /// Weights N(0, 1/in), biases 0, for SELU. (LeCun et al. 1998, Efficient BackProp.)
    LecunNormal,
    /// Weights and biases uniform within 1/sqrt(in), as PyTorch's `Linear` begins.
    Pytorch,
    /// All zero: for models without hidden layers, whose loss is convex.
    Zeros,
}

impl Init {
    /// The usual choice in front of `activation`.
    pub const fn before(activation: Activation) -> Self {
        match activation {
            Activation::Relu | Activation::Gelu | Activation::Silu => Self::KaimingNormal,
            Activation::Sigmoid | Activation::Tanh => Self::XavierNormal,
            Activation::Selu => Self::LecunNormal,
        }
    }

    /// A linear layer with these initial weights.
    pub fn linear(
        self,
        inputs: usize,
        outputs: usize,
        seed: Seed,
        path: &str,
        device: &Device,
    ) -> Linear {
        let mut draw = stream(seed, path);
        let weight = self.weights(inputs * outputs, inputs, outputs, &mut draw);
        let bias = self.biases(inputs, outputs, &mut draw);
        let weight = Tensor::from_data(TensorData::new(weight, [inputs, outputs]), device);
        Linear { weight: Param::from_tensor(weight), bias: Some(vector(bias, device)) }
    }

    /// A square convolution with these initial weights and padding on all sides, with a bias
    /// unless a normalization follows it.
    pub fn convolution(self, shape: Square, seed: Seed, path: &str, device: &Device) -> Conv2d {
        let Square { channels: [inputs, outputs], size, stride, padding, bias } = shape;
        let mut conv = Conv2dConfig::new([inputs, outputs], [size, size])
            .with_stride([stride, stride])
            .with_padding(PaddingConfig2d::Explicit(padding, padding, padding, padding))
            .with_bias(bias)
            .init(device);
        let (mut draw, area) = (stream(seed, path), size * size);
        let weight =
            self.weights(inputs * outputs * area, inputs * area, outputs * area, &mut draw);
        let data = TensorData::new(weight, [outputs, inputs, size, size]);
        conv.weight = Param::from_tensor(Tensor::from_data(data, device));
        conv.bias = bias.then(|| vector(self.biases(inputs * area, outputs, &mut draw), device));
        conv
    }

    fn weights(self, len: usize, inputs: usize, outputs: usize, draw: &mut Draw) -> Vec<f32> {
        let (fan_in, fan_out) = (inputs as f64, outputs as f64);
        match self {
            Self::StandardNormal => normal(draw, len, 1.0),
            Self::ScaledNormal | Self::LecunNormal => normal(draw, len, fan_in.recip()),
            Self::KaimingNormal => normal(draw, len, 2.0 / fan_in),
            Self::KaimingUniform => uniform(draw, len, 6.0 / fan_in),
            Self::XavierNormal => normal(draw, len, 2.0 / (fan_in + fan_out)),
            Self::XavierUniform => uniform(draw, len, 6.0 / (fan_in + fan_out)),
            Self::Pytorch => uniform(draw, len, fan_in.recip()),
            Self::Zeros => vec![0.0; len],
        }
    }

    fn biases(self, inputs: usize, outputs: usize, draw: &mut Draw) -> Vec<f32> {
        match self {
            Self::StandardNormal | Self::ScaledNormal => normal(draw, outputs, 1.0),
            Self::Pytorch => uniform(draw, outputs, (inputs as f64).recip()),
            _ => vec![0.0; outputs],
        }
    }
}

/// Initial vectors of an embedding, [levels, width]: N(0, 0.01²), as fastai begins.
///
/// So small that a level which the training part does not hold, and which keeps them, stands near
/// the mean of the others and not somewhere by chance.
pub fn embedding_table(
    shape: [usize; 2],
    seed: Seed,
    path: &str,
    device: &Device,
) -> Param<Tensor<2>> {
    let weight = normal(&mut stream(seed, path), shape[0] * shape[1], 1e-4);
    Param::from_tensor(Tensor::from_data(TensorData::new(weight, shape), device))
}

/// Size of a convolution.
#[derive(Debug, Clone, Copy)]
pub struct Square {
    /// Channels in and out.
    pub channels: [usize; 2],
    /// Side of the kernel.
    pub size: usize,
    /// Step between windows.
    pub stride: usize,
    /// Zeros around the image.
    pub padding: usize,
    /// Whether there is a bias.
    pub bias: bool,
}

fn stream(seed: Seed, path: &str) -> Draw {
    seed.stream(&format!("initial weights of {path}")).step(0)
}

fn vector(values: Vec<f32>, device: &Device) -> Param<Tensor<1>> {
    let len = values.len();
    Param::from_tensor(Tensor::from_data(TensorData::new(values, [len]), device))
}

fn normal(draw: &mut Draw, len: usize, variance: f64) -> Vec<f32> {
    let std = NonNegative::new(variance.sqrt()).unwrap_or(NonNegative::ZERO);
    draw.normal(len, std)
}

fn uniform(draw: &mut Draw, len: usize, bound_squared: f64) -> Vec<f32> {
    let bound = bound_squared.sqrt();
    draw.uniform(len, -bound, bound)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variance(values: &[f32]) -> f64 {
        values.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>() / values.len() as f64
    }

    #[test]
    fn weights_have_the_variance_of_their_law() {
        let laws = [
            (Init::StandardNormal, 1.0, 2.0),
            (Init::ScaledNormal, 1.0 / 300.0, 2.0),
            (Init::KaimingNormal, 2.0 / 300.0, 2.0),
            (Init::LecunNormal, 1.0 / 300.0, 2.0),
            (Init::KaimingUniform, 2.0 / 300.0, 0.8),
            (Init::XavierNormal, 2.0 / 500.0, 2.0),
            (Init::XavierUniform, 2.0 / 500.0, 0.8),
            (Init::Pytorch, 1.0 / 900.0, 0.8),
        ];
        for (law, expected, kurtosis_less_one) in laws {
            let mut draw = Seed::new(1).stream("w").step(0);
            let found = variance(&law.weights(60_000, 300, 200, &mut draw));
            let bound = 5.0 * expected * (kurtosis_less_one / 60_000.0f64).sqrt();
            assert!((found - expected).abs() < bound, "{law:?}: {found}, expected {expected}");
        }
    }

    #[test]
    fn layers_differ_and_repeat_by_path() {
        let weight = |path: &str| {
            let layer = Init::KaimingNormal.linear(4, 3, Seed::new(1), path, &Device::flex());
            layer.weight.val().into_data()
        };
        assert_ne!(weight("a"), weight("b"));
        assert_eq!(weight("a"), weight("a"));
    }
}

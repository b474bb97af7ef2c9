//! Techniques that stand over the weights of a layer: they say how weights meet inputs.
//!
//! A [`Dense`] or a [`Convolution`] of a model holds its weights as ever, and at most one technique
//! over them. Tensors that such a technique trains beside the weights, as the spread of a Bayesian
//! layer, lie within it and are never penalized.

use super::Reparameterization;
use super::estimator::dense;
use crate::chance::{Source, StepClock};
use crate::error::{Error, Subject};
use crate::host::Numbers;
use crate::model::activation::Activation;
use burn::module::{Module, Param};
use burn::nn::conv::Conv2d;
use burn::nn::{Linear, PaddingConfig2d};
use burn::tensor::module::{conv2d, linear};
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Device, Tensor};
use wellfit_core::seed::{Draw, Seed};

/// How the weights of a layer meet its inputs.
pub trait Product<const D: usize> {
    /// Inputs times weights, and the bias where there is one.
    fn of(&self, input: Tensor<D>, weight: Tensor<D>, bias: Option<Tensor<1>>) -> Tensor<D>;

    /// Inputs times weights N(mean, variance), drawn for every example and output, where that is
    /// one operation.
    fn local(
        &self,
        _input: Tensor<D>,
        _mean: Tensor<D>,
        _variance: Tensor<D>,
        _draw: &mut Draw,
    ) -> Option<Tensor<D>> {
        None
    }
}

/// A linear layer: inputs [batch, in], weights [in, out].
#[derive(Debug, Clone, Copy)]
pub struct Matrix;

impl Product<2> for Matrix {
    fn of(&self, input: Tensor<2>, weight: Tensor<2>, bias: Option<Tensor<1>>) -> Tensor<2> {
        linear(input, weight, bias)
    }

    fn local(
        &self,
        input: Tensor<2>,
        mean: Tensor<2>,
        variance: Tensor<2>,
        draw: &mut Draw,
    ) -> Option<Tensor<2>> {
        Some(dense::outputs(input, mean, variance, draw))
    }
}

/// A convolution: inputs [batch, in, height, width], weights [out, in, height, width].
impl Product<4> for ConvOptions<2> {
    fn of(&self, input: Tensor<4>, weight: Tensor<4>, bias: Option<Tensor<1>>) -> Tensor<4> {
        conv2d(input, weight, bias, self.clone())
    }
}

/// What a technique is told about the weights over which it may stand.
pub struct WeightSite<'a> {
    /// Path of the layer in the model.
    pub path: String,
    /// Shape of the weights: [in, out] of a linear layer, [out, in, height, width] of a
    /// convolution.
    pub shape: Vec<usize>,
    /// The initial weights, flat.
    pub weights: Tensor<1>,
    /// Whether the layer gives the model's outputs.
    pub is_head: bool,
    /// Device of the model.
    pub device: &'a Device,
    pub(super) seed: Seed,
    pub(super) clock: &'a StepClock,
}

impl WeightSite<'_> {
    /// A source of chance for technique `id` here.
    pub fn source(&self, id: &str) -> Source {
        Source::new(self.seed, &format!("{id} over {}", self.path), self.clock)
    }

    /// Refuses weights that are all zero, for technique `id` that divides them by a length.
    ///
    /// # Errors
    /// They are, or there are none.
    pub fn refuse_zeros(&self, id: &'static str) -> Result<(), Error> {
        if Numbers::of(&self.weights).values().iter().any(|&weight| weight != 0.0) {
            return Ok(());
        }
        let message = format!(
            "{id} divides weights by their length, and those of `{}` begin as zeros: expected \
             another law, as init = \"lecun_normal\" in [model]",
            self.path
        );
        Err(Error::refused(Subject::Technique(id), message))
    }

    /// Numbers that each output is a sum of.
    pub fn fan_in(&self) -> usize {
        match self.shape[..] {
            [inputs, _] => inputs,
            _ => self.shape.iter().skip(1).product(),
        }
    }
}

/// Sums what belongs to one output: [in, out] -> [1, out], [out, in, height, width] ->
/// [out, 1, 1, 1].
pub(super) fn sum_of_output<const D: usize>(values: Tensor<D>) -> Tensor<D> {
    match D {
        2 => values.sum_dim(0),
        _ => (1..D).fold(values, |values, axis| values.sum_dim(axis)),
    }
}

/// A linear layer: inputs W + b, W of shape [in, out].
#[derive(Module, Debug)]
pub struct Dense {
    /// The weights, [in, out].
    pub weight: Param<Tensor<2>>,
    /// The bias, one number for each output.
    pub bias: Option<Param<Tensor<1>>>,
    over: Option<Reparameterization>,
}

impl Dense {
    /// A linear layer with a technique over its weights, or none.
    pub fn new(layer: Linear, over: Option<Reparameterization>) -> Self {
        Self { weight: layer.weight, bias: layer.bias, over }
    }

    /// The technique over the weights.
    pub fn over(&self) -> Option<&Reparameterization> {
        self.over.as_ref()
    }

    /// # Shapes
    /// [batch, in] -> [batch, out]
    pub fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        let (weight, bias) = (self.weight.val(), self.bias.as_ref().map(Param::val));
        match &self.over {
            Some(over) => over.linear(weight, bias, input),
            None => linear(input, weight, bias),
        }
    }

    /// The layer and the activation right behind it.
    ///
    /// # Shapes
    /// [batch, in] -> [batch, out]
    pub fn activated(&self, input: Tensor<2>, activation: Activation) -> Tensor<2> {
        let parts = || (self.weight.val(), self.bias.as_ref().map(Param::val));
        activated(&Matrix, self.over(), parts, input.clone(), activation)
            .unwrap_or_else(|| activation.apply(self.forward(input)))
    }
}

/// Layer and activation together, where the technique over the weights wants them so.
fn activated<const D: usize>(
    product: &impl Product<D>,
    over: Option<&Reparameterization>,
    parts: impl FnOnce() -> (Tensor<D>, Option<Tensor<1>>),
    input: Tensor<D>,
    activation: Activation,
) -> Option<Tensor<D>> {
    match over {
        Some(Reparameterization::DropConnect(over)) if over.matches_moments(&input) => {
            let (weight, bias) = parts();
            Some(over.activated(product, weight, bias, input, activation))
        }
        _ => None,
    }
}

/// A convolution over images.
#[derive(Module, Debug)]
pub struct Convolution {
    /// The filters, [out, in, height, width].
    pub weight: Param<Tensor<4>>,
    /// The bias, one number for each output.
    pub bias: Option<Param<Tensor<1>>>,
    over: Option<Reparameterization>,
    #[module(skip)]
    options: ConvOptions<2>,
}

impl Convolution {
    /// A convolution with a technique over its weights, or none.
    ///
    /// # Errors
    /// The padding `Same`, which follows the size of the image.
    pub fn new(layer: Conv2d, over: Option<Reparameterization>) -> Result<Self, Error> {
        let padding = match layer.padding {
            PaddingConfig2d::Valid => [(0, 0); 2],
            PaddingConfig2d::Explicit(top, left, bottom, right) => [(top, bottom), (left, right)],
            PaddingConfig2d::Same => {
                let message = "expected a convolution with explicit padding, found `Same`";
                return Err(Error::Mismatch(message.to_owned()));
            }
        };
        let (stride, dilation, groups) = (layer.stride, layer.dilation, layer.groups);
        let options = ConvOptions { padding, stride, dilation, groups };
        Ok(Self { weight: layer.weight, bias: layer.bias, over, options })
    }

    /// The technique over the weights.
    pub fn over(&self) -> Option<&Reparameterization> {
        self.over.as_ref()
    }

    /// # Shapes
    /// [batch, in, height, width] -> [batch, out, height', width']
    pub fn forward(&self, input: Tensor<4>) -> Tensor<4> {
        let (weight, bias) = (self.weight.val(), self.bias.as_ref().map(Param::val));
        match &self.over {
            Some(over) => over.convolution(weight, bias, input, self.options.clone()),
            None => conv2d(input, weight, bias, self.options.clone()),
        }
    }

    /// The layer and the activation right behind it.
    ///
    /// # Shapes
    /// [batch, in, height, width] -> [batch, out, height', width']
    pub fn activated(&self, input: Tensor<4>, activation: Activation) -> Tensor<4> {
        let parts = || (self.weight.val(), self.bias.as_ref().map(Param::val));
        activated(&self.options, self.over(), parts, input.clone(), activation)
            .unwrap_or_else(|| activation.apply(self.forward(input)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::nn::conv::Conv2dConfig;

    #[test]
    fn a_convolution_is_burn_s_own_whatever_its_geometry() {
        let device = Device::flex();
        let config = Conv2dConfig::new([2, 4], [3, 2]).with_stride([1, 2]).with_dilation([2, 1]);
        let config = config.with_groups(2);
        for padding in [PaddingConfig2d::Valid, PaddingConfig2d::Explicit(1, 0, 1, 0)] {
            let layer = config.clone().with_padding(padding).init(&device);
            let x = Tensor::<1, burn::tensor::Int>::arange(0..126, &device).float();
            let x: Tensor<4> = x.sin().reshape([1, 2, 7, 9]);
            let (expected, ours) = (layer.forward(x.clone()), Convolution::new(layer, None));
            assert_eq!(ours.unwrap().forward(x).into_data(), expected.into_data());
        }
        let same = config.with_stride([1, 1]).with_padding(PaddingConfig2d::Same).init(&device);
        assert!(Convolution::new(same, None).unwrap_err().to_string().contains("found `Same`"));
    }
}

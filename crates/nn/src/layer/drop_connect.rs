//! DropConnect: in training, each weight is zero with probability `rate`, anew for every example.
//!
//! u = (M ∘ W) x / (1 - rate) + b, M ~ Bernoulli(1 - rate) for each weight and example
//!
//! Evaluation has two forms. `gaussian` is the paper's: a sum of many dropped weights is nearly
//! u ~ N(Wx, rate / (1 - rate) (W ∘ W)(x ∘ x)), and the mean of the activation over it goes on.
//! `mean` passes Wx. The first asks for an activation right behind the layer, and is the second
//! where a normalization or a sum stands between. Monte Carlo inference samples masks.
//!
//! Wan et al. 2013, ICML, PMLR 28(3):1058-1066.

mod host;
mod moments;
mod per_example;

use super::reparameterization::{Matrix, Product, WeightSite};
use super::{Layer, LayerDoor, Reparameterization, Site};
use crate::Error;
use crate::chance::{Source, mask_like};
use crate::model::activation::Activation;
use crate::technique::{Door, Technique};
use burn::module::{Flag, Module, Param};
use burn::tensor::Tensor;
use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
use moments::expected;
use per_example::{Masks, product};
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::Rate;
use wellfit_core::seed::Draw;

const CARD: Card = Card {
    id: "drop_connect",
    name: "DropConnect",
    door: card::Door::Layer,
    family: Family::ArchitectureBased,
    one_line: "Zeroes each weight with probability `rate`, anew for every example.",
    formula: "y = (M ∘ W) x / (1 - rate) + b, M ~ Bernoulli(1 - rate) per weight and example",
    paper: "Wan et al. 2013, PMLR 28(3):1058-1066",
    when: "Wide linear layers that memorize, where dropout of activations is too coarse.",
    watch_out: "A mask for every example makes a step many times as long; mask = \"batch\" is \
                cheap and regularizes less. What EfficientNet calls drop connect is \
                stochastic_depth.",
    example: "{ rate = 0.5 }",
    off: Some("{ rate = 0.0 }"),
    search: &[Range { key: "rate", low: 0.05, high: 0.7, scale: Scale::Linear }],
};

/// Share of the weights that is dropped, for whom, and what evaluation does.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Share of the weights that is dropped, in [0, 1); 0 is off.
    pub rate: Rate,
    /// Whether every example has a mask of its own.
    #[serde(default)]
    pub mask: Mask,
    /// Whether biases are dropped as well, as in the paper.
    #[serde(default = "biases_too")]
    pub bias: bool,
    /// What evaluation does.
    #[serde(default)]
    pub inference: Inference,
}

/// For whom a mask is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mask {
    /// For every example, as in the paper.
    #[default]
    Example,
    /// For all examples of a batch together.
    Batch,
}

/// What evaluation does in place of a mask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Inference {
    /// The mean of the activation over the Gaussian that has the moments of the sums.
    #[default]
    Gaussian,
    /// The activation of the sums' mean: all weights at work.
    Mean,
}

fn biases_too() -> bool {
    true
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

    fn build(&self, _: &Site<'_>) -> Result<Option<Layer>, Error> {
        Ok(None)
    }

    fn reparameterize(&self, site: &WeightSite<'_>) -> Result<Option<Reparameterization>, Error> {
        let layer = || DropConnect::new(*self, site.source(CARD.id));
        Ok((!site.is_head).then(|| Reparameterization::DropConnect(layer())))
    }
}

/// The layer's weights, dropped.
#[derive(Module, Debug)]
pub struct DropConnect {
    #[module(skip)]
    config: Config,
    #[module(skip)]
    source: Source,
    training: Param<Flag>,
}

impl DropConnect {
    /// Drops weights, drawing from `source`.
    pub fn new(config: Config, source: Source) -> Self {
        Self { config, source, training: Param::from_bool(true) }
    }

    /// A linear layer with dropped weights.
    ///
    /// # Shapes
    /// weight [in, out], input [batch, in] -> [batch, out]
    pub fn linear(
        &self,
        weight: Tensor<2>,
        bias: Option<Tensor<1>>,
        input: Tensor<2>,
    ) -> Tensor<2> {
        if !self.source.is_live(&self.training, &input) {
            return Matrix.of(input, weight, bias);
        }
        let draw = &mut self.source.draw();
        if self.config.mask == Mask::Batch {
            return self.of_batch(&Matrix, weight, bias, input, draw);
        }
        let masks = Masks::new(self.config.rate, draw);
        let sums = product(input, weight, masks);
        self.shifted(sums, bias, draw)
    }

    /// A convolution with dropped weights.
    ///
    /// # Shapes
    /// weight [out, in, height, width], input [batch, in, ..] -> [batch, out, ..]
    pub fn convolution(
        &self,
        weight: Tensor<4>,
        bias: Option<Tensor<1>>,
        input: Tensor<4>,
        options: ConvOptions<2>,
    ) -> Tensor<4> {
        if !self.source.is_live(&self.training, &input) {
            return options.of(input, weight, bias);
        }
        let draw = &mut self.source.draw();
        if self.config.mask == Mask::Batch {
            return self.of_batch(&options, weight, bias, input, draw);
        }
        // A group for every example: each meets filters of its own.
        let [batch, channels, height, width] = input.dims();
        let [outputs, inputs, rows, columns] = weight.dims();
        let each = weight.repeat_dim(0, batch);
        let masked = each.clone() * mask_like(&each, self.config.rate, draw);
        let input = input.reshape([1, batch * channels, height, width]);
        let groups = batch * options.groups;
        let filters = masked.reshape([batch * outputs, inputs, rows, columns]);
        let sums = conv2d(input, filters, None, ConvOptions { groups, ..options });
        let [_, _, height, width] = sums.dims();
        self.shifted(sums.reshape([batch, outputs, height, width]), bias, draw)
    }

    /// The layer and the activation right behind it, which `gaussian` inference takes together.
    ///
    /// # Shapes
    /// those of the product
    pub fn activated<const D: usize>(
        &self,
        product: &impl Product<D>,
        weight: Tensor<D>,
        bias: Option<Tensor<1>>,
        input: Tensor<D>,
        activation: Activation,
    ) -> Tensor<D> {
        let [mean, variance] = self.moments(product, weight, bias, input);
        expected(activation, mean, variance)
    }

    /// Mean and variance of the sums over all masks.
    fn moments<const D: usize>(
        &self,
        product: &impl Product<D>,
        weight: Tensor<D>,
        bias: Option<Tensor<1>>,
        input: Tensor<D>,
    ) -> [Tensor<D>; 2] {
        // rate / (1 - rate): the variance of one element of the mask.
        let spread = 1.0 / self.config.rate.keep() - 1.0;
        let variance_of = |bias: Tensor<1>| bias.square() * spread;
        let bias_variance = bias.clone().filter(|_| self.config.bias).map(variance_of);
        let squares = weight.clone().square() * spread;
        let variance = product.of(input.clone().square(), squares, bias_variance);
        [product.of(input, weight, bias), variance]
    }

    /// Whether evaluation of `input` takes the layer and its activation together.
    pub fn matches_moments<const D: usize>(&self, input: &Tensor<D>) -> bool {
        self.config.inference == Inference::Gaussian && !self.source.is_live(&self.training, input)
    }

    fn of_batch<const D: usize>(
        &self,
        product: &impl Product<D>,
        weight: Tensor<D>,
        bias: Option<Tensor<1>>,
        input: Tensor<D>,
        draw: &mut Draw,
    ) -> Tensor<D> {
        let mask = mask_like(&weight, self.config.rate, draw);
        let dropped = |bias: Tensor<1>| match self.config.bias {
            true => bias.clone() * mask_like(&bias, self.config.rate, draw),
            false => bias,
        };
        product.of(input, weight * mask, bias.map(dropped))
    }

    /// Adds the bias, dropped for every example by itself where biases are dropped.
    fn shifted<const D: usize>(
        &self,
        sums: Tensor<D>,
        bias: Option<Tensor<1>>,
        draw: &mut Draw,
    ) -> Tensor<D> {
        let Some(bias) = bias else { return sums };
        let mut dims = [1; D];
        dims[1] = bias.dims()[0];
        let bias = bias.reshape(dims);
        if !self.config.bias {
            return sums + bias;
        }
        let each = bias.repeat_dim(0, sums.dims()[0]);
        let mask = mask_like(&each, self.config.rate, draw);
        sums + each * mask
    }
}

#[cfg(test)]
mod tests;

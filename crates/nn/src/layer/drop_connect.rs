//! DropConnect: in training, each weight is zero with probability `rate`, anew for every example.
//!
//! r = a((M ∘ W) x / (1 - rate)), M ~ Bernoulli(1 - rate) for each weight and example
//!
//! Wan et al. 2013, ICML, PMLR 28(3):1058-1066.

use super::reparameterization::WeightSite;
use super::{Layer, LayerDoor, Reparameterization, Site};
use crate::Error;
use crate::chance::{Source, mask_like};
use crate::technique::{Door, Technique};
use burn::module::{Flag, Module, Param};
use burn::tensor::Tensor;
use burn::tensor::module::{conv2d, linear};
use burn::tensor::ops::ConvOptions;
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::Rate;

const CARD: Card = Card {
    id: "drop_connect",
    name: "DropConnect",
    door: card::Door::Layer,
    family: Family::ArchitectureBased,
    one_line: "Zeroes each weight with probability `rate`, anew for every example.",
    formula: "y = (M ∘ W) x / (1 - rate) + b, M ~ Bernoulli(1 - rate) per weight and example",
    paper: "Wan et al. 2013, PMLR 28(3):1058-1066",
    when: "Wide linear layers that memorize, where dropout of activations is too coarse.",
    watch_out: "A mask for every example costs memory: batch x weights numbers. What EfficientNet \
                calls drop connect is stochastic_depth.",
    example: "{ rate = 0.5 }",
    off: Some("{ rate = 0.0 }"),
    search: &[Range { key: "rate", low: 0.05, high: 0.7, scale: Scale::Linear }],
};

/// Share of the weights that is dropped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Share of the weights that is dropped, in [0, 1); 0 is off.
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

    fn build(&self, _: &Site<'_>) -> Result<Option<Layer>, Error> {
        Ok(None)
    }

    fn reparameterize(&self, site: &WeightSite<'_>) -> Result<Option<Reparameterization>, Error> {
        let layer = || DropConnect::new(self.rate, site.source(CARD.id));
        Ok((!site.is_head).then(|| Reparameterization::DropConnect(layer())))
    }
}

/// The layer's weights, dropped.
#[derive(Module, Debug)]
pub struct DropConnect {
    #[module(skip)]
    rate: Rate,
    #[module(skip)]
    source: Source,
    training: Param<Flag>,
}

impl DropConnect {
    /// Drops with `rate`, drawing from `source`.
    pub fn new(rate: Rate, source: Source) -> Self {
        Self { rate, source, training: Param::from_bool(true) }
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
            return linear(input, weight, bias);
        }
        let [batch, _] = input.dims();
        let each = weight.unsqueeze::<3>().repeat_dim(0, batch);
        let mask = mask_like(&each, self.rate, &mut self.source.draw());
        let sums: Tensor<2> = input.unsqueeze_dim::<3>(1).matmul(each * mask).squeeze_dim(1);
        match bias {
            Some(bias) => sums + bias.unsqueeze(),
            None => sums,
        }
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
            return conv2d(input, weight, bias, options);
        }
        let mask = mask_like(&weight, self.rate, &mut self.source.draw());
        conv2d(input, weight * mask, bias, options)
    }
}

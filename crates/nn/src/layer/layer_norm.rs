//! Layer normalization.
//!
//! y = γ (x - mean) / sqrt(var + eps) + β, mean and biased variance over the features of each
//! example, the same in training and evaluation
//!
//! Ba et al. 2016, arXiv 1607.06450.

use super::{Layer, LayerDoor, Site, SiteKind};
use crate::error::{Error, Subject};
use crate::technique::{Door, Technique};
use burn::module::{Module, Param};
use burn::tensor::module::layer_norm;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family};
use wellfit_core::number::Positive;

const CARD: Card = Card {
    id: "layer_norm",
    name: "Layer normalization",
    door: card::Door::Layer,
    family: Family::ArchitectureBased,
    one_line: "Normalizes the features of each example by themselves.",
    formula: "y = γ (x - mean) / sqrt(var + ε) + β",
    paper: "Ba et al. 2016, arXiv 1607.06450",
    when: "Small batches, sequences, transformers: nothing depends on the other examples.",
    watch_out: "It normalizes the last axis: for images use group_norm.",
    example: "{}",
    off: None,
    search: &[],
};

/// Layer normalization between each hidden layer and its activation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Added to the variance.
    #[serde(default = "super::epsilon")]
    pub epsilon: Positive,
    /// Whether there are a trained scale γ and shift β.
    #[serde(default = "super::yes")]
    pub affine: bool,
}

impl Technique for Config {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        false
    }

    fn at_door(self) -> Door {
        Door::Layer(Box::new(self))
    }
}

impl LayerDoor for Config {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn build(&self, site: &Site<'_>) -> Result<Option<Layer>, Error> {
        if site.kind == SiteKind::Norm && site.spatial {
            let message = "layer_norm would normalize the rows of images: use group_norm, where \
                           groups = 1 is layer norm over all channels";
            return Err(Error::refused(Subject::Technique(CARD.id), message));
        }
        if site.kind == SiteKind::Norm && site.features < 2 {
            let message = format!("one feature at `{}` normalizes to nothing", site.path);
            return Err(Error::refused(Subject::Technique(CARD.id), message));
        }
        let layer = || Layer::LayerNorm(LayerNorm::new(site.features, self, site.device));
        Ok((site.kind == SiteKind::Norm).then(layer))
    }
}

/// The layer.
///
/// # Shapes
/// [..., features] -> the same
#[derive(Module, Debug)]
pub struct LayerNorm {
    gamma: Option<Param<Tensor<1>>>,
    beta: Option<Param<Tensor<1>>>,
    #[module(skip)]
    epsilon: Positive,
}

impl LayerNorm {
    /// A layer over `features` features, with scale 1 and shift 0.
    pub fn new(features: usize, config: &Config, device: &Device) -> Self {
        let gamma = || Param::from_tensor(Tensor::ones([features], device));
        let beta = || Param::from_tensor(Tensor::zeros([features], device));
        Self {
            gamma: config.affine.then(gamma),
            beta: config.affine.then(beta),
            epsilon: config.epsilon,
        }
    }

    /// Normalizes over the last axis.
    pub fn forward<const D: usize>(&self, input: Tensor<D>) -> Tensor<D> {
        let ones = || Tensor::ones([input.dims()[D - 1]], &input.device());
        let gamma = self.gamma.as_ref().map_or_else(ones, Param::val);
        layer_norm(input, gamma, self.beta.as_ref().map(Param::val), self.epsilon.get())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::golden::{close, images};

    #[test]
    fn outputs_are_pytorch_s_with_and_without_scale_and_shift() {
        let x: Tensor<2> = images().flatten(1, 3);
        for affine in [true, false] {
            let config = Config { epsilon: Positive::EPSILON, affine };
            let layer = LayerNorm::new(36, &config, &x.device());
            assert_eq!(crate::parameter::parameters(&layer).len(), if affine { 2 } else { 0 });
            close(layer.forward(x.clone()), "norms", "layer_norm");
        }
    }
}

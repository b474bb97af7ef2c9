//! Layer normalization, over Burn's layer.
//!
//! y = γ (x - mean) / sqrt(var + eps) + β, mean and biased variance over the features of each
//! example, the same in training and evaluation
//!
//! Ba et al. 2016, arXiv 1607.06450.

use super::{Layer, LayerDoor, Site, SiteKind};
use crate::error::{Error, Subject};
use crate::technique::{Door, Technique};
use burn::module::Module;
use burn::nn::LayerNormConfig;
use burn::tensor::Tensor;
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
        let config = LayerNormConfig::new(site.features).with_epsilon(self.epsilon.get());
        let layer = || Layer::LayerNorm(LayerNorm { norm: config.init(site.device) });
        Ok((site.kind == SiteKind::Norm).then(layer))
    }
}

/// The layer.
///
/// # Shapes
/// [..., features] -> the same
#[derive(Module, Debug)]
pub struct LayerNorm {
    norm: burn::nn::LayerNorm,
}

impl LayerNorm {
    /// Normalizes over the last axis.
    pub fn forward<const D: usize>(&self, input: Tensor<D>) -> Tensor<D> {
        self.norm.forward(input)
    }
}

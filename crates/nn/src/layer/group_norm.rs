//! Group normalization, over Burn's layer.
//!
//! y = γ (x - mean) / sqrt(var + eps) + β, mean and biased variance over each group of features
//! of each example, the same in training and evaluation
//!
//! Wu and He 2018, arXiv 1803.08494.

use super::{Layer, LayerDoor, Site, SiteKind};
use crate::error::{Error, Subject};
use crate::technique::{Door, Technique};
use burn::module::Module;
use burn::nn::GroupNormConfig;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use std::num::NonZeroUsize;
use wellfit_core::card::{self, Card, Family};
use wellfit_core::number::Positive;

const CARD: Card = Card {
    id: "group_norm",
    name: "Group normalization",
    door: card::Door::Layer,
    family: Family::ArchitectureBased,
    one_line: "Normalizes groups of features of each example by themselves.",
    formula: "y = γ (x - mean) / sqrt(var + ε) + β, over each group",
    paper: "Wu and He 2018, arXiv 1803.08494",
    when: "Images with batches too small for batch norm.",
    watch_out: "`groups` must divide the number of features. groups = 1 is layer norm over all \
                features; as many groups as channels is instance norm.",
    example: "{ groups = 8 }",
    off: None,
    search: &[],
};

/// Group normalization between each hidden layer and its activation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Number of groups; divides the number of features.
    pub groups: NonZeroUsize,
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
        if site.kind != SiteKind::Norm {
            return Ok(None);
        }
        let groups = self.groups.get();
        let refused = |why: &str| {
            let (features, path) = (site.features, &site.path);
            let message = format!("{groups} groups of the {features} features at `{path}` {why}");
            Err(Error::refused(Subject::Technique(CARD.id), message))
        };
        if !site.features.is_multiple_of(groups) {
            return refused("are not equal: expected a number that divides them");
        }
        if site.features == groups && !site.spatial {
            return refused("hold one value each, which normalizes to nothing: take fewer");
        }
        let config = GroupNormConfig::new(groups, site.features).with_epsilon(self.epsilon.get());
        Ok(Some(Layer::GroupNorm(GroupNorm { norm: config.init(site.device) })))
    }
}

/// The layer.
///
/// # Shapes
/// [batch, features, ...] -> the same
#[derive(Module, Debug)]
pub struct GroupNorm {
    norm: burn::nn::GroupNorm,
}

impl GroupNorm {
    /// Normalizes each group of each example.
    pub fn forward<const D: usize>(&self, input: Tensor<D>) -> Tensor<D> {
        self.norm.forward(input)
    }
}

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
        let config = GroupNormConfig::new(groups, site.features)
            .with_epsilon(self.epsilon.get())
            .with_affine(self.affine);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::golden::{close, images};
    use burn::nn::InstanceNormConfig;

    fn over<const D: usize>(groups: usize, input: Tensor<D>) -> Tensor<D> {
        let config = GroupNormConfig::new(groups, input.dims()[1]);
        GroupNorm { norm: config.init(&input.device()) }.forward(input)
    }

    #[test]
    fn outputs_are_pytorch_s() {
        close(over(3, images()), "norms", "group_norm");
        close(over::<2>(4, images().flatten(1, 3)), "norms", "group_norm_flat");
    }

    #[test]
    fn one_group_is_layer_norm_over_all_channels_and_a_group_each_is_instance_norm() {
        close(over(1, images()), "norms", "layer_norm_of_images");
        close(over(6, images()), "norms", "instance_norm");
        let instance = InstanceNormConfig::new(6).init(&images().device()).forward(images());
        assert_eq!(over(6, images()).into_data(), instance.into_data());
    }

    #[test]
    fn each_group_has_mean_0_and_variance_1() {
        let y: Vec<f64> = over(3, images()).into_data().try_into_vec_as().unwrap();
        for group in y.chunks(2 * 6) {
            let mean = group.iter().sum::<f64>() / 12.0;
            let variance = group.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / 12.0;
            assert!(mean.abs() < 1e-6 && (variance - 1.0).abs() < 1e-3, "{mean} {variance}");
        }
    }
}

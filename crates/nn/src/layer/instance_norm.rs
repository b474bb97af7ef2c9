//! Instance normalization, over Burn's layer.
//!
//! y = γ (x - mean) / sqrt(var + eps) + β, mean and biased variance over each channel of each
//! image, the same in training and evaluation
//!
//! Ulyanov et al. 2016, arXiv 1607.08022.

use super::{Layer, LayerDoor, Site, SiteKind};
use crate::error::{Error, Subject};
use crate::technique::{Door, Technique};
use burn::module::Module;
use burn::nn::InstanceNormConfig;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family};
use wellfit_core::number::Positive;

const CARD: Card = Card {
    id: "instance_norm",
    name: "Instance normalization",
    door: card::Door::Layer,
    family: Family::ArchitectureBased,
    one_line: "Normalizes each channel of each image by itself.",
    formula: "y = γ (x - mean) / sqrt(var + ε) + β, over each channel of an image",
    paper: "Ulyanov et al. 2016, arXiv 1607.08022",
    when: "Images whose brightness and contrast should not matter; batches of any size.",
    watch_out: "It takes away how strong a channel is, which classes may depend on: group_norm \
                keeps ratios within a group.",
    example: "{}",
    off: None,
    search: &[],
};

/// Instance normalization between each convolution and its activation.
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
        if site.kind != SiteKind::Norm {
            return Ok(None);
        }
        if !site.spatial {
            let message = format!(
                "instance_norm would normalize single numbers at `{}`, which are no channels of \
                 an image: use layer_norm, or a convolutional model",
                site.path
            );
            return Err(Error::refused(Subject::Technique(CARD.id), message));
        }
        let config = InstanceNormConfig::new(site.features)
            .with_epsilon(self.epsilon.get())
            .with_affine(self.affine);
        Ok(Some(Layer::InstanceNorm(InstanceNorm { norm: config.init(site.device) })))
    }
}

/// The layer.
///
/// # Shapes
/// [batch, channels, ...] -> the same
#[derive(Module, Debug)]
pub struct InstanceNorm {
    norm: burn::nn::InstanceNorm,
}

impl InstanceNorm {
    /// Normalizes each channel of each image.
    pub fn forward<const D: usize>(&self, input: Tensor<D>) -> Tensor<D> {
        self.norm.forward(input)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::golden::{close, images};

    #[test]
    fn outputs_are_pytorch_s() {
        let layer = InstanceNorm { norm: InstanceNormConfig::new(6).init(&images().device()) };
        close(layer.forward(images()), "norms", "instance_norm");
    }
}

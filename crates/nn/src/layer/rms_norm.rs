//! Root-mean-square normalization.
//!
//! y = γ x / sqrt(mean(x²) + eps), the mean over the features of each example, the same in training
//! and evaluation
//!
//! Zhang and Sennrich 2019, arXiv 1910.07467.

use super::{Layer, LayerDoor, Site, SiteKind};
use crate::error::{Error, Subject};
use crate::technique::{Door, Technique};
use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family};
use wellfit_core::number::Positive;

const CARD: Card = Card {
    id: "rms_norm",
    name: "RMS normalization",
    door: card::Door::Layer,
    family: Family::ArchitectureBased,
    one_line: "Divides the features of each example by their root mean square.",
    formula: "y = γ x / sqrt(mean(x²) + ε)",
    paper: "Zhang and Sennrich 2019, arXiv 1910.07467",
    when: "As layer_norm, a little cheaper: it neither centres nor shifts.",
    watch_out: "It normalizes the last axis: for images use group_norm.",
    example: "{}",
    off: None,
    search: &[],
};

/// RMS normalization between each hidden layer and its activation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Added to the mean square.
    #[serde(default = "super::epsilon")]
    pub epsilon: Positive,
    /// Whether there is a trained scale γ.
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
            let message = "rms_norm would normalize the rows of images: use group_norm or \
                           instance_norm";
            return Err(Error::refused(Subject::Technique(CARD.id), message));
        }
        if site.kind == SiteKind::Norm && site.features < 2 {
            let message = format!("one feature at `{}` leaves nothing but its sign", site.path);
            return Err(Error::refused(Subject::Technique(CARD.id), message));
        }
        let layer = || Layer::RmsNorm(RmsNorm::new(site.features, self, site.device));
        Ok((site.kind == SiteKind::Norm).then(layer))
    }
}

/// The layer.
///
/// # Shapes
/// [..., features] -> the same
#[derive(Module, Debug)]
pub struct RmsNorm {
    gamma: Option<Param<Tensor<1>>>,
    #[module(skip)]
    epsilon: Positive,
}

impl RmsNorm {
    /// A layer over `features` features; its scale begins at 1.
    pub fn new(features: usize, config: &Config, device: &Device) -> Self {
        let gamma = || Param::from_tensor(Tensor::ones([features], device));
        Self { gamma: config.affine.then(gamma), epsilon: config.epsilon }
    }

    /// Normalizes over the last axis.
    pub fn forward<const D: usize>(&self, input: Tensor<D>) -> Tensor<D> {
        let mean = input.clone().square().mean_dim(D - 1);
        let normalized = input / (mean + self.epsilon.get()).sqrt();
        match &self.gamma {
            Some(gamma) => normalized * gamma.val().unsqueeze(),
            None => normalized,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::golden::{close, images};

    #[test]
    fn outputs_are_pytorch_s_with_and_without_a_scale() {
        let x: Tensor<2> = images().flatten(1, 3);
        for affine in [true, false] {
            let config = Config { epsilon: Positive::EPSILON, affine };
            let layer = RmsNorm::new(36, &config, &x.device());
            assert_eq!(crate::parameter::parameters(&layer).len(), usize::from(affine));
            close(layer.forward(x.clone()), "norms", "rms_norm");
        }
    }
}

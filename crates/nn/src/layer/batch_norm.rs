//! Batch normalization, over Burn's layer.
//!
//! y = γ (x - mean) / sqrt(var + eps) + β, mean and biased variance over the batch in training,
//! running averages in evaluation: running <- (1 - momentum) running + momentum batch
//!
//! Ioffe and Szegedy 2015, arXiv 1502.03167.

use super::{Layer, LayerDoor, Site, SiteKind};
use crate::Error;
use crate::technique::{Door, Technique};
use burn::module::Module;
use burn::nn::BatchNormConfig;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family};
use wellfit_core::number::{Fraction, Positive};

const CARD: Card = Card {
    id: "batch_norm",
    name: "Batch normalization",
    door: card::Door::Layer,
    family: Family::ArchitectureBased,
    one_line: "Normalizes each feature over the batch; noise of the batch regularizes a little.",
    formula: "y = γ (x - mean) / sqrt(var + ε) + β",
    paper: "Ioffe and Szegedy 2015, arXiv 1502.03167",
    when: "Deep networks with batches of 16 examples or more.",
    watch_out: "Small batches make its statistics noise: use group_norm there. The running \
                variance is the biased one (Burn's), where PyTorch keeps the unbiased.",
    example: "{}",
    off: None,
    search: &[],
};

/// Batch normalization between each hidden layer and its activation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Weight of the newest batch in the running statistics, in [0, 1].
    #[serde(default = "momentum")]
    pub momentum: Fraction,
    /// Added to the variance.
    #[serde(default = "super::epsilon")]
    pub epsilon: Positive,
}

fn momentum() -> Fraction {
    Fraction::TENTH
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
        let config = BatchNormConfig::new(site.features)
            .with_momentum(self.momentum.get())
            .with_epsilon(self.epsilon.get());
        let layer = || Layer::BatchNorm(BatchNorm { norm: config.init(site.device) });
        Ok((site.kind == SiteKind::Norm).then(layer))
    }
}

/// The layer.
///
/// # Shapes
/// [batch, features, ...] -> the same
#[derive(Module, Debug)]
pub struct BatchNorm {
    norm: burn::nn::BatchNorm,
}

impl BatchNorm {
    /// Normalizes over the batch in training, by the running statistics in evaluation.
    pub fn forward<const D: usize>(&self, input: Tensor<D>) -> Tensor<D> {
        self.norm.forward(input)
    }
}

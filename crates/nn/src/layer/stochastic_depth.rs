//! Stochastic depth: in training, residual blocks leave their branch out with probability `rate`.
//!
//! y = shortcut + branch b / (1 - p_l), b ~ Bernoulli(1 - p_l), p_l by the block's place l of L; all
//! branches in evaluation
//!
//! The paper scales branches down in evaluation instead of up in training, which is the same
//! network with other weights. Huang et al. 2016, arXiv 1603.09382.

use super::{Layer, LayerDoor, Site, SiteKind};
use crate::Error;
use crate::chance::{Source, mask_of};
use crate::technique::{Door, Technique};
use burn::module::{Flag, Module, Param};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::Rate;

const CARD: Card = Card {
    id: "stochastic_depth",
    name: "Stochastic depth",
    door: card::Door::Layer,
    family: Family::ArchitectureBased,
    one_line: "Leaves branches of residual blocks out, the later the block the more often.",
    formula: "y = x + f(x) b / (1 - p_l), b ~ Bernoulli(1 - p_l), p_l = rate · l / L",
    paper: "Huang et al. 2016, arXiv 1603.09382",
    when: "Deep residual networks. `mode = \"batch\"` also saves the time of what it leaves out.",
    watch_out: "It needs residual blocks: `resnet`, or `mlp` with `skip = true`. EfficientNet's code \
                calls it drop connect.",
    example: "{ rate = 0.2 }",
    off: Some("{ rate = 0.0 }"),
    search: &[Range { key: "rate", low: 0.05, high: 0.5, scale: Scale::Linear }],
};

/// How often branches are left out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Largest share of the passes without a branch, in [0, 1); 0 is off.
    pub rate: Rate,
    /// Whether each example draws for itself (`row`) or the batch as one (`batch`), which then
    /// does not compute the branch.
    #[serde(default)]
    pub mode: Mode,
    /// How the rate grows with the block's place.
    #[serde(default)]
    pub schedule: Growth,
}

/// Who draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Each example for itself.
    #[default]
    Row,
    /// The batch as one, as in the paper.
    Batch,
}

/// The rate p_l of block l = 1 .. L.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Growth {
    /// rate · l / L: the first block is left out too, the last with `rate`.
    #[default]
    Paper,
    /// rate · (l - 1) / (L - 1): never the first, the last with `rate`.
    Timm,
    /// rate · (l - 1) / L: never the first, and the last with less than `rate`.
    Efficientnet,
    /// `rate` for all.
    Uniform,
}

impl Growth {
    /// The rate of block `index`, from 0, of `count`.
    pub fn at(self, rate: Rate, index: usize, count: usize) -> Rate {
        let [l, count] = [index, count].map(|n| n as f64);
        let share = match self {
            Self::Paper => (l + 1.0) / count.max(1.0),
            Self::Timm => l / (count - 1.0).max(1.0),
            Self::Efficientnet => l / count.max(1.0),
            Self::Uniform => 1.0,
        };
        Rate::new(share.min(1.0) * rate.get()).unwrap_or(rate)
    }
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

    fn needs(&self) -> &'static str {
        "a residual block at which its rate is above 0, as in resnet or in mlp with skip = true and \
         two hidden layers of one width"
    }

    fn is_stochastic(&self) -> bool {
        true
    }

    fn build(&self, site: &Site<'_>) -> Result<Option<Layer>, Error> {
        let SiteKind::Branch { index, count } = site.kind else { return Ok(None) };
        let rate = self.schedule.at(self.rate, index, count);
        let layer = || StochasticDepth::new(rate, self.mode, site.source(CARD.id));
        Ok((rate != Rate::ZERO).then(|| Layer::StochasticDepth(layer())))
    }
}

/// The layer of one block.
///
/// # Off
/// `rate` 0, a model in `valid()`, a frozen layer: the branch passes and nothing is drawn.
#[derive(Module, Debug)]
pub struct StochasticDepth {
    #[module(skip)]
    rate: Rate,
    #[module(skip)]
    mode: Mode,
    #[module(skip)]
    source: Source,
    training: Param<Flag>,
}

impl StochasticDepth {
    /// Leaves its branch out with probability `rate`, drawing from `source`.
    pub fn new(rate: Rate, mode: Mode, source: Source) -> Self {
        Self { rate, mode, source, training: Param::from_bool(true) }
    }

    /// The branch of a block over `input`; none where it is left out for the whole batch, and then
    /// it is not computed. Add it to the shortcut, not the other way round: what is dropped is the
    /// branch alone.
    ///
    /// # Shapes
    /// [batch, ...] -> [batch, ...]
    pub fn around<const I: usize, const D: usize>(
        &self,
        input: &Tensor<I>,
        branch: impl FnOnce() -> Tensor<D>,
    ) -> Option<Tensor<D>> {
        if self.rate == Rate::ZERO || !self.source.is_live(&self.training, input) {
            return Some(branch());
        }
        let mut draw = self.source.draw();
        if self.mode == Mode::Batch {
            let scale = draw.mask(1, self.rate)[0];
            return (scale > 0.0).then(|| branch() * scale);
        }
        let branch = branch();
        let mut shape = [1; D];
        shape[0] = branch.dims()[0];
        let mask = mask_of(shape, &branch, self.rate, &mut draw);
        Some(branch * mask)
    }

    /// The same for a branch that is computed: zeros where it is left out.
    pub fn forward<const D: usize>(&self, branch: Tensor<D>) -> Tensor<D> {
        self.around(&branch, || branch.clone()).unwrap_or_else(|| branch.zeros_like())
    }
}

#[cfg(test)]
mod tests;

//! DropBlock: in training, squares of an image's activations are zero.
//!
//! Squares of `block` pixels a side begin with probability γ wherever they lie within the image,
//! γ = rate · H W / block² / ((H - block + 1) (W - block + 1)); what stays is scaled by the number
//! of all elements over the number of those that stay; the identity in evaluation
//!
//! Ghiasi et al. 2018, arXiv 1810.12890.

use super::schedule::Schedule;
use super::{Layer, LayerDoor, Site, SiteKind};
use crate::Error;
use crate::chance::Source;
use crate::technique::{Door, Technique};
use burn::module::{Flag, Module, Param};
use burn::tensor::{Tensor, TensorData};
use serde::{Deserialize, Serialize};
use std::num::NonZeroUsize;
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::Rate;

const CARD: Card = Card {
    id: "drop_block",
    name: "DropBlock",
    door: card::Door::Layer,
    family: Family::ArchitectureBased,
    one_line: "Zeroes squares of an image's activations, about a share `rate` of them.",
    formula: "y = x M count(M) / sum(M), M = 0 on squares that begin with probability γ",
    paper: "Ghiasi et al. 2018, arXiv 1810.12890",
    when: "Convolutional networks with large feature maps and long training.",
    watch_out: "Squares overlap, so that a little less than `rate` falls. The paper raises the rate \
                from 0: `schedule = { linear = EPOCHS }`. All channels lose the same squares, as \
                in timm; the paper's Algorithm 1 is coupled = false, which it found a little \
                better. A square is never larger than the image.",
    example: "{ rate = 0.1, block = 3 }",
    off: Some("{ rate = 0.0, block = 3 }"),
    search: &[Range { key: "rate", low: 0.02, high: 0.3, scale: Scale::Linear }],
};

/// Size and share of the squares.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Share of the activations that falls, in [0, 1); 0 is off.
    pub rate: Rate,
    /// Side of a square in pixels of the feature map.
    pub block: NonZeroUsize,
    /// Whether all channels of an image lose the same squares.
    #[serde(default = "super::yes")]
    pub coupled: bool,
    /// When, as with dropout.
    #[serde(default)]
    pub schedule: Schedule,
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
        "a convolution, as in lenet or resnet"
    }

    fn is_stochastic(&self) -> bool {
        true
    }

    fn build(&self, site: &Site<'_>) -> Result<Option<Layer>, Error> {
        let layer = || Layer::DropBlock(DropBlock::new(*self, site.source(CARD.id)));
        Ok((site.kind == SiteKind::Hidden && site.spatial).then(layer))
    }
}

/// The layer.
///
/// # Shapes
/// [batch, channels, height, width] -> the same; of lower rank the last axis is the width, and
/// height or channels are 1
///
/// # Off
/// `rate` 0, a model in `valid()`, a frozen layer: the input passes and nothing is drawn.
#[derive(Module, Debug)]
pub struct DropBlock {
    #[module(skip)]
    config: Config,
    #[module(skip)]
    source: Source,
    training: Param<Flag>,
}

impl DropBlock {
    /// Drops squares as `config` says, drawing from `source`.
    pub fn new(config: Config, source: Source) -> Self {
        Self { config, source, training: Param::from_bool(true) }
    }

    /// Drops squares of `input` in training, and in Monte Carlo inference.
    pub fn forward<const D: usize>(&self, input: Tensor<D>) -> Tensor<D> {
        let rate = self.config.schedule.at(self.config.rate, self.source.clock().tick());
        if rate == Rate::ZERO || !self.source.is_live(&self.training, &input) {
            return input;
        }
        let mut shape = input.dims();
        if D > 2 && self.config.coupled {
            shape[1] = 1;
        }
        let height = if D > 3 { shape[2] } else { 1 };
        let squares = Squares::new([height, shape[D - 1]], self.config.block.get());
        let planes = shape.iter().product::<usize>() / squares.area().max(1);
        let chance = squares.chance(rate);
        let begins = self.source.draw().mask(planes * squares.places(), chance);
        let mask = squares.mask(begins.iter().map(|&kept| kept == 0.0), planes);
        let mask = TensorData::new(mask, shape);
        input.clone() * Tensor::from_data(mask, (&input.device(), input.dtype()))
    }
}

/// The squares of a plane; at its smallest sides, rectangles.
struct Squares {
    plane: [usize; 2],
    block: [usize; 2],
}

impl Squares {
    fn new(plane: [usize; 2], block: usize) -> Self {
        Self { plane, block: plane.map(|side| side.min(block)) }
    }

    fn area(&self) -> usize {
        self.plane[0] * self.plane[1]
    }

    /// Rows and columns at which a square may begin.
    fn starts(&self) -> [usize; 2] {
        [0, 1].map(|axis| self.plane[axis] + 1 - self.block[axis])
    }

    fn places(&self) -> usize {
        self.starts().iter().product()
    }

    /// γ; never more than `rate`.
    fn chance(&self, rate: Rate) -> Rate {
        let covered = self.places() * self.block[0] * self.block[1];
        Rate::new(rate.get() * self.area() as f64 / covered.max(1) as f64).unwrap_or(rate)
    }

    /// 0 on the squares and the same number elsewhere, of mean 1, over `planes` planes; `begins`
    /// tells for every place of every plane whether a square begins there.
    fn mask(&self, begins: impl Iterator<Item = bool>, planes: usize) -> Vec<f32> {
        let ([_, width], [rows, columns]) = (self.plane, self.starts());
        let mut mask = vec![1.0; planes * self.area()];
        for (place, _) in begins.enumerate().filter(|(_, begins)| *begins) {
            let (plane, place) = (place / (rows * columns), place % (rows * columns));
            let start = plane * self.area() + place / columns * width + place % columns;
            for row in 0..self.block[0] {
                mask[start + row * width..][..self.block[1]].fill(0.0);
            }
        }
        let kept = mask.iter().filter(|&&m| m > 0.0).count();
        let scale = mask.len() as f32 / kept.max(1) as f32;
        mask.iter_mut().for_each(|m| *m *= scale);
        mask
    }
}

#[cfg(test)]
mod tests;

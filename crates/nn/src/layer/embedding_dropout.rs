//! Embedding dropout: in training, some levels of a category have no vector.
//!
//! t'_k = t_k m_k / (1 - rate), m_k ~ Bernoulli(1 - rate) for each level k of a table t
//!
//! A level that falls is zero for all examples of the batch, so that no rare level is leant on; the
//! identity in evaluation. Gal and Ghahramani 2016, arXiv 1512.05287; Merity et al. 2018, arXiv
//! 1708.02182, section 4.3.

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
    id: "embedding_dropout",
    name: "Embedding dropout",
    door: card::Door::Layer,
    family: Family::ArchitectureBased,
    one_line: "Zeroes the vectors of some levels of each embedded category in every pass.",
    formula: "T'[k] = T[k] m_k / (1 - rate), m_k ~ Bernoulli(1 - rate) for each level k",
    paper: "Gal and Ghahramani 2016, arXiv 1512.05287; Merity et al. 2018, arXiv 1708.02182",
    when: "Embedded categories of many levels, some of them rare, as codes and places.",
    watch_out: "A category of two levels loses one of them half of the time that it loses any: use \
                dropout's input_rate there.",
    example: "{ rate = 0.1 }",
    off: Some("{ rate = 0.0 }"),
    search: &[Range { key: "rate", low: 0.02, high: 0.4, scale: Scale::Linear }],
};

/// Share of the levels that fall.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Share of the levels whose vectors are zero, in [0, 1); 0 is off.
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

    fn needs(&self) -> &'static str {
        "embedded categories: table = { .., categories = \"embedding\" } and an mlp"
    }

    fn build(&self, site: &Site<'_>) -> Result<Option<Layer>, Error> {
        let layer =
            || Layer::EmbeddingDropout(EmbeddingDropout::new(self.rate, site.source(CARD.id)));
        Ok((site.kind == SiteKind::Levels && !site.spatial).then(layer))
    }
}

/// The layer.
///
/// # Shapes
/// a table [levels, width] -> the same
///
/// # Off
/// `rate` 0, a model in `valid()`, a frozen layer: the table passes and nothing is drawn.
#[derive(Module, Debug)]
pub struct EmbeddingDropout {
    #[module(skip)]
    rate: Rate,
    #[module(skip)]
    source: Source,
    training: Param<Flag>,
}

impl EmbeddingDropout {
    /// Drops with `rate`, drawing from `source`.
    pub fn new(rate: Rate, source: Source) -> Self {
        Self { rate, source, training: Param::from_bool(true) }
    }

    /// Drops rows of `table` in training, and in Monte Carlo inference.
    pub fn forward<const D: usize>(&self, table: Tensor<D>) -> Tensor<D> {
        if self.rate == Rate::ZERO || !self.source.is_live(&self.training, &table) {
            return table;
        }
        let mut shape = [1; D];
        shape[0] = table.dims()[0];
        let mask = mask_of(shape, &table, self.rate, &mut self.source.draw());
        table * mask
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::StepClock;
    use burn::tensor::Device;
    use wellfit_core::seed::Seed;

    #[test]
    fn a_level_falls_whole_or_is_scaled_and_so_is_its_gradient() {
        let clock = StepClock::new();
        let source = Source::new(Seed::new(3), "levels", &clock);
        let layer = EmbeddingDropout::new(Rate::new(0.2).unwrap(), source);
        let table = Tensor::<2>::ones([5000, 3], &Device::flex().autodiff()).require_grad();
        let dropped = layer.forward(table.clone());
        let rows: Vec<f32> = dropped.clone().into_data().try_into_vec().unwrap();
        assert!(rows.chunks(3).all(|row| row == [0.0; 3] || row == [1.25; 3]));
        let fallen = rows.iter().filter(|&&v| v == 0.0).count() as f64 / 3.0;
        assert!((fallen - 1000.0).abs() < 5.0 * (5000.0f64 * 0.16).sqrt(), "{fallen}");
        let gradient = table.grad(&dropped.sum().backward()).unwrap();
        assert_eq!(gradient.into_data().try_into_vec::<f32>().unwrap(), rows);
    }
}

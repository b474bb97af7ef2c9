//! Locked dropout: in training, each feature of a sequence is zero with probability `rate`, from its
//! first moment to its last.
//!
//! y_t = x_t m / (1 - rate), one m ~ Bernoulli(1 - rate) per example and feature for all times t
//!
//! Gal and Ghahramani 2016, arXiv 1512.05287.

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
    id: "locked_dropout",
    name: "Locked dropout",
    door: card::Door::Layer,
    family: Family::ArchitectureBased,
    one_line: "Zeroes features of a sequence with probability `rate`, the same ones at all times.",
    formula: "y_t = x_t m / (1 - rate), one m per example and feature for all t",
    paper: "Gal and Ghahramani 2016, arXiv 1512.05287",
    when: "Recurrent networks and other sequence models of your own: masks that change from step \
           to step drown what is remembered.",
    watch_out: "The models of a recipe have no time axis: there it is dropout.",
    example: "{ rate = 0.5 }",
    off: Some("{ rate = 0.0 }"),
    search: &[Range { key: "rate", low: 0.05, high: 0.7, scale: Scale::Linear }],
};

/// Share of the features that is dropped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Share of the features that is dropped, in [0, 1); 0 is off.
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

    fn build(&self, site: &Site<'_>) -> Result<Option<Layer>, Error> {
        let layer = || Layer::LockedDropout(LockedDropout::new(self.rate, site.source(CARD.id)));
        Ok((site.kind == SiteKind::Hidden && !site.spatial).then(layer))
    }
}

/// The layer.
///
/// # Shapes
/// [batch, time, features] -> the same; of rank 2, [batch, features], it is dropout
///
/// # Off
/// `rate` 0, a model in `valid()`, a frozen layer: the input passes and nothing is drawn.
#[derive(Module, Debug)]
pub struct LockedDropout {
    #[module(skip)]
    rate: Rate,
    #[module(skip)]
    source: Source,
    training: Param<Flag>,
}

impl LockedDropout {
    /// Drops with `rate`, drawing from `source`.
    pub fn new(rate: Rate, source: Source) -> Self {
        Self { rate, source, training: Param::from_bool(true) }
    }

    /// Drops features of `input` in training, and in Monte Carlo inference.
    pub fn forward<const D: usize>(&self, input: Tensor<D>) -> Tensor<D> {
        if self.rate == Rate::ZERO || !self.source.is_live(&self.training, &input) {
            return input;
        }
        let mut shape = input.dims();
        if D > 2 {
            shape[1] = 1;
        }
        let mask = mask_of(shape, &input, self.rate, &mut self.source.draw());
        input * mask
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::StepClock;
    use burn::tensor::Device;
    use wellfit_core::seed::Seed;

    fn layer() -> LockedDropout {
        let source = Source::new(Seed::new(3), "drop", &StepClock::new());
        LockedDropout::new(Rate::new(0.25).unwrap(), source)
    }

    #[test]
    fn one_mask_holds_along_time_and_another_example_has_another() {
        let x = Tensor::<3>::ones([2, 5, 40], &Device::flex().autodiff());
        let y: Vec<f32> = layer().forward(x).into_data().try_into_vec().unwrap();
        for example in y.chunks(5 * 40) {
            assert!(example.chunks(40).all(|moment| moment == &example[..40]));
            let kept = example[..40].iter().filter(|&&v| v > 0.0).count();
            assert!((20..40).contains(&kept), "{kept} of 40");
        }
        assert_ne!(y[..40], y[5 * 40..][..40]);
    }

    #[test]
    fn without_time_it_is_dropout() {
        let x = Tensor::<2>::ones([20, 30], &Device::flex().autodiff());
        let source = Source::new(Seed::new(3), "drop", &StepClock::new());
        let plain = super::super::dropout::Dropout::new(Rate::new(0.25).unwrap(), source);
        assert_eq!(layer().forward(x.clone()).into_data(), plain.forward(x).into_data());
    }
}

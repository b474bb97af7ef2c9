//! Dropout: in training, each activation is zero with probability `rate`.
//!
//! y = x m / (1 - rate), m ~ Bernoulli(1 - rate) for each element; the identity in evaluation
//!
//! Hinton et al. 2012, arXiv 1207.0580; Srivastava et al. 2014, JMLR 15:1929-1958.

use super::schedule::Schedule;
use super::{Layer, LayerDoor, Site, SiteKind};
use crate::Error;
use crate::chance::{Source, masked};
use crate::technique::{Door, Technique};
use burn::module::{Flag, Module, Param};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::Rate;

const CARD: Card = Card {
    id: "dropout",
    name: "Dropout",
    door: card::Door::Layer,
    family: Family::ArchitectureBased,
    one_line: "Zeroes each hidden activation with probability `rate` and scales up the others.",
    formula: "y = x m / (1 - rate), m ~ Bernoulli(1 - rate)",
    paper: "Srivastava et al. 2014, JMLR 15:1929-1958",
    when: "A wide network memorizes its training set: training loss near zero, validation worse.",
    watch_out: "Needs more epochs and often more width. In front of batch norm it shifts the \
                variance between training and evaluation (arXiv 1801.05134).",
    example: "{ rate = 0.5 }",
    off: Some("{ rate = 0.0, input_rate = 0.0 }"),
    search: &[
        Range { key: "rate", low: 0.05, high: 0.7, scale: Scale::Linear },
        Range { key: "input_rate", low: 0.0, high: 0.3, scale: Scale::Linear },
    ],
};

/// Rates of dropout in a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Share of the hidden activations that is dropped, in [0, 1); 0 is off.
    pub rate: Rate,
    /// Share of the inputs that is dropped, in [0, 1); the paper uses 0.2 beside 0.5.
    #[serde(default = "super::nothing")]
    pub input_rate: Rate,
    /// When: all the time, in the first epochs (`{ early = 5 }`), after them (`{ late = 5 }`), or
    /// more and more up to an epoch (`{ linear = 5 }`).
    #[serde(default)]
    pub schedule: Schedule,
}

impl Technique for Config {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.rate == Rate::ZERO && self.input_rate == Rate::ZERO
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

    fn needs_hidden(&self) -> bool {
        self.rate != Rate::ZERO
    }

    fn build(&self, site: &Site<'_>) -> Result<Option<Layer>, Error> {
        let rate = match site.kind {
            SiteKind::Hidden if !site.spatial => self.rate,
            SiteKind::Input => self.input_rate,
            _ => Rate::ZERO,
        };
        let dropout = || Dropout::new(rate, site.source(CARD.id));
        let layer = || Layer::Dropout(dropout().scheduled(self.schedule));
        Ok((rate != Rate::ZERO).then(layer))
    }
}

/// The layer.
///
/// # Shapes
/// any -> the same
///
/// # Off
/// `rate` 0, a model in `valid()`, a frozen layer: the input passes and nothing is drawn.
#[derive(Module, Debug)]
pub struct Dropout {
    #[module(skip)]
    rate: Rate,
    #[module(skip)]
    schedule: Schedule,
    #[module(skip)]
    source: Source,
    training: Param<Flag>,
}

impl Dropout {
    /// Drops with `rate`, drawing from `source`.
    pub fn new(rate: Rate, source: Source) -> Self {
        let (schedule, training) = (Schedule::Constant, Param::from_bool(true));
        Self { rate, schedule, source, training }
    }

    /// The same with a rate that follows the epochs of the source's clock.
    pub fn scheduled(self, schedule: Schedule) -> Self {
        Self { schedule, ..self }
    }

    /// Drops elements of `input` in training, and in Monte Carlo inference.
    pub fn forward<const D: usize>(&self, input: Tensor<D>) -> Tensor<D> {
        let rate = self.schedule.at(self.rate, self.source.clock().tick());
        if rate == Rate::ZERO || !self.source.is_live(&self.training, &input) {
            return input;
        }
        masked(input, rate, &mut self.source.draw())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::StepClock;
    use burn::tensor::Device;
    use wellfit_core::number::Positive;
    use wellfit_core::seed::Seed;

    fn dropout(rate: f64) -> (Dropout, StepClock) {
        let clock = StepClock::new();
        let source = Source::new(Seed::new(3), "drop", &clock);
        (Dropout::new(Rate::new(rate).unwrap(), source), clock)
    }

    #[test]
    fn kept_values_are_scaled_exactly_and_the_gradient_uses_the_same_mask() {
        let (layer, _) = dropout(0.2);
        let x = Tensor::<2>::ones([100, 100], &Device::flex().autodiff()).require_grad();
        let y = layer.forward(x.clone());
        let values: Vec<f32> = y.clone().into_data().try_into_vec().unwrap();
        assert!(values.iter().all(|&v| v == 0.0 || v == 1.25));
        let gradient = x.grad(&y.sum().backward()).unwrap();
        assert_eq!(gradient.into_data().try_into_vec::<f32>().unwrap(), values);
    }

    /// E |y - (X∘M) w / (1-p)|² = |y - Xw|² + p/(1-p) Σ_j (X'X)_jj w_j², here with y = Xw.
    #[test]
    fn the_expected_loss_of_a_linear_model_is_ridge_weighted_by_the_data() {
        let device = Device::flex().autodiff();
        let (p, repeats) = (0.4, 20_000);
        let (layer, clock) = dropout(p);
        let x = Tensor::<2>::from_data([[1.0, 2.0], [-1.0, 0.5], [3.0, -1.0]], &device);
        let w = Tensor::<2>::from_data([[0.7], [-1.3]], &device);
        let y = x.clone().matmul(w.clone());
        let losses: Vec<f64> = (0..repeats)
            .map(|step| {
                clock.begin(step, 0);
                let residual = y.clone() - layer.forward(x.clone()).matmul(w.clone());
                residual.square().sum().into_scalar::<f64>()
            })
            .collect();
        let mean = losses.iter().sum::<f64>() / repeats as f64;
        let variance =
            losses.iter().map(|l| (l - mean).powi(2)).sum::<f64>() / (repeats - 1) as f64;
        let expected = p / (1.0 - p) * (11.0 * 0.49 + 5.25 * 1.69);
        let bound = 5.0 * (variance / repeats as f64).sqrt();
        assert!((mean - expected).abs() < bound, "{mean}, expected {expected} +- {bound}");
    }

    #[test]
    fn evaluation_and_a_frozen_layer_pass_the_input() {
        let (layer, _) = dropout(0.5);
        let plain = Tensor::<2>::ones([4, 4], &Device::flex());
        assert_eq!(layer.forward(plain.clone()).into_data(), plain.clone().into_data());
        let tracked = Tensor::<2>::ones([4, 4], &Device::flex().autodiff());
        let frozen = layer.freeze();
        assert_eq!(frozen.forward(tracked).into_data(), plain.into_data());
    }

    #[test]
    fn early_dropout_ends_with_its_epochs() {
        let (layer, clock) = dropout(0.5);
        let layer = layer.scheduled(Schedule::Early(Positive::new(2.0).unwrap()));
        let x = Tensor::<2>::ones([50, 50], &Device::flex().autodiff());
        clock.at_epoch(1.9);
        assert_ne!(layer.forward(x.clone()).into_data(), x.clone().into_data());
        clock.at_epoch(2.0);
        assert_eq!(layer.forward(x.clone()).into_data(), x.into_data());
    }
}

//! Spatial dropout: in training, each channel of each image is zero with probability `rate`.
//!
//! y = x m / (1 - rate), m ~ Bernoulli(1 - rate) for each channel of each example
//!
//! Neighbouring pixels are so alike that one fills in for the other, and dropping them one by one
//! does little. Tompson et al. 2015, arXiv 1411.4280.

use super::schedule::Schedule;
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
    id: "spatial_dropout",
    name: "Spatial dropout",
    door: card::Door::Layer,
    family: Family::ArchitectureBased,
    one_line: "Zeroes whole channels of images with probability `rate` and scales up the others.",
    formula: "y = x m / (1 - rate), m ~ Bernoulli(1 - rate) per channel",
    paper: "Tompson et al. 2015, arXiv 1411.4280",
    when: "Convolutional networks that memorize; dropout of single pixels does little there.",
    watch_out: "In front of batch norm it shifts the variance between training and evaluation. \
                Narrow layers bear small rates only.",
    example: "{ rate = 0.2 }",
    off: Some("{ rate = 0.0 }"),
    search: &[Range { key: "rate", low: 0.05, high: 0.5, scale: Scale::Linear }],
};

/// Share of the channels that is dropped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Share of the channels that is dropped, in [0, 1); 0 is off.
    pub rate: Rate,
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
        let dropout = || SpatialDropout::new(self.rate, site.source(CARD.id));
        let layer = || Layer::SpatialDropout(dropout().scheduled(self.schedule));
        Ok((site.kind == SiteKind::Hidden && site.spatial).then(layer))
    }
}

/// The layer.
///
/// # Shapes
/// [batch, channels, ...] -> the same; without an axis behind the channels it is dropout
///
/// # Off
/// `rate` 0, a model in `valid()`, a frozen layer: the input passes and nothing is drawn.
#[derive(Module, Debug)]
pub struct SpatialDropout {
    #[module(skip)]
    rate: Rate,
    #[module(skip)]
    schedule: Schedule,
    #[module(skip)]
    source: Source,
    training: Param<Flag>,
}

impl SpatialDropout {
    /// Drops with `rate`, drawing from `source`.
    pub fn new(rate: Rate, source: Source) -> Self {
        let (schedule, training) = (Schedule::Constant, Param::from_bool(true));
        Self { rate, schedule, source, training }
    }

    /// The same with a rate that follows the epochs of the source's clock.
    pub fn scheduled(self, schedule: Schedule) -> Self {
        Self { schedule, ..self }
    }

    /// Drops channels of `input` in training, and in Monte Carlo inference.
    pub fn forward<const D: usize>(&self, input: Tensor<D>) -> Tensor<D> {
        let rate = self.schedule.at(self.rate, self.source.clock().tick());
        if rate == Rate::ZERO || !self.source.is_live(&self.training, &input) {
            return input;
        }
        let dims = input.dims();
        let shape = std::array::from_fn(|axis| if axis < 2 { dims[axis] } else { 1 });
        let mask = mask_of(shape, &input, rate, &mut self.source.draw());
        input * mask
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::StepClock;
    use burn::tensor::Device;
    use wellfit_core::seed::Seed;

    fn dropped(rate: f64) -> (Vec<f32>, Vec<f32>) {
        let source = Source::new(Seed::new(3), "drop", &StepClock::new());
        let layer = SpatialDropout::new(Rate::new(rate).unwrap(), source);
        let x = Tensor::<4>::ones([100, 40, 3, 5], &Device::flex().autodiff()).require_grad();
        let y = layer.forward(x.clone());
        let gradient = x.grad(&y.clone().sum().backward()).unwrap();
        (y.into_data().try_into_vec().unwrap(), gradient.into_data().try_into_vec().unwrap())
    }

    #[test]
    fn a_channel_is_zero_or_scaled_as_a_whole_and_so_is_its_gradient() {
        let (y, gradient) = dropped(0.2);
        for channel in y.chunks(15) {
            assert!(channel.iter().all(|&v| v == 0.0) || channel.iter().all(|&v| v == 1.25));
        }
        assert_eq!(gradient, y);
    }

    #[test]
    fn channels_fall_alone_at_the_rate() {
        let (y, _) = dropped(0.3);
        let lost: Vec<f64> = y.chunks(15).map(|c| f64::from(u8::from(c[0] == 0.0))).collect();
        let (n, p) = (lost.len() as f64, 0.3);
        let share = lost.iter().sum::<f64>() / n;
        assert!((share - p).abs() < 5.0 * (p * (1.0 - p) / n).sqrt(), "{share}");
        // Neighbours, in one example or in the next, fall together no more often than by chance.
        for lag in [1, 40] {
            let pairs = lost.windows(lag + 1).map(|w| w[0] * w[lag]).sum::<f64>() / n;
            assert!((pairs - p * p).abs() < 5.0 * p / n.sqrt(), "{lag}: {pairs}");
        }
    }

    #[test]
    fn channels_without_an_image_fall_one_by_one() {
        let source = Source::new(Seed::new(3), "drop", &StepClock::new());
        let layer = SpatialDropout::new(Rate::new(0.5).unwrap(), source);
        let y = layer.forward(Tensor::<1>::ones([1000], &Device::flex().autodiff()));
        let lost = y.into_data().iter::<f32>().filter(|&y| y == 0.0).count();
        // Standard deviation 15.8.
        assert!((421..=579).contains(&lost), "{lost} of 1000");
    }
}

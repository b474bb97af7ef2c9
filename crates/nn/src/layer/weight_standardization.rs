//! Weight standardization: the weights of each filter of a convolution get mean 0 and variance 1.
//!
//! w = (v - mean(v)) / sqrt(var(v) + eps), mean and biased variance over the weights of each output
//!
//! Qiao et al. 2019, arXiv 1903.10520.

use super::reparameterization::{WeightSite, sum_of_output};
use super::{Layer, LayerDoor, Reparameterization, Site};
use crate::Error;
use crate::technique::{Door, Technique};
use burn::module::Module;
use burn::tensor::Tensor;
use burn::tensor::module::{conv2d, linear};
use burn::tensor::ops::ConvOptions;
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family};
use wellfit_core::number::Positive;

const CARD: Card = Card {
    id: "weight_standardization",
    name: "Weight standardization",
    door: card::Door::Layer,
    family: Family::ArchitectureBased,
    one_line: "Gives the weights of each filter of a convolution mean 0 and variance 1.",
    formula: "w = (v - mean(v)) / sqrt(var(v) + ε), for each filter",
    paper: "Qiao et al. 2019, arXiv 1903.10520",
    when: "Convolutional networks with group_norm, in small batches.",
    watch_out: "Sums grow with the root of a filter's size: a normalization must follow. The length \
                of v means nothing to penalties and decay.",
    example: "{}",
    off: None,
    search: &[],
};

/// Weight standardization of all convolutions but those of shortcuts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Added to the variance.
    #[serde(default = "super::epsilon")]
    pub epsilon: Positive,
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

    fn needs(&self) -> &'static str {
        "a convolution, as in lenet or resnet"
    }

    fn build(&self, _: &Site<'_>) -> Result<Option<Layer>, Error> {
        Ok(None)
    }

    fn reparameterize(&self, site: &WeightSite<'_>) -> Result<Option<Reparameterization>, Error> {
        let over = || Reparameterization::WeightStandardization(WeightStandardization::new(*self));
        // No norm stands behind the 1x1 convolution of a shortcut, to take the length of its sums.
        Ok((site.shape.len() == 4 && !site.path.ends_with(".shortcut")).then(over))
    }
}

/// What stands over the weights of one layer.
#[derive(Module, Debug)]
pub struct WeightStandardization {
    #[module(skip)]
    epsilon: Positive,
}

impl WeightStandardization {
    /// Standardizes as `config` says.
    pub fn new(config: Config) -> Self {
        Self { epsilon: config.epsilon }
    }

    /// w = (v - mean(v)) / sqrt(var(v) + eps).
    ///
    /// # Shapes
    /// [in, out] or [out, in, height, width] -> the same
    pub fn weight<const D: usize>(&self, v: Tensor<D>) -> Tensor<D> {
        let outputs = v.dims()[if D == 2 { 1 } else { 0 }];
        let count = v.shape().num_elements() / outputs.max(1);
        let centred = v.clone() - sum_of_output(v) / count as f64;
        let variance = sum_of_output(centred.clone().square()) / count as f64;
        centred / (variance + self.epsilon.get()).sqrt()
    }

    /// A linear layer, see [`Reparameterization::linear`].
    pub fn linear(
        &self,
        weight: Tensor<2>,
        bias: Option<Tensor<1>>,
        input: Tensor<2>,
    ) -> Tensor<2> {
        linear(input, self.weight(weight), bias)
    }

    /// A convolution, see [`Reparameterization::convolution`].
    pub fn convolution(
        &self,
        weight: Tensor<4>,
        bias: Option<Tensor<1>>,
        input: Tensor<4>,
        options: ConvOptions<2>,
    ) -> Tensor<4> {
        conv2d(input, self.weight(weight), bias, options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::golden::{close, tensor};

    fn standardization() -> WeightStandardization {
        WeightStandardization::new(Config { epsilon: Positive::EPSILON })
    }

    #[test]
    fn weights_and_gradients_are_timm_s() {
        let v = tensor::<4>("weights", "filters", [4, 3, 2, 2]).require_grad();
        let images = tensor::<4>("weights", "images", [2, 3, 4, 4]);
        let options = ConvOptions::new([1; 2], [1; 2], [1; 2], 1);
        let y = standardization().convolution(v.clone(), None, images, options);
        close(y.clone(), "weights", "weight_standardization");
        let gradients = y.powf_scalar(2.0).sum().backward();
        close(v.grad(&gradients).unwrap(), "weights", "weight_standardization_gradient");
    }

    #[test]
    fn scale_and_offset_of_a_filter_do_not_matter() {
        let (v, exact) = (tensor::<2>("weights", "matrix", [5, 4]), Positive::new(1e-12).unwrap());
        let over = WeightStandardization::new(Config { epsilon: exact });
        let [plain, moved]: [Vec<f32>; 2] =
            [v.clone(), v * 7.0 + 3.0].map(|v| over.weight(v).into_data().try_into_vec().unwrap());
        assert!(plain.iter().zip(&moved).all(|(a, b)| (a - b).abs() < 1e-5));
    }

    #[test]
    fn it_stands_over_convolutions_but_not_over_those_of_shortcuts() {
        use crate::chance::StepClock;
        use crate::model::initializer::{Init, Square};
        use crate::technique::Doors;
        let doors = Doors::default().with(Config { epsilon: Positive::EPSILON });
        let (clock, device) = (StepClock::new(), burn::tensor::Device::flex());
        let sites =
            super::super::Sites::new(&doors, wellfit_core::seed::Seed::new(1), &clock, &device);
        let stands = |path: &str| {
            let square = Square { channels: [2, 3], size: 1, stride: 2, padding: 0, bias: false };
            let layer = Init::KaimingNormal.convolution(square, sites.seed, path, &device);
            sites.convolution(layer, path).unwrap().over().is_some()
        };
        assert!(stands("blocks.1.first") && !stands("blocks.1.shortcut"));
    }
}

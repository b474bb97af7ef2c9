//! Weight normalization: length and direction of each output's weights are trained apart.
//!
//! w = g v / |v| for the weights of each output; g begins as |v|, which leaves the first model as it
//! was
//!
//! Salimans and Kingma 2016, arXiv 1602.07868.

use super::reparameterization::{WeightSite, sum_of_output};
use super::{Layer, LayerDoor, Reparameterization, Site};
use crate::Error;
use crate::technique::{Door, Technique};
use burn::module::{Module, Param};
use burn::tensor::Tensor;
use burn::tensor::module::{conv2d, linear};
use burn::tensor::ops::ConvOptions;
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family};

const CARD: Card = Card {
    id: "weight_norm",
    name: "Weight normalization",
    door: card::Door::Layer,
    family: Family::ArchitectureBased,
    one_line: "Trains length and direction of each output's weights apart.",
    formula: "w = g v / |v|",
    paper: "Salimans and Kingma 2016, arXiv 1602.07868",
    when: "Batches too small for batch norm; recurrent and generative models.",
    watch_out: "The length of v means nothing: penalties and decay on it change the step size and \
                not the model.",
    example: "{}",
    off: None,
    search: &[],
};

/// Weight normalization of all linear layers and convolutions. It has nothing to set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {}

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

    fn build(&self, _: &Site<'_>) -> Result<Option<Layer>, Error> {
        Ok(None)
    }

    fn needs_lengths(&self) -> bool {
        true
    }

    fn reparameterize(&self, site: &WeightSite<'_>) -> Result<Option<Reparameterization>, Error> {
        site.refuse_zeros(CARD.id)?;
        let weights = site.weights.clone();
        let lengths = match site.shape[..] {
            [inputs, outputs] => lengths(weights.reshape([inputs, outputs])),
            _ => lengths(weights.reshape([site.shape[0], site.fan_in(), 1, 1])),
        };
        let lengths = Tensor::from_data(lengths.into_data(), site.device);
        Ok(Some(Reparameterization::WeightNorm(WeightNorm { g: Param::from_tensor(lengths) })))
    }
}

/// |v| of each output, flat.
fn lengths<const D: usize>(weight: Tensor<D>) -> Tensor<1> {
    sum_of_output(weight.square()).sqrt().flatten(0, D - 1)
}

/// The lengths of the weights of one layer, beside their directions.
#[derive(Module, Debug)]
pub struct WeightNorm {
    g: Param<Tensor<1>>,
}

impl WeightNorm {
    /// Lengths for the weights v of a layer, which stays the function that it is.
    ///
    /// # Shapes
    /// [in, out] or [out, in, height, width]
    pub fn new<const D: usize>(weight: &Tensor<D>) -> Self {
        Self { g: Param::from_tensor(lengths(weight.clone()).detach()) }
    }

    /// w = g v / |v|.
    pub fn weight<const D: usize>(&self, v: Tensor<D>) -> Tensor<D> {
        v.clone() * self.scales(v)
    }

    /// g / |v|.
    fn scales<const D: usize>(&self, v: Tensor<D>) -> Tensor<D> {
        let squares = sum_of_output(v.square());
        let shape = squares.dims();
        // Weights of length 0 have no direction, and stay 0.
        let lengths = squares.clamp_min(f64::from(f32::MIN_POSITIVE)).sqrt();
        self.g.val().reshape(shape) / lengths
    }

    /// A linear layer, see [`Reparameterization::linear`].
    pub fn linear(
        &self,
        weight: Tensor<2>,
        bias: Option<Tensor<1>>,
        input: Tensor<2>,
    ) -> Tensor<2> {
        // Scaled behind the product, where there are fewer numbers than weights.
        let sums = linear(input, weight.clone(), None) * self.scales(weight);
        match bias {
            Some(bias) => sums + bias.unsqueeze(),
            None => sums,
        }
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

    fn filters() -> Tensor<4> {
        tensor("weights", "filters", [4, 3, 2, 2])
    }

    fn matrix() -> Tensor<2> {
        tensor("weights", "matrix", [5, 4])
    }

    #[test]
    fn it_begins_as_the_function_that_was_there() {
        close(WeightNorm::new(&filters()).weight(filters()), "weights", "filters");
        close(WeightNorm::new(&matrix()).weight(matrix()), "weights", "matrix");
    }

    #[test]
    fn weights_and_gradients_are_pytorch_s() {
        let g = tensor("weights", "g", [4]);
        let norm = WeightNorm { g: Param::from_tensor(g) };
        let v = filters().require_grad();
        let w = norm.weight(v.clone());
        close(w.clone(), "weights", "weight_norm");
        let places = Tensor::<1, burn::tensor::Int>::arange(0..48, &v.device()).float();
        let gradients = (w * places.reshape([4, 3, 2, 2])).sum().backward();
        close(v.grad(&gradients).unwrap(), "weights", "weight_norm_gradient_v");
        close(norm.g.val().grad(&gradients).unwrap(), "weights", "weight_norm_gradient_g");
        close(norm.weight(matrix()), "weights", "weight_norm_of_matrix");
        let ones = Tensor::<2>::eye(5, &v.device());
        close(norm.linear(matrix(), None, ones), "weights", "weight_norm_of_matrix");
    }

    #[test]
    fn the_length_of_v_does_not_matter_and_its_gradient_is_upright_on_it() {
        let norm = WeightNorm::new(&matrix());
        close(norm.weight(matrix() * 100.0), "weights", "matrix");
        let v = matrix().require_grad();
        let loss = norm.weight(v.clone()).powf_scalar(3.0).sum();
        let gradient = v.grad(&loss.backward()).unwrap();
        let along = sum_of_output(gradient.clone() * v.inner()).abs().max().into_scalar::<f32>();
        assert!(along < 1e-5 && gradient.abs().max().into_scalar::<f32>() > 0.01, "{along}");
    }

    #[test]
    fn weights_of_length_zero_stay_and_are_no_nan() {
        let zeros = matrix().zeros_like();
        let w: Vec<f32> =
            WeightNorm::new(&matrix()).weight(zeros).into_data().try_into_vec().unwrap();
        assert!(w.iter().all(|&w| w == 0.0));
    }
}

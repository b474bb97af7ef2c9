//! Spectral normalization: each layer's weights are divided by their largest singular value.
//!
//! W_sn = W / σ(W), σ = u' W v, where u and v follow W by power iteration: v <- W'u / |W'u|,
//! u <- W v / |W v| at each pass of training; no gradient flows through u and v
//!
//! Miyato et al. 2018, arXiv 1802.05957.

use super::reparameterization::WeightSite;
use super::{Layer, LayerDoor, Reparameterization, Site, settle};
use crate::Error;
use crate::chance::{Statistics, StepClock};
use crate::technique::{Door, Technique};
use burn::module::{Flag, Module, Param, RunningState};
use burn::tensor::module::{conv2d, linear};
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Tensor, TensorData};
use serde::{Deserialize, Serialize};
use std::num::NonZeroUsize;
use wellfit_core::card::{self, Card, Family};

const CARD: Card = Card {
    id: "spectral_norm",
    name: "Spectral normalization",
    door: card::Door::Layer,
    family: Family::ArchitectureBased,
    one_line: "Divides each layer's weights by their largest singular value.",
    formula: "W_sn = W / σ(W), σ by power iteration",
    paper: "Miyato et al. 2018, arXiv 1802.05957",
    when: "Outputs should not jump where inputs hardly differ: discriminators, robustness.",
    watch_out: "Length of the weights means nothing to penalties and decay. With all layers at \
                σ = 1 logits stay small, and training takes longer.",
    example: "{}",
    off: None,
    search: &[],
};

/// Iterations on the initial weights, as in PyTorch.
const FIRST_ITERATIONS: usize = 15;

/// Spectral normalization of all linear layers and convolutions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Power iterations at each pass of training.
    #[serde(default = "once")]
    pub iterations: NonZeroUsize,
}

fn once() -> NonZeroUsize {
    NonZeroUsize::MIN
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

    fn build(&self, _: &Site<'_>) -> Result<Option<Layer>, Error> {
        Ok(None)
    }

    fn needs_lengths(&self) -> bool {
        true
    }

    fn reparameterize(&self, site: &WeightSite<'_>) -> Result<Option<Reparameterization>, Error> {
        site.refuse_zeros(CARD.id)?;
        let rows = site.shape[0];
        let mut draw = site.source(CARD.id).draw();
        let u: Vec<f32> = (0..rows).map(|_| draw.standard_normal() as f32).collect();
        let weights = Tensor::<1>::from_data(site.weights.to_data(), site.device);
        let matrix = weights.reshape([rows as i64, -1]);
        let u = Tensor::from_data(TensorData::new(u, [rows, 1]), site.device);
        let over = SpectralNorm::new(self.iterations, matrix, u, site.clock);
        Ok(Some(Reparameterization::SpectralNorm(over)))
    }
}

/// The singular vectors that go with the weights of one layer.
#[derive(Module, Debug)]
pub struct SpectralNorm {
    /// Of the first axis of the weights.
    u: RunningState<Tensor<2>>,
    /// Of all others together.
    v: RunningState<Tensor<2>>,
    training: Param<Flag>,
    #[module(skip)]
    iterations: NonZeroUsize,
    #[module(skip)]
    clock: StepClock,
}

/// 1 where a length is 0, and else 0.
fn missing(length: &Tensor<1>) -> Tensor<1> {
    length.clone().equal_elem(0.0).float()
}

/// x / |x|; `otherwise` where x has no length.
fn unit(x: Tensor<2>, otherwise: Tensor<2>) -> Tensor<2> {
    let length = x.clone().square().sum().sqrt();
    let missing = missing(&length);
    (x + otherwise * missing.clone().unsqueeze()) / (length + missing).unsqueeze()
}

/// u and v after `count` iterations from u, without a tape.
fn iterate(matrix: &Tensor<2>, u: Tensor<2>, count: usize) -> [Tensor<2>; 2] {
    let mut pair = [u, Tensor::empty([0, 0], &matrix.device())];
    for _ in 0..count {
        let [u, _] = pair;
        // W'u as (u'W)': the weights lie as they are.
        let product = u.clone().transpose().matmul(matrix.clone());
        let v = unit(product.clone(), product).transpose();
        // Weights that are all zero turn no u to zero, which would stay so for good.
        pair = [unit(matrix.clone().matmul(v.clone()), u), v];
    }
    pair
}

impl SpectralNorm {
    /// Begins with the vector `u`, [rows, 1], and the initial weights as a matrix [rows, columns].
    pub fn new(
        iterations: NonZeroUsize,
        matrix: Tensor<2>,
        u: Tensor<2>,
        clock: &StepClock,
    ) -> Self {
        let device = matrix.device();
        let pair = iterate(&matrix.inner(), unit(u.clone().inner(), u.inner()), FIRST_ITERATIONS);
        let [u, v] = pair.map(|vector| Tensor::from_data(vector.into_data(), &device));
        let training = Param::from_bool(true);
        Self {
            u: RunningState::new(u),
            v: RunningState::new(v),
            training,
            iterations,
            clock: clock.clone(),
        }
    }

    /// W / σ(W); in training, u and v move first.
    ///
    /// # Shapes
    /// [in, out] or [out, in, height, width] -> the same
    pub fn weight<const D: usize>(&self, weight: Tensor<D>) -> Tensor<D> {
        weight.clone() / self.sigma(weight).unsqueeze()
    }

    /// The largest singular value; 1 of weights that are all zero, which stay as they are.
    fn sigma<const D: usize>(&self, weight: Tensor<D>) -> Tensor<1> {
        let matrix: Tensor<2> = weight.clone().reshape([weight.dims()[0] as i64, -1]);
        let tick = self.clock.tick();
        let moves = tick.statistics == Statistics::Move && !tick.sampling;
        if moves && self.training.is_enabled() && weight.is_autodiff() {
            let old = self.u.value().inner();
            let [u, v] = iterate(&matrix.clone().inner(), old, self.iterations.get());
            settle(&self.u, u);
            settle(&self.v, v);
        }
        let (u, v) = (self.u.value().inner(), self.v.value().inner());
        let sigma = (matrix.matmul(v) * u).sum();
        let missing = missing(&sigma);
        sigma + missing
    }

    /// A linear layer, see [`Reparameterization::linear`].
    pub fn linear(
        &self,
        weight: Tensor<2>,
        bias: Option<Tensor<1>>,
        input: Tensor<2>,
    ) -> Tensor<2> {
        // Divided behind the product, where there are fewer numbers than weights.
        let sums = linear(input, weight.clone(), None) / self.sigma(weight).unsqueeze();
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
mod tests;

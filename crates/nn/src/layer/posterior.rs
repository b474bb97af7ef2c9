//! Weights with a Gaussian law of their own: a mean, and a spread that is trained beside it.
//!
//! The mean is the layer's ordinary weight. A step makes one pass over both tensors for the noise
//! and its divergence from a prior, and one over each gradient. What the derivatives need is
//! worked out anew there: that is faster than to write it to memory and to read it again.

mod field;

use crate::chance::normals;
use crate::host::Numbers;
use crate::term::{Weight, term, with_term};
use burn::tensor::{Tensor, TensorData};
use field::{ByMean, BySpread, Field};
use serde::{Deserialize, Serialize};
use std::fmt::Debug;
use std::sync::Arc;
use wellfit_core::number::NonNegative;
use wellfit_core::seed::Draw;

/// What a law reads of a weight.
#[derive(Debug, Clone, Copy)]
pub struct Read {
    /// Its mean.
    pub mean: f32,
    /// Its spread, whatever the law means by it.
    pub spread: f32,
    /// A standard normal number, where a sample was asked for; else zero.
    pub normal: f32,
}

/// What a law makes of a weight.
#[derive(Debug, Clone, Copy)]
pub struct Made<Kept> {
    /// Its noise, or its variance.
    pub noise: f32,
    /// Its divergence from the prior, in nats, without the logarithm.
    pub divergence: f32,
    /// The logarithm's argument: positive and normal. Logarithms are added as one of a product,
    /// which is much faster than one by one.
    pub argument: f32,
    /// What its derivatives need again.
    pub kept: Kept,
}

/// A law of weights. Its functions are inlined, so that they are compiled for wide registers.
pub trait Law: Send + Sync + Copy + Debug + 'static {
    /// What a divergence has of the argument's logarithm.
    const LOGARITHMS: f64;
    /// What it keeps of every weight for its derivatives: a number, or nothing.
    type Kept: Copy + Default + Send + Sync + Debug;

    /// A number on half the way to [`Self::made`], whose chain of operations would be longer than
    /// a processor can overlap.
    fn half(&self, of: Read) -> f32;

    /// Noise and divergence.
    fn made(&self, of: Read, half: f32) -> Made<Self::Kept>;

    /// The derivative of the divergence in the mean.
    fn by_mean(&self, of: Read, kept: Self::Kept) -> f32;

    /// The derivatives of noise and divergence in the spread.
    fn by_spread(&self, of: Read, kept: Self::Kept) -> (f32, f32);
}

/// What a law makes of the weights of a layer.
pub struct Weights<const D: usize> {
    /// The means as they are.
    pub mean: Tensor<D>,
    /// The noise of every weight, or its variance; gradients reach the spread.
    pub noise: Tensor<D>,
    divergence: f64,
    weight: Weight,
}

impl<const D: usize> Weights<D> {
    /// The divergence from the prior, summed over the weights; its gradients reach mean and spread.
    /// `outputs` are what the layer computed from both.
    pub fn divergence(&self, outputs: &Tensor<D>) -> Tensor<1> {
        term(outputs, self.divergence, &self.weight)
    }
}

/// Standard normal noise for `like`, where a law or an estimator asks for a sample.
pub fn sample<const D: usize>(like: &Tensor<D>, draw: &mut Draw) -> Vec<f32> {
    normals(like.shape().num_elements(), NonNegative::ONE, draw)
}

/// Applies `law` to mean, spread and, where it is given, a standard normal number of every weight; the
/// divergence counts `strength`.
///
/// # Shapes
/// `mean` any, `spread` flat and as long
pub fn weights<const D: usize>(
    mean: &Tensor<D>,
    spread: &Tensor<1>,
    normals: Option<Vec<f32>>,
    (law, strength): (impl Law, f64),
) -> Weights<D> {
    let (means, spreads) = (Numbers::of(mean), Numbers::of(spread));
    let mut field = Field::new([means, spreads], normals, law, strength);
    let (noise, divergence) = field.made();
    let noise = TensorData::new(noise, mean.shape());
    let noise = Tensor::from_data(noise, (&mean.device(), mean.dtype()));
    let (field, weight) = (Arc::new(field), Weight::default());
    let (by_mean, by_spread) = (Arc::new(ByMean(field.clone())), Arc::new(BySpread(field)));
    Weights {
        mean: with_term(mean.clone(), mean.clone(), by_mean, &weight),
        noise: with_term(spread.clone().reshape(mean.shape()), noise, by_spread, &weight),
        divergence,
        weight,
    }
}

/// How much the divergence counts: its weight, reached in a straight line.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Strength {
    /// Weight in the end.
    pub weight: NonNegative,
    /// Epochs in which the weight rises from 0; none for 0.
    pub warm_up_epochs: NonNegative,
}

impl Strength {
    /// The weight when `epoch` epochs are done.
    pub fn at(self, epoch: f64) -> f64 {
        match self.warm_up_epochs.get() {
            0.0 => self.weight.get(),
            epochs => self.weight.get() * (epoch / epochs).min(1.0),
        }
    }
}

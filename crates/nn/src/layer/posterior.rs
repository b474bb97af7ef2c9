//! Weights with a Gaussian law of their own: a mean, and a spread that is trained beside it.
//!
//! The mean is the layer's ordinary weight. All that a step needs of the law, the noise, its
//! divergence from a prior and their derivatives, comes of one pass over both tensors.

use crate::chance::normals;
use crate::elementwise::wide;
use crate::host::Numbers;
use crate::term::{Weight, term, with_slope_and_term, with_term};
use burn::tensor::{Tensor, TensorData};
use rayon::iter::{IndexedParallelIterator, ParallelIterator};
use rayon::slice::{ParallelSlice, ParallelSliceMut};
use serde::{Deserialize, Serialize};
use wellfit_core::number::NonNegative;
use wellfit_core::seed::Draw;

/// Some weights of a layer: what a law reads of them, and what it writes.
///
/// A law is worked out for many weights at once, in loops of a few operations each: the chain of
/// operations of a single loop would be longer than a processor can overlap.
pub struct Block<'a> {
    /// Means.
    pub means: &'a [f32],
    /// Spreads, whatever the law means by them.
    pub spreads: &'a [f32],
    /// Standard normal numbers, where a sample was asked for; else zeros.
    pub normals: &'a [f32],
    /// To write: the noise of every weight, or its variance.
    pub noise: &'a mut [f32],
    /// To write: derivatives of the noise in the spread.
    pub noise_by_spread: &'a mut [f32],
    /// To write: divergences from the prior, in nats.
    pub divergences: &'a mut [f32],
    /// To write: derivatives of the divergence in the mean.
    pub by_mean: &'a mut [f32],
    /// To write: derivatives of the divergence in the spread.
    pub by_spread: &'a mut [f32],
}

/// A law of weights.
pub trait Law: Sync + Copy {
    /// Writes what it makes of a block. Inlined, so that it is compiled for wide registers.
    fn write(&self, block: &mut Block<'_>);
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

/// Applies `law` to mean, spread and, where it is given, a standard normal number of every weight.
///
/// # Shapes
/// `mean` any, `spread` flat and as long
pub fn weights<const D: usize>(
    mean: &Tensor<D>,
    spread: &Tensor<1>,
    normals: Option<&[f32]>,
    law: impl Law,
) -> Weights<D> {
    let (means, spreads) = (Numbers::of(mean), Numbers::of(spread));
    let field = Field::of(means.values(), spreads.values(), normals, law);
    let (shape, place) = (mean.shape(), (&mean.device(), mean.dtype()));
    let tensor = |values| Tensor::<D>::from_data(TensorData::new(values, shape.clone()), place);
    let (spread, weight) = (spread.clone().reshape(shape.clone()), Weight::default());
    let (noise, slope) = (tensor(field.noise), tensor(field.noise_by_spread));
    Weights {
        mean: with_term(mean.clone(), (tensor(field.by_mean), &weight)),
        noise: with_slope_and_term(spread, noise, slope, (tensor(field.by_spread), &weight)),
        divergence: field.divergence,
        weight,
    }
}

/// All blocks of a layer.
#[derive(Default)]
struct Field {
    noise: Vec<f32>,
    noise_by_spread: Vec<f32>,
    by_mean: Vec<f32>,
    by_spread: Vec<f32>,
    divergence: f64,
}

/// Weights that one thread takes at a time.
const PART: usize = 1 << 14;
/// Weights of a block, whose divergences are added in single precision.
const BLOCK: usize = 256;

impl Field {
    fn of(means: &[f32], spreads: &[f32], normals: Option<&[f32]>, law: impl Law) -> Self {
        let empty = || vec![0.0; means.len()];
        let (mut noise, mut noise_by_spread) = (empty(), empty());
        let (mut by_mean, mut by_spread) = (empty(), empty());
        let parts = noise
            .par_chunks_mut(PART)
            .zip(noise_by_spread.par_chunks_mut(PART))
            .zip(by_mean.par_chunks_mut(PART))
            .zip(by_spread.par_chunks_mut(PART))
            .zip(means.par_chunks(PART).zip(spreads.par_chunks(PART)))
            .enumerate();
        let each =
            |(index, ((((noise, noise_by_spread), by_mean), by_spread), (means, spreads)))| {
                let normals = normals.map_or(&[][..], |all| &all[index * PART..]);
                let read = [means, spreads, normals];
                let write = [noise, noise_by_spread, by_mean, by_spread];
                wide(
                    #[inline(always)]
                    move |(read, write)| part(read, write, law),
                    (read, write),
                )
            };
        // Collected, so that the order of the sum does not depend on the threads.
        let sums: Vec<f64> = parts.map(each).collect();
        Self { noise, noise_by_spread, by_mean, by_spread, divergence: sums.iter().sum() }
    }
}

/// Fills one part and gives the sum of its divergences.
#[inline(always)]
fn part(read: [&[f32]; 3], write: [&mut [f32]; 4], law: impl Law) -> f64 {
    let [means, spreads, normals] = read;
    let [noise, noise_by_spread, by_mean, by_spread] = write;
    let mut sum = 0.0;
    for start in (0..means.len()).step_by(BLOCK) {
        let range = start..means.len().min(start + BLOCK);
        let mut divergences = [0.0; BLOCK];
        law.write(&mut Block {
            means: &means[range.clone()],
            spreads: &spreads[range.clone()],
            normals: normals.get(range.clone()).unwrap_or(&[0.0; BLOCK][..range.len()]),
            noise: &mut noise[range.clone()],
            noise_by_spread: &mut noise_by_spread[range.clone()],
            divergences: &mut divergences[..range.len()],
            by_mean: &mut by_mean[range.clone()],
            by_spread: &mut by_spread[range],
        });
        sum += f64::from(lanes(&divergences));
    }
    sum
}

/// The sum in independent lanes, which the compiler adds together.
#[inline(always)]
fn lanes(values: &[f32; BLOCK]) -> f32 {
    let mut sums = [0.0f32; 16];
    for lane in values.as_chunks::<16>().0 {
        sums.iter_mut().zip(lane).for_each(|(sum, value)| *sum += value);
    }
    sums.iter().sum()
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

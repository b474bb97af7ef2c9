//! Weights with a Gaussian posterior, trained by Bayes by backprop.
//!
//! w ~ N(μ, σ²), σ = log(1 + e^ρ), C = C0 + (1/n) KL(q(w) | p(w)), the divergence summed over the
//! weights
//!
//! C0 is a mean over examples, so the divergence is divided by the number n of training examples;
//! beside a likelihood summed over a batch it would be divided by the number of batches. Under
//! squared error, ½(y - f)², the noise of the targets has the variance 1. Biases have no law.
//!
//! Blundell et al. 2015, arXiv 1505.05424.

mod prior;

use super::estimator::Estimator;
use super::posterior::{self, Block, Law, Strength};
use super::reparameterization::{Product, WeightSite};
use crate::chance::Source;
use crate::series::{ln, softplus};
use burn::module::{Flag, Module, Param};
use burn::tensor::Tensor;
pub use prior::Mixture;
use prior::{CrossEntropy, Prior};
use serde::{Deserialize, Serialize};
use wellfit_core::number::{NonNegative, Positive};

/// The posterior and the prior of weights, and how much their divergence counts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// How noise is drawn.
    #[serde(default)]
    pub estimator: Estimator,
    /// Standard deviation of the prior N(0, prior_std²).
    #[serde(default = "unit")]
    pub prior_std: Positive,
    /// σ of every weight at the start.
    #[serde(default = "twentieth")]
    pub initial_std: Positive,
    /// What the divergence is multiplied by; 1 is Bayes, less is a tempered posterior.
    #[serde(default = "one")]
    pub kl_weight: NonNegative,
    /// Epochs in which the divergence comes to count fully, in a straight line from 0.
    #[serde(default = "none")]
    pub warm_up_epochs: NonNegative,
    /// A second, narrow part of the prior; none unless told otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mixture: Option<Mixture>,
}

fn unit() -> Positive {
    Positive::ONE
}

fn twentieth() -> Positive {
    Positive::TWENTIETH
}

fn one() -> NonNegative {
    NonNegative::ONE
}

fn none() -> NonNegative {
    NonNegative::ZERO
}

/// The posterior of the weights of a layer. The layer's own weights are its means.
#[derive(Module, Debug)]
pub struct Bayes {
    /// ρ of every weight, flat.
    pub rho: Param<Tensor<1>>,
    #[module(skip)]
    estimator: Estimator,
    #[module(skip)]
    prior: Prior,
    #[module(skip)]
    strength: Strength,
    #[module(skip)]
    source: Source,
    training: Param<Flag>,
}

impl Bayes {
    /// The posterior of the weights of `site`, for the technique `id`.
    pub fn new(settings: Settings, id: &str, site: &WeightSite<'_>) -> Self {
        let rho = inverse_softplus(settings.initial_std.get());
        let length: usize = site.shape.iter().product();
        let Settings { kl_weight: weight, warm_up_epochs, .. } = settings;
        Self {
            rho: Param::from_tensor(Tensor::full([length], rho, site.device)),
            estimator: settings.estimator,
            prior: Prior::new(settings.prior_std, settings.mixture),
            strength: Strength { weight, warm_up_epochs },
            source: site.source(id),
            training: Param::from_bool(true),
        }
    }

    /// The layer with weights of this posterior; in evaluation with their means.
    ///
    /// # Shapes
    /// those of the product
    pub fn forward<const D: usize>(
        &self,
        product: &impl Product<D>,
        mean: Tensor<D>,
        bias: Option<Tensor<1>>,
        input: Tensor<D>,
    ) -> Tensor<D> {
        if !self.source.is_live(&self.training, &input) {
            return product.of(input, mean, bias);
        }
        let (clock, draw) = (self.source.clock(), &mut self.source.draw());
        let tick = clock.tick();
        let samples = self.estimator.draws_weights() || matches!(self.prior, Prior::Mixture(_));
        let normals = samples.then(|| posterior::sample(&mean, draw));
        let (rho, strength) = (self.rho.val(), self.strength.at(tick.epoch) as f32);
        let estimator = self.estimator;
        let weights = match self.prior {
            Prior::Gaussian(prior) => {
                let law = Factorized { estimator, prior, strength };
                posterior::weights(&mean, &rho, normals.as_deref(), law)
            }
            Prior::Mixture(prior) => {
                let law = Factorized { estimator, prior, strength };
                posterior::weights(&mean, &rho, normals.as_deref(), law)
            }
        };
        let (mean, noise) = (weights.mean.clone(), weights.noise.clone());
        let outputs = self.estimator.outputs(product, mean, noise, bias, input, draw);
        if !tick.sampling {
            clock.add_term(weights.divergence(&outputs));
        }
        outputs
    }
}

/// N(mean, σ²) for every weight by itself.
#[derive(Debug, Clone, Copy)]
struct Factorized<P> {
    estimator: Estimator,
    prior: P,
    strength: f32,
}

impl<P: CrossEntropy> Law for Factorized<P> {
    #[inline(always)]
    fn write(&self, block: &mut Block<'_>) {
        noise(block, self.estimator);
        divergence(block, &self.prior, self.strength);
    }
}

/// The noise σ ε of the weights, or their variance σ². Leaves σ and dσ/dρ where the divergences
/// will stand.
#[inline(always)]
fn noise(block: &mut Block<'_>, estimator: Estimator) {
    let stds = block.divergences.iter_mut().zip(&mut *block.by_spread);
    for ((std, slope), &rho) in stds.zip(block.spreads) {
        (*std, *slope) = softplus(rho);
    }
    let noise = block.noise.iter_mut().zip(&mut *block.noise_by_spread);
    let stds = block.divergences.iter().zip(&*block.by_spread);
    let draws = estimator.draws_weights();
    for (((noise, by_rho), (std, slope)), normal) in noise.zip(stds).zip(block.normals) {
        let (value, by_std) = if draws { (std * normal, *normal) } else { (std * std, 2.0 * std) };
        (*noise, *by_rho) = (value, by_std * slope);
    }
}

/// The divergences of N(mean, σ²) from the prior times `strength`, where [`noise`] left σ.
#[inline(always)]
fn divergence(block: &mut Block<'_>, prior: &impl CrossEntropy, strength: f32) {
    let write = block.divergences.iter_mut().zip(&mut *block.by_mean).zip(&mut *block.by_spread);
    for ((((divergence, by_mean), by_rho), &mean), &normal) in
        write.zip(block.means).zip(block.normals)
    {
        let (std, slope) = (*divergence, *by_rho);
        let [cross, cross_by_mean, cross_by_std] = prior.at(mean, std, normal);
        *divergence = strength * (cross - ln(std) - HALF_LN_2_PI_E);
        *by_mean = strength * cross_by_mean;
        *by_rho = strength * (cross_by_std - 1.0 / std) * slope;
    }
}

/// ½ ln 2πe: the entropy of N(0, 1).
const HALF_LN_2_PI_E: f32 = 1.418_938_5;

/// ρ with log(1 + e^ρ) = std.
fn inverse_softplus(std: f64) -> f64 {
    std + (-(-std).exp_m1()).ln()
}

#[cfg(test)]
mod tests;

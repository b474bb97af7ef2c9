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
use super::posterior::{self, Law, Made, Read, Strength};
use super::reparameterization::{Product, WeightSite};
use crate::chance::Source;
use crate::series::softplus;
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
        let (rho, strength) = (self.rho.val(), self.strength.at(tick.epoch));
        let estimator = self.estimator;
        let weights = match self.prior {
            Prior::Gaussian(prior) => {
                let law = Factorized { estimator, prior };
                posterior::weights(&mean, &rho, normals, (law, strength))
            }
            Prior::Mixture(prior) => {
                let law = Factorized { estimator, prior };
                posterior::weights(&mean, &rho, normals, (law, strength))
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
}

impl<P: CrossEntropy> Law for Factorized<P> {
    const LOGARITHMS: f64 = -1.0;
    type Kept = ();

    #[inline(always)]
    fn half(&self, of: Read) -> f32 {
        softplus(of.spread).0
    }

    #[inline(always)]
    fn made(&self, of: Read, std: f32) -> Made<()> {
        let noise = if self.estimator.draws_weights() { std * of.normal } else { std * std };
        let divergence = self.prior.at(of.mean, std, of.normal)[0] - HALF_LN_2_PI_E;
        Made { noise, divergence, argument: std, kept: () }
    }

    #[inline(always)]
    fn by_mean(&self, of: Read, (): ()) -> f32 {
        let (std, _) = softplus(of.spread);
        self.prior.at(of.mean, std, of.normal)[1]
    }

    #[inline(always)]
    fn by_spread(&self, of: Read, (): ()) -> (f32, f32) {
        let (std, slope) = softplus(of.spread);
        let noise = if self.estimator.draws_weights() { of.normal } else { 2.0 * std };
        let cross = self.prior.at(of.mean, std, of.normal)[2];
        (noise * slope, (cross - 1.0 / std) * slope)
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

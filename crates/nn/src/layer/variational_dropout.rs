//! Variational dropout: Gaussian noise on every weight, as strong as the data let it be.
//!
//! w ~ N(θ, αθ²), C = C0 + (1/n) Σ KL(α); outputs are drawn by local reparameterization,
//! y ~ N(Σ x θ, Σ x² αθ²)
//!
//! `sparse` learns an α for every weight, through θ and log σ² = log αθ²; a weight whose log α ends
//! above `threshold` is noise and becomes exactly 0. (Molchanov et al. 2017, arXiv 1701.05369.)
//! `gaussian` learns one α in (0, 1) for each layer, or keeps it. (Kingma et al. 2015, arXiv
//! 1506.02557.) Evaluation uses the means, without those that are noise.

mod divergence;
mod pruning;

use super::estimator::local;
use super::posterior::{self, Law, Made, Read, Strength};
use super::reparameterization::{Matrix, Product, WeightSite};
use super::{Layer, LayerDoor, Reparameterization, Site};
use crate::Error;
use crate::chance::Source;
use crate::host::Numbers;
use crate::snapshot::Snapshot;
use crate::technique::{Door, Technique};
use burn::module::{Flag, Module, Param};
use burn::tensor::activation::{log_sigmoid, sigmoid};
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Tensor, TensorData};
use divergence::{Parts, square, variance};
use pruning::kept;
pub use pruning::prune;
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::{NonNegative, Positive, Rate};

const CARD: Card = Card {
    id: "variational_dropout",
    name: "Variational dropout",
    door: card::Door::Layer,
    family: Family::Bayesian,
    one_line: "Learns how much noise every weight bears, and sets to zero those that are noise.",
    formula: "w ~ N(θ, αθ²), C = C0 + kl_weight/n Σ KL(α); w = 0 where log α > threshold",
    paper: "Kingma et al. 2015, arXiv 1506.02557; Molchanov et al. 2017, arXiv 1701.05369",
    when: "A network that shall become small: most of its weights can be exactly zero.",
    watch_out: "Needs Adam, many epochs and warm_up_epochs: a divergence that counts fully from \
                the start prunes the network before it has learned. monitor = \"train.zero_weights\" keeps \
                the sparsest epoch, for the most accurate one may come before the pruning. A \
                penalty or decay beside it shrinks θ a second time.",
    example: "{ kind = \"sparse\", warm_up_epochs = 2 }",
    off: None,
    search: &[Range { key: "kl_weight", low: 0.1, high: 1.0, scale: Scale::Log }],
};

/// Whose noise is learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// That of every weight by itself.
    #[default]
    Sparse,
    /// One α for each layer.
    Gaussian,
}

/// Noise on weights, and how much its divergence counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Whose noise is learned.
    #[serde(default)]
    pub kind: Kind,
    /// Of `sparse`: log α above which a weight is zero; 3 is a dropout rate of 0.95.
    #[serde(default = "three")]
    pub threshold: Positive,
    /// Of `sparse`: σ of every weight at the start.
    #[serde(default = "hundredth")]
    pub initial_std: Positive,
    /// Of `gaussian`: α at the start, in [0, 1), where 1e-4 and less are the same; p / (1 - p)
    /// has the noise of dropout at rate p.
    #[serde(default = "tenth")]
    pub initial_alpha: Rate,
    /// Of `gaussian`: whether α is learned; else it stays, and there is no divergence.
    #[serde(default = "learned")]
    pub learned: bool,
    /// What the divergence is multiplied by; 1 is the bound on the evidence.
    #[serde(default = "one")]
    pub kl_weight: NonNegative,
    /// Epochs in which the divergence comes to count fully, in a straight line from 0.
    #[serde(default = "none")]
    pub warm_up_epochs: NonNegative,
}

fn three() -> Positive {
    Positive::THREE
}

fn hundredth() -> Positive {
    Positive::HUNDREDTH
}

fn tenth() -> Rate {
    Rate::TENTH
}

fn learned() -> bool {
    true
}

fn one() -> NonNegative {
    NonNegative::ONE
}

fn none() -> NonNegative {
    NonNegative::ZERO
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

    fn is_stochastic(&self) -> bool {
        true
    }

    fn needs(&self) -> &'static str {
        "a layer with weights"
    }

    fn build(&self, _: &Site<'_>) -> Result<Option<Layer>, Error> {
        Ok(None)
    }

    fn reparameterize(&self, site: &WeightSite<'_>) -> Result<Option<Reparameterization>, Error> {
        let layer = VariationalDropout::new(self, site);
        Ok(Some(Reparameterization::VariationalDropout(layer)))
    }

    fn prunes(&self) -> bool {
        self.kind == Kind::Sparse
    }

    fn settle(&self, tensors: &mut Snapshot) {
        if self.kind == Kind::Sparse {
            prune(tensors, self.threshold);
        }
    }
}

/// Noise on the weights of a layer.
#[derive(Module, Debug)]
pub struct VariationalDropout {
    /// Of `sparse` log σ² of every weight, flat; of `gaussian` one number, log α/(1 - α).
    pub spread: Param<Tensor<1>>,
    #[module(skip)]
    kind: Kind,
    #[module(skip)]
    threshold: Positive,
    #[module(skip)]
    strength: Strength,
    #[module(skip)]
    source: Source,
    training: Param<Flag>,
}

impl VariationalDropout {
    /// Noise on the weights of `site`.
    pub fn new(config: &Config, site: &WeightSite<'_>) -> Self {
        let (length, start) = match config.kind {
            Kind::Sparse => (site.shape.iter().product(), 2.0 * config.initial_std.get().ln()),
            Kind::Gaussian => {
                let alpha = config.initial_alpha.get().max(1e-4);
                (1, (alpha / (1.0 - alpha)).ln())
            }
        };
        let spread = Param::from_tensor(Tensor::full([length], start, site.device));
        let trained = config.kind == Kind::Sparse || config.learned;
        let strength = Strength { weight: config.kl_weight, warm_up_epochs: config.warm_up_epochs };
        Self {
            spread: if trained { spread } else { spread.set_require_grad(false) },
            kind: config.kind,
            threshold: config.threshold,
            strength,
            source: site.source(CARD.id),
            training: Param::from_bool(true),
        }
    }

    /// A linear layer with noisy weights.
    ///
    /// # Shapes
    /// weight [in, out], input [batch, in] -> [batch, out]
    pub fn linear(
        &self,
        weight: Tensor<2>,
        bias: Option<Tensor<1>>,
        input: Tensor<2>,
    ) -> Tensor<2> {
        self.forward(&Matrix, weight, bias, input)
    }

    /// A convolution with noisy weights.
    ///
    /// # Shapes
    /// weight [out, in, height, width], input [batch, in, ..] -> [batch, out, ..]
    pub fn convolution(
        &self,
        weight: Tensor<4>,
        bias: Option<Tensor<1>>,
        input: Tensor<4>,
        options: ConvOptions<2>,
    ) -> Tensor<4> {
        self.forward(&options, weight, bias, input)
    }

    fn forward<const D: usize>(
        &self,
        product: &impl Product<D>,
        weight: Tensor<D>,
        bias: Option<Tensor<1>>,
        input: Tensor<D>,
    ) -> Tensor<D> {
        let live = self.source.is_live(&self.training, &input);
        if !live && self.kind == Kind::Gaussian {
            return product.of(input, weight, bias);
        }
        let clock = self.source.clock();
        if !live || clock.tick().sampling {
            let (mean, variance) = self.settled(weight);
            return match live {
                false => product.of(input, mean, bias),
                true => local(product, mean, variance, bias, input, &mut self.source.draw()),
            };
        }
        let (strength, draw) = (self.strength.at(clock.tick().epoch), &mut self.source.draw());
        if self.kind == Kind::Gaussian {
            let count = weight.shape().num_elements() as f64;
            if self.spread.is_require_grad() {
                let divergence = divergence::of_tensor(log_sigmoid(self.spread.val()));
                clock.add_term(divergence * (count * strength));
            }
            return local(product, weight.clone(), self.variance(weight), bias, input, draw);
        }
        let law = (Sparse, strength);
        let found = posterior::weights(&weight, &self.spread.val(), None, law);
        let (mean, variance) = (found.mean.clone(), found.noise.clone());
        let outputs = local(product, mean, variance, bias, input, draw);
        if self.spread.is_require_grad() {
            clock.add_term(found.divergence(&outputs));
        }
        outputs
    }

    /// Mean and variance of the weights when training is over: those that are noise have neither.
    fn settled<const D: usize>(&self, weight: Tensor<D>) -> (Tensor<D>, Tensor<D>) {
        if self.kind == Kind::Gaussian {
            return (weight.clone(), self.variance(weight));
        }
        let spread = self.spread.val();
        let (weights, spreads) = (Numbers::of(&weight), Numbers::of(&spread));
        let kept = kept(weights.values(), spreads.values(), self.threshold);
        let (shape, place) = (weight.shape(), (&weight.device(), weight.dtype()));
        let kept = Tensor::<D>::from_data(TensorData::new(kept, shape.clone()), place);
        (weight * kept.clone(), spread.reshape(shape).exp() * kept)
    }

    /// Of `gaussian`: the variance of every weight.
    fn variance<const D: usize>(&self, weight: Tensor<D>) -> Tensor<D> {
        weight.square() * sigmoid(self.spread.val()).reshape([1; D])
    }
}

/// Variances of a sparse layer, and divergences, whose derivatives in log α are kept.
#[derive(Debug, Clone, Copy)]
struct Sparse;

impl Law for Sparse {
    const LOGARITHMS: f64 = divergence::LOGARITHMS;
    type Kept = f32;

    #[inline(always)]
    fn half(&self, of: Read) -> f32 {
        divergence::log_alpha(of.mean, of.spread)
    }

    #[inline(always)]
    fn made(&self, of: Read, log_alpha: f32) -> Made<f32> {
        let noise = variance(of.spread);
        let Parts { rest: divergence, argument, slope } =
            divergence::divergence(log_alpha, square(of.mean), noise);
        Made { noise, divergence, argument, kept: slope }
    }

    #[inline(always)]
    fn by_mean(&self, of: Read, slope: f32) -> f32 {
        slope * -2.0 * of.mean / square(of.mean)
    }

    #[inline(always)]
    fn by_spread(&self, of: Read, slope: f32) -> (f32, f32) {
        (variance(of.spread), slope)
    }
}

#[cfg(test)]
mod tests;

//! Bayesian convolutions: every weight has a mean and a spread, and both are trained.
//!
//! The formulas are those of [`bayes`](super::bayes). Blundell et al. 2015, arXiv 1505.05424.

use super::bayes::{Bayes, Settings};
use super::reparameterization::{Matrix, WeightSite};
use super::{Layer, LayerDoor, Reparameterization, Site};
use crate::Error;
use crate::technique::{Door, Technique};
use burn::module::Module;
use burn::tensor::Tensor;
use burn::tensor::ops::ConvOptions;
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};

const CARD: Card = Card {
    id: "bayes_conv",
    name: "Bayesian convolutions",
    door: card::Door::Layer,
    family: Family::Bayesian,
    one_line: "Learns a mean and a spread for every weight of the convolutions.",
    formula: "w ~ N(μ, log(1 + e^ρ)²), C = C0 + kl_weight/n Σ KL(q(w) | N(0, prior_std²))",
    paper: "Blundell et al. 2015, arXiv 1505.05424",
    when: "Predictions shall say how sure they are: see predict --samples.",
    watch_out: "Twice the parameters and twice the time of a step. With few examples the prior \
                wins and the network learns little: a smaller kl_weight or prior_std. A penalty or \
                decay beside it is a second prior. Evaluation uses the means.",
    example: "{ prior_std = 0.3, warm_up_epochs = 2 }",
    off: None,
    search: &[
        Range { key: "prior_std", low: 0.05, high: 2.0, scale: Scale::Log },
        Range { key: "kl_weight", low: 0.01, high: 1.0, scale: Scale::Log },
    ],
};

/// Posterior and prior of the filters of convolutions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Config(pub Settings);

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
        "a convolution"
    }

    fn build(&self, _: &Site<'_>) -> Result<Option<Layer>, Error> {
        Ok(None)
    }

    fn reparameterize(&self, site: &WeightSite<'_>) -> Result<Option<Reparameterization>, Error> {
        let layer = || BayesConv { posterior: Bayes::new(self.0, CARD.id, site) };
        Ok((site.shape.len() == 4).then(|| Reparameterization::BayesConv(layer())))
    }
}

/// The posterior of the filters of a convolution.
#[derive(Module, Debug)]
pub struct BayesConv {
    posterior: Bayes,
}

impl BayesConv {
    /// A convolution with filters of the posterior.
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
        self.posterior.forward(&options, weight, bias, input)
    }

    /// It stands over no linear layer; one that is asked for all the same is Bayesian as well.
    pub fn linear(
        &self,
        weight: Tensor<2>,
        bias: Option<Tensor<1>>,
        input: Tensor<2>,
    ) -> Tensor<2> {
        self.posterior.forward(&Matrix, weight, bias, input)
    }
}

//! L1: C = C0 + λ/n Σ|w|, for weights that are exactly zero.
//!
//! Proximal: v = w - η ∂C0/∂w; w <- sgn(v) max(|v| - ηλ/n, 0)
//! Subgradient: w <- w - η ∂C0/∂w - (ηλ/n) sgn w, sgn 0 = 0
//!
//! With momentum μ the threshold is ηλ/n / (1 - μ), with Adam ηλ/n / (sqrt(v̂) + ε) for each
//! weight: the step that the optimizer itself takes along a constant gradient. Only so is the
//! fixed point the minimum of C.
//!
//! Tibshirani 1996, JRSS B 58(1); Beck and Teboulle 2009, SIAM J. Imaging Sciences 2(1).

use super::{
    Method, PenaltyDoor, PerLayer, Place, Reach, StepSize, number, sign, soft_threshold, with_step,
};
use crate::elementwise::zip;
use crate::lambda::Lambda;
use crate::technique::{Door, Technique};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::NonNegative;

const CARD: Card = Card {
    id: "l1",
    name: "L1 penalty",
    door: card::Door::Penalty,
    family: Family::WeightBased,
    one_line: "Adds λ/n times the sum of absolute weights to the loss; many become exactly zero.",
    formula: "C = C0 + λ/n Σ|w|; proximal step w <- sgn(v) max(|v| - ηλ/n, 0)",
    paper: "Tibshirani 1996, JRSS B 58(1):267-288",
    when: "Many inputs of which few matter, or a model that shall be small.",
    watch_out: "The subgradient never gives exact zeros: keep method = \"proximal\" for those. Of \
                two correlated inputs it keeps one; elastic_net shares.",
    example: "{ lambda = 0.1 }",
    off: Some("{ lambda = 0.0 }"),
    search: &[Range { key: "lambda", low: 1e-3, high: 1e1, scale: Scale::Log }],
};

/// The sum of absolute weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct L1 {
    /// λ of λ/n Σ|w|; 0 is off, `"auto"` is found by the run.
    pub lambda: Lambda,
    /// Proximal (exact zeros) or subgradient.
    #[serde(default)]
    pub method: Method,
    /// Factors on λ by layer, see [`PerLayer`].
    #[serde(default, skip_serializing_if = "PerLayer::is_empty")]
    pub layers: PerLayer,
}

impl Technique for L1 {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.lambda.is_off()
    }

    fn at_door(self) -> Door {
        Door::Penalty(Box::new(self))
    }
}

impl L1 {
    /// The penalty, proximal, with the same λ for all layers.
    pub fn new(lambda: NonNegative) -> Self {
        Self { lambda: lambda.into(), method: Method::Proximal, layers: PerLayer::default() }
    }

    fn strength(&self, place: Place<'_>) -> f64 {
        self.lambda.get() * self.layers.factor(&place.parameter.path) * place.factor / place.n
    }
}

impl PenaltyDoor for L1 {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn value(&self, weights: &Tensor<1>, place: Place<'_>) -> f64 {
        self.strength(place) * number(weights.clone().abs().sum())
    }

    fn add_gradient(
        &self,
        weights: &Tensor<1>,
        gradient: Tensor<1>,
        place: Place<'_>,
    ) -> Tensor<1> {
        let strength = self.strength(place) as f32;
        match self.method {
            Method::Proximal => gradient,
            Method::Subgradient => zip(gradient, weights, move |g, w| g + strength * sign(w)),
        }
    }

    fn prox(&self, weights: Tensor<1>, step: &StepSize, place: Place<'_>) -> Tensor<1> {
        match self.method {
            Method::Proximal => with_step(weights, step, self.strength(place), soft_threshold),
            Method::Subgradient => weights,
        }
    }

    fn found_at(&self, path: &str) -> Option<f64> {
        self.lambda.found(self.layers.factor(path))
    }

    fn response(
        &self,
        before: &Tensor<1>,
        after: &Tensor<1>,
        reach: &Reach,
        place: Place<'_>,
    ) -> Option<Tensor<1>> {
        let (weights, step) = match self.method {
            Method::Proximal => (after, &reach.proximal),
            Method::Subgradient => (before, &reach.gradient),
        };
        Some(with_step(weights.clone(), step, self.strength(place), |w, t| -t * sign(w)))
    }

    fn names(&self) -> Vec<&str> {
        self.layers.names()
    }

    fn is_proximal(&self) -> bool {
        self.method == Method::Proximal
    }

    fn describe(&self, n: f64) -> String {
        let lambda = self.lambda;
        let how = match self.method {
            Method::Proximal => "threshold η",
            Method::Subgradient => "subgradient",
        };
        format!(
            "l1: λ/n Σ|w| with λ = {lambda}, n = {n}; {how} {}{}",
            match lambda {
                Lambda::Auto => "λ/n".to_owned(),
                Lambda::Fixed(lambda) => format!("{:.3e}", lambda.get() / n),
            },
            self.layers.words()
        )
    }
}

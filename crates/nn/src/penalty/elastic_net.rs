//! Elastic net: C = C0 + λ/n Σ (ratio |w| + (1 - ratio)/2 w²).
//!
//! Proximal: v = w - η ∂C0/∂w; w <- sgn(v) max(|v| - ηλ1/n, 0) / (1 + ηλ2/n), with
//! λ1 = ratio λ and λ2 = (1 - ratio) λ. This is the naive elastic net, without the paper's
//! rescaling by 1 + λ2; scikit-learn and glmnet leave it out as well.
//!
//! Zou and Hastie 2005, JRSS B 67(2).

use super::{
    Method, PenaltyDoor, PerLayer, Place, Reach, StepSize, number, sign, soft_threshold, with_step,
};
use crate::elementwise::zip;
use crate::lambda::Lambda;
use crate::technique::{Door, Technique};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::Fraction;

const CARD: Card = Card {
    id: "elastic_net",
    name: "Elastic net penalty",
    door: card::Door::Penalty,
    family: Family::WeightBased,
    one_line: "Mixes L1 and L2: zeros, but correlated inputs share their weight.",
    formula: "C = C0 + λ/n Σ (ratio |w| + (1 - ratio)/2 w²)",
    paper: "Zou and Hastie 2005, JRSS B 67(2):301-320",
    when: "L1 keeps one of several correlated inputs, and all of them matter.",
    watch_out: "ratio = 1 is l1 and ratio = 0 is l2 with the same λ. scikit-learn's alpha is λ/n.",
    example: "{ lambda = 0.1, ratio = 0.5 }",
    off: Some("{ lambda = 0.0, ratio = 0.5 }"),
    search: &[
        Range { key: "lambda", low: 1e-3, high: 1e1, scale: Scale::Log },
        Range { key: "ratio", low: 0.0, high: 1.0, scale: Scale::Linear },
    ],
};

/// A mixture of absolute and squared weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ElasticNet {
    /// λ of λ/n Σ (...); 0 is off, `"auto"` is found by the run.
    pub lambda: Lambda,
    /// Share of L1, in [0, 1].
    pub ratio: Fraction,
    /// Proximal (exact zeros) or subgradient.
    #[serde(default)]
    pub method: Method,
    /// Factors on λ by layer, see [`PerLayer`].
    #[serde(default, skip_serializing_if = "PerLayer::is_empty")]
    pub layers: PerLayer,
}

impl ElasticNet {
    /// λ1/n and λ2/n.
    fn strengths(&self, n: f64) -> (f64, f64) {
        let (lambda, ratio) = (self.lambda.get() / n, self.ratio.get());
        (lambda * ratio, lambda * (1.0 - ratio))
    }

    /// The same for one layer.
    fn at(&self, place: Place<'_>) -> (f64, f64) {
        let factor = self.layers.factor(&place.parameter.path) * place.factor;
        let (l1, l2) = self.strengths(place.n);
        (factor * l1, factor * l2)
    }
}

impl Technique for ElasticNet {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.lambda.is_off()
    }

    fn at_door(self) -> Door {
        Door::Penalty(Box::new(self))
    }
}

impl PenaltyDoor for ElasticNet {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn value(&self, weights: &Tensor<1>, place: Place<'_>) -> f64 {
        let (l1, l2) = self.at(place);
        let absolute = number(weights.clone().abs().sum());
        let squared = number(weights.clone().square().sum());
        l1 * absolute + l2 / 2.0 * squared
    }

    fn add_gradient(
        &self,
        weights: &Tensor<1>,
        gradient: Tensor<1>,
        place: Place<'_>,
    ) -> Tensor<1> {
        let (l1, l2) = self.at(place);
        let (l1, l2) = (l1 as f32, l2 as f32);
        match self.method {
            Method::Proximal => gradient,
            Method::Subgradient => zip(gradient, weights, move |g, w| g + l1 * sign(w) + l2 * w),
        }
    }

    fn prox(&self, weights: Tensor<1>, step: &StepSize, place: Place<'_>) -> Tensor<1> {
        let factor = self.layers.factor(&place.parameter.path) * place.factor;
        let (ratio, lambda) = (self.ratio.get(), self.lambda.get() * factor / place.n);
        let (l1, l2) = (ratio as f32, (1.0 - ratio) as f32);
        match self.method {
            Method::Proximal => {
                with_step(weights, step, lambda, |w, t| soft_threshold(w, t * l1) / (1.0 + t * l2))
            }
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
        let (l1, l2) = self.at(place);
        let strength = l1 + l2;
        let (l1, l2) = (self.ratio.get() as f32, (1.0 - self.ratio.get()) as f32);
        let pull = move |w: f32| l1 * sign(w) + l2 * w;
        Some(match self.method {
            Method::Proximal => with_step(after.clone(), &reach.proximal, strength, move |w, t| {
                -t * pull(w) / (1.0 + t * l2)
            }),
            Method::Subgradient => {
                with_step(before.clone(), &reach.gradient, strength, move |w, t| -t * pull(w))
            }
        })
    }

    fn names(&self) -> Vec<&str> {
        self.layers.names()
    }

    fn is_proximal(&self) -> bool {
        self.method == Method::Proximal
    }

    fn describe(&self, n: f64) -> String {
        let (l1, l2) = self.strengths(n);
        format!(
            "elastic_net: {l1:.3e} Σ|w| + {l2:.3e}/2 Σw² (λ = {}, n = {n}){}",
            self.lambda,
            self.layers.words()
        )
    }
}

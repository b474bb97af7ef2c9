//! L2, the textbook's weight decay: C = C0 + λ/2n Σw².
//!
//! The gradient (λ/n) w joins ∇C0. For plain SGD that is the shrinking step
//! w <- (1 - ηλ/n) w - η ∂C0/∂w; with momentum or Adam it is not, and `weight_decay` is the
//! technique that shrinks.
//!
//! Krogh and Hertz 1991, NIPS 4; Nielsen 2015, "Neural Networks and Deep Learning", chapter 3.

use super::{PenaltyDoor, PerLayer, Place, Reach, number, with_step};
use crate::elementwise::zip;
use crate::lambda::Lambda;
use crate::technique::{Door, Technique};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::NonNegative;

const CARD: Card = Card {
    id: "l2",
    name: "L2 penalty",
    door: card::Door::Penalty,
    family: Family::WeightBased,
    one_line: "Adds λ/2n times the sum of squared weights to the loss.",
    formula: "C = C0 + λ/2n Σw², n = training examples; for SGD w <- (1 - ηλ/n) w - η ∂C0/∂w",
    paper: "Krogh and Hertz 1991, NIPS 4",
    when: "Almost always a good first cure for a gap between training and validation.",
    watch_out: "λ here is the textbook's: PyTorch's weight_decay is λ/n, Keras' l2 is λ/2n. With \
                Adam prefer weight_decay. On weights in front of batch norm it acts through the \
                learning rate only.",
    example: "{ lambda = 0.1 }",
    off: Some("{ lambda = 0.0 }"),
    search: &[Range { key: "lambda", low: 1e-3, high: 1e2, scale: Scale::Log }],
};

/// Half the squared norm of the weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct L2 {
    /// λ of λ/2n Σw²; 0 is off, `"auto"` is found by the run.
    pub lambda: Lambda,
    /// Factors on λ by layer, see [`PerLayer`].
    #[serde(default, skip_serializing_if = "PerLayer::is_empty")]
    pub layers: PerLayer,
}

impl Technique for L2 {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.lambda.is_off()
    }

    fn at_door(self) -> Door {
        Door::Penalty(Box::new(self))
    }
}

impl L2 {
    /// The penalty with the same λ for all layers.
    pub fn new(lambda: NonNegative) -> Self {
        Self { lambda: lambda.into(), layers: PerLayer::default() }
    }

    fn strength(&self, place: Place<'_>) -> f64 {
        self.lambda.get() * self.layers.factor(&place.parameter.path) * place.factor / place.n
    }
}

impl PenaltyDoor for L2 {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn value(&self, weights: &Tensor<1>, place: Place<'_>) -> f64 {
        self.strength(place) / 2.0 * number(weights.clone().square().sum())
    }

    fn add_gradient(
        &self,
        weights: &Tensor<1>,
        gradient: Tensor<1>,
        place: Place<'_>,
    ) -> Tensor<1> {
        let strength = self.strength(place) as f32;
        zip(gradient, weights, move |g, w| g + strength * w)
    }

    fn found_at(&self, path: &str) -> Option<f64> {
        self.lambda.found(self.layers.factor(path))
    }

    fn response(
        &self,
        before: &Tensor<1>,
        _: &Tensor<1>,
        reach: &Reach,
        place: Place<'_>,
    ) -> Option<Tensor<1>> {
        let strength = self.strength(place);
        Some(with_step(before.clone(), &reach.gradient, strength, |w, t| -t * w))
    }

    fn names(&self) -> Vec<&str> {
        self.layers.names()
    }

    fn describe(&self, n: f64) -> String {
        let (lambda, layers) = (self.lambda, self.layers.words());
        let gradient = match lambda {
            Lambda::Auto => format!("gradient λ/n w{layers}"),
            Lambda::Fixed(lambda) => format!("gradient {:.3e} w{layers}", lambda.get() / n),
        };
        format!("l2: λ/2n Σw² with λ = {lambda}, n = {n}; {gradient}")
    }
}

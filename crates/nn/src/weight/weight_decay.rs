//! Decoupled weight decay: weights shrink by themselves, beside the optimizer's update.
//!
//! w <- (1 - ηλ) w - η update(∂C0/∂w)
//!
//! Loshchilov and Hutter 2019, arXiv 1711.05101. With SGD, λ here does what λ n does in `l2`;
//! with Adam the two differ, since here the decay does not pass through the moments.

use super::WeightDoor;
use crate::elementwise::map;
use crate::lambda::Lambda;
use crate::parameter::Parameter;
use crate::penalty::PerLayer;
use crate::technique::{Door, Technique};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};

const CARD: Card = Card {
    id: "weight_decay",
    name: "Decoupled weight decay",
    door: card::Door::Weight,
    family: Family::WeightBased,
    one_line: "Shrinks every weight by the factor 1 - ηλ at each step, whatever the optimizer.",
    formula: "w <- (1 - ηλ) w - η update(∂C0/∂w)",
    paper: "Loshchilov and Hutter 2019, arXiv 1711.05101",
    when: "With Adam, where an L2 penalty in the loss is divided by the moments and loses force.",
    watch_out: "λ is PyTorch's weight_decay, not the textbook's: no division by n. The optimizer \
                adamw brings one of its own; this one beside it is refused.",
    example: "{ lambda = 0.01 }",
    off: Some("{ lambda = 0.0 }"),
    search: &[Range { key: "lambda", low: 1e-5, high: 1.0, scale: Scale::Log }],
};

/// Decay that is decoupled from the gradient.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeightDecay {
    /// λ of 1 - ηλ, per unit of learning rate; 0 is off, `"auto"` is found by the run.
    pub lambda: Lambda,
    /// Factors on λ by layer, see [`PerLayer`].
    #[serde(default, skip_serializing_if = "PerLayer::is_empty")]
    pub layers: PerLayer,
}

impl Technique for WeightDecay {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.lambda.is_off()
    }

    fn at_door(self) -> Door {
        Door::Weight(Box::new(self))
    }
}

impl WeightDoor for WeightDecay {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn shrink(&self, weights: Tensor<1>, learning_rate: f64, parameter: &Parameter) -> Tensor<1> {
        let lambda = self.lambda.get() * self.layers.factor(&parameter.path);
        let factor = (1.0 - learning_rate * lambda) as f32;
        map(weights, move |w| w * factor)
    }

    fn is_decay(&self) -> bool {
        true
    }

    fn found_at(&self, path: &str) -> Option<f64> {
        self.lambda.found(self.layers.factor(path))
    }

    fn response(
        &self,
        before: &Tensor<1>,
        learning_rate: f64,
        parameter: &Parameter,
    ) -> Option<Tensor<1>> {
        let lambda = self.lambda.get() * self.layers.factor(&parameter.path);
        let strength = (learning_rate * lambda) as f32;
        Some(map(before.clone(), move |w| -strength * w))
    }

    fn names(&self) -> Vec<&str> {
        self.layers.names()
    }

    fn describe(&self) -> String {
        let (lambda, layers) = (self.lambda, self.layers.words());
        format!("weight_decay: w <- (1 - η {lambda}) w beside the update{layers}")
    }
}

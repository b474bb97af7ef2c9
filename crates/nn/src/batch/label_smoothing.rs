//! Label smoothing: a target that leaves some probability for every class.
//!
//! q' = (1 - ε) q + ε/K, on every one of the K classes, the true one included
//!
//! Szegedy et al. 2016, arXiv 1512.00567.

use super::{Batch, BatchDoor, Chance};
use crate::technique::{Door, Technique};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::Fraction;

const CARD: Card = Card {
    id: "label_smoothing",
    name: "Label smoothing",
    door: card::Door::Batch,
    family: Family::DataBased,
    one_line: "Trains towards (1 - ε) for the true class and ε/K for each of the K classes.",
    formula: "q' = (1 - ε) q + ε/K",
    paper: "Szegedy et al. 2016, arXiv 1512.00567",
    when: "The validation loss rises while accuracy still improves: the model is overconfident. \
           Noisy labels.",
    watch_out: "The training loss cannot fall below the entropy of q'; compare the clean losses. \
                Hurts a model that shall teach another one by distillation.",
    example: "{ epsilon = 0.1 }",
    off: Some("{ epsilon = 0.0 }"),
    search: &[Range { key: "epsilon", low: 0.01, high: 0.4, scale: Scale::Log }],
};

/// Smooths class targets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelSmoothing {
    /// Probability that is spread evenly over all classes, in [0, 1]; 0 is off.
    pub epsilon: Fraction,
}

impl Technique for LabelSmoothing {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.epsilon.get() == 0.0
    }

    fn at_door(self) -> Door {
        Door::Batch(Box::new(self))
    }
}

impl BatchDoor for LabelSmoothing {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn needs_classes(&self) -> bool {
        true
    }

    fn apply(&self, batch: Batch, _: &Chance) -> Batch {
        let targets = label_smoothing(batch.targets, self.epsilon);
        Batch { targets, ..batch }
    }
}

/// Smooths targets over their last axis.
///
/// # Shapes
/// targets [batch, classes], rows that sum to 1 -> the same
///
/// # Off
/// ε = 0 returns the targets.
pub fn label_smoothing(targets: Tensor<2>, epsilon: Fraction) -> Tensor<2> {
    let epsilon = epsilon.get();
    if epsilon == 0.0 {
        return targets;
    }
    let [_, classes] = targets.dims();
    targets * (1.0 - epsilon) + epsilon / classes as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    fn smoothed(epsilon: f64) -> Vec<f32> {
        let hot = Tensor::<2>::from_data([[0.0, 1.0, 0.0, 0.0]], &Device::flex());
        let epsilon = Fraction::new(epsilon).unwrap();
        label_smoothing(hot, epsilon).into_data().try_into_vec().unwrap()
    }

    #[test]
    fn every_class_gets_its_share_the_true_one_too() {
        assert_eq!(smoothed(0.2), [0.05, 0.85, 0.05, 0.05]);
        assert_eq!(smoothed(1.0), [0.25; 4]);
        assert_eq!(smoothed(0.0), [0.0, 1.0, 0.0, 0.0]);
    }
}

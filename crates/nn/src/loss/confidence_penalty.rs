//! Confidence penalty: low entropy of the predicted distribution costs.
//!
//! C = C0 - β mean_i H(p_i), H(p) = -Σ_k p_k log p_k, p the model's probabilities
//!
//! Pereyra et al. 2017, arXiv 1701.06548.

use super::{Loss, LossDoor, Seen};
use crate::technique::{Door, Technique};
use burn::tensor::Tensor;
use burn::tensor::activation::{log_sigmoid, log_softmax, sigmoid};
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::NonNegative;

const CARD: Card = Card {
    id: "confidence_penalty",
    name: "Confidence penalty",
    door: card::Door::Loss,
    family: Family::DataBased,
    one_line: "Adds -β times the entropy of the predicted probabilities to the loss.",
    formula: "C = C0 - β mean H(p), H(p) = -Σ p log p",
    paper: "Pereyra et al. 2017, arXiv 1701.06548",
    when: "The validation loss rises while accuracy still improves: the model is overconfident.",
    watch_out: "Label smoothing does nearly the same (KL towards uniform in the other direction): \
                use one of them.",
    example: "{ beta = 0.1 }",
    off: Some("{ beta = 0.0 }"),
    search: &[Range { key: "beta", low: 0.01, high: 1.0, scale: Scale::Log }],
};

/// Penalizes confident outputs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfidencePenalty {
    /// β, the weight of the entropy in nats; 0 is off.
    pub beta: NonNegative,
}

impl Technique for ConfidencePenalty {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.beta == NonNegative::ZERO
    }

    fn at_door(self) -> Door {
        Door::Loss(Box::new(self))
    }
}

impl LossDoor for ConfidencePenalty {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn needs_probabilities(&self) -> bool {
        true
    }

    fn term(&self, seen: &Seen<'_>) -> Tensor<1> {
        let each = seen.outputs.iter().map(|outputs| mean_entropy(outputs.clone(), seen.loss));
        let sum = each.reduce(|sum, entropy| sum + entropy);
        sum.map_or_else(|| Tensor::zeros([1], &seen.targets.device()), |sum| -sum * self.beta.get())
    }
}

/// Mean entropy in nats of the probabilities that `loss` reads from logits; summed over the
/// outputs where each is a Bernoulli probability of its own.
///
/// # Shapes
/// logits [batch, classes] -> one number
pub fn mean_entropy(logits: Tensor<2>, loss: Loss) -> Tensor<1> {
    let negative = match loss {
        Loss::SigmoidCrossEntropy => {
            let (p, q) = (sigmoid(logits.clone()), sigmoid(-logits.clone()));
            p * log_sigmoid(logits.clone()) + q * log_sigmoid(-logits)
        }
        Loss::CrossEntropy | Loss::SquaredError => {
            let log = log_softmax(logits, 1);
            log.clone().exp() * log
        }
    };
    -negative.sum_dim(1).mean()
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    #[test]
    fn entropy_is_that_of_the_probabilities() {
        let device = Device::flex();
        let entropy = |z: Tensor<2>, loss| mean_entropy(z, loss).into_scalar::<f64>();
        let even = Tensor::<2>::zeros([3, 4], &device);
        assert!((entropy(even.clone(), Loss::CrossEntropy) - 4f64.ln()).abs() < 1e-6);
        assert!((entropy(even, Loss::SigmoidCrossEntropy) - 4.0 * 2f64.ln()).abs() < 1e-6);
        // p = .9, .1 by hand, and a sure prediction, whose entropy is no NaN.
        let (sure, half) = ([200.0f32, -200.0], [9f32.ln(), 0.0]);
        let two = Tensor::<2>::from_data([half, sure], &device);
        let expected = -(0.9 * 0.9f64.ln() + 0.1 * 0.1f64.ln()) / 2.0;
        assert!((entropy(two, Loss::CrossEntropy) - expected).abs() < 1e-6);
    }
}

//! R-Drop: two passes with masks of their own shall predict the same.
//!
//! C = C0(p1) + C0(p2) + α ½ (KL(p1 ‖ p2) + KL(p2 ‖ p1)), both losses and divergences means over
//! the batch, p1 and p2 the model's predictions in the two passes
//!
//! Wu et al. 2021, arXiv 2106.14448. Gradients flow through both passes. For squared error the
//! divergence is ½ Σ (z1 - z2)², that of normal distributions of variance 1.

use super::{Loss, LossDoor, Seen, divergence};
use crate::technique::{Door, Technique};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::NonNegative;

const CARD: Card = Card {
    id: "r_drop",
    name: "R-Drop",
    door: card::Door::Loss,
    family: Family::ArchitectureBased,
    one_line: "Passes every batch twice under dropout and makes both predictions agree.",
    formula: "C = C0(p1) + C0(p2) + α ½ (KL(p1 ‖ p2) + KL(p2 ‖ p1))",
    paper: "Wu et al. 2021, arXiv 2106.14448",
    when: "Dropout helps, and a step may cost twice the time.",
    watch_out: "Needs a stochastic layer, as dropout. Both losses are added, as in the paper, so \
                that the gradient is twice as long: a learning rate tuned without it is too high.",
    example: "{ alpha = 1.0 }",
    off: Some("{ alpha = 0.0 }"),
    search: &[Range { key: "alpha", low: 0.1, high: 10.0, scale: Scale::Log }],
};

/// Two passes that shall agree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RDrop {
    /// α, the weight of the divergence; 0 is off, and the step has one pass again.
    pub alpha: NonNegative,
}

impl Technique for RDrop {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.alpha == NonNegative::ZERO
    }

    fn at_door(self) -> Door {
        Door::Loss(Box::new(self))
    }
}

impl LossDoor for RDrop {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn needs_classes(&self) -> bool {
        false
    }

    fn passes(&self) -> u64 {
        2
    }

    fn compares_passes(&self) -> bool {
        true
    }

    fn term(&self, seen: &Seen<'_>) -> Tensor<1> {
        match seen.outputs {
            [one, two, ..] => disagreement(one, two, seen.loss) * self.alpha.get(),
            _ => Tensor::zeros([1], &seen.targets.device()),
        }
    }
}

/// ½ (KL(p1 ‖ p2) + KL(p2 ‖ p1)), a mean over the batch.
///
/// # Shapes
/// both [batch, outputs] -> one number
pub fn disagreement(one: &Tensor<2>, two: &Tensor<2>, loss: Loss) -> Tensor<1> {
    let forth = divergence(one.clone(), two.clone(), loss);
    (forth + divergence(two.clone(), one.clone(), loss)) * 0.5
}

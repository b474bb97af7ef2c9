//! Consistency of AugMix: an image and two mixtures of it shall be predicted alike.
//!
//! C = C0(p) + λ JS(p; p1; p2), JS = ⅓ (KL(p ‖ M) + KL(p1 ‖ M) + KL(p2 ‖ M)), M = ⅓ (p + p1 + p2),
//! p1 and p2 the predictions for two views by `aug_mix`, drawn anew for every image and step
//!
//! The data loss is that of the image itself, as the batch door left it. All three pass the model in
//! one batch, as in the paper's program, and M is at least 1e-7 there as here. Hendrycks et al. 2020,
//! arXiv 1912.02781.

use super::{Loss, LossDoor, Seen};
use crate::batch::augment::aug_mix::AugMix;
use crate::batch::{Batch, BatchDoor, Chance};
use crate::technique::{Door, Technique};
use burn::tensor::Tensor;
use burn::tensor::activation::{log_sigmoid, log_softmax};
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::{NonNegative, Positive, Severity};
use wellfit_core::seed::Address;

const CARD: Card = Card {
    id: "jensen_shannon",
    name: "AugMix consistency",
    door: card::Door::Loss,
    family: Family::DataBased,
    one_line: "Makes the predictions for an image and for two AugMix views of it agree.",
    formula: "C = C0(p) + λ ⅓ (KL(p ‖ M) + KL(p1 ‖ M) + KL(p2 ‖ M)), M = ⅓ (p + p1 + p2)",
    paper: "Hendrycks et al. 2020, arXiv 1912.02781",
    when: "Pictures in use are worse than those of training, and a step may cost three times the time.",
    watch_out: "Each step passes three times the batch, in time and in memory. It has its views: \
                aug_mix beside it would mix the image itself as well.",
    example: "{ weight = 12.0 }",
    off: Some("{ weight = 0.0 }"),
    search: &[Range { key: "weight", low: 1.0, high: 20.0, scale: Scale::Log }],
};

/// Views of an image beside itself.
const VIEWS: u64 = 2;
/// The least that a probability of the mean counts as.
const TINY: f64 = 1e-7;

/// Views that shall be predicted alike.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JensenShannon {
    /// λ, the weight of the divergence; 0 is off, and the step has one view again.
    pub weight: NonNegative,
    /// Of the views: the first so many of ten steps of strength are drawn from, in [1, 10].
    #[serde(default = "three")]
    pub severity: Severity,
    /// Of the views: number of chains, 0 to 255; 0 is off.
    #[serde(default = "three_chains")]
    pub width: u8,
    /// Of the views: operations in a chain; 0 draws 1, 2 or 3 for each.
    #[serde(default)]
    pub depth: u8,
    /// Of the views: of Beta(alpha, alpha) and Dirichlet(alpha); above 0.
    #[serde(default = "one")]
    pub alpha: Positive,
}

const fn three() -> Severity {
    Severity::THREE
}

const fn three_chains() -> u8 {
    3
}

const fn one() -> Positive {
    Positive::ONE
}

impl Technique for JensenShannon {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.weight == NonNegative::ZERO || self.width == 0
    }

    fn at_door(self) -> Door {
        Door::Loss(Box::new(self))
    }
}

impl LossDoor for JensenShannon {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn needs_probabilities(&self) -> bool {
        true
    }

    fn needs_images(&self) -> bool {
        true
    }

    fn views(&self) -> u64 {
        VIEWS
    }

    fn view(&self, batch: Batch, chance: &Chance, number: u64) -> Batch {
        // The image itself was number 0, and may have met `aug_mix` there.
        let address = Address { pass: 1 + number, ..chance.address };
        let Self { severity, width, depth, alpha, .. } = *self;
        AugMix { severity, width, depth, alpha }.apply(batch, &Chance { address, ..*chance })
    }

    fn term(&self, seen: &Seen<'_>) -> Tensor<1> {
        let all: Vec<Tensor<2>> = seen.outputs.iter().take(1).chain(seen.views).cloned().collect();
        jensen_shannon(&all, seen.loss) * self.weight.get()
    }
}

/// The divergence of several predictions for the same examples from their mean, a mean over the
/// batch in nats: of softmax probabilities, or of Bernoulli probabilities summed over the outputs.
///
/// # Shapes
/// at least one, each [batch, classes] -> one number
///
/// # Watch out
/// Outputs of squared error are read as logits of a softmax.
pub fn jensen_shannon(outputs: &[Tensor<2>], loss: Loss) -> Tensor<1> {
    let of = |log: &dyn Fn(Tensor<2>) -> Tensor<2>| {
        from_mean(&outputs.iter().cloned().map(log).collect::<Vec<_>>())
    };
    match loss {
        Loss::SigmoidCrossEntropy => of(&log_sigmoid) + of(&|z| log_sigmoid(-z)),
        Loss::CrossEntropy | Loss::SquaredError => of(&|z| log_softmax(z, 1)),
    }
}

/// Mean over k and the batch of Σ p_k (log p_k - log M), M the mean of the p_k, from log p_k.
fn from_mean(logs: &[Tensor<2>]) -> Tensor<1> {
    let log = Tensor::stack::<3>(logs.to_vec(), 0);
    let p = log.clone().exp();
    let log_mean = p.clone().mean_dim(0).clamp(TINY, 1.0).log();
    (p * (log - log_mean)).sum_dim(2).mean()
}

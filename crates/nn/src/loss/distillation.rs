//! Knowledge distillation: a stored model teaches by its probabilities at a temperature.
//!
//! C = (1 - w) C0 + w T² KL(p_teacher(T) ‖ p(T)), p(T) the probabilities of logits / T, a mean over
//! the batch; T² keeps the gradient's length where T changes
//!
//! Hinton et al. 2015, arXiv 1503.02531. The teacher sees the same inputs, augmented as they are,
//! in evaluation mode, and gets no gradient.

use super::{Loss, LossDoor, Seen, divergence};
use crate::technique::{Door, Technique};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::{Fraction, Positive};

const CARD: Card = Card {
    id: "distillation",
    name: "Knowledge distillation",
    door: card::Door::Loss,
    family: Family::DataBased,
    one_line: "Learns the probabilities that a stored model gives, beside the labels.",
    formula: "C = (1 - w) C0 + w T² KL(p_teacher(T) ‖ p(T)), p(T) = softmax(z / T)",
    paper: "Hinton et al. 2015, arXiv 1503.02531",
    when: "A larger model, or the mean of several, is better than the one that will be used.",
    watch_out: "A teacher that was trained with label smoothing teaches worse (arXiv 1906.02629). \
                It must not have seen the validation examples. Each step costs a pass of the \
                teacher.",
    example: "{ teacher = \"runs/teacher\", temperature = 4.0, weight = 0.5 }",
    off: Some("{ teacher = \"runs/teacher\", weight = 0.0 }"),
    search: &[
        Range { key: "temperature", low: 1.0, high: 10.0, scale: Scale::Log },
        Range { key: "weight", low: 0.1, high: 0.9, scale: Scale::Linear },
    ],
};

/// What a stored model teaches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Distillation {
    /// Folder of the teacher's run, or its `model.safetensors`; a relative path starts at the
    /// recipe's folder.
    pub teacher: String,
    /// T: above 1, the teacher's small probabilities count more.
    #[serde(default = "four")]
    pub temperature: Positive,
    /// w, the share of the teacher in the loss, in [0, 1]; 0 is off.
    #[serde(default = "half")]
    pub weight: Fraction,
}

fn four() -> Positive {
    Positive::FOUR
}

fn half() -> Fraction {
    Fraction::HALF
}

impl Technique for Distillation {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.weight == Fraction::ZERO
    }

    fn at_door(self) -> Door {
        Door::Loss(Box::new(self))
    }
}

impl LossDoor for Distillation {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn teacher(&self) -> Option<&str> {
        Some(&self.teacher)
    }

    fn data_share(&self) -> f64 {
        1.0 - self.weight.get()
    }

    /// As the data loss, summed over passes.
    fn term(&self, seen: &Seen<'_>) -> Tensor<1> {
        let of_pass = |teacher: &Tensor<2>, outputs: &Tensor<2>| {
            lesson(teacher.clone(), outputs.clone(), self.temperature, seen.loss)
        };
        let each = seen.teacher.map(|teacher| seen.outputs.iter().map(|z| of_pass(teacher, z)));
        let sum = each.into_iter().flatten().reduce(|sum, lesson| sum + lesson);
        let nothing = || Tensor::zeros([1], &seen.targets.device());
        sum.map_or_else(nothing, |sum| sum * self.weight.get())
    }
}

/// T² KL(p_teacher(T) ‖ p_student(T)), a mean over the batch.
///
/// # Shapes
/// both logits [batch, classes] -> one number
pub fn lesson(
    teacher: Tensor<2>,
    student: Tensor<2>,
    temperature: Positive,
    loss: Loss,
) -> Tensor<1> {
    let t = temperature.get();
    divergence(teacher / t, student / t, loss) * (t * t)
}

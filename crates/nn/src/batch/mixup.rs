//! Blends of two examples and of their targets.
//!
//! x' = λ x + (1 - λ) x_partner, t' = λ t + (1 - λ) t_partner, λ ~ Beta(α, α)
//!
//! Zhang et al. 2018, arXiv 1710.09412.

use super::mixing::{Mix, Mode, Turn, is_over, rows_of_both};
use super::{Batch, BatchDoor, Chance};
use crate::Error;
use crate::elementwise::each_row_among;
use crate::technique::{Door, Technique};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::{Fraction, NonNegative, Positive};
use wellfit_data::Embedded;

const CARD: Card = Card {
    id: "mixup",
    name: "Mixup",
    door: card::Door::Batch,
    family: Family::DataBased,
    one_line: "Trains on blends of two examples, with targets blended by the same weight.",
    formula: "x' = λ x + (1 - λ) x_partner, t' alike, λ ~ Beta(α, α)",
    paper: "Zhang et al. 2018, arXiv 1710.09412",
    when: "The model remembers single examples or wrong labels; images, tables and values alike.",
    watch_out: "The online loss is that of blends: compare the clean losses. α = 0.2 is usual for \
                large images, 1 for small ones and noisy labels; more underfits. Beside cutmix, \
                each batch goes to one of the two.",
    example: "{ alpha = 0.2 }",
    off: Some("{ alpha = 0.0 }"),
    search: &[Range { key: "alpha", low: 0.05, high: 2.0, scale: Scale::Log }],
};

/// Blends examples.
///
/// In numbers of embedded levels there is nothing between two: the blend takes each from its own
/// example with probability λ, else from the partner. Labels are smoothed before or after, which is
/// the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mixup {
    /// α of Beta(α, α), from which λ is drawn; 0 is off.
    pub alpha: NonNegative,
    /// For what λ is drawn once.
    #[serde(default)]
    pub mode: Mode,
    /// Probability of acting, in [0, 1]: on a batch, a pair or an example, by the mode; 0 is off.
    #[serde(default = "always")]
    pub probability: Fraction,
    /// The first epoch, from 0, that it leaves alone; all are mixed unless told otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub off_epoch: Option<u64>,
}

const fn always() -> Fraction {
    Fraction::ONE
}

impl Mixup {
    /// Mixup of whole batches, always.
    pub const fn new(alpha: NonNegative) -> Self {
        Self { alpha, mode: Mode::Batch, probability: Fraction::ONE, off_epoch: None }
    }

    /// What happens to a batch of `count` examples; none where nothing does.
    pub fn mix(&self, count: usize, chance: &Chance) -> Option<Mix> {
        if self.is_off() || is_over(self.off_epoch, chance) {
            return None;
        }
        let alpha = Positive::new(self.alpha.get()).ok()?;
        let mut draw = chance.draw(CARD.id);
        let drawn: Vec<f64> = (0..self.mode.draws(count))
            .map(|_| if draw.happens(self.probability) { draw.beta(alpha, alpha) } else { 1.0 })
            .collect();
        let kept = (0..count).map(|i| drawn[self.mode.draw_of(i, count)] as f32).collect();
        let acts = drawn.iter().any(|&lambda| lambda < 1.0);
        acts.then(|| Mix { partners: self.mode.partners(count, &mut draw), kept })
    }
}

impl Technique for Mixup {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.alpha == NonNegative::ZERO
            || self.probability == Fraction::ZERO
            || self.off_epoch == Some(0)
    }

    fn at_door(self) -> Door {
        Door::Batch(Box::new(AtDoor { mixup: self, turn: Turn::Always }))
    }
}

struct AtDoor {
    mixup: Mixup,
    turn: Turn,
}

impl BatchDoor for AtDoor {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn meet(&mut self, other: &dyn BatchDoor) {
        if let Some(share) = other.share_beside_mixup() {
            self.turn = Turn::From(share);
        }
    }

    fn apply(&self, batch: Batch, chance: &Chance) -> Batch {
        let [count, _] = batch.inputs.dims();
        let mix = self.turn.comes(chance).then(|| self.mixup.mix(count, chance)).flatten();
        let Some(mix) = mix else { return batch };
        let inputs = blend_rows(batch.inputs, &mix, &batch.embedded, chance);
        Batch { inputs, targets: mix.blend(batch.targets), ..batch }
    }
}

/// Blends inputs; numbers of levels come from one of the two.
fn blend_rows(inputs: Tensor<2>, mix: &Mix, embedded: &[Embedded], chance: &Chance) -> Tensor<2> {
    if embedded.is_empty() {
        return mix.blend(inputs);
    }
    each_row_among(inputs, |example, row, all| {
        mix.blend_row(example, row, all);
        let mut draw = chance.draw_for("levels of mixup", example);
        for &Embedded { column, .. } in embedded {
            let own = draw.unit() < f64::from(mix.kept[example]);
            let from = if own { example } else { mix.partners[example] };
            row[column] = all[from * row.len() + column];
        }
    })
}

/// Blends inputs and targets: for training loops of your own.
///
/// # Shapes
/// inputs [batch, ...] of any shape, targets [batch, classes or values] -> the same
///
/// # Off
/// α = 0 returns both and draws nothing.
///
/// # Errors
/// Inputs and targets have not equally many rows.
///
/// # Watch out
/// No gradient flows back to the inputs.
pub fn mixup<const D: usize>(
    inputs: Tensor<D>,
    targets: Tensor<2>,
    technique: &Mixup,
    chance: &Chance,
) -> Result<(Tensor<D>, Tensor<2>), Error> {
    let count = rows_of_both(&inputs, &targets)?;
    Ok(match technique.mix(count, chance) {
        Some(mix) => (mix.blend(inputs), mix.blend(targets)),
        None => (inputs, targets),
    })
}

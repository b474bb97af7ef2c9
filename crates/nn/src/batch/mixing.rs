//! What mixup and CutMix share: who is mixed with whom, how often, and whose batch it is.

use super::Chance;
use crate::Error;
use crate::elementwise::each_row_among;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use wellfit_core::number::Fraction;
use wellfit_core::seed::Draw;

/// What is drawn once: for the whole batch, for two examples or for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// One draw for the batch, partners by a random permutation. The batch keeps its mean.
    #[default]
    Batch,
    /// One draw for the first and the last example, one for the second and the one before the
    /// last, and so on; each is the other's partner. The batch keeps its mean. In an odd batch the
    /// one in the middle stays as it is.
    Pair,
    /// A draw for every example, partners as in pairs.
    Element,
}

impl Mode {
    /// Draws of a batch of `count` examples.
    pub const fn draws(self, count: usize) -> usize {
        match self {
            Self::Batch => 1,
            Self::Pair => count.div_ceil(2),
            Self::Element => count,
        }
    }

    /// The draw that is for this example of a batch of `count`.
    pub fn draw_of(self, example: usize, count: usize) -> usize {
        match self {
            Self::Batch => 0,
            Self::Pair => example.min(count - 1 - example),
            Self::Element => example,
        }
    }

    /// The partner of every example of a batch of `count`.
    pub fn partners(self, count: usize, draw: &mut Draw) -> Vec<usize> {
        match self {
            Self::Batch => draw.permutation(count),
            Self::Pair | Self::Element => (0..count).rev().collect(),
        }
    }
}

/// Who is mixed with whom, and by how much.
#[derive(Debug, Clone, PartialEq)]
pub struct Mix {
    /// The partner of every example; an example that is its own stays as it is.
    pub partners: Vec<usize>,
    /// The weight λ of every example in its own mixture, in [0, 1]; its partner's is 1 - λ.
    pub kept: Vec<f32>,
}

impl Mix {
    /// λ v + (1 - λ) v of the partner.
    ///
    /// # Shapes
    /// values [batch, ...] -> the same
    ///
    /// # Watch out
    /// No gradient flows back to the values.
    pub fn blend<const D: usize>(&self, values: Tensor<D>) -> Tensor<D> {
        each_row_among(values, |example, row, all| self.blend_row(example, row, all))
    }

    pub(super) fn blend_row(&self, example: usize, row: &mut [f32], all: &[f32]) {
        let (partner, kept) = (self.partners[example], self.kept[example]);
        if partner == example || kept == 1.0 {
            return;
        }
        let partner = &all[partner * row.len()..][..row.len()];
        row.iter_mut().zip(partner).for_each(|(x, other)| *x = kept * *x + (1.0 - kept) * other);
    }
}

/// Examples of a batch that is mixed by hand.
///
/// # Errors
/// Inputs and targets have not equally many rows.
pub(super) fn rows_of_both<const D: usize>(
    inputs: &Tensor<D>,
    targets: &Tensor<2>,
) -> Result<usize, Error> {
    let [inputs, targets] = [inputs.dims()[0], targets.dims()[0]];
    let told =
        || format!("{inputs} inputs and {targets} targets: expected a target for each input");
    if inputs == targets { Ok(inputs) } else { Err(Error::Mismatch(told())) }
}

/// Whose batch it is where mixup and CutMix stand in one recipe: one number is drawn for both, so
/// that exactly one of them acts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Turn {
    /// It stands alone.
    Always,
    /// CutMix's, of which this share of the batches is.
    Below(Fraction),
    /// Mixup's: the others.
    From(Fraction),
}

impl Turn {
    pub fn comes(self, chance: &Chance) -> bool {
        let below = |share: Fraction| chance.draw("mix switch").happens(share);
        match self {
            Self::Always => true,
            Self::Below(share) => below(share),
            Self::From(share) => !below(share),
        }
    }
}

/// Whether a technique that ends at epoch `off` is over.
pub(super) fn is_over(off: Option<u64>, chance: &Chance) -> bool {
    off.is_some_and(|off| chance.epoch >= off as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;
    use wellfit_core::seed::{Address, Seed};

    #[test]
    fn everyone_has_a_partner_whatever_the_size() {
        let mut draw = Seed::new(1).stream("mixing").step(0);
        for count in 1..9 {
            for mode in [Mode::Batch, Mode::Pair, Mode::Element] {
                let partners = mode.partners(count, &mut draw);
                let mut sorted = partners.clone();
                sorted.sort_unstable();
                assert_eq!(sorted, (0..count).collect::<Vec<_>>());
                for example in 0..count {
                    let draw_of = mode.draw_of(example, count);
                    assert!(draw_of < mode.draws(count));
                    if mode == Mode::Pair {
                        assert_eq!(partners[partners[example]], example);
                        assert_eq!(draw_of, mode.draw_of(partners[example], count));
                    }
                }
            }
        }
    }

    #[test]
    fn values_are_blended_and_those_that_keep_all_stay_bit_for_bit() {
        let rows = [[1.0f32, f32::INFINITY], [3.0, 5.0], [0.1, 0.7]];
        let values = Tensor::<2>::from_data(rows, &Device::flex());
        let mix = Mix { partners: vec![1, 0, 2], kept: vec![1.0, 0.25, 0.3] };
        let mixed = mix.blend(values).into_data().try_into_vec::<f32>().unwrap();
        assert_eq!(mixed, [1.0, f32::INFINITY, 1.5, f32::INFINITY, 0.1, 0.7]);
    }

    #[test]
    fn exactly_one_of_two_has_its_turn_and_each_its_share() {
        let share = Fraction::new(0.3).unwrap();
        let count = 20_000;
        let taken = (0..count).filter(|&step| {
            let address = Address { step, pass: 0, call: 0 };
            let chance = Chance { seed: Seed::new(1), address, epoch: 0.0 };
            let cut = Turn::Below(share).comes(&chance);
            assert_ne!(cut, Turn::From(share).comes(&chance));
            assert!(Turn::Always.comes(&chance));
            cut
        });
        let (taken, n) = (taken.count() as f64, count as f64);
        assert!((taken - 0.3 * n).abs() < 5.0 * (0.21 * n).sqrt(), "{taken}");
    }

    #[test]
    fn what_ends_at_an_epoch_is_over_from_its_first_step() {
        let at = |epoch| Chance { seed: Seed::new(1), address: Address::default(), epoch };
        assert!(!is_over(None, &at(1e9)) && is_over(Some(0), &at(0.0)));
        assert!(!is_over(Some(2), &at(1.99)) && is_over(Some(2), &at(2.0)));
    }
}

//! Cells of a table that take the same column's value of another example.
//!
//! x'[i, j] = x[k, j] with probability rate, k any other example of the batch; else x[i, j]
//!
//! Every cell keeps the law of its column, whatever that is: no scale has to be chosen, and levels of
//! categories stay levels. Jahrer 2017, first place of Porto Seguro's Safe Driver Prediction on
//! Kaggle; Bahri et al. 2022, arXiv 2106.15147.

use super::{Batch, BatchDoor, Chance};
use crate::elementwise::each_row_among;
use crate::technique::{Door, Technique};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::Rate;

const CARD: Card = Card {
    id: "swap_noise",
    name: "Swap noise",
    door: card::Door::Batch,
    family: Family::NoiseBased,
    one_line: "Some cells of a table take the same column's value of another training example.",
    formula: "x'[i, j] = x[k, j] with probability rate, k another example of the batch",
    paper: "Jahrer 2017, Porto Seguro's Safe Driver Prediction, first place; Bahri et al. 2022, \
            arXiv 2106.15147",
    when: "Tables of mixed columns, for which no standard deviation of a noise is right.",
    watch_out: "Of a category in one-hot columns each is swapped by itself, and two may be 1: \
                categories = \"embedding\" swaps whole levels. Where few columns decide alone, \
                each swap of one is a wrong label.",
    example: "{ rate = 0.15 }",
    off: Some("{ rate = 0.0 }"),
    search: &[Range { key: "rate", low: 0.02, high: 0.3, scale: Scale::Log }],
};

/// Swaps cells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SwapNoise {
    /// Share of the cells that are swapped, in [0, 1); 0 is off.
    pub rate: Rate,
}

impl Technique for SwapNoise {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.rate == Rate::ZERO
    }

    fn at_door(self) -> Door {
        Door::Batch(Box::new(self))
    }
}

impl BatchDoor for SwapNoise {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn apply(&self, batch: Batch, chance: &Chance) -> Batch {
        Batch { inputs: swap_noise(batch.inputs, self.rate, chance), ..batch }
    }
}

/// Swaps cells: for training loops of your own. A single row has nobody to swap with, and stays.
///
/// # Shapes
/// inputs [batch, features] -> the same
///
/// # Off
/// rate = 0 returns the inputs and draws nothing.
///
/// # Watch out
/// No gradient flows back to the inputs.
pub fn swap_noise(inputs: Tensor<2>, rate: Rate, chance: &Chance) -> Tensor<2> {
    let [count, width] = inputs.dims();
    if rate == Rate::ZERO || count < 2 {
        return inputs;
    }
    each_row_among(inputs, |example, row, all| {
        let mut draw = chance.draw_for(CARD.id, example);
        let columns = dropped(&draw.mask(width, rate));
        let others = draw.many_below(columns.len(), count as u32 - 1);
        for (column, other) in columns.into_iter().zip(others) {
            let other = other as usize + usize::from(other as usize >= example);
            row[column] = all[other * width + column];
        }
    })
}

/// Where a mask is 0. Without a branch: where that is, no processor can foresee.
fn dropped(mask: &[f32]) -> Vec<usize> {
    let (mut places, mut count) = (vec![0; mask.len()], 0);
    for (place, &kept) in mask.iter().enumerate() {
        places[count] = place;
        count += usize::from(kept == 0.0);
    }
    places.truncate(count);
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::{Device, TensorData};
    use wellfit_core::seed::{Address, Seed};

    const ROWS: usize = 7;
    const COLUMNS: usize = 3000;

    /// Cell (i, j) of the batch is ROWS j + i: each tells where it comes from.
    fn swapped(rows: usize, rate: f64) -> Vec<f32> {
        let cells = (0..rows).flat_map(|i| (0..COLUMNS).map(move |j| (ROWS * j + i) as f32));
        let data = TensorData::new(cells.collect::<Vec<_>>(), [rows, COLUMNS]);
        let chance = Chance { seed: Seed::new(1), address: Address::default(), epoch: 0.0 };
        let inputs = Tensor::from_data(data, &Device::flex());
        swap_noise(inputs, Rate::new(rate).unwrap(), &chance).into_data().try_into_vec().unwrap()
    }

    #[test]
    fn the_rate_of_cells_comes_from_the_same_column_of_any_other_row() {
        let mut from = [[0.0; ROWS]; ROWS];
        for (place, &cell) in swapped(ROWS, 0.3).iter().enumerate() {
            let (i, j) = (place / COLUMNS, place % COLUMNS);
            assert_eq!(cell as usize / ROWS, j, "another column");
            from[i][cell as usize % ROWS] += 1.0;
        }
        // 0.3 over the six others, 0.7 of its own.
        for (i, row) in from.iter().enumerate() {
            for (k, &found) in row.iter().enumerate() {
                let p: f64 = if i == k { 0.7 } else { 0.05 };
                let (n, expected) = (COLUMNS as f64, COLUMNS as f64 * p);
                let bound = 5.0 * (n * p * (1.0 - p)).sqrt();
                assert!((found - expected).abs() < bound, "{i} from {k}: {found}");
            }
        }
    }

    #[test]
    fn one_row_has_nobody_to_swap_with() {
        assert_eq!(swapped(1, 0.9), (0..COLUMNS).map(|j| (ROWS * j) as f32).collect::<Vec<_>>());
    }
}

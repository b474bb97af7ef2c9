//! Cells of a table that are blanked, as if they were missing.
//!
//! x'[i, c] = missing_c with probability rate, else x[i, c], for each cell c of the table's row
//!
//! missing_c is what the preprocessing writes for a missing cell: the column's median and a 1 in the
//! input that tells of gaps, or the category's level "missing". The inputs of one cell are blanked
//! together. Inputs that come of no table, as pixels, are cells of their own, and take their mean.
//!
//! The masking noise of Vincent et al. 2008, "Extracting and composing robust features with
//! denoising autoencoders", ICML. Unlike dropout it does not scale up what it keeps: a model that
//! meets missing cells in use has seen the like.

use super::{Batch, BatchDoor, Chance};
use crate::elementwise::each_row;
use crate::technique::{Door, Technique};
use burn::tensor::Tensor;
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::{Finite, Rate};
use wellfit_data::Cells;

const CARD: Card = Card {
    id: "feature_mask",
    name: "Feature masking",
    door: card::Door::Batch,
    family: Family::NoiseBased,
    one_line: "Blanks some cells of every training batch, as if they were missing.",
    formula: "x'[i, c] = missing_c with probability rate, else x[i, c], for each cell c of a row",
    paper: "Vincent et al. 2008, ICML, doi 10.1145/1390156.1390294",
    when: "Tables whose cells are missing in use; a model that leans on one column.",
    watch_out: "A blank is the column's median: where few training cells are missing there is no input \
                that tells the two apart. What stays is not scaled up, as dropout does it.",
    example: "{ rate = 0.1 }",
    off: Some("{ rate = 0.0 }"),
    search: &[Range { key: "rate", low: 0.02, high: 0.4, scale: Scale::Log }],
};

/// Blanks cells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeatureMask {
    /// Share of the cells that are blanked, in [0, 1); 0 is off.
    pub rate: Rate,
    /// What stands in a blank.
    #[serde(default)]
    pub fill: Fill,
}

/// What stands in a blank cell.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Fill {
    /// `"missing"`: what the preprocessing writes for a missing cell; the mean over the training
    /// examples where there was none.
    #[default]
    Missing,
    /// A number for all inputs of the cell, in the units of the scaled inputs.
    Value(Finite),
}

impl Technique for FeatureMask {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.rate == Rate::ZERO
    }

    fn at_door(self) -> Door {
        Door::Batch(Box::new(self))
    }
}

impl BatchDoor for FeatureMask {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn needs_moments(&self) -> bool {
        self.fill == Fill::Missing
    }

    fn apply(&self, batch: Batch, chance: &Chance) -> Batch {
        let cells = self.blank(&batch);
        Batch { inputs: feature_mask(batch.inputs, self.rate, &cells, chance), ..batch }
    }
}

impl FeatureMask {
    /// The cells of a row, and what stands in blank ones.
    fn blank(&self, batch: &Batch) -> Cells {
        let width = batch.inputs.dims()[1];
        let told = batch.cells.as_deref();
        let ends = told.map_or_else(|| (1..=width).collect(), |cells| cells.ends.clone());
        let mut missing = match (self.fill, told, &batch.moments) {
            (Fill::Value(value), ..) => vec![value.get() as f32; width],
            (Fill::Missing, Some(cells), _) => cells.missing.clone(),
            (Fill::Missing, None, Some(moments)) => moments.mean.clone(),
            // The mean of standardized inputs.
            (Fill::Missing, None, None) => vec![0.0; width],
        };
        batch.embedded.iter().for_each(|embedded| missing[embedded.column] = 0.0);
        Cells { ends, missing }
    }
}

/// Blanks cells: for training loops of your own.
///
/// # Shapes
/// inputs [batch, features] -> the same; as many features as there are in `cells`
///
/// # Off
/// rate = 0 returns the inputs and draws nothing.
///
/// # Watch out
/// No gradient flows back to the inputs.
pub fn feature_mask(inputs: Tensor<2>, rate: Rate, cells: &Cells, chance: &Chance) -> Tensor<2> {
    if rate == Rate::ZERO {
        return inputs;
    }
    let wide = (cells.ends.len() < cells.missing.len()).then(|| cell_of(&cells.ends));
    each_row(inputs, |example, row| {
        let mut mask = chance.draw_for(CARD.id, example).mask(cells.ends.len(), rate);
        if let Some(cell_of) = &wide {
            mask = cell_of.iter().map(|&cell| mask[cell]).collect();
        }
        // Without a branch: which cells are blanked, no processor can foresee.
        for ((input, &blank), &kept) in row.iter_mut().zip(&cells.missing).zip(&mask) {
            *input = if kept == 0.0 { blank } else { *input };
        }
    })
}

/// Which cell each input belongs to.
fn cell_of(ends: &[usize]) -> Vec<usize> {
    let starts = [0].into_iter().chain(ends.iter().copied());
    let sizes = starts.zip(ends).map(|(start, &end)| end - start);
    sizes.enumerate().flat_map(|(cell, size)| std::iter::repeat_n(cell, size)).collect()
}

impl Serialize for Fill {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Missing => out.serialize_str("missing"),
            Self::Value(value) => value.serialize(out),
        }
    }
}

impl<'de> Deserialize<'de> for Fill {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_any(Written)
    }
}

/// A word or a number.
struct Written;

impl Visitor<'_> for Written {
    type Value = Fill;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"missing\" or a finite number")
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<Fill, E> {
        match word {
            "missing" => Ok(Fill::Missing),
            _ => Err(E::invalid_value(de::Unexpected::Str(word), &self)),
        }
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Fill, E> {
        Finite::new(value).map(Fill::Value).map_err(E::custom)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Fill, E> {
        self.visit_f64(value as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Moments;
    use burn::tensor::Device;
    use std::sync::Arc;
    use wellfit_core::seed::{Address, Seed};
    use wellfit_data::Embedded;

    const ROWS: usize = 20_000;

    /// Two quantities and a level, blanked; the columns one by one.
    fn blanked(fill: &str) -> [Vec<f32>; 3] {
        let mask: FeatureMask = toml::from_str(&format!("rate = 0.2\n{fill}")).unwrap();
        assert_eq!(toml::from_str::<FeatureMask>(&toml::to_string(&mask).unwrap()).unwrap(), mask);
        let moments = Moments { mean: vec![0.5, -3.0, 1.5], std: vec![1.0; 3] };
        let batch = Batch {
            inputs: Tensor::<2>::ones([ROWS, 3], &Device::flex()) * 2.0,
            shape: vec![3],
            pixels: None,
            moments: Some(Arc::new(moments)),
            embedded: vec![Embedded { column: 2, levels: 4 }],
            cells: None,
            targets: Tensor::ones([ROWS, 1], &Device::flex()),
            classes: false,
        };
        let chance = Chance { seed: Seed::new(1), address: Address::default(), epoch: 0.0 };
        let inputs = mask.apply(batch, &chance).inputs;
        let column = |j| inputs.clone().narrow(1, j, 1).into_data().try_into_vec().unwrap();
        [column(0), column(1), column(2)]
    }

    #[test]
    fn blanks_hold_what_was_asked_for_and_levels_are_missing() {
        for (fill, expected) in [
            ("", [0.5, -3.0, 0.0]),
            ("fill = \"missing\"", [0.5, -3.0, 0.0]),
            ("fill = 0", [0.0; 3]),
            ("fill = -1.5", [-1.5, -1.5, 0.0]),
        ] {
            for (column, blank) in blanked(fill).iter().zip(expected) {
                let count = column.iter().filter(|&&cell| cell == blank).count() as f64;
                assert!(column.iter().all(|&cell| cell == blank || cell == 2.0), "{fill}");
                let n = ROWS as f64;
                assert!((count - 0.2 * n).abs() < 5.0 * (0.16 * n).sqrt(), "{fill}: {count}");
            }
        }
    }

    #[test]
    fn another_fill_is_refused() {
        let refused = |fill: &str| {
            toml::from_str::<FeatureMask>(&format!("rate = 0.1\nfill = {fill}")).unwrap_err()
        };
        for (fill, told) in [("\"median\"", "\"missing\" or a finite number"), ("nan", "a finite")]
        {
            let error = refused(fill).to_string();
            assert!(error.contains(told), "{error}");
        }
    }

    #[test]
    fn a_blank_cell_is_what_preprocessing_writes_for_a_missing_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table.csv");
        // A median far from the mean, gaps with an input of their own, a category with gaps.
        let rows = ["1,,red,a", "1,5,,b", "1,6,blue,a", "99,7,red,b", "2,8,red,a", ",,,b"];
        std::fs::write(&path, format!("x,y,colour,kind\n{}\n", rows.join("\n"))).unwrap();
        let config = "table = { path = 'table.csv', target = 'kind', task = 'classification' }\norder = 'as_given'\n\
                      validation = 1\ntest = 0\n";
        let config = toml::from_str(config).unwrap();
        let [mut split, mut noise] =
            ["split", "noise"].map(|name| Seed::new(1).stream(name).step(0));
        let data = wellfit_data::load(&config, folder.path(), &mut split, &mut noise).unwrap();
        // The last row misses every cell.
        let missing = data.validation.row(0);
        let mask = FeatureMask { rate: Rate::new(0.5).unwrap(), fill: Fill::Missing };
        let train = &data.train;
        let (mut seen, ends) = (0, &train.cells.as_ref().unwrap().ends);
        for seed in 0..20 {
            let device = Device::flex();
            let batch = Batch {
                inputs: crate::chance::rows(train.inputs.clone(), train.width(), &device),
                shape: train.shape.clone(),
                pixels: None,
                moments: None,
                embedded: Vec::new(),
                cells: train.cells.clone(),
                targets: Tensor::ones([train.len(), 1], &device),
                classes: true,
            };
            let chance = Chance { seed: Seed::new(seed), address: Address::default(), epoch: 0.0 };
            let after = mask.apply(batch, &chance).inputs;
            let (before, after) = (&train.inputs, after.into_data().try_into_vec::<f32>().unwrap());
            let width = missing.len();
            for (old, new) in before.chunks(width).zip(after.chunks(width)) {
                for (&start, &end) in [0].iter().chain(ends).zip(ends) {
                    let (old, new) = (&old[start..end], &new[start..end]);
                    assert!(new == old || new == &missing[start..end], "{old:?} -> {new:?}");
                    seen += usize::from(new != old);
                }
            }
        }
        assert!(seen > 50, "{seen}");
    }
}

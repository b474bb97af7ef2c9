//! Cells of a table that are blanked, as if they were missing.
//!
//! x'[i, j] = fill_j with probability rate, else x[i, j]; an embedded category takes level 0, which
//! stands for a missing one
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

const CARD: Card = Card {
    id: "feature_mask",
    name: "Feature masking",
    door: card::Door::Batch,
    family: Family::NoiseBased,
    one_line: "Blanks some cells of every training batch, as if they were missing.",
    formula: "x'[i, j] = fill_j with probability rate, else x[i, j]",
    paper: "Vincent et al. 2008, ICML, doi 10.1145/1390156.1390294",
    when: "Tables whose cells are missing in use; a model that leans on one column.",
    watch_out: "A blank is an average value, and the model cannot tell the two apart. What stays is \
                not scaled up, as dropout does it.",
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
    /// `"mean"`: the column's mean over the training examples.
    #[default]
    Mean,
    /// A number, in the units of the scaled inputs.
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
        self.fill == Fill::Mean
    }

    fn apply(&self, batch: Batch, chance: &Chance) -> Batch {
        let mut blank = match (self.fill, &batch.moments) {
            (Fill::Value(value), _) => vec![value.get() as f32; batch.inputs.dims()[1]],
            (Fill::Mean, Some(moments)) => moments.mean.clone(),
            // The mean of standardized inputs.
            (Fill::Mean, None) => vec![0.0; batch.inputs.dims()[1]],
        };
        batch.embedded.iter().for_each(|embedded| blank[embedded.column] = 0.0);
        Batch { inputs: feature_mask(batch.inputs, self.rate, &blank, chance), ..batch }
    }
}

/// Blanks cells: for training loops of your own. `blank` has one number for each column.
///
/// # Shapes
/// inputs [batch, features] -> the same
///
/// # Off
/// rate = 0 returns the inputs and draws nothing.
///
/// # Watch out
/// No gradient flows back to the inputs.
pub fn feature_mask(inputs: Tensor<2>, rate: Rate, blank: &[f32], chance: &Chance) -> Tensor<2> {
    if rate == Rate::ZERO {
        return inputs;
    }
    each_row(inputs, |example, row| {
        let mask = chance.draw_for(CARD.id, example).mask(row.len(), rate);
        // Without a branch: which cells are blanked, no processor can foresee.
        for ((cell, &blank), mask) in row.iter_mut().zip(blank).zip(mask) {
            *cell = if mask == 0.0 { blank } else { *cell };
        }
    })
}

impl Serialize for Fill {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Mean => out.serialize_str("mean"),
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
        f.write_str("\"mean\" or a finite number")
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<Fill, E> {
        match word {
            "mean" => Ok(Fill::Mean),
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
            ("fill = \"mean\"", [0.5, -3.0, 0.0]),
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
        for (fill, told) in [("\"median\"", "\"mean\" or a finite number"), ("nan", "a finite")] {
            let error = refused(fill).to_string();
            assert!(error.contains(told), "{error}");
        }
    }
}

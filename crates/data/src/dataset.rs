//! Examples in memory: inputs by rows, and a target for each.

use crate::{Error, PixelScale, TargetScale};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Inputs and targets of the same examples in the same order.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    /// Row-major values: example after example, each of [`Dataset::width`] numbers.
    pub inputs: Vec<f32>,
    /// Shape of one example: `[features]` for a table, `[channels, height, width]` for images.
    pub shape: Vec<usize>,
    /// What is to be predicted, one per example.
    pub target: Target,
    /// Names of a table's columns in the order of the inputs; empty for images.
    pub features: Vec<String>,
    /// The inputs that hold the number of a level and not a quantity; none unless asked for.
    pub embedded: Vec<Embedded>,
    /// Which inputs a cell of the table became; unknown for images and inputs made elsewhere.
    pub cells: Option<Arc<Cells>>,
    /// What the values of a regression target were brought to; as in the file unless told
    /// otherwise.
    pub target_scale: TargetScale,
    /// Where black and white are, for inputs that are known to be pixels.
    pub pixels: Option<PixelScale>,
}

/// An input that holds the number of a category's level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Embedded {
    /// Place of the input in an example.
    pub column: usize,
    /// How many levels there are: the input is a whole number below. 0 stands for a missing or
    /// unknown one.
    pub levels: usize,
}

/// How the cells of a table's row lie in the inputs: one behind the other, a category in several.
#[derive(Debug, Clone, PartialEq)]
pub struct Cells {
    /// How many inputs there are up to the end of each cell.
    pub ends: Vec<usize>,
    /// The inputs of a row of which every cell is missing.
    pub missing: Vec<f32>,
}

/// What is to be predicted.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// Classification.
    Classes {
        /// One per example, each an index into `names`.
        labels: Vec<u32>,
        /// Name of every class.
        names: Vec<String>,
    },
    /// Regression: one number per example, in the units of [`Dataset::target_scale`].
    Values(Vec<f64>),
}

impl Dataset {
    /// Puts inputs and targets together.
    ///
    /// # Errors
    /// [`Error::Length`] when the number of inputs is not examples x width, when the feature names
    /// are neither none nor one per input, or when a label has no name.
    pub fn new(
        inputs: Vec<f32>,
        shape: Vec<usize>,
        target: Target,
        features: Vec<String>,
    ) -> Result<Self, Error> {
        let (embedded, target_scale) = (Vec::new(), TargetScale::default());
        let (cells, pixels) = (None, None);
        let data = Self { inputs, shape, target, features, embedded, cells, target_scale, pixels };
        same("input values", data.len() * data.width(), data.inputs.len())?;
        if !data.features.is_empty() {
            same("feature names", data.width(), data.features.len())?;
        }
        if let Target::Classes { labels, names } = &data.target {
            let used = labels.iter().max().map_or(0, |&label| label as usize + 1);
            same("class names", used.max(names.len()), names.len())?;
        }
        Ok(data)
    }

    /// Says which inputs hold the number of a level.
    ///
    /// # Errors
    /// [`Error::Length`] when a column is not there, [`Error::Level`] when one holds anything but
    /// whole numbers below its levels.
    pub fn with_embedded(mut self, embedded: Vec<Embedded>) -> Result<Self, Error> {
        let width = self.width();
        for &Embedded { column, levels } in &embedded {
            same("inputs beside an embedded one", width.max(column + 1), width)?;
            let level = |x: f32| x >= 0.0 && x < levels as f32 && x.fract() == 0.0;
            let mut inputs = self.inputs.iter().skip(column).step_by(width);
            if let Some(&found) = inputs.find(|&&x| !level(x)) {
                return Err(Error::Level { column, levels, found });
            }
        }
        self.embedded = embedded;
        Ok(self)
    }

    /// Whether the target is known: no value is NaN.
    pub fn is_labelled(&self) -> bool {
        match &self.target {
            Target::Classes { .. } => true,
            Target::Values(values) => !values.iter().any(|value| value.is_nan()),
        }
    }

    /// Number of examples.
    pub fn len(&self) -> usize {
        self.target.len()
    }

    /// Whether there is no example.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Numbers in one example: the product of its shape.
    pub fn width(&self) -> usize {
        self.shape.iter().product()
    }

    /// The inputs of example `index`, which must be below [`Dataset::len`], as with a slice.
    pub fn row(&self, index: usize) -> &[f32] {
        let width = self.width();
        &self.inputs[index * width..(index + 1) * width]
    }

    /// These examples and behind them `more`, of the same kind.
    ///
    /// # Errors
    /// [`Error::Length`] when an example or the number of classes has another size there.
    pub fn joined(&self, more: &Self) -> Result<Self, Error> {
        same("numbers in an example", self.width(), more.width())?;
        let classes = |data: &Self| data.target.classes().unwrap_or(0);
        same("classes", classes(self), classes(more))?;
        let mut all = self.clone();
        all.inputs.extend_from_slice(&more.inputs);
        match (&mut all.target, &more.target) {
            (Target::Classes { labels, .. }, Target::Classes { labels: more, .. }) => {
                labels.extend_from_slice(more);
            }
            (Target::Values(values), Target::Values(more)) => values.extend_from_slice(more),
            // The numbers of classes, 0 for values, are the same.
            _ => {}
        }
        Ok(all)
    }

    /// The examples at `rows` in that order; a row may be named more than once. Each must be below
    /// [`Dataset::len`], as with a slice.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        let mut inputs = Vec::with_capacity(rows.len() * self.width());
        rows.iter().for_each(|&row| inputs.extend_from_slice(self.row(row)));
        Self {
            inputs,
            shape: self.shape.clone(),
            target: self.target.select(rows),
            features: self.features.clone(),
            embedded: self.embedded.clone(),
            cells: self.cells.clone(),
            target_scale: self.target_scale,
            pixels: self.pixels.clone(),
        }
    }
}

impl Target {
    /// Number of examples.
    pub fn len(&self) -> usize {
        match self {
            Self::Classes { labels, .. } => labels.len(),
            Self::Values(values) => values.len(),
        }
    }

    /// Whether there is no example.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of classes; `None` for regression.
    pub fn classes(&self) -> Option<usize> {
        match self {
            Self::Classes { names, .. } => Some(names.len()),
            Self::Values(_) => None,
        }
    }

    /// The targets at `rows`, in that order.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        match self {
            Self::Classes { labels, names } => Self::Classes {
                labels: rows.iter().map(|&row| labels[row]).collect(),
                names: names.clone(),
            },
            Self::Values(values) => Self::Values(rows.iter().map(|&row| values[row]).collect()),
        }
    }
}

fn same(what: &str, expected: usize, found: usize) -> Result<(), Error> {
    if expected == found {
        Ok(())
    } else {
        Err(Error::Length { what: what.to_owned(), expected, found })
    }
}

#[cfg(test)]
mod tests;

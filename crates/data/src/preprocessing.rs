//! From the cells of a table to the numbers a model takes, by what the training part alone tells.

mod step;

pub use step::Step;

use crate::dataset::Cells;
use crate::frame::Cells as Column;
use crate::schema::Role;
use crate::{Dataset, Embedded, Error, Frame, Scaling, Schema, Target, target};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use step::{fit_category, fit_number};

/// The version of [`Preprocessing`] that this program writes and reads.
const VERSION: u32 = 1;

/// How categories reach the model.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Categories {
    /// One input for each level: 1 for the level of the row, 0 for all others.
    #[default]
    OneHot,
    /// One input that holds the number of the level, for a model that looks a vector up for it;
    /// see [`Dataset::embedded`].
    Embedding,
}

/// What is done to every column of a table, as a model keeps it to treat new tables alike.
///
/// Numbers: a missing one becomes the median; where more than 5% of the training cells are missing
/// a second input tells by 1 which ones were. Then they are scaled; the mean and the standard
/// deviation are those after imputation. Categories: see [`Step`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preprocessing {
    #[serde(deserialize_with = "this_version")]
    version: u32,
    /// What is predicted.
    pub target: TargetColumn,
    /// What is done to each feature column, in the order of the inputs.
    pub columns: Vec<Step>,
}

/// The column that is predicted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetColumn {
    /// Its name.
    pub name: String,
    /// Names of the classes; `None` for regression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classes: Option<Vec<String>>,
}

fn this_version<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    match u32::deserialize(deserializer)? {
        VERSION => Ok(VERSION),
        found => Err(serde::de::Error::custom(format!(
            "expected preprocessing of version {VERSION}, found version {found}"
        ))),
    }
}

impl Preprocessing {
    /// Measures the training `rows` of `frame`, whose columns `schema` describes.
    ///
    /// # Errors
    /// [`Error::Cell`] for a word where a number belongs or a number that is not finite in 32
    /// bits, in any row; [`Error::Format`] when no column is left as a feature.
    pub fn fit(
        frame: &Frame,
        schema: &Schema,
        target: &Target,
        rows: &[usize],
        scaling: Scaling,
        categories: Categories,
    ) -> Result<Self, Error> {
        let mut columns = Vec::new();
        let mut name = String::new();
        for (column, told) in frame.columns.iter().zip(&schema.columns) {
            match told.role {
                Role::Number => columns.push(fit_number(frame, column, rows, scaling)?),
                Role::Category => columns.push(fit_category(column, rows, categories)),
                Role::Target => name.clone_from(&column.name),
                Role::Split | Role::Dropped(_) => {}
            }
        }
        if columns.iter().all(|step| step.width() == 0) {
            let (expected, found) = ("a target column and at least one feature", "no feature");
            let (expected, found) = (expected.to_owned(), found.to_owned());
            return Err(Error::Format { path: frame.path.clone(), expected, found });
        }
        let classes = match target {
            Target::Classes { names, .. } => Some(names.clone()),
            Target::Values(_) => None,
        };
        Ok(Self { version: VERSION, target: TargetColumn { name, classes }, columns })
    }

    /// The same for categories of which more was seen than the rows it was fitted on: all levels of
    /// the column `name`, and whether a cell of it is missing.
    #[must_use]
    pub fn with_levels(mut self, name: &str, all: BTreeSet<String>, gap: bool) -> Self {
        for step in &mut self.columns {
            if let Step::OneHot { name: column, levels, missing } = step
                && column == name
            {
                (*levels, *missing) = (all.iter().cloned().collect(), gap);
            }
        }
        self
    }

    /// Reads a file whose columns are to be those of the training file; words stay words.
    ///
    /// # Errors
    /// As [`Frame::read`].
    pub fn read(&self, path: &Path) -> Result<Frame, Error> {
        let categories = self.columns.iter().filter(|step| step.is_category()).map(Step::name);
        let words: Vec<&str> = categories.chain([self.target.name.as_str()]).collect();
        Frame::read(path, &words)
    }

    /// Examples out of new rows. Columns may come in any order, and others are passed over.
    ///
    /// Without a target column, or with an empty one, the target is NaN for every row, of
    /// regression and of classification: see [`Dataset::is_labelled`].
    ///
    /// # Errors
    /// [`Error::NoColumn`] for a feature that the table lacks, [`Error::Cell`] for a word in a
    /// numeric column, for a class that training did not have, and for a target that is missing
    /// in some rows.
    pub fn apply(&self, frame: &Frame) -> Result<Dataset, Error> {
        let (rows, width) = (frame.rows(), self.width());
        let inputs = self.inputs(frame, |number| number as f32)?;
        let (mut start, mut embedded) = (0, Vec::new());
        for step in &self.columns {
            embedded.extend(step.levels().map(|levels| Embedded { column: start, levels }));
            start += step.width();
        }
        let target = self.targets(frame)?.unwrap_or(Target::Values(vec![f64::NAN; rows]));
        let data = Dataset::new(inputs, vec![width], target, self.features())?;
        Ok(Dataset { cells: Some(Arc::new(self.cells())), ..data.with_embedded(embedded)? })
    }

    /// Which inputs a cell of each column becomes, and what they are where it is missing.
    pub fn cells(&self) -> Cells {
        let (mut ends, mut missing) = (Vec::new(), Vec::new());
        for step in &self.columns {
            missing.extend(step.missing());
            ends.push(missing.len());
        }
        Cells { ends, missing }
    }

    /// The inputs of new rows, one row after the other, with every bit of the file: networks take
    /// single precision, linear models do not.
    ///
    /// # Errors
    /// As [`Self::apply`], which also reads the target.
    pub fn matrix(&self, frame: &Frame) -> Result<Vec<f64>, Error> {
        self.inputs(frame, |number| number)
    }

    fn inputs<N: Copy>(&self, frame: &Frame, of: impl Fn(f64) -> N) -> Result<Vec<N>, Error> {
        let (width, mut start) = (self.width(), 0);
        let mut inputs = vec![of(0.0); frame.rows() * width];
        for step in &self.columns {
            step.write(frame, &mut inputs[start..], width, &of)?;
            start += step.width();
        }
        Ok(inputs)
    }

    /// Names of the inputs, in their order.
    pub fn features(&self) -> Vec<String> {
        self.columns.iter().flat_map(Step::features).collect()
    }

    /// Inputs of one example.
    pub fn width(&self) -> usize {
        self.columns.iter().map(Step::width).sum()
    }

    fn targets(&self, frame: &Frame) -> Result<Option<Target>, Error> {
        let Some(column) = frame.get(&self.target.name) else { return Ok(None) };
        let empty = match &column.cells {
            Column::Numbers(cells) => cells.iter().all(Option::is_none),
            Column::Words(cells) => cells.iter().all(Option::is_none),
        };
        if empty {
            return Ok(None);
        }
        match &self.target.classes {
            None => target::values(frame, column).map(Some),
            Some(names) => target::labels(frame, column, names).map(Some),
        }
    }
}

#[cfg(test)]
mod tests;

//! What is done to one column.

use super::Categories;
use crate::frame::Column;
use crate::scale::moments;
use crate::{Error, Frame, Scaling};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use wellfit_core::number::{Finite, Positive};

/// Share of missing training cells above which an input tells that a cell was missing.
const OFTEN: f64 = 0.05;

/// What is done to one column, and the numbers it takes to do it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type", deny_unknown_fields)]
pub enum Step {
    /// x' = (x - shift) / scale, with the median for a missing x.
    Number {
        /// Name of the column.
        name: String,
        /// Median of the training cells that are there; 0 when none is.
        median: Finite,
        /// What is taken away: the training mean, or 0.
        shift: Finite,
        /// What is divided by: the population standard deviation, the largest absolute value, or
        /// 1; 1 also where that is 0.
        scale: Positive,
        /// Whether a second input is 1 for the rows that miss the cell and 0 for all others.
        indicator: bool,
    },
    /// One input for each level. A level that training did not show is all zeros.
    OneHot {
        /// Name of the column.
        name: String,
        /// Levels of the training part in alphabetic order.
        levels: Vec<String>,
        /// Whether training cells were missing: then "missing" is the last level. Otherwise a
        /// missing cell is all zeros.
        missing: bool,
    },
    /// One input, the number of the level from 1; 0 for a missing cell or a level that training
    /// did not show.
    Embedding {
        /// Name of the column.
        name: String,
        /// Levels of the training part in alphabetic order.
        levels: Vec<String>,
    },
}

pub(super) fn fit_number(
    frame: &Frame,
    column: &Column,
    rows: &[usize],
    scaling: Scaling,
) -> Result<Step, Error> {
    let cells = column.numbers(frame)?;
    let mut present: Vec<f64> = rows.iter().filter_map(|&row| cells[row]).collect();
    present.sort_by(f64::total_cmp);
    let middle = present.len() / 2;
    let median = match present.len() {
        0 => 0.0,
        odd if odd % 2 == 1 => present[middle],
        _ => f64::midpoint(present[middle - 1], present[middle]),
    };
    let filled = || rows.iter().map(|&row| cells[row].unwrap_or(median));
    let (shift, scale) = match scaling {
        Scaling::None => (0.0, 1.0),
        Scaling::Unit => (0.0, filled().fold(0.0, |most: f64, x| most.max(x.abs()))),
        Scaling::Standard | Scaling::Channel => moments(filled),
    };
    let missing = (rows.len() - present.len()) as f64;
    Ok(Step::Number {
        name: column.name.clone(),
        median: Finite::new(median)?,
        shift: Finite::new(shift)?,
        scale: Positive::new(if scale == 0.0 { 1.0 } else { scale })?,
        indicator: missing > OFTEN * rows.len() as f64,
    })
}

pub(super) fn fit_category(column: &Column, rows: &[usize], categories: Categories) -> Step {
    let cells = column.words();
    let levels: BTreeSet<&String> = rows.iter().filter_map(|&row| cells[row].as_ref()).collect();
    let levels = levels.into_iter().cloned().collect();
    let name = column.name.clone();
    match categories {
        Categories::OneHot => {
            Step::OneHot { name, levels, missing: rows.iter().any(|&row| cells[row].is_none()) }
        }
        Categories::Embedding => Step::Embedding { name, levels },
    }
}

impl Step {
    /// Name of the column it reads.
    pub fn name(&self) -> &str {
        match self {
            Self::Number { name, .. }
            | Self::OneHot { name, .. }
            | Self::Embedding { name, .. } => name,
        }
    }

    /// Inputs it makes.
    pub fn width(&self) -> usize {
        match self {
            Self::Number { indicator, .. } => 1 + usize::from(*indicator),
            Self::OneHot { levels, missing, .. } => levels.len() + usize::from(*missing),
            Self::Embedding { .. } => 1,
        }
    }

    /// Names of the inputs it makes: `Age`, `Age missing`, `Sex=male`.
    pub fn features(&self) -> Vec<String> {
        match self {
            Self::Number { name, indicator, .. } => {
                let gap = indicator.then(|| format!("{name} missing"));
                [name.clone()].into_iter().chain(gap).collect()
            }
            Self::OneHot { name, levels, missing } => {
                let gap = missing.then(|| format!("{name} missing"));
                levels.iter().map(|level| format!("{name}={level}")).chain(gap).collect()
            }
            Self::Embedding { name, .. } => vec![name.clone()],
        }
    }

    /// The inputs that it makes of a missing cell.
    pub(super) fn missing(&self) -> Vec<f32> {
        let mut inputs = vec![0.0; self.width()];
        match self {
            Self::Number { median, shift, scale, indicator, .. } => {
                inputs[0] = ((median.get() - shift.get()) / scale.get()) as f32;
                if *indicator {
                    inputs[1] = 1.0;
                }
            }
            Self::OneHot { levels, missing: true, .. } => inputs[levels.len()] = 1.0,
            Self::OneHot { .. } | Self::Embedding { .. } => {}
        }
        inputs
    }

    /// How many numbers an embedded column may hold, the 0 of the unknown included.
    pub(super) fn levels(&self) -> Option<usize> {
        match self {
            Self::Embedding { levels, .. } => Some(1 + levels.len()),
            Self::Number { .. } | Self::OneHot { .. } => None,
        }
    }

    pub(super) fn is_category(&self) -> bool {
        !matches!(self, Self::Number { .. })
    }

    /// Writes its inputs for every row to the front of rows of `width`; `of` makes numbers as
    /// exact as the model holds them.
    pub(super) fn write<N>(
        &self,
        frame: &Frame,
        inputs: &mut [N],
        width: usize,
        of: impl Fn(f64) -> N,
    ) -> Result<(), Error> {
        let column = frame.column(self.name())?;
        let rows = inputs.chunks_mut(width);
        match self {
            Self::Number { median, shift, scale, indicator, .. } => {
                for (row, cell) in rows.zip(column.numbers(frame)?) {
                    let number = cell.unwrap_or(median.get());
                    row[0] = of((number - shift.get()) / scale.get());
                    if *indicator {
                        row[1] = of(f64::from(u8::from(cell.is_none())));
                    }
                }
            }
            Self::OneHot { levels, missing, .. } => {
                for (row, cell) in rows.zip(column.words()) {
                    let gap = missing.then_some(levels.len());
                    if let Some(place) = cell.map_or(gap, |cell| levels.binary_search(&cell).ok()) {
                        row[place] = of(1.0);
                    }
                }
            }
            Self::Embedding { levels, .. } => {
                for (row, cell) in rows.zip(column.words()) {
                    let place = cell.and_then(|cell| levels.binary_search(&cell).ok());
                    row[0] = of(place.map_or(0.0, |place| (place + 1) as f64));
                }
            }
        }
        Ok(())
    }
}

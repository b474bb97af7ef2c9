//! Entity embeddings: a learned vector for each level of a category.
//!
//! `x = (numbers, T_1[level_1], T_2[level_2], ...)`, where T_k is a table of `[levels, width]`
//!
//! The same function as a linear layer on one-hot columns, in fewer weights: levels that act alike
//! come to lie beside each other. Guo and Berkhahn 2016, arXiv 1604.06737.

use super::initializer::embedding_table;
use super::{Inputs, fits};
use crate::Error;
use crate::layer::{Layer, SiteKind, Sites, through};
use burn::module::{Module, Param};
use burn::tensor::{Int, Tensor};
use serde::{Deserialize, Serialize};
use std::num::NonZeroUsize;

/// The `embedding` key of `mlp`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Numbers that stand for a level, the same for every column; by [`usual_width`] unless told
    /// otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<NonZeroUsize>,
}

/// Numbers that stand for one of `levels` levels unless a recipe says otherwise:
/// min(600, round(1.6 levels^0.56)), the rule of fastai.
pub fn usual_width(levels: usize) -> usize {
    (1.6 * (levels as f64).powf(0.56)).round().min(600.0) as usize
}

/// The table of one column.
#[derive(Module, Debug)]
pub struct Embedding {
    weight: Param<Tensor<2>>,
    /// Over the table.
    levels: Vec<Layer>,
    #[module(skip)]
    column: usize,
}

impl Embedding {
    /// The vectors of the levels that the rows name.
    ///
    /// # Shapes
    /// [batch, features] -> [batch, width]
    fn forward(&self, inputs: Tensor<2>) -> Tensor<2> {
        let levels: Tensor<1, Int> = inputs.narrow(1, self.column, 1).squeeze_dim::<1>(1).int();
        through(&self.levels, self.weight.val()).select(0, levels)
    }
}

/// The tables of all embedded columns, from the first to the last; without one, inputs pass as they
/// are.
#[derive(Debug)]
pub struct Lookup {
    /// The tables.
    pub tables: Vec<Embedding>,
    /// Columns that hold quantities.
    pub numbers: Vec<usize>,
    /// Width of what [`embed`] makes.
    pub width: usize,
}

impl Config {
    /// Tables for `inputs`, the one of the Nth embedded column at the path `embeddings.N`.
    ///
    /// # Errors
    /// A table that no memory holds.
    pub fn build(&self, inputs: Inputs<'_>, sites: &Sites<'_>) -> Result<Lookup, Error> {
        let mut tables = Vec::with_capacity(inputs.embedded.len());
        let is_level = |column: &usize| inputs.embedded.iter().any(|e| e.column == *column);
        let numbers: Vec<usize> = (0..inputs.features()).filter(|c| !is_level(c)).collect();
        let mut width = numbers.len();
        for (index, column) in inputs.embedded.iter().enumerate() {
            let columns = self.columns(column.levels);
            fits(column.levels, columns)?;
            let (path, shape) = (format!("embeddings.{index}"), [column.levels, columns]);
            let weight = embedding_table(shape, sites.seed, &path, sites.device);
            let levels = sites.fill(SiteKind::Levels, &path, columns)?;
            tables.push(Embedding { weight, levels, column: column.column });
            width += columns;
        }
        Ok(Lookup { tables, numbers, width })
    }

    /// Numbers that stand for one of `levels` levels.
    fn columns(&self, levels: usize) -> usize {
        self.width.map_or_else(|| usual_width(levels), NonZeroUsize::get)
    }

    /// Width of what [`embed`] makes of `inputs`.
    pub(super) fn width_behind(&self, inputs: Inputs<'_>) -> usize {
        let vectors = inputs.embedded.iter().map(|column| self.columns(column.levels));
        inputs.features() - inputs.embedded.len() + vectors.sum::<usize>()
    }
}

/// The columns `numbers` as they are, and behind them the vectors of all levels.
///
/// # Shapes
/// [batch, features] -> [batch, numbers + widths of the tables]
pub fn embed(inputs: Tensor<2>, tables: &[Embedding], numbers: &[usize]) -> Tensor<2> {
    if tables.is_empty() {
        return inputs;
    }
    let columns: Vec<i64> = numbers.iter().map(|&column| column as i64).collect();
    let columns = (!columns.is_empty()).then(|| {
        let columns = Tensor::<1, Int>::from_data(columns.as_slice(), &inputs.device());
        inputs.clone().select(1, columns)
    });
    let vectors = tables.iter().map(|table| table.forward(inputs.clone()));
    Tensor::cat(columns.into_iter().chain(vectors).collect(), 1)
}

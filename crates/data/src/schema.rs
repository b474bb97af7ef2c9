//! What each column of a table is: told by the recipe, or inferred from its cells.

mod infer;
mod show;

use crate::frame::Column;
use crate::{Error, Frame};
use infer::{distinct, infer};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Dropped columns that have a warning each.
const TOLD: usize = 5;

/// What a recipe may say of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    /// A quantity.
    Number,
    /// One of some levels without order.
    Category,
    /// Not used.
    Drop,
}

/// What a column is to the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// A numeric feature.
    Number,
    /// A categorical feature.
    Category,
    /// What is to be predicted.
    Target,
    /// It keeps rows together or puts them in order and is no feature.
    Split,
    /// Not used, and why.
    Dropped(String),
}

/// One column of a [`Schema`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnSchema {
    /// Its name.
    pub name: String,
    /// What it is to the model.
    pub role: Role,
    /// Missing cells.
    pub missing: usize,
    /// Distinct values of the cells that are there.
    pub levels: usize,
    /// Whether the recipe told its type.
    pub told: bool,
}

/// The columns of a table and what they are; [`Display`](std::fmt::Display) shows them, one a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema {
    /// The columns in the file's order.
    pub columns: Vec<ColumnSchema>,
}

impl Schema {
    /// Decides what the columns of `frame` are. `told` has the last word.
    ///
    /// A column of numbers is a number, one of words a category. Dropped are a column without any
    /// value, row numbers (distinct whole numbers that are consecutive, or whose column is called
    /// something like `id`), identifiers (words, more than 20 distinct, on average on fewer than 2
    /// rows each) and free text (as identifiers, or five words a cell, and seldom the same).
    ///
    /// # Errors
    /// [`Error::NoColumn`] when the target or a column of `split` or `told` is not there,
    /// [`Error::Cell`] when nearly all cells of a column are numbers and one is not.
    pub fn infer(
        frame: &Frame,
        target: &str,
        split: &[&str],
        told: &BTreeMap<String, ColumnType>,
    ) -> Result<Self, Error> {
        [&[target], split].concat().iter().try_for_each(|name| frame.column(name).map(drop))?;
        told.keys().try_for_each(|name| frame.column(name).map(drop))?;
        let describe = |column: &Column| {
            let told = told.get(&column.name);
            let levels = distinct(column);
            let role = if column.name == target {
                Role::Target
            } else if split.contains(&column.name.as_str()) {
                Role::Split
            } else {
                match told {
                    Some(ColumnType::Number) => Role::Number,
                    Some(ColumnType::Category) => Role::Category,
                    Some(ColumnType::Drop) => Role::Dropped("as told".to_owned()),
                    None => infer(frame, column, levels)?,
                }
            };
            let (name, missing) = (column.name.clone(), column.missing());
            Ok(ColumnSchema { name, role, missing, levels, told: told.is_some() })
        };
        Ok(Self { columns: frame.columns.iter().map(describe).collect::<Result<_, Error>>()? })
    }

    /// A sentence for each column that was dropped without being told so; of many, the first ones
    /// and the names of the others.
    pub fn warnings(&self) -> Vec<String> {
        let dropped =
            |column: &&ColumnSchema| matches!(column.role, Role::Dropped(_)) && !column.told;
        let dropped: Vec<&ColumnSchema> = self.columns.iter().filter(dropped).collect();
        let (told, others) = dropped.split_at(dropped.len().min(TOLD));
        let mut warnings: Vec<String> = told.iter().map(|column| column.warning()).collect();
        if !others.is_empty() {
            let names: Vec<String> =
                others.iter().take(20).map(|column| format!("`{}`", column.name)).collect();
            let more = if others.len() > names.len() { ", ..." } else { "" };
            let count = others.len();
            warnings.push(format!("{count} more columns are dropped: {}{more}", names.join(", ")));
        }
        warnings
    }
}

impl ColumnSchema {
    fn warning(&self) -> String {
        let name = &self.name;
        let why = if let Role::Dropped(why) = &self.role { why } else { "" };
        format!(
            "column `{name}` is dropped: {why}; `columns = {{ \"{name}\" = \"category\" }}` keeps \
             it, `\"drop\"` silences this"
        )
    }
}

#[cfg(test)]
mod tests;

//! What each column of a table is: told by the recipe, or inferred from its cells.

use crate::frame::{Cells, Column};
use crate::{Error, Frame};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Fewest distinct values of a column that may name its rows rather than say something of them.
const MANY: usize = 20;
/// Share of numbers among words that makes the words look like mistakes.
const STRAY: f64 = 0.9;
/// Words of a cell, on average, from which on a column is free text.
const PROSE: usize = 5;

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

/// The columns of a table and what they are; [`Display`](fmt::Display) shows them, one a line.
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

    /// A sentence for each column that was dropped without being told so.
    pub fn warnings(&self) -> Vec<String> {
        let dropped = |column: &ColumnSchema| match &column.role {
            Role::Dropped(why) if !column.told => Some(format!(
                "column `{}` is dropped: {why}; `columns = {{ \"{}\" = \"category\" }}` keeps it, \
                 `\"drop\"` silences this",
                column.name, column.name
            )),
            _ => None,
        };
        self.columns.iter().filter_map(dropped).collect()
    }
}

impl fmt::Display for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.columns.iter().map(|column| column.name.chars().count());
        let width = names.max().unwrap_or(0).max("column".len());
        writeln!(f, "{:width$}  {:<8}  {:>7}  {:>6}", "column", "type", "missing", "levels")?;
        for column in &self.columns {
            let ColumnSchema { name, role, missing, levels, .. } = column;
            let (role, why) = match role {
                Role::Number => ("number", ""),
                Role::Category => ("category", ""),
                Role::Target => ("target", ""),
                Role::Split => ("split", ""),
                Role::Dropped(why) => ("dropped", why.as_str()),
            };
            let line = format!("{name:width$}  {role:<8}  {missing:>7}  {levels:>6}  {why}");
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

fn distinct(column: &Column) -> usize {
    match &column.cells {
        Cells::Numbers(cells) => {
            cells.iter().flatten().map(|x| (x + 0.0).to_bits()).collect::<BTreeSet<_>>().len()
        }
        Cells::Words(cells) => cells.iter().flatten().collect::<BTreeSet<_>>().len(),
    }
}

fn infer(frame: &Frame, column: &Column, levels: usize) -> Result<Role, Error> {
    let dropped = |why: &str| Ok(Role::Dropped(why.to_owned()));
    if levels == 0 {
        return dropped("it has no value in any row");
    }
    match &column.cells {
        Cells::Numbers(cells) if counts_rows(&column.name, cells, levels) => {
            dropped("its whole numbers are all different and look like row numbers")
        }
        Cells::Numbers(_) => Ok(Role::Number),
        Cells::Words(cells) => {
            stray(frame, &column.name, cells)?;
            let present: Vec<&String> = cells.iter().flatten().collect();
            let seldom = levels > MANY && present.len() < 2 * levels;
            let words: usize = present.iter().map(|cell| cell.split_whitespace().count()).sum();
            let prose = words >= PROSE * present.len() && levels > MANY;
            if prose && present.len() < 5 * levels {
                dropped("it looks like free text")
            } else if seldom {
                dropped("nearly every row has a value of its own, as identifiers do")
            } else {
                Ok(Role::Category)
            }
        }
    }
}

/// Whether a column of numbers only tells rows apart.
fn counts_rows(name: &str, cells: &[Option<f64>], levels: usize) -> bool {
    let values = || cells.iter().flatten();
    let different = levels > MANY && levels == cells.len() && values().all(|x| x.fract() == 0.0);
    let (least, most) =
        values().fold((f64::MAX, f64::MIN), |(low, high), &x| (low.min(x), high.max(x)));
    let name = name.to_lowercase();
    let named = ["id", "index", "key"].contains(&name.as_str())
        || ["_id", " id", "-id"].iter().any(|end| name.ends_with(end));
    different && (named || most - least + 1.0 == levels as f64)
}

/// Refuses the first word of a column in which words are the exception and numbers take many
/// values.
fn stray(frame: &Frame, name: &str, cells: &[Option<String>]) -> Result<(), Error> {
    let number = |cell: &String| cell.parse::<f64>().ok().filter(|number| !number.is_nan());
    let present = cells.iter().flatten().count();
    let numbers: Vec<f64> = cells.iter().flatten().filter_map(number).collect();
    let many = numbers.iter().map(|x| x.to_bits()).collect::<BTreeSet<_>>().len() > MANY;
    if !many || (numbers.len() as f64) < STRAY * present as f64 {
        return Ok(());
    }
    let word = |cell: &Option<String>| cell.as_ref().is_some_and(|cell| number(cell).is_none());
    let Some(row) = cells.iter().position(word) else { return Ok(()) };
    let expected = format!(
        "a number as in {} of {present} cells (`columns = {{ \"{name}\" = \"category\" }}` takes \
         words)",
        numbers.len()
    );
    let found = format!("`{}`", cells[row].as_deref().unwrap_or_default());
    Err(frame.refuse(row, name, &expected, &found))
}

#[cfg(test)]
mod tests;

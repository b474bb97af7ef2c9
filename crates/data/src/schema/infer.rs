//! What a column is, by its name and its cells alone.

use super::Role;
use crate::frame::{Cells, Column};
use crate::{Error, Frame};
use std::collections::BTreeSet;

/// Fewest distinct values of a column that may name its rows rather than say something of them.
const MANY: usize = 20;
/// Share of numbers among words that makes the words look like mistakes.
const STRAY: f64 = 0.9;
/// Words of a cell, on average, from which on a column is free text.
const PROSE: usize = 5;

/// How many different values there are.
pub(super) fn distinct(column: &Column) -> usize {
    match &column.cells {
        Cells::Numbers(cells) => {
            cells.iter().flatten().map(|x| (x + 0.0).to_bits()).collect::<BTreeSet<_>>().len()
        }
        Cells::Words(cells) => cells.iter().flatten().collect::<BTreeSet<_>>().len(),
    }
}

pub(super) fn infer(frame: &Frame, column: &Column, levels: usize) -> Result<Role, Error> {
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

//! Tables among printed lines: columns by bars, by tabs or by two spaces and more, under a line of
//! names. Model cards, notebooks and verbose estimators write them.

use crate::read::name::{Meaning, meaning};
use crate::read::number::{Field, field};
use wellfit_core::run::Direction;

/// The table that the lines are in, if any.
#[derive(Default)]
pub(super) struct Grid {
    names: Vec<String>,
}

impl Grid {
    /// The cells of a line of the table with their names; an inner none for a line of names or a
    /// rule under it, an outer none for a line that is no part of a table.
    pub fn read<'a>(&mut self, line: &'a str) -> Option<Option<Vec<(String, Field<'a>)>>> {
        let cells = cells(line);
        if is_rule(line) && !self.names.is_empty() {
            return Some(None);
        }
        if is_names(&cells) {
            self.names = cells.iter().map(|&cell| cell.to_owned()).collect();
            return Some(None);
        }
        let fields: Vec<Field<'a>> = cells.iter().map(|cell| field(cell)).collect();
        let numbers = fields.iter().filter(|field| matches!(field, Field::Number(_))).count();
        if self.names.is_empty() || fields.len() != self.names.len() || numbers < 2 {
            self.names.clear();
            return None;
        }
        Some(Some(self.names.iter().cloned().zip(fields).collect()))
    }
}

fn cells(line: &str) -> Vec<&str> {
    let line = line.trim();
    if line.contains('|') {
        return line.trim_matches('|').split('|').map(str::trim).collect();
    }
    if line.contains('\t') {
        return line.split('\t').map(str::trim).collect();
    }
    let wide = line.split("  ").map(str::trim).filter(|cell| !cell.is_empty());
    let wide: Vec<&str> = wide.collect();
    // Single spaces are enough between numbers.
    let numbers = || {
        line.split_whitespace()
            .all(|cell| !matches!(field(cell), Field::Text(text) if !text.contains(':')))
    };
    if numbers() { line.split_whitespace().collect() } else { wide }
}

/// Names of columns: something counts, something is measured, and nothing is a number.
fn is_names(cells: &[&str]) -> bool {
    let words = |cell: &&str| {
        matches!(field(cell), Field::Text(_) | Field::Missing) && !cell.contains([':', '='])
    };
    let counts = |cell: &&str| matches!(meaning(cell), Meaning::Epoch | Meaning::Step);
    let measures = |cell: &&str| Direction::known(cell).is_some();
    cells.len() > 1
        && cells.iter().all(words)
        && cells.iter().any(|cell| !cell.is_empty() && counts(cell))
        && cells.iter().any(measures)
}

fn is_rule(line: &str) -> bool {
    line.contains("--") && line.chars().all(|c| "-|:+= \t".contains(c))
}

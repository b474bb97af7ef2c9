//! Tables among printed lines: columns by bars, by tabs or by two spaces and more, under a line of
//! names. Model cards, notebooks and verbose estimators write them.

use super::header;
use crate::read::number::{Field, field};

/// The table that the lines are in, if any.
#[derive(Default)]
pub(super) struct Grid {
    names: Vec<String>,
}

impl Grid {
    /// The cells of a line of the table with their names; an inner none for a line of names or a
    /// rule under it, an outer none for a line that is no part of a table.
    pub fn read<'a>(&mut self, line: &'a str) -> Option<Option<Vec<(String, Field<'a>)>>> {
        let cells = cells(without_bar(line));
        if is_rule(line) && !self.names.is_empty() {
            return Some(None);
        }
        if let Some(names) = header::names(&cells) {
            self.names = names;
            return Some(None);
        }
        let cells = self.fitting(&cells);
        let fields: Vec<Field<'a>> = cells.iter().map(|cell| field(cell)).collect();
        let numbers = fields.iter().filter(|field| matches!(field, Field::Number(_))).count();
        if self.names.is_empty() || fields.len() != self.names.len() || numbers < 2 {
            self.names.clear();
            return None;
        }
        Some(Some(self.names.iter().cloned().zip(fields).collect()))
    }
}

impl Grid {
    /// The cells below the names: without the number of the row that data frames print before them,
    /// and without a time in brackets behind them.
    fn fitting<'a, 'b>(&self, cells: &'b [&'a str]) -> &'b [&'a str] {
        match cells {
            [] => cells,
            _ if cells.len() != self.names.len() + 1 => cells,
            [rest @ .., last] if last.starts_with('(') => rest,
            [first, rest @ ..] if first.parse::<u64>().is_ok() => rest,
            _ => cells,
        }
    }
}

/// The line up to its progress bar: `20  640: 100%|####| 10/10` ends with `640:`.
fn without_bar(line: &str) -> &str {
    line.find("%|").map_or(line, |at| line[..at].trim_end_matches(|c: char| c.is_ascii_digit()))
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

fn is_rule(line: &str) -> bool {
    line.contains("--") && line.chars().all(|c| "-|:+= \t".contains(c))
}

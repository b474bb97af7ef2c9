//! Lines that a program printed, and tables among them.
//!
//! Numbers are found together with the words before them; the words say whether a number is an
//! epoch, a step, a metric or nothing. Lines of batches are put together to epochs.

mod boxed;
mod clean;
mod dictionary;
mod grid;
mod header;
mod key;
mod line;
mod list;
mod reader;
mod rows;
mod special;
mod token;

use super::language;
use super::name::{Meaning, meaning, part_word, words};
use super::table::Table;
use boxed::Boxed;
use grid::Grid;
use line::{Reading, Section, read};
use rows::Rows;
use std::borrow::Cow;
use wellfit_core::run::Direction;

/// The runs that the lines tell of. Lines that tell nothing are left out.
pub(super) fn tables(text: &str) -> Vec<Table> {
    let (mut rows, mut grid, mut section) = (Rows::default(), Grid::default(), Section::default());
    let text = &*clean::pointed(text);
    let lines = clean::lines(text).take_while(|line| !special::ends(line));
    let (mut boxed, mut repeats) = (Boxed::default(), false);
    for line in lines.map(in_english).map(list::averaged) {
        // Behind `Best iteration:` stands a line that was there before.
        if std::mem::replace(&mut repeats, special::announces_best(&line)) {
            continue;
        }
        if let Some(reading) = boxed.read(&line) {
            reading.into_iter().for_each(|reading| rows.add(reading));
            continue;
        }
        match grid.read(&line) {
            Some(Some(cells)) => rows.add(Reading::of_cells(&cells)),
            Some(None) => {}
            None => rows.add(read(&line, &mut section)),
        }
    }
    let table = rows.finish();
    let lists = list::tables(text);
    if lists.iter().any(|list| list.rows() > table.rows()) {
        return lists;
    }
    if table.rows() > 0 { vec![scored(table)] } else { Vec::new() }
}

fn in_english(line: String) -> String {
    match language::english(&line) {
        Cow::Borrowed(_) => line,
        Cow::Owned(english) => english,
    }
}

/// Whether tables are of a log: with a metric that we know, and where nothing counts, on a named part
/// of the data more than once.
pub(super) fn is_log(tables: &[Table]) -> bool {
    tables.iter().any(|table| {
        let counts = |name: &String| matches!(meaning(name), Meaning::Epoch | Meaning::Step);
        let counted = !table.notes.is_empty() || !table.columns().iter().any(counts);
        let has_part =
            |name: &String| matches!(meaning(name), Meaning::Metric { part: Some(_), .. });
        let known = table
            .columns()
            .iter()
            .filter(|name| Direction::known(name).is_some() || is_alone(name));
        known.filter(|name| !counted || table.rows() > 1 && has_part(name)).count() > 0
    })
}

/// Whether a name is a part of the data and nothing else.
fn is_alone(name: &str) -> bool {
    matches!(words(name).as_slice(), [word] if part_word(word).is_some())
}

/// CatBoost prints its metric without a name: `learn: 0.5  test: 0.6`. What rises while it trains, or
/// stands beside a loss, is a score and no loss.
fn scored(table: Table) -> Table {
    let column = table.columns().iter().position(|name| is_alone(name));
    let beside_loss = table.columns().iter().any(|name| name.eq_ignore_ascii_case("loss"));
    let values = || table.cells().iter().filter(|cell| Some(cell.column as usize) == column);
    let rises = match (values().next(), values().next_back()) {
        (Some(first), Some(last)) => last.value > first.value || beside_loss,
        _ => return table,
    };
    if rises {
        table.renamed(|name| if is_alone(name) { format!("{name} score") } else { name.clone() })
    } else {
        table
    }
}

#[cfg(test)]
mod tests;

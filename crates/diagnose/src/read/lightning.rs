//! `metrics.csv` of Lightning's CSVLogger: sparse rows, training and validation on different lines,
//! columns `epoch` and `step`, rows of the learning rate without an epoch, a test at the end.

use super::name::{PartWord, part_word, words};
use super::table::Table;

/// The runs in the table, without what follows a test.
pub(super) fn tables(text: &str) -> Option<Vec<Table>> {
    Some(super::csv::tables(text)?.into_iter().map(before_test).collect())
}

/// Rows up to the first that only tests, and that row.
fn before_test(table: Table) -> Table {
    let part =
        |at: u32| words(&table.columns()[at as usize]).iter().find_map(|word| part_word(word));
    let parts: Vec<Option<PartWord>> = (0..table.columns().len() as u32).map(part).collect();
    if !parts.contains(&Some(PartWord::Validation)) {
        return table;
    }
    let mut kept = Table::new(table.name.clone());
    kept.notes.clone_from(&table.notes);
    let mut tested = false;
    for row in table.by_row() {
        let tests = row.iter().any(|cell| parts[cell.column as usize] == Some(PartWord::Test));
        if tested && !tests {
            continue;
        }
        tested |= tests;
        kept.begin_row();
        for cell in row {
            kept.put(&table.columns()[cell.column as usize], cell.value);
        }
    }
    kept
}

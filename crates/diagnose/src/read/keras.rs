//! CSV of Keras' CSVLogger: `epoch` from 0, then names in alphabetic order, `val_` for validation.
//! With `append=True` runs are glued together without a line of names between them.

use super::table::Table;

/// Whether columns of these names are written by it: plain names that `val_` repeats.
pub(super) fn fits(names: &[String]) -> bool {
    let twin = |name: &String| names.iter().any(|other| other.strip_prefix("val_") == Some(name));
    names.iter().any(twin) && names.first().is_some_and(|name| name == "epoch" || name.is_empty())
}

/// The runs in the table.
pub(super) fn tables(text: &str) -> Option<Vec<Table>> {
    super::csv::tables(text)
}

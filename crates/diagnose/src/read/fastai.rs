//! `history.csv` of fastai's CSVLogger: `epoch,train_loss,valid_loss,<metrics>,time`. Its metrics are
//! measured on validation.

use super::table::Table;

/// Whether columns of these names are written by it.
pub(super) fn fits(names: &[String]) -> bool {
    let begins = ["epoch", "train_loss", "valid_loss"];
    names.len() >= 4
        && names.iter().zip(begins).all(|(name, expected)| name == expected)
        && names.last().is_some_and(|name| name == "time")
}

/// The runs in the table.
pub(super) fn tables(text: &str) -> Option<Vec<Table>> {
    super::csv::tables(text)
}

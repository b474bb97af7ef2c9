//! `results.csv` of YOLOv5 and later: padded names, `train/box_loss`, `val/box_loss`, `metrics/...`.
//!
//! The training loss is the sum of the losses of box, class and so on; the log does not have it, so
//! it is added here for both parts.

use super::table::Table;

/// Whether columns of these names are written by it.
pub(super) fn fits(names: &[String]) -> bool {
    let has =
        |start: &str| names.iter().any(|name| name.starts_with(start) && name.ends_with("loss"));
    has("train/") && has("val/") && names.iter().any(|name| name.starts_with("metrics/"))
}

/// The runs in the table.
pub(super) fn tables(text: &str) -> Option<Vec<Table>> {
    Some(super::csv::tables(text)?.iter().map(with_sum).collect())
}

fn with_sum(table: &Table) -> Table {
    let mut summed = Table::new(table.name.clone());
    summed.notes.clone_from(&table.notes);
    let parts = ["train", "val"].map(|part| (part, losses(table, part)));
    for row in table.by_row() {
        summed.begin_row();
        row.iter().for_each(|cell| summed.put(&table.columns()[cell.column as usize], cell.value));
        for (part, columns) in &parts {
            let values = row.iter().filter(|cell| columns.contains(&(cell.column as usize)));
            let values: Vec<f64> = values.map(|cell| cell.value).collect();
            if columns.len() > 1 && values.len() == columns.len() {
                let names: Vec<&str> =
                    columns.iter().map(|&at| table.columns()[at].as_str()).collect();
                summed.put(&format!("{part}/loss = {}", names.join(" + ")), values.iter().sum());
            }
        }
    }
    summed
}

/// Columns of the losses of a part.
fn losses(table: &Table, part: &str) -> Vec<usize> {
    let is = |name: &String| name.starts_with(part) && name.ends_with("_loss");
    (0..table.columns().len()).filter(|&at| is(&table.columns()[at])).collect()
}

//! CatBoost: `learn_error.tsv` and `test_error.tsv` in `catboost_info`, or in a folder for each fold.

use super::number::{Field, field};
use super::table::Table;
use super::{Format, ReadError, decode, files::bytes, files::unlike};
use std::path::Path;

/// The two files, and the part under which each is read.
const FILES: [(&str, &str); 2] = [("learn_error.tsv", "learn"), ("test_error.tsv", "validation")];

/// Whether a folder holds such files.
pub(super) fn fits(folder: &Path) -> bool {
    FILES.iter().any(|(name, _)| folder.join(name).is_file())
}

/// Whether a file is one of them.
pub(super) fn is_file(path: &Path) -> bool {
    FILES.iter().any(|(name, _)| path.file_name().is_some_and(|found| found == *name))
}

/// The run in the folder.
pub(super) fn table(folder: &Path) -> Result<Table, ReadError> {
    let mut table = Table::default();
    for (name, part) in FILES {
        let path = folder.join(name);
        if !path.is_file() {
            table.notes.push(format!("{name} is missing"));
            continue;
        }
        let content = bytes(&path)?;
        let text = decode::text(&content);
        let mut lines = text.lines();
        let names: Vec<&str> =
            lines.next().unwrap_or_default().split('\t').map(str::trim).collect();
        if names.first() != Some(&"iter") {
            let found = format!("`{}` in line 1", names.first().unwrap_or(&""));
            return Err(unlike(&path, Format::CatBoost, "a first column `iter`", found));
        }
        for line in lines {
            let fields: Vec<Field<'_>> = line.split('\t').map(field).collect();
            let Some(&Field::Number(iteration)) = fields.first() else { continue };
            table.begin_row();
            table.put("iter", iteration);
            for (name, field) in names.iter().zip(fields).skip(1) {
                if let Field::Number(value) = field {
                    table.put(&format!("{part}/{name}"), value);
                }
            }
        }
    }
    Ok(joined(&table))
}

/// Rows of both files by their iteration, so that they run side by side.
fn joined(table: &Table) -> Table {
    let mut rows: Vec<&[super::table::Cell]> = table.by_row().collect();
    rows.sort_by(|a, b| a[0].value.total_cmp(&b[0].value));
    let mut joined = Table::default();
    joined.notes.clone_from(&table.notes);
    for row in rows {
        joined.begin_row();
        row.iter().for_each(|cell| joined.put(&table.columns()[cell.column as usize], cell.value));
    }
    joined
}

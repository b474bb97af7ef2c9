//! A JSON object on each line: `{"epoch": 3, "train_loss": 0.5, "val_loss": 0.7}`.

use super::history::flatten;
use super::json::{Json, parse};
use super::number::Field;
use super::openmmlab;
use super::records::Records;
use super::table::Table;

/// Whether the first lines are objects.
pub(super) fn fits(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let whole = |line: &str| line.trim_start().starts_with('{') && parse(line).broken.is_none();
    let first = lines.next().is_some_and(whole);
    first && lines.next().is_none_or(|line| line.trim_start().starts_with('{'))
}

/// The runs in the lines. Lines that are no objects are counted in a note.
pub(super) fn tables(text: &str) -> Vec<Table> {
    let tables = rows(text);
    if openmmlab::fits(text) {
        tables.iter().map(openmmlab::on_validation).collect()
    } else {
        tables
    }
}

fn rows(text: &str) -> Vec<Table> {
    Records::build(|records| {
        let (mut bad, mut first_bad) = (0, String::new());
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let parsed = parse(line.trim());
            match (&parsed.value, parsed.broken) {
                (Json::Map(_), None) if openmmlab::is_preface(&parsed.value) => {}
                (Json::Map(_), None) => {
                    let mut flat = Vec::new();
                    flatten(&parsed.value, "", &mut flat);
                    let fields: Vec<(&str, Field<'_>)> =
                        flat.iter().map(|(name, value)| (name.as_str(), *value)).collect();
                    records.row(&fields);
                }
                (_, broken) => {
                    bad += 1;
                    if bad == 1 {
                        let why = broken.unwrap_or_else(|| "it is no object".to_owned());
                        first_bad = format!("line {}: {why}", number + 1);
                    }
                }
            }
        }
        if bad > 0 {
            records.note(&format!("{bad} lines are left out; the first, {first_bad}"));
        }
    })
}

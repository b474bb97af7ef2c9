//! Logs of OpenMMLab as JSON lines: `*.log.json` of MMCV, where `mode` says what a line measured, and
//! `vis_data/scalars.json` of MMEngine, where training lines alone have an `iter` and those of
//! validation count epochs as their `step`.

use super::json::{Json, parse};
use super::name::{Meaning, meaning};
use super::table::Table;

/// Whether lines are of MMEngine.
pub(super) fn fits(text: &str) -> bool {
    text.lines().take(4).any(|line| {
        let line = parse(line).value;
        ["iter", "data_time", "step", "memory"].iter().all(|key| line.get(key).is_some())
            && line.get("mode").is_none()
    })
}

/// `accuracy/top1` becomes `validation/accuracy/top1`: a row without `iter` is one of validation.
pub(super) fn on_validation(table: &Table) -> Table {
    let mut named = Table::new(table.name.clone());
    named.notes.clone_from(&table.notes);
    let column = |at: u32| table.columns()[at as usize].as_str();
    let epochs = table.columns().iter().any(|name| meaning(name) == Meaning::Epoch);
    for row in table.by_row() {
        let trains = row.iter().any(|cell| column(cell.column) == "iter");
        named.begin_row();
        for cell in row {
            match column(cell.column) {
                // It counts epochs here, and the row before has their number.
                "step" if !trains && epochs => {}
                name if trains || meaning(name) == Meaning::Step => named.put(name, cell.value),
                name => named.put(&format!("validation/{name}"), cell.value),
            }
        }
    }
    named
}

/// Whether a line tells of the machine and not of the run, as MMCV's first does.
pub(super) fn is_preface(line: &Json) -> bool {
    line.get("env_info").is_some()
}

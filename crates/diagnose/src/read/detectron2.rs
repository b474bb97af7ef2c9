//! `metrics.json` of Detectron2: JSON lines by `iteration`, with `total_loss`, `validation_loss` where
//! a hook measures it, and scores such as `bbox/AP`, which are measured on the test set.

use super::json::Json;
use super::table::Table;

/// Whether a line is written by it.
pub(super) fn fits(line: &Json) -> bool {
    line.get("iteration").is_some()
        && (line.get("total_loss").is_some() || line.get("data_time").is_some())
}

/// The runs in the lines.
pub(super) fn tables(text: &str) -> Vec<Table> {
    super::json_lines::tables(text).iter().map(|table| table.renamed(on_validation)).collect()
}

/// `bbox/AP` becomes `validation/bbox/AP`: training has no such score.
fn on_validation(name: &String) -> String {
    let is_score = name.rsplit('/').next().is_some_and(|last| last.starts_with("AP"));
    if is_score { format!("validation/{name}") } else { name.clone() }
}

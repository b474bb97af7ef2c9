//! `trainer_state.json` of Hugging Face's Trainer, or its `log_history` alone.
//!
//! Training (`loss`) and evaluation (`eval_*`) stand in different entries. The entry of the end
//! holds `train_loss`, a mean over the whole run and no point of a curve; an evaluation behind it is
//! one of the restored best model.

use super::history::records;
use super::json::Json;
use super::table::Table;

/// The entries of the log.
pub(super) fn entries(json: &Json) -> Option<&[Json]> {
    match json.get("log_history").unwrap_or(json) {
        Json::List(entries) => Some(entries),
        _ => None,
    }
}

/// Whether entries are of this log: they name `eval_loss`, or `loss` with what only Trainer logs.
pub(super) fn fits(entries: &[Json]) -> bool {
    let has = |key: &str| entries.iter().any(|entry| entry.get(key).is_some());
    has("epoch")
        && has("step")
        && (has("eval_runtime") || has("eval_loss") || has("loss") && has("learning_rate"))
}

/// The runs in the entries.
pub(super) fn tables(entries: &[Json]) -> Vec<Table> {
    let mut ended = false;
    let kept: Vec<Json> = entries
        .iter()
        .filter(|entry| {
            ended |= entry.get("train_runtime").is_some();
            ended &= entry.get("loss").is_none();
            !ended
        })
        .cloned()
        .collect();
    records(&kept, "")
}

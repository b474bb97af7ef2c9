//! XGBoost's `evals_result` and LightGBM's record: `{"validation_0": {"logloss": [...]}, ...}`, and
//! the lines that both print while they train: `[10]  train-rmse:0.5  eval-rmse:0.6`.
//!
//! XGBoost counts rounds from 0, LightGBM from 1. By custom XGBoost's `validation_0` is the training
//! set where there is a `validation_1`.

use super::Format;
use super::json::Json;
use super::table::Table;

/// Which of the two a document is of, if it is of one.
pub(super) fn fits(json: &Json) -> Option<Format> {
    let Json::Map(sets) = json else { return None };
    let is_curves = |set: &Json| match set {
        Json::Map(metrics) => {
            !metrics.is_empty() && metrics.iter().all(|(_, values)| matches!(values, Json::List(_)))
        }
        _ => false,
    };
    if sets.is_empty() || !sets.iter().all(|(_, set)| is_curves(set)) {
        return None;
    }
    let numbered = |start: &str| {
        sets.iter().any(|(name, _)| {
            name.strip_prefix(start).is_some_and(|number| number.parse::<u32>().is_ok())
        })
    };
    if numbered("valid_") {
        return Some(Format::LightGbm);
    }
    numbered("validation_").then_some(Format::XgBoost)
}

/// Which of the two printed a line, if one did.
pub(super) fn printed(line: &str) -> Option<Format> {
    let rest = line.strip_prefix('[')?;
    let (round, rest) = rest.split_once("]\t")?;
    round.trim().parse::<u64>().ok()?;
    if rest.contains("'s ") && rest.contains(": ") {
        return Some(Format::LightGbm);
    }
    (rest.contains('-') && rest.contains(':')).then_some(Format::XgBoost)
}

/// The run in a document.
pub(super) fn tables(json: &Json, format: Format) -> Vec<Table> {
    super::history::tables(json, if format == Format::LightGbm { 1.0 } else { 0.0 })
}

//! Curves of scikit-learn's estimators as JSON: `loss_curve_` and `validation_scores_` of an MLP,
//! `train_score_` and `validation_score_` of histogram gradient boosting. They count from 1.

use super::json::Json;
use super::table::Table;

/// The attribute, and the column under which it is read.
const CURVES: &[&str] = &["loss_curve_", "validation_scores_", "train_score_", "validation_score_"];

/// Whether the document has such a curve.
pub(super) fn fits(json: &Json) -> bool {
    CURVES.iter().any(|curve| json.get(curve).is_some())
}

/// The run in the document.
pub(super) fn tables(json: &Json) -> Vec<Table> {
    let Json::Map(entries) = json else { return Vec::new() };
    let curves = entries.iter().filter(|(name, _)| CURVES.contains(&name.as_str()));
    let only_curves: Vec<(String, Json)> = curves.cloned().collect();
    super::history::tables(&Json::Map(only_curves), 1.0)
}

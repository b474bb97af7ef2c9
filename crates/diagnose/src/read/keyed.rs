//! Maps in a JSON document that stand for rows: an epoch is the key of what it measured, or a curve
//! keeps its steps and values in two lists.

use super::history::flatten;
use super::json::Json;
use super::records::first_number;

/// The rows of `{"1": {"train_loss": 0.9}, "2": {...}}` or `{"epoch_1": {...}, ...}`. None where the
/// values are no rows, as those of folds, which hold lists. What stands under a number is no row of
/// the document where `path` names something around it.
pub(super) fn rows(entries: &[(String, Json)], path: &str) -> Option<Vec<Json>> {
    let epoch = |key: &str| {
        let rest = key.to_ascii_lowercase();
        let rest = rest.strip_prefix("epoch").unwrap_or(&rest).trim_start_matches(['_', '-', ' ']);
        rest.parse::<u32>().is_ok().then(|| first_number(rest)).flatten()
    };
    let measured = |json: &Json| {
        let mut fields = Vec::new();
        flatten(json, "", &mut fields);
        !fields.is_empty() && !has_list(json)
    };
    if entries.len() < 2 || !path.is_empty() {
        return None;
    }
    let row = |(key, value): &(String, Json)| match value {
        Json::Map(fields) if measured(value) => {
            let number = ("epoch".to_owned(), Json::Number(epoch(key)?));
            Some(Json::Map(std::iter::once(number).chain(fields.iter().cloned()).collect()))
        }
        _ => None,
    };
    entries.iter().map(row).collect()
}

/// The rows of Sacred's `{"steps": [...], "timestamps": [...], "values": [...]}` of the metric `name`.
pub(super) fn curve(json: &Json, name: &str) -> Option<Vec<Json>> {
    let (Some(Json::List(steps)), Some(Json::List(values))) =
        (json.get("steps"), json.get("values"))
    else {
        return None;
    };
    let row = |(step, value): (&Json, &Json)| {
        Json::Map(vec![("step".to_owned(), step.clone()), (name.to_owned(), value.clone())])
    };
    (steps.len() == values.len()).then(|| steps.iter().zip(values).map(row).collect())
}

fn has_list(json: &Json) -> bool {
    match json {
        Json::List(items) => items.len() > 1,
        Json::Map(entries) => entries.iter().any(|entry| has_list(&entry.1)),
        _ => false,
    }
}

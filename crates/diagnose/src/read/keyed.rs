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

/// The rows of `[{"epoch": 1, "value": 0.9}, ...]` that are points of the metric `name`.
pub(super) fn points(items: &[Json], name: &str) -> Option<Vec<Json>> {
    let value = |key: &str| matches!(key, "value" | "y" | "values");
    let row = |item: &Json| match item {
        Json::Map(fields) if !name.is_empty() && fields.iter().any(|(key, _)| value(key)) => {
            let named = |(key, json): &(String, Json)| match key.as_str() {
                key if value(key) => (name.to_owned(), json.clone()),
                "x" => ("step".to_owned(), json.clone()),
                key => (key.to_owned(), json.clone()),
            };
            Some(Json::Map(fields.iter().map(named).collect()))
        }
        _ => None,
    };
    items.iter().map(row).collect()
}

/// The rows of `[[1, 0.9], [2, 0.6], ...]`: epochs or steps that rise, and values of the metric `name`;
/// a time may stand before them, as in what TensorBoard's page downloads.
pub(super) fn pairs(items: &[Json], name: &str) -> Option<Vec<Json>> {
    let numbers = |item: &Json| match item {
        Json::List(parts) if matches!(parts.len(), 2 | 3) => match &parts[parts.len() - 2..] {
            [Json::Number(x), value @ Json::Number(_)] => Some((*x, value.clone())),
            _ => None,
        },
        _ => None,
    };
    let pairs: Vec<(f64, Json)> = items.iter().map(numbers).collect::<Option<_>>()?;
    let rises = pairs.windows(2).all(|two| two[0].0 < two[1].0) && pairs.len() > 1;
    let by_one = pairs.windows(2).all(|two| two[1].0 - two[0].0 == 1.0);
    let axis = if by_one { "epoch" } else { "step" };
    let whole = pairs.iter().all(|(x, _)| x.fract() == 0.0);
    let row =
        |(x, value)| Json::Map(vec![(axis.to_owned(), Json::Number(x)), (name.to_owned(), value)]);
    (rises && whole && !name.is_empty()).then(|| pairs.into_iter().map(row).collect())
}

fn has_list(json: &Json) -> bool {
    match json {
        Json::List(items) => items.len() > 1,
        Json::Map(entries) => entries.iter().any(|entry| has_list(&entry.1)),
        _ => false,
    }
}

//! A list of values for each name: Keras' History, the dictionaries of home-made loops, results of
//! boosting, data frames as JSON; also a list of records.

use super::json::Json;
use super::keyed;
use super::name::{Meaning, meaning, part_word, words};
use super::number::{Field, field};
use super::records::Records;
use super::table::Table;
use std::borrow::Cow;
use wellfit_core::run::Direction;

/// Names around the lists that say nothing.
const WRAPPERS: &[&str] = &[
    "history",
    "history_",
    "log",
    "logs",
    "log_history",
    "metrics",
    "results",
    "data",
    "evals_result",
    "epochs",
    "records",
    "curves",
    "training_history",
];

/// The runs in a document. Lists that number nothing are counted from `first`.
pub(super) fn tables(json: &Json, first: f64) -> Vec<Table> {
    let mut found = Found::default();
    found.gather(json, "", "");
    found.leave_out_settings();
    let mut tables: Vec<Table> = found.runs.iter().filter_map(|run| run.table(first)).collect();
    for lists in found.records.chunk_by(|a, b| a.0 == b.0) {
        tables.extend(side_by_side(lists).into_iter().map(|mut table| {
            table.name = format!("{} {}", lists[0].0, table.name).trim().to_owned();
            table
        }));
    }
    if let [only] = &mut tables[..] {
        only.name.clear();
    }
    tables
}

/// What a document holds, run by run.
#[derive(Default)]
struct Found<'a> {
    runs: Vec<Lists>,
    /// Lists of records: run, what the names before them say, and they.
    records: Vec<(String, String, Cow<'a, [Json]>)>,
}

/// The lists of one run.
struct Lists {
    name: String,
    lists: Vec<(String, Vec<f64>)>,
}

impl<'a> Found<'a> {
    /// Walks through a value that stands in the run `run`, under names that say `path`.
    fn gather(&mut self, json: &'a Json, run: &str, path: &str) {
        match json {
            Json::Map(entries) => {
                if let Some(values) = numbers(json) {
                    return self.put(run, path, values);
                }
                if let Some(rows) = keyed::rows(entries, path) {
                    self.records.push((run.to_owned(), path.to_owned(), Cow::Owned(rows)));
                    return;
                }
                if let Some(rows) = keyed::curve(json, path) {
                    self.records.push((run.to_owned(), String::new(), Cow::Owned(rows)));
                    return;
                }
                for (key, value) in entries {
                    let below = |path: &str| {
                        if path.is_empty() { key.clone() } else { format!("{path}/{key}") }
                    };
                    match value {
                        _ if WRAPPERS.contains(&key.as_str()) && numbers(value).is_none() => {
                            self.gather(value, run, path);
                        }
                        Json::Map(_) if numbers(value).is_none() && !says_something(key) => {
                            let inner =
                                if run.is_empty() { key.clone() } else { format!("{run}, {key}") };
                            self.gather(value, &inner, path);
                        }
                        Json::List(_) | Json::Map(_) => self.gather(value, run, &below(path)),
                        _ => {}
                    }
                }
            }
            Json::List(items) => match numbers(json) {
                Some(values) => self.put(run, path, values),
                None if items.iter().any(|item| matches!(item, Json::Map(_))) => {
                    let points = keyed::points(items, path);
                    let (path, rows) = match points {
                        Some(rows) => ("", Cow::Owned(rows)),
                        None => (path, Cow::Borrowed(&items[..])),
                    };
                    self.records.push((run.to_owned(), path.to_owned(), rows));
                }
                None => {
                    let rows = keyed::pairs(items, path).map(Cow::Owned);
                    self.records.extend(rows.map(|rows| (run.to_owned(), String::new(), rows)));
                }
            },
            _ => {}
        }
    }

    /// Lists of numbers that no metric names, as sizes of layers, where others are metrics.
    fn leave_out_settings(&mut self) {
        let measures = |lists: &Lists| lists.lists.iter().any(|(name, _)| says_something(name));
        if self.runs.iter().any(measures) || !self.records.is_empty() {
            self.runs.retain(measures);
        }
    }

    fn put(&mut self, run: &str, path: &str, values: Vec<f64>) {
        let known = self.runs.iter_mut().find(|lists| lists.name == run);
        match known {
            Some(lists) => lists.lists.push((path.to_owned(), values)),
            None => self
                .runs
                .push(Lists { name: run.to_owned(), lists: vec![(path.to_owned(), values)] }),
        }
    }
}

impl Lists {
    /// None where the longest list has one value: those are results, not a history.
    fn table(&self, first: f64) -> Option<Table> {
        let mut table = Table::new(self.name.clone());
        let judged = |name: &str| {
            words(name)
                .iter()
                .any(|word| part_word(word).is_some_and(|p| p != super::name::PartWord::Train))
        };
        let axis = self.lists.iter().find(|(name, _)| meaning(name) == Meaning::Epoch);
        let epochs = self.lists.iter().filter(|(name, _)| judged(name)).map(|(_, v)| v.len()).max();
        let longest = self.lists.iter().map(|(_, values)| values.len()).max().unwrap_or(0);
        let epochs = epochs.unwrap_or(longest);
        let x = |at: usize, length: usize| {
            let axis = axis.map(|(_, values)| values).filter(|values| values.len() == length);
            match axis {
                Some(values) => values[at],
                // Batches of an epoch end with it.
                None if epochs > 0 && length > epochs && length.is_multiple_of(epochs) => {
                    first + (at + 1) as f64 / (length / epochs) as f64 - 1.0
                }
                None => first + at as f64,
            }
        };
        let metrics = || {
            self.lists.iter().filter(|(name, _)| {
                matches!(meaning(name), Meaning::Metric { .. } | Meaning::LearningRate)
            })
        };
        let mut places: Vec<(f64, usize, usize)> = Vec::new();
        for (number, (_, values)) in metrics().enumerate() {
            places.extend((0..values.len()).map(|at| (x(at, values.len()), number, at)));
        }
        places.sort_by(|a, b| a.0.total_cmp(&b.0));
        let metrics: Vec<&(String, Vec<f64>)> = metrics().collect();
        for row in places.chunk_by(|a, b| a.0 == b.0) {
            table.begin_row();
            table.put("epoch", row[0].0);
            row.iter().for_each(|&(_, list, at)| table.put(&metrics[list].0, metrics[list].1[at]));
        }
        if axis.is_none() {
            table.notes.push(format!("the log numbers no epochs: they are counted from {first}"));
        }
        if metrics.iter().any(|(_, values)| values.len() != longest) && axis.is_none() {
            table.notes.push("the lists differ in length: each is counted by itself, or divided evenly into epochs".to_owned());
        }
        (longest > 1 && table.rows() > 0).then_some(table)
    }
}

/// Whether a name is a part or a metric, and so no name of a run.
fn says_something(name: &str) -> bool {
    Direction::known(name).is_some() || words(name).iter().any(|word| part_word(word).is_some())
}

/// The numbers of a list, or of a map from row numbers as pandas writes a column.
fn numbers(json: &Json) -> Option<Vec<f64>> {
    let value = |json: &Json| match json {
        Json::Number(number) => Some(*number),
        Json::Text(text) => match field(text) {
            Field::Number(number) => Some(number),
            _ => None,
        },
        Json::Nothing => Some(f64::NAN),
        // One value in a list of its own, as from a tensor of one element.
        Json::List(one) if one.len() == 1 => match one[0] {
            Json::Number(number) => Some(number),
            _ => None,
        },
        _ => None,
    };
    match json {
        Json::List(items) if !items.is_empty() => items.iter().map(value).collect(),
        Json::Map(entries)
            if !entries.is_empty() && entries.iter().all(|(key, _)| key.parse::<u64>().is_ok()) =>
        {
            entries.iter().map(|(_, item)| value(item)).collect()
        }
        _ => None,
    }
}

/// The records of one run; those of training and of validation may stand in lists of their own.
fn side_by_side(lists: &[(String, String, Cow<'_, [Json]>)]) -> Vec<Table> {
    let mut rows: Vec<(f64, Vec<(String, Field<'_>)>)> = Vec::new();
    for (_, path, items) in lists {
        for (at, item) in items.iter().enumerate() {
            let mut flat = Vec::new();
            flatten(item, path, &mut flat);
            let counted = |wanted: Meaning| {
                flat.iter().find_map(|(name, field)| match field {
                    Field::Number(number) if meaning(name) == wanted => Some(*number),
                    _ => None,
                })
            };
            let place = counted(Meaning::Epoch).or_else(|| counted(Meaning::Step));
            // Without a number, rows of several lists belong together by their place.
            if place.is_none() && lists.len() > 1 {
                flat.push(("epoch".to_owned(), Field::Number(at as f64)));
            }
            rows.push((place.unwrap_or(at as f64), flat));
        }
    }
    // One list keeps its order: there a smaller epoch begins another run.
    if lists.len() > 1 {
        rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    Records::build(|records| {
        for (_, flat) in &rows {
            let fields: Vec<(&str, Field<'_>)> =
                flat.iter().map(|(name, value)| (name.as_str(), *value)).collect();
            records.row(&fields);
        }
    })
}

/// A list of maps: each is a row.
pub(super) fn records(items: &[Json], path: &str) -> Vec<Table> {
    Records::build(|records| {
        for item in items {
            let mut flat = Vec::new();
            flatten(item, path, &mut flat);
            let fields: Vec<(&str, Field<'_>)> =
                flat.iter().map(|(name, value)| (name.as_str(), *value)).collect();
            records.row(&fields);
        }
    })
}

/// The fields of a record, maps in it under joined names.
pub(super) fn flatten<'a>(json: &'a Json, path: &str, fields: &mut Vec<(String, Field<'a>)>) {
    let Json::Map(entries) = json else { return };
    for (key, value) in entries {
        let name = if path.is_empty() { key.clone() } else { format!("{path}/{key}") };
        match value {
            Json::Number(number) => fields.push((name, Field::Number(*number))),
            Json::Text(text) => fields.push((name, field(text))),
            Json::Map(_) => flatten(value, &name, fields),
            Json::List(one) if one.len() == 1 => {
                if let Json::Number(number) = one[0] {
                    fields.push((name, Field::Number(number)));
                }
            }
            _ => {}
        }
    }
}

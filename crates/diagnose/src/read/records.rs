//! Rows that name what they hold, as lines of JSON and rows of a CSV do.

use super::name::{Meaning, meaning, part_word, words};
use super::number::Field;
use super::table::Table;
use std::collections::HashMap;

/// Gathers rows into tables, one for each run that a column tells apart.
#[derive(Default)]
pub(super) struct Records {
    tables: Vec<Table>,
    by_group: HashMap<String, usize>,
    kinds: HashMap<String, Kind>,
    /// Rows are one run, whatever their `model` or `name` says.
    undivided: bool,
}

/// What the field of a row is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Tells runs apart: `fold`, `run`, `model`.
    Group,
    /// Names the part of the data: `phase`, `split`.
    Phase,
    /// Names the metric whose `value` the row holds.
    Tag,
    Value,
    Epoch,
    Other,
}

/// More groups than this are no runs: the column counts something.
const MOST_RUNS: usize = 1000;
const GROUPS: &[&str] = &[
    "fold",
    "kfold",
    "run",
    "model",
    "seed",
    "trial",
    "experiment",
    "exp",
    "repeat",
    "config",
    "name",
];
const PHASES: &[&str] = &[
    "phase",
    "split",
    "mode",
    "stage",
    "subset",
    "part",
    "partition",
    "dataset",
    "data",
    "set",
    "type",
];
const TAGS: &[&str] = &["metric", "tag", "key", "variable", "series"];

impl Records {
    /// Builds tables from rows that `fill` gives, twice where the first division into runs leaves
    /// single rows.
    pub fn build(mut fill: impl FnMut(&mut Self)) -> Vec<Table> {
        let mut records = Self::default();
        fill(&mut records);
        let single = records.tables.iter().all(|table| table.rows() < 2);
        if records.tables.len() > MOST_RUNS || records.tables.len() > 1 && single {
            records = Self { undivided: true, ..Self::default() };
            fill(&mut records);
        }
        if let [only] = &mut records.tables[..] {
            only.name.clear();
        }
        records.tables
    }

    /// Adds a row.
    pub fn row(&mut self, fields: &[(&str, Field<'_>)]) {
        let kinds: Vec<Kind> = fields.iter().map(|(name, _)| self.kind(name)).collect();
        let (mut group, mut phase, mut tag) = (String::new(), None, None);
        for (kind, (name, field)) in kinds.iter().zip(fields) {
            match (kind, field) {
                (Kind::Group, Field::Text(text)) if !self.undivided => push(&mut group, text),
                (Kind::Group, Field::Number(number))
                    if !self.undivided && number.fract() == 0.0 =>
                {
                    push(&mut group, &format!("{name} {number}"));
                }
                (Kind::Phase, Field::Text(text))
                    if words(text).iter().any(|w| part_word(w).is_some()) =>
                {
                    phase = Some(*text);
                }
                (Kind::Tag, Field::Text(text)) => tag = Some(*text),
                _ => {}
            }
        }
        let table = self.table(group);
        table.begin_row();
        for (kind, (name, field)) in kinds.iter().zip(fields) {
            let value = match (kind, field) {
                (Kind::Group, Field::Number(number)) if number.fract() == 0.0 => continue,
                (_, Field::Number(number)) => *number,
                (Kind::Epoch, Field::Text(text)) => match first_number(text) {
                    Some(number) => number,
                    None => continue,
                },
                _ => continue,
            };
            let name = match (kind, tag) {
                (Kind::Value, Some(tag)) => tag,
                _ => name,
            };
            match phase {
                Some(phase) if !name.is_empty() => table.put(&format!("{phase}/{name}"), value),
                _ => table.put(name, value),
            }
        }
    }

    /// A note on every table.
    pub fn note(&mut self, note: &str) {
        self.tables.iter_mut().for_each(|table| table.notes.push(note.to_owned()));
    }

    fn table(&mut self, group: String) -> &mut Table {
        let full = self.tables.len() > MOST_RUNS;
        let known = self.by_group.get(&group).copied().or(full.then_some(0));
        let at = known.unwrap_or_else(|| {
            self.tables.push(Table::new(group.clone()));
            self.by_group.insert(group, self.tables.len() - 1);
            self.tables.len() - 1
        });
        &mut self.tables[at]
    }

    fn kind(&mut self, name: &str) -> Kind {
        if let Some(&kind) = self.kinds.get(name) {
            return kind;
        }
        let words = words(name);
        let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
        let short = words.len() <= 2;
        let kind = match words.as_slice() {
            [value] if value == "value" => Kind::Value,
            _ if meaning(name) == Meaning::Epoch => Kind::Epoch,
            [one] if TAGS.contains(&one.as_str()) => Kind::Tag,
            [one] if PHASES.contains(&one.as_str()) => Kind::Phase,
            [first, ..] if short && (GROUPS.contains(&first.as_str()) || any(&["fold"])) => {
                Kind::Group
            }
            _ => Kind::Other,
        };
        self.kinds.insert(name.to_owned(), kind);
        kind
    }
}

fn push(group: &mut String, part: &str) {
    if !group.is_empty() {
        group.push_str(", ");
    }
    group.push_str(part);
}

/// 3 of `Epoch 3/50`.
pub(super) fn first_number(text: &str) -> Option<f64> {
    let digits = text.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = digits.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(digits.len());
    digits[..end].trim_end_matches('.').parse().ok()
}

#[cfg(test)]
mod tests;

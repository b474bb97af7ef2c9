//! A line that holds a dictionary: `{'loss': 0.5, 'epoch': 1.0}`, maybe behind a time, `train |` or
//! `epoch 3:`; or several, as in `epoch 3 train: {'loss': 0.5} val: {'loss': 0.6}`.

use super::key::part;
use super::line::{Reading, bare, plain};
use super::token::{Token, tokens};
use crate::read::history::flatten;
use crate::read::json::{Json, parse};
use crate::read::name::{Meaning, meaning};
use crate::read::number::Field;

/// What the dictionaries of a line say; none where it has none.
pub(super) fn dictionary(line: &str) -> Option<Reading> {
    let mut parts = line.split_inclusive('}').filter(|part| part.contains('{'));
    let several = parts.clone().count() > 1 && parts.all(|part| part.matches('{').count() == 1);
    if !several {
        return one(line);
    }
    let mut all = Reading::default();
    for part in line.split_inclusive('}').filter(|part| part.contains('{')) {
        let Reading { epoch, step, values, .. } = one(part)?;
        (all.epoch, all.step) = (all.epoch.or(epoch), all.step.or(step));
        all.values.extend(values);
    }
    Some(all)
}

fn one(line: &str) -> Option<Reading> {
    let (before, _) = line.split_once('{')?;
    let parsed = parse(&line[before.len()..]);
    let (Json::Map(_), None) = (&parsed.value, &parsed.broken) else { return None };
    let mut fields = Vec::new();
    flatten(&parsed.value, "", &mut fields);
    // Settings name files and choices.
    let texts = fields.iter().filter(|(_, field)| matches!(field, Field::Text(_))).count();
    if texts > 3 && 2 * texts > fields.len() || fields.iter().any(|(name, _)| name == "epochs") {
        return Some(Reading::default());
    }
    // What Trainer prints at the end are means over the run, no points.
    if fields.iter().any(|(name, _)| name == "train_runtime") {
        return Some(Reading::default());
    }
    let mut reading = Reading::of_cells(&fields);
    if reading.epoch.is_none() && reading.step.is_none() {
        let said = plain(before);
        (reading.epoch, reading.step) = (said.epoch, said.step);
    }
    // `"_type": "val_epoch"` says more than the words before.
    let mut typed = fields.iter().filter_map(|(name, field)| match field {
        Field::Text(text) if matches!(name.as_str(), "_type" | "mode" | "phase" | "split") => {
            named_part(&text.replace('_', " "))
        }
        _ => None,
    });
    if let Some(part) = typed.next_back().or_else(|| named_part(before)) {
        for (name, _) in reading.values.iter_mut().filter(|(name, _)| bare(name)) {
            *name = format!("{part} {name}");
        }
    }
    reading.values.retain(|(name, _)| !matches!(meaning(name), Meaning::Nothing));
    Some(reading)
}

/// The last word of a text that names a part of the data.
fn named_part(text: &str) -> Option<String> {
    tokens(text).into_iter().rev().find_map(|token| match token {
        Token::Word(word) if part(word).is_some() => Some(word.to_owned()),
        _ => None,
    })
}

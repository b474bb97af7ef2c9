//! One printed line: where it stands and what it measures.

use super::dictionary::dictionary;
use super::reader::words_and_numbers;
use super::special::special;
use super::token::tokens;
use crate::read::name::{Meaning, meaning};
use crate::read::number::Field;
use crate::read::records::first_number;

/// What a line says.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Reading {
    pub epoch: Option<f64>,
    pub step: Option<f64>,
    /// The line is of one batch of an epoch.
    pub batch: bool,
    /// 3 of `step 3/50`: a step where the log has no epochs.
    pub of_many: Option<f64>,
    /// The values are means since the epoch began, as in a progress bar.
    pub running: bool,
    pub values: Vec<(String, f64)>,
}

/// The part that a heading announced: `Validation:` and the values in the next lines.
#[derive(Debug, Default)]
pub(super) struct Section {
    part: Option<String>,
    /// The last step before it. A line that counts on from there is of the loop around the section.
    step: Option<f64>,
}

impl Reading {
    /// A row of a table with names over its columns.
    pub fn of_cells(cells: &[(String, Field<'_>)]) -> Self {
        let mut reading = Self::default();
        for (name, field) in cells {
            let meaning = meaning(name);
            let value = match *field {
                Field::Number(value) => value,
                // `1/50` in the column of epochs.
                Field::Text(text) if meaning == Meaning::Epoch => match first_number(text) {
                    Some(value) => value,
                    None => continue,
                },
                _ => continue,
            };
            match meaning {
                Meaning::Epoch => reading.epoch = Some(value),
                Meaning::Step => reading.step = reading.step.or(Some(value)),
                Meaning::Metric { .. } | Meaning::LearningRate => {
                    reading.values.push((name.clone(), value))
                }
                Meaning::Index | Meaning::Nothing => {}
            }
        }
        reading
    }
}

/// Reads a line.
pub(super) fn read(line: &str, section: &mut Section) -> Reading {
    if let Some(reading) = dictionary(line).or_else(|| special(line)) {
        return reading;
    }
    let tokens = tokens(line);
    let (mut reading, context) = words_and_numbers(line, &tokens);
    let step = reading.step.or(reading.of_many);
    let counts_on = step.zip(section.step).is_some_and(|(step, before)| step > before);
    if reading.epoch.is_some() {
        *section = Section::default();
    } else if section.part.is_none() || counts_on {
        *section = Section { part: None, step: step.or(section.step) };
    }
    // Without what a logger writes before it.
    let said = line.rsplit_once(" - ").map_or(tokens.len(), |(_, said)| self::tokens(said).len());
    if reading.values.is_empty() && said <= 8 && context.is_some() {
        section.part = context;
    } else if let Some(part) = &section.part {
        for (name, _) in reading.values.iter_mut().filter(|(name, _)| bare(name)) {
            *name = format!("{part} {name}");
        }
    }
    reading
}

/// Reads a line, or a part of one, by itself.
pub(super) fn plain(line: &str) -> Reading {
    words_and_numbers(line, &tokens(line)).0
}

/// Whether a name says no part.
pub(super) fn bare(name: &str) -> bool {
    matches!(meaning(name), Meaning::Metric { part: None, .. })
}

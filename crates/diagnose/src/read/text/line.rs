//! One printed line: where it stands and what it measures.

use super::key::{Key, key, part};
use super::token::{Token, tokens};
use crate::read::history::flatten;
use crate::read::json::{Json, parse};
use crate::read::name::{Meaning, meaning};
use crate::read::number::Field;
use wellfit_core::run::Direction;

/// What a line says.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Reading {
    pub epoch: Option<f64>,
    pub step: Option<f64>,
    /// The line is of one batch of an epoch.
    pub batch: bool,
    /// The values are means since the epoch began, as in a progress bar.
    pub running: bool,
    pub values: Vec<(String, f64)>,
}

/// The part that a heading announced: `Validation:` and the values in the next lines.
#[derive(Debug, Default)]
pub(super) struct Section {
    part: Option<String>,
}

impl Reading {
    /// A row of a table with names over its columns.
    pub fn of_cells(cells: &[(String, Field<'_>)]) -> Self {
        let mut reading = Self::default();
        for (name, field) in cells {
            let Field::Number(value) = *field else { continue };
            match meaning(name) {
                Meaning::Epoch => reading.epoch = Some(value),
                Meaning::Step => reading.step = Some(value),
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
    if let Some(reading) = dictionary(line) {
        return reading;
    }
    let tokens = tokens(line);
    let mut reader = Reader {
        reading: Reading::default(),
        words: Vec::new(),
        context: None,
        awaits_mean: false,
    };
    reader.reading.running =
        line.contains("s/step") || line.contains("it/s") || line.contains("s/it");
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| tokens[at]);
        let after = tokens.get(at + 1).copied();
        reader.take(*token, before, after, at);
    }
    let Reader { mut reading, context, .. } = reader;
    if reading.epoch.is_some() {
        section.part = None;
    }
    if reading.values.is_empty() && tokens.len() <= 8 && context.is_some() {
        section.part = context;
    } else if let Some(part) = &section.part {
        for (name, _) in reading.values.iter_mut().filter(|(name, _)| bare(name)) {
            *name = format!("{part} {name}");
        }
    }
    reading
}

/// Whether a name says no part.
fn bare(name: &str) -> bool {
    matches!(meaning(name), Meaning::Metric { part: None, .. })
}

struct Reader<'a> {
    reading: Reading,
    /// Words since the last number or mark.
    words: Vec<&'a str>,
    /// The part that a word of its own named in this line.
    context: Option<String>,
    /// The last number was a value, and a mean may stand in brackets behind it. Behind a fraction
    /// `(75%)` says the same again.
    awaits_mean: bool,
}

impl<'a> Reader<'a> {
    fn take(
        &mut self,
        token: Token<'a>,
        before: Option<Token<'_>>,
        after: Option<Token<'_>>,
        at: usize,
    ) {
        match token {
            Token::Word(word) => {
                if part(word).is_some() {
                    self.context = Some(word.to_owned());
                }
                match numbered_epoch(word) {
                    Some(epoch) => self.reading.epoch = Some(epoch),
                    None => self.words.push(word),
                }
            }
            Token::Sign(',' | ';' | '|' | '\t') => self.words.clear(),
            Token::Sign(_) => {}
            Token::Measure => self.words.clear(),
            Token::Bar => {
                self.reading.running = true;
                self.words.clear();
            }
            Token::Number(value) => {
                let leads = at == 0 && after == Some(Token::Sign(':'))
                    || at == 1
                        && before == Some(Token::Sign('['))
                        && after == Some(Token::Sign(']'));
                if leads && self.words.is_empty() {
                    self.reading.step = Some(value);
                } else if self.words.is_empty()
                    && before == Some(Token::Sign('('))
                    && after == Some(Token::Sign(')'))
                {
                    self.mean(value);
                } else {
                    self.number(value, None);
                }
                self.words.clear();
            }
            Token::Fraction(value, of) => {
                self.number(value, Some(of));
                self.words.clear();
            }
        }
    }

    fn number(&mut self, value: f64, of: Option<f64>) {
        self.awaits_mean = false;
        match key(&self.words, of.is_some()) {
            Key::Epoch => self.reading.epoch = self.reading.epoch.or(Some(value)),
            Key::Step => self.reading.step = self.reading.step.or(Some(value)),
            Key::Batch => self.reading.batch = true,
            Key::Metric(name) => {
                let value = match of {
                    // `Accuracy: 98/120`.
                    Some(of) if of > 0.0 && Direction::of(&name) == Direction::Higher => value / of,
                    _ => value,
                };
                let name = match &self.context {
                    Some(part) if bare(&name) => format!("{part} {name}"),
                    _ => name,
                };
                self.reading.values.push((name, value));
                self.awaits_mean = of.is_none();
            }
            // CatBoost: `0:  learn: 0.5  test: 0.6`.
            Key::Nothing
                if self.reading.step.is_some()
                    && self.words.len() == 1
                    && part(self.words[0]).is_some() =>
            {
                self.reading.values.push((self.words[0].to_owned(), value));
            }
            // `[640/60000 (1%)]`, `375/375 [====]`.
            Key::Nothing
                if of.is_some() && self.words.is_empty() && self.reading.values.is_empty() =>
            {
                self.reading.batch = true;
            }
            Key::Nothing => {}
        }
    }

    /// `Loss 6.90 (7.02)`: the mean so far stands behind the value of the batch.
    fn mean(&mut self, value: f64) {
        if let Some(last) = self.reading.values.last_mut().filter(|_| self.awaits_mean) {
            last.1 = value;
            self.reading.running = true;
        }
    }
}

/// 3 of `epoch3`, `Epoch_003`, `epoch-3`.
fn numbered_epoch(word: &str) -> Option<f64> {
    let lower = word.to_ascii_lowercase();
    let rest = lower.strip_prefix("epoch").or_else(|| lower.strip_prefix("ep"))?;
    rest.trim_start_matches(['_', '-']).parse::<u32>().ok().map(f64::from)
}

/// A line that holds a dictionary: `{'loss': 0.5, 'epoch': 1.0}`, maybe behind a time and `train |`.
fn dictionary(line: &str) -> Option<Reading> {
    let (before, _) = line.split_once('{')?;
    let parsed = parse(&line[before.len()..]);
    let (Json::Map(_), None) = (&parsed.value, &parsed.broken) else { return None };
    let mut fields = Vec::new();
    flatten(&parsed.value, "", &mut fields);
    // What Trainer prints at the end are means over the run, no points.
    if fields.iter().any(|(name, _)| name == "train_runtime") {
        return Some(Reading::default());
    }
    let mut reading = Reading::of_cells(&fields);
    let context = tokens(before).into_iter().rev().find_map(|token| match token {
        Token::Word(word) if part(word).is_some() => Some(word.to_owned()),
        _ => None,
    });
    if let Some(part) = context {
        for (name, _) in reading.values.iter_mut().filter(|(name, _)| bare(name)) {
            *name = format!("{part} {name}");
        }
    }
    reading.values.retain(|(name, _)| !matches!(meaning(name), Meaning::Nothing));
    Some(reading)
}

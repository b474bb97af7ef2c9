//! The recipe document: tables of id -> values, and where each stands.
//!
//! This room knows TOML and places; it knows no technique. Whoever owns a table reads it with
//! [`Recipe::section`] or [`Recipe::read`], and errors come back with line and column.

mod assign;
mod hint;
mod place;
mod words;

pub use hint::closest;
pub use place::Place;

use crate::Error;
use place::Sources;
use serde::de::DeserializeOwned;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

/// The key of the list of techniques.
const REGULARIZE: &str = "regularize";

/// A recipe: a text and the assignments that were added to it.
///
/// Only the texts are kept; each reading parses them again, which takes microseconds and lets the
/// parsed tables borrow from here.
#[derive(Debug, Clone)]
pub struct Recipe {
    sources: Sources,
}

/// One technique of the recipe's list: `[[regularize]]` with the id as its only key.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// The technique's id.
    pub id: String,
    key: Range<usize>,
    value: Spanned<DeValue<'a>>,
}

impl Entry<'_> {
    /// Whether a table stands behind the id, as it should.
    pub fn is_table(&self) -> bool {
        self.value.get_ref().is_table()
    }

    /// Whether that table holds no key.
    pub fn is_empty(&self) -> bool {
        self.value.get_ref().as_table().is_some_and(|table| table.is_empty())
    }
}

impl Recipe {
    /// Parses `text`; `origin` is the name that errors show, usually the file's path.
    ///
    /// # Errors
    /// [`Error::Recipe`] with the place when the text is no TOML.
    pub fn parse(origin: &str, text: &str) -> Result<Self, Error> {
        let mut sources = Sources::default();
        sources.add(origin, text);
        let recipe = Self { sources };
        recipe.root()?;
        Ok(recipe)
    }

    /// The document with all assignments.
    fn root(&self) -> Result<DeTable<'_>, Error> {
        let mut texts = self.sources.iter();
        let text = texts.next().map_or("", |(_, text)| text);
        let parsed = DeTable::parse(text).map_err(|e| located(&self.sources, &e, None))?;
        let mut root = parsed.into_inner();
        for (start, assignment) in texts {
            assign::apply(&mut root, start, assignment).map_err(|message| {
                self.error(start..start + assignment.trim().len(), message, None)
            })?;
        }
        Ok(root)
    }

    /// Applies one `key=value`, as `--set` takes it: keys are joined by dots, techniques are
    /// reached by `regularize.ID.KEY` and added when missing. A value that is no TOML is taken as
    /// a string.
    ///
    /// # Errors
    /// [`Error::Recipe`] when there is no `=`, a key is empty or leads through a plain value.
    pub fn set(&mut self, assignment: &str) -> Result<(), Error> {
        let mut changed = self.clone();
        changed.sources.add("--set", assignment);
        changed.root()?;
        *self = changed;
        Ok(())
    }

    /// Reads a whole top-level value, a table or a plain one; a missing one reads as an empty
    /// table.
    ///
    /// # Errors
    /// [`Error::Recipe`] with the place of the wrong key or value, or the name of the table where
    /// it is missing and may not be empty.
    pub fn section<T: DeserializeOwned>(&self, name: &str) -> Result<T, Error> {
        if let Some(value) = self.root()?.remove(name) {
            return self.deserialize(value);
        }
        let empty = Spanned::new(0..0, DeValue::Table(DeTable::new()));
        T::deserialize(ValueDeserializer::from(empty)).map_err(|error| Error::Recipe {
            message: format!("[{name}] is missing: {}", words::plain(error.message())),
            hint: None,
            place: None,
        })
    }

    /// Whether the top level has this key.
    pub fn contains(&self, name: &str) -> bool {
        self.root().is_ok_and(|root| root.contains_key(name))
    }

    /// Refuses top-level keys other than `known` and the list of techniques.
    ///
    /// # Errors
    /// [`Error::Recipe`] with the place of the first unknown key and the closest known one.
    pub fn only(&self, known: &[&str]) -> Result<(), Error> {
        for key in self.root()?.keys() {
            let name = key.get_ref().as_ref();
            if name != REGULARIZE && !known.contains(&name) {
                let known = [known, &[REGULARIZE]].concat();
                let message = format!("unknown key `{name}`, expected one of {}", known.join(", "));
                return Err(self.error(key.span(), message, closest(name, &known)));
            }
        }
        Ok(())
    }

    /// The techniques, in the recipe's order.
    ///
    /// # Errors
    /// [`Error::Recipe`] when the list is no list, an entry has not exactly one key, or an id
    /// comes twice.
    pub fn techniques(&self) -> Result<Vec<Entry<'_>>, Error> {
        let Some(list) = self.root()?.remove(REGULARIZE) else { return Ok(Vec::new()) };
        let span = list.span();
        let DeValue::Array(items) = list.into_inner() else {
            let message = "expected a list of tables, [[regularize]]".to_owned();
            return Err(self.error(span, message, None));
        };
        let mut entries: Vec<Entry<'_>> = Vec::new();
        for item in items {
            let entry = self.entry(item)?;
            if entries.iter().any(|other| other.id == entry.id) {
                let message = format!("`{}` is given twice", entry.id);
                return Err(self.error(entry.key, message, None));
            }
            entries.push(entry);
        }
        Ok(entries)
    }

    fn entry<'a>(&self, item: Spanned<DeValue<'a>>) -> Result<Entry<'a>, Error> {
        let span = item.span();
        let table = match item.into_inner() {
            DeValue::Table(table) => table,
            _ => DeTable::new(),
        };
        let mut keys = table.into_iter();
        match (keys.next(), keys.next()) {
            (Some((key, value)), None) => {
                let (id, key) = (key.get_ref().to_string(), key.span());
                Ok(Entry { id, key, value })
            }
            (_, second) => {
                let message = "expected one technique per [[regularize]], as in \
                               `l2 = { lambda = 0.1 }`";
                let span = second.map_or(span, |(key, _)| key.span());
                Err(self.error(span, message.to_owned(), None))
            }
        }
    }

    /// Reads one technique's values.
    ///
    /// # Errors
    /// [`Error::Recipe`] with the place of the wrong key or value.
    pub fn read<T: DeserializeOwned>(&self, entry: &Entry<'_>) -> Result<T, Error> {
        self.deserialize(entry.value.clone())
    }

    /// An error at a technique's key, for what only the technique's owner can know.
    pub fn refuse(&self, entry: &Entry<'_>, message: String, hint: Option<String>) -> Error {
        self.error(entry.key.clone(), message, hint)
    }

    /// An error at the value of `section`.`key`, or of the section where the key is not written.
    pub fn refuse_at(&self, section: &str, key: &str, message: String) -> Error {
        let root = self.root().unwrap_or_default();
        let table = root.get(section);
        let value = table.and_then(|t| t.get_ref().as_table()?.get(key)).or(table);
        self.error(value.map_or(0..0, Spanned::span), message, None)
    }

    /// The recipe with all assignments, as TOML without comments and with its keys in order, so
    /// that equal recipes give equal texts.
    ///
    /// # Errors
    /// [`Error::Recipe`] with the place of a whole number beyond 64 bits.
    pub fn canonical(&self) -> Result<String, Error> {
        let root = Spanned::new(0..0, DeValue::Table(self.root()?));
        let value: toml::Value = self.deserialize(root)?;
        toml::to_string(&sorted(value)).map_err(|error| Error::Recipe {
            message: error.to_string(),
            hint: None,
            place: None,
        })
    }

    fn deserialize<T: DeserializeOwned>(&self, value: Spanned<DeValue<'_>>) -> Result<T, Error> {
        let span = value.span();
        T::deserialize(ValueDeserializer::from(value))
            .map_err(|error| located(&self.sources, &error, Some(span)))
    }

    fn error(&self, span: Range<usize>, message: String, hint: Option<String>) -> Error {
        Error::Recipe { message, hint, place: self.sources.place(span).map(Box::new) }
    }
}

/// The value with the keys of all its tables in order.
fn sorted(value: toml::Value) -> toml::Value {
    match value {
        toml::Value::Array(items) => toml::Value::Array(items.into_iter().map(sorted).collect()),
        toml::Value::Table(table) => {
            let mut entries: Vec<(String, toml::Value)> = table.into_iter().collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            toml::Value::Table(entries.into_iter().map(|(key, v)| (key, sorted(v))).collect())
        }
        plain => plain,
    }
}

fn located(sources: &Sources, error: &toml::de::Error, around: Option<Range<usize>>) -> Error {
    let place = error.span().or(around).and_then(|span| sources.place(span)).map(Box::new);
    let message = words::plain(error.message());
    Error::Recipe { hint: hint::for_unknown_key(&message), message, place }
}

#[cfg(test)]
mod tests;

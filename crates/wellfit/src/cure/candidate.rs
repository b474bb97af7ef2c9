//! A recipe among those that are compared: the same data, model and training, other techniques.

use crate::absolute::make_absolute;
use crate::{Error, Experiment};
use std::path::PathBuf;
use std::sync::Arc;
use toml::{Table, Value};
use wellfit_core::card::Family;
use wellfit_core::recipe::Recipe;
use wellfit_core::seed::Seed;
use wellfit_data::Splits;
use wellfit_nn::technique::shelf;
use wellfit_tune::space::OnTechnique;

/// A recipe and what to call it.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// What to call it.
    pub name: String,
    recipe: Table,
    base: PathBuf,
}

impl Candidate {
    /// The recipe of an experiment as it is.
    ///
    /// # Errors
    /// None for a recipe that was read.
    pub fn whole(experiment: &Experiment) -> Result<Self, Error> {
        let unreadable = |error: toml::de::Error| Error::Format {
            what: "the recipe",
            message: error.to_string(),
        };
        let mut recipe: Table = experiment.canonical.parse().map_err(unreadable)?;
        recipe.remove(super::SECTION);
        Ok(Self { name: "the recipe as it is".to_owned(), recipe, base: experiment.base.clone() })
    }

    /// Without any technique but those of training control, and without the optimizer's own decay:
    /// the net that all others are compared with.
    #[must_use]
    pub fn plain(&self) -> Self {
        let mut recipe = self.recipe.clone();
        let kept: Vec<Value> = self.entries().filter(|entry| is_control(entry)).cloned().collect();
        recipe.insert("regularize".to_owned(), Value::Array(kept));
        let optimizer = recipe.get_mut("train").and_then(|train| train.get_mut("optimizer"));
        // Written as a word, it has its default.
        if let Some(optimizer) = optimizer {
            if optimizer.as_str() == Some("adamw") {
                *optimizer = Value::Table(Table::from_iter([(
                    "adamw".to_owned(),
                    Value::Table(Table::new()),
                )]));
            }
            if let Some(Value::Table(adamw)) = optimizer.get_mut("adamw") {
                adamw.insert("weight_decay".to_owned(), Value::Float(0.0));
            }
        }
        Self { name: "plain".to_owned(), recipe, base: self.base.clone() }
    }

    /// With these techniques behind those that it has.
    #[must_use]
    pub fn with(&self, name: &str, techniques: Vec<OnTechnique>) -> Self {
        let added = techniques
            .into_iter()
            .map(|(id, values)| Value::Table(Table::from_iter([(id, Value::Table(values))])));
        let entries: Vec<Value> = self.entries().cloned().chain(added).collect();
        let mut recipe = self.recipe.clone();
        recipe.insert("regularize".to_owned(), Value::Array(entries));
        Self { name: name.to_owned(), recipe, base: self.base.clone() }
    }

    /// Without one of its techniques.
    #[must_use]
    pub fn without(&self, technique: &str) -> Self {
        let entries = self.entries().filter(|entry| id(entry) != Some(technique));
        let entries: Vec<Value> = entries.cloned().collect();
        let mut recipe = self.recipe.clone();
        recipe.insert("regularize".to_owned(), Value::Array(entries));
        let name = format!("without {technique}");
        Self { name, recipe, base: self.base.clone() }
    }

    /// Ids of its techniques but those of training control.
    pub fn techniques(&self) -> Vec<String> {
        let others = self.entries().filter(|entry| !is_control(entry));
        others.filter_map(id).map(str::to_owned).collect()
    }

    /// The values of one of its techniques.
    pub fn values(&self, technique: &str) -> Option<Table> {
        let entry = self.entries().find(|entry| id(entry) == Some(technique))?;
        entry.as_table()?.get(technique)?.as_table().cloned()
    }

    /// The recipe as text.
    pub fn toml(&self) -> String {
        // Tables that were read are written.
        toml::to_string(&self.recipe).unwrap_or_default()
    }

    /// The recipe as text that may be kept anywhere: its paths are absolute.
    pub fn absolute(&self) -> String {
        make_absolute(self.toml(), &self.base)
    }

    /// Its techniques with their values, where the name of its techniques is not enough.
    pub fn in_full(&self) -> String {
        let others = self.entries().filter(|entry| !is_control(entry)).filter_map(Value::as_table);
        let entries = others.flatten().map(|(id, values)| match values.as_table() {
            Some(values) if !values.is_empty() => format!("{id} ({})", values_in_words(values)),
            _ => id.clone(),
        });
        entries.collect::<Vec<_>>().join(" + ")
    }

    /// The experiment on data that are there, with the recipe's seed or another.
    ///
    /// # Errors
    /// Techniques that do not fit model, data or each other.
    pub fn experiment(&self, seed: Option<Seed>, data: &Arc<Splits>) -> Result<Experiment, Error> {
        let mut recipe = self.recipe.clone();
        if let Some(seed) = seed {
            // TOML's numbers have a sign.
            let seed = i64::try_from(seed.get()).unwrap_or_else(|_| (seed.get() >> 1) as i64);
            recipe.insert("seed".to_owned(), Value::Integer(seed));
        }
        let text = toml::to_string(&recipe)
            .map_err(|error| Error::Format { what: "a recipe", message: error.to_string() })?;
        Experiment::on(Recipe::parse(&self.name, &text)?, &self.base, Some(Arc::clone(data)))
    }

    fn entries(&self) -> impl Iterator<Item = &Value> {
        self.recipe.get("regularize").and_then(Value::as_array).into_iter().flatten()
    }
}

/// Three digits are enough to tell one from another.
fn values_in_words(values: &Table) -> String {
    let word = |(key, value): (&String, &Value)| match value.as_float() {
        Some(number) => format!("{key} {}", rounded(number)),
        None => format!("{key} {value}"),
    };
    values.iter().map(word).collect::<Vec<_>>().join(", ")
}

fn rounded(number: f64) -> String {
    // Through text: a rounding of the decimal digits.
    let text = format!("{number:.2e}");
    text.parse::<f64>().map_or(text, |number| number.to_string())
}

fn id(entry: &Value) -> Option<&str> {
    entry.as_table()?.keys().next().map(String::as_str)
}

fn is_control(entry: &Value) -> bool {
    let card = shelf().map(|shelved| shelved.card).find(|card| Some(card.id) == id(entry));
    card.is_some_and(|card| card.family == Family::TrainingControl)
}

//! From what a page sends, a recipe as JSON, to an experiment.
//!
//! The keys are those of a recipe, but for the source of the data: a page names a shape or a table
//! that it has sent, never a file. Whatever could read the machine's files is refused, and so is
//! what would take more time or memory than a page may.

use super::shape::Shape;
use super::teacher;
use super::upload::{self, Uploads};
use crate::scratch::Scratch;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use wellfit::Experiment;
use wellfit::core::recipe::Recipe;
use wellfit::core::seed::Seed;
use wellfit::data::Splits;
use wellfit::nn::model::ModelConfig;
use wellfit::nn::train::TrainConfig;

/// Epochs of a run, at most.
const EPOCHS: u64 = 5000;
/// Examples of a batch, at most.
const BATCH: usize = 1024;
/// Hidden layers, and units of one, at most.
const LAYERS: usize = 8;
const WIDTH: usize = 512;
/// Numbers of a model, at most.
const PARAMETERS: usize = 500_000;
/// The technique that learns from a stored model.
const DISTILLATION: &str = "distillation";
/// Keys of `[data]` beside the source.
const BESIDE: &[&str] = &["validation", "test", "order", "first", "label_noise", "scale"];

/// The recipe that a page asks for, and the table that it reads.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    recipe: Value,
    file: Option<(&'static str, Arc<str>)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    id: u64,
    target: String,
    #[serde(default)]
    task: Option<String>,
}

impl Asked {
    /// Reads what a page sent.
    ///
    /// # Errors
    /// What is wrong, in a sentence.
    pub fn read(mut sent: Value, uploads: &Uploads) -> Result<Self, String> {
        let seed = sent.get("seed").map_or(Some(0), Value::as_u64);
        let seed = seed.filter(|&seed| i64::try_from(seed).is_ok());
        let seed = Seed::new(seed.ok_or("seed: expected a whole number from 0 to 2^63 - 1")?);
        let data = sent.get_mut("data").and_then(Value::as_object_mut);
        let file = source(data.ok_or("expected a recipe with a table `data`")?, seed, uploads)?;
        for taught in distillations(&mut sent) {
            if taught.contains_key("teacher") {
                return Err("distillation: a page cannot name a stored model".to_owned());
            }
            taught.insert("teacher".to_owned(), teacher::FOLDER.into());
        }
        Ok(Self { recipe: sent, file })
    }

    /// The same without any technique.
    pub fn plain(&self) -> Self {
        let mut plain = self.clone();
        if let Some(recipe) = plain.recipe.as_object_mut() {
            recipe.remove("regularize");
        }
        plain
    }

    /// The same without any technique, for as long as a teacher trains: strengths that change while
    /// a run goes leave its teacher as it is.
    pub fn teacher(&self) -> Self {
        let mut plain = self.plain();
        if let Some(epochs) = plain.recipe.pointer_mut("/train/epochs") {
            teacher::fewer(epochs);
        }
        plain
    }

    /// Whether a technique learns from a teacher.
    fn is_taught(&self) -> bool {
        let mut list =
            self.recipe.get("regularize").and_then(Value::as_array).into_iter().flatten();
        list.any(|entry| entry.get(DISTILLATION).is_some())
    }

    /// The same with the learning rate of `other`, whose techniques are not taken over.
    pub fn with_rate_of(&self, other: &Self) -> Self {
        let mut changed = self.clone();
        let place = changed.recipe.pointer_mut("/train/learning_rate");
        if let (Some(rate), Some(place)) = (other.recipe.pointer("/train/learning_rate"), place) {
            *place = rate.clone();
        }
        changed
    }

    /// Whether `other` differs in nothing but the learning rate and the techniques.
    pub fn is_same_but_for_strengths(&self, other: &Self) -> bool {
        let bare = |asked: &Self| asked.plain().with_rate_of(self).recipe;
        bare(self) == bare(other) && self.file == other.file
    }

    /// The table that the recipe reads, with the name of its file.
    pub fn file(&self) -> Option<(&'static str, &str)> {
        self.file.as_ref().map(|(name, text)| (*name, &**text))
    }

    /// Builds the experiment; on `data`, where they are loaded already.
    ///
    /// # Errors
    /// What is wrong with the recipe or beyond its bounds, in a sentence.
    pub fn experiment(&self, data: Option<Arc<Splits>>) -> Result<Experiment, String> {
        let table = toml::Value::try_from(&self.recipe)
            .map_err(|error| format!("expected a recipe without null: {error}"))?;
        let text = toml::to_string(&table).map_err(|error| error.to_string())?;
        let recipe = Recipe::parse("recipe", &text).map_err(|error| error.to_string())?;
        bounded(&recipe)?;
        let scratch = match self.file() {
            Some((name, text)) => Scratch::with(name, text.as_bytes())?,
            None => Scratch::empty()?,
        };
        if self.is_taught() {
            let taught = teacher::of(self)?;
            scratch.take(&taught.file(teacher::FOLDER), teacher::FOLDER)?;
        }
        let made = Experiment::on(recipe, scratch.path(), data);
        let experiment = made.map_err(|error| scratch.hide(&error.to_string()))?;
        let count = experiment.parameter_count().map_err(|error| error.to_string())?;
        if count > PARAMETERS {
            return Err(format!("expected at most {PARAMETERS} parameters, found {count}"));
        }
        Ok(experiment)
    }
}

/// Puts the recipe's own words for the source in the place of the page's; gives the file.
fn source(
    data: &mut Map<String, Value>,
    seed: Seed,
    uploads: &Uploads,
) -> Result<Option<(&'static str, Arc<str>)>, String> {
    let sources = ["shape", "digits", "upload"];
    let mut named: Vec<&str> = sources.into_iter().filter(|s| data.contains_key(*s)).collect();
    let (Some(name), true) = (named.pop(), named.is_empty()) else {
        return Err("data: expected one of `shape`, `digits` and `upload`".to_owned());
    };
    let unknown = |key: &&String| key.as_str() != name && !BESIDE.contains(&key.as_str());
    if let Some(key) = data.keys().find(unknown) {
        let known = BESIDE.join(", ");
        return Err(format!("data: unknown key `{key}`, expected {name} and {known}"));
    }
    if name == "digits" {
        return Ok(None);
    }
    let value = data.remove(name).unwrap_or_default();
    let wrong = |error: serde_json::Error| format!("data.{name}: {error}");
    let (file, text, table) = if name == "shape" {
        let shape: Shape = serde_json::from_value(value).map_err(wrong)?;
        let file = shape.kind.file();
        (file, shape.csv(seed)?.into(), json!({ "path": file, "target": "class" }))
    } else {
        let Sent { id, target, task } = serde_json::from_value(value).map_err(wrong)?;
        let gone = || format!("table {id} is not here any more: send it again");
        let text = uploads.get(id).ok_or_else(gone)?;
        let mut table = json!({ "path": upload::FILE, "target": target });
        if let Some(task) = task {
            table["task"] = task.into();
        }
        (upload::FILE, text, table)
    };
    data.insert("table".to_owned(), table);
    Ok(Some((file, text)))
}

/// Refuses what is too much for a page, before anything is built.
fn bounded(recipe: &Recipe) -> Result<(), String> {
    let told = |error: wellfit::core::Error| error.to_string();
    recipe.only(&["seed", "data", "model", "train"]).map_err(told)?;
    let train: TrainConfig = recipe.section("train").map_err(told)?;
    at_most("train.epochs", train.epochs.get(), EPOCHS)?;
    at_most("train.batch_size", train.batch_size.get() as u64, BATCH as u64)?;
    match recipe.section("model").map_err(told)? {
        ModelConfig::Linear(_) => {}
        ModelConfig::Mlp(mlp) => {
            at_most("hidden layers", mlp.widths.len() as u64, LAYERS as u64)?;
            let widest = mlp.widths.iter().max().copied().unwrap_or_default();
            at_most("model.mlp.widths", widest as u64, WIDTH as u64)?;
        }
        _ => return Err("model: expected `mlp` or `linear`".to_owned()),
    }
    Ok(())
}

/// The tables of distillation that stand in a recipe.
fn distillations(recipe: &mut Value) -> impl Iterator<Item = &mut Map<String, Value>> {
    let list = recipe.get_mut("regularize").and_then(Value::as_array_mut).into_iter().flatten();
    list.filter_map(|entry| entry.get_mut(DISTILLATION)?.as_object_mut())
}

fn at_most(what: &str, found: u64, most: u64) -> Result<(), String> {
    let within = found <= most;
    within.then_some(()).ok_or_else(|| format!("{what}: expected at most {most}, found {found}"))
}

#[cfg(test)]
mod tests;

//! What rules look at: a recipe with all values spelled out, and a few facts of the data.

use toml::{Table, Value};

/// What rules need to know of the data.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DataFacts {
    /// Examples in the smallest batch of an epoch.
    pub smallest_batch: usize,
    /// Names of the classes; none for a number.
    pub classes: Option<Vec<String>>,
    /// Weights and biases of the model.
    pub parameters: usize,
    /// Whether the run starts from a trained model.
    pub fine_tuned: bool,
    /// Examples in a whole batch.
    pub batch: usize,
    /// Steps of the whole run.
    pub steps: f64,
    /// Whether the examples are images.
    pub images: bool,
    /// Whether columns of a table hold the levels of a category, one column for each.
    pub one_hot: bool,
    /// Whether the inputs stay as they are in the file.
    pub unscaled: bool,
    /// Techniques in the recipe that say nothing, as `affine = {}`, and so do nothing.
    pub silent: Vec<String>,
}

/// A recipe as rules see it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Case {
    techniques: Vec<(String, Table)>,
    model: Table,
    train: Table,
    /// Facts of the data.
    pub data: DataFacts,
}

impl Case {
    /// `techniques` are those that are on, in the recipe's order; all values are spelled out.
    pub fn new(
        techniques: Vec<(String, Table)>,
        model: Table,
        train: Table,
        data: DataFacts,
    ) -> Self {
        Self { techniques, model, train, data }
    }

    /// Whether a technique is on.
    pub fn has(&self, id: &str) -> bool {
        self.technique(id).is_some()
    }

    /// Whether a technique stands in the recipe, on or silent.
    pub fn names(&self, id: &str) -> bool {
        self.has(id) || self.data.silent.iter().any(|silent| silent == id)
    }

    /// How many of these are on.
    pub fn count(&self, ids: &[&str]) -> usize {
        ids.iter().filter(|id| self.has(id)).count()
    }

    /// Whether any of these is on.
    pub fn any(&self, ids: &[&str]) -> bool {
        self.count(ids) > 0
    }

    fn technique(&self, id: &str) -> Option<&Table> {
        self.techniques.iter().find(|(other, _)| other == id).map(|(_, values)| values)
    }

    /// A number of a technique that is on; keys of tables within are joined by dots.
    pub fn number(&self, id: &str, key: &str) -> Option<f64> {
        number(at(self.technique(id)?, key)?)
    }

    /// A word of a technique that is on.
    pub fn word(&self, id: &str, key: &str) -> Option<&str> {
        at(self.technique(id)?, key)?.as_str()
    }

    /// Whether a switch of a technique that is on is on.
    pub fn switch(&self, id: &str, key: &str) -> bool {
        let on = || at(self.technique(id)?, key)?.as_bool();
        on().unwrap_or(false)
    }

    /// Whether `[train]` has this key.
    pub fn train_has(&self, key: &str) -> bool {
        at(&self.train, key).is_some()
    }

    /// A number of `[train]`.
    pub fn train(&self, key: &str) -> Option<f64> {
        number(at(&self.train, key)?)
    }

    /// A word of `[train]`.
    pub fn train_word(&self, key: &str) -> Option<&str> {
        at(&self.train, key)?.as_str()
    }

    /// Whether the table of `[train]` at `key` has `name` as its one key or is that word, as
    /// `optimizer = "adam"` and `optimizer = { adam = {} }`.
    pub fn train_is(&self, key: &str, name: &str) -> bool {
        match at(&self.train, key) {
            Some(Value::Table(table)) => table.contains_key(name),
            Some(Value::String(word)) => word == name,
            _ => false,
        }
    }

    /// Whether the model is of this kind.
    pub fn model_is(&self, kind: &str) -> bool {
        self.model.contains_key(kind)
    }

    /// A word of the model, as its activation.
    pub fn model_word(&self, key: &str) -> Option<&str> {
        self.model.values().find_map(|kind| at(kind.as_table()?, key)?.as_str())
    }

    /// Whether a switch of the model is on.
    pub fn model_switch(&self, key: &str) -> bool {
        let on = |kind: &Value| at(kind.as_table()?, key)?.as_bool();
        self.model.values().find_map(on).unwrap_or(false)
    }

    /// Epochs of the run.
    pub fn epochs(&self) -> f64 {
        self.train("epochs").unwrap_or(f64::INFINITY)
    }
}

fn at<'a>(table: &'a Table, key: &str) -> Option<&'a Value> {
    match key.split_once('.') {
        None => table.get(key),
        Some((first, rest)) => at(table.get(first)?.as_table()?, rest),
    }
}

fn number(value: &Value) -> Option<f64> {
    value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64))
}

//! The table of a recipe: its file, what its columns are, and how its rows are kept apart.

use crate::preprocessing::Categories;
use crate::{ColumnType, Error, Frame, Order, Schema, Target, Task, place, target};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// A table with a column to predict.
///
/// ```toml
/// [data.table]
/// path = "${DATA}/patients.parquet"     # or CSV, plain, gzipped or packed with zstd
/// target = "outcome"
/// task = "classification"               # or "regression"; left out, the values decide
/// columns = { zip = "category", age = "number", notes = "drop" }  # what is inferred wrongly
/// categories = "one_hot"                # or "embedding"
/// validation_file = "validation.csv"    # rows of your own; the same columns
/// test_file = "test.csv"
/// group = "patient"                     # no patient is in two parts; or
/// time = "admitted"                     # the latest rows are test, those before validation
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableFile {
    /// The file; `${NAME}` stands for an environment variable.
    pub path: String,
    /// Name of the column that is to be predicted.
    pub target: String,
    /// What to do with it; `None` decides by its values, see [`Task`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<Task>,
    /// What some columns are; the others are inferred, see [`Schema::infer`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, ColumnType>,
    /// How categories reach the model.
    #[serde(default)]
    pub categories: Categories,
    /// A file of validation rows, which are then not taken from `path`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation_file: Option<String>,
    /// A file of test rows, which are then not taken from `path`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test_file: Option<String>,
    /// A column whose equal cells stay in one part. It is no feature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// A column of numbers, or of words such as 2024-05-31 that sort as time does. It is no
    /// feature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
}

/// A table with its columns understood.
pub(crate) struct Table {
    pub frame: Frame,
    pub schema: Schema,
    pub target: Target,
}

impl TableFile {
    /// A table of which nothing is told but its target.
    pub fn new(path: &str, target: &str) -> Self {
        Self {
            path: path.to_owned(),
            target: target.to_owned(),
            task: None,
            columns: BTreeMap::new(),
            categories: Categories::OneHot,
            validation_file: None,
            test_file: None,
            group: None,
            time: None,
        }
    }

    /// The columns that keep rows apart.
    fn split(&self) -> Vec<&str> {
        [&self.group, &self.time].into_iter().flatten().map(String::as_str).collect()
    }

    /// Refuses keys that say two things about the same rows.
    pub(crate) fn consistent(&self, validation: bool, order: Order) -> Result<(), Error> {
        let own = self.validation_file.is_some();
        let by = [("group", &self.group), ("time", &self.time)];
        let refuse = |first, second, why| Err(Error::Conflict { first, second, why });
        if own && validation {
            return refuse("validation_file", "validation", "leave `validation` out");
        }
        if self.group.is_some() && self.time.is_some() {
            return refuse("group", "time", "rows are kept apart by one of them");
        }
        match by.into_iter().find(|(_, column)| column.is_some()) {
            Some((key, _)) if order == Order::AsGiven => {
                refuse(key, "order = \"as_given\"", "leave `order` out")
            }
            _ => Ok(()),
        }
    }

    /// Reads the file and decides what its columns are.
    pub(crate) fn open(&self, base: &Path) -> Result<Table, Error> {
        let told = |(name, kind): (_, &ColumnType)| (*kind != ColumnType::Number).then_some(name);
        let mut words: Vec<&str> =
            self.columns.iter().filter_map(told).map(String::as_str).collect();
        words.push(&self.target);
        words.extend(self.group.as_deref());
        let frame = Frame::read(&place::resolve(&self.path, base)?, &words)?;
        let schema = Schema::infer(&frame, &self.target, &self.split(), &self.columns)?;
        let target = target::read(&frame, &self.target, self.task)?;
        Ok(Table { frame, schema, target })
    }
}

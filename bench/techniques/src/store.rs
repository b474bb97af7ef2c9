//! Finished runs in a file, so that hours of measurement survive an interruption.

use crate::Outcome;
use crate::arm::Judged;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, create_dir_all, read_to_string};
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Runs by their whole recipe: a changed recipe is another run.
pub struct Store {
    inner: Mutex<(BTreeMap<String, Judged>, File)>,
}

#[derive(Serialize, Deserialize)]
struct Line {
    recipe: String,
    judged: Judged,
}

impl Store {
    /// Opens the store, with all runs that an earlier measurement finished.
    pub fn open(path: &Path) -> Outcome<Self> {
        create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        let text = if path.exists() { read_to_string(path)? } else { String::new() };
        // A last line that was cut short is a run to be made again.
        let lines = text.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok());
        let runs = lines.map(|line| (line.recipe, line.judged)).collect();
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        Ok(Self { inner: Mutex::new((runs, file)) })
    }

    /// The run of this recipe.
    pub fn find(&self, recipe: &str) -> Option<Judged> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).0.get(recipe).copied()
    }

    /// Adds a run.
    pub fn add(&self, recipe: String, judged: Judged) -> Outcome<()> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let line = serde_json::to_string(&Line { recipe: recipe.clone(), judged })?;
        writeln!(inner.1, "{line}")?;
        inner.0.insert(recipe, judged);
        Ok(())
    }
}

//! What a search for a cure leaves in its folder.

use super::page::page;
use super::{Answer, Cure, Tuning};
use crate::folder::{RECIPE, failed, stored};
use crate::{Error, Experiment};
use std::fs;
use std::path::Path;
use toml::Table;

impl Tuning<'_> {
    /// Writes the recipe, the numbers and the report, and gives their names.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn write(&self, cure: &Cure) -> Result<Vec<&'static str>, Error> {
        let json = serde_json::to_string_pretty(&cure.answer)
            .map_err(|error| Error::Format { what: "answer.json", message: error.to_string() })?;
        let epochs = self.experiment.config.epochs.get();
        let page = page(cure, &self.name, epochs)?;
        let files =
            [("report.html", page), ("chosen.toml", recipe(&cure.answer)), ("answer.json", json)];
        for (name, text) in &files {
            let path = self.out.join(name);
            fs::write(&path, text).map_err(failed("write", &path))?;
        }
        Ok(files.map(|(name, _)| name).to_vec())
    }
}

/// Makes a folder one of this recipe, or finds that it is; only how many trials there are may
/// change on the way.
///
/// # Errors
/// The folder was begun with another recipe, or cannot be written.
pub(super) fn claim(folder: &Path, experiment: &Experiment) -> Result<(), Error> {
    let file = folder.join(RECIPE);
    let ours = &experiment.canonical;
    match fs::read_to_string(&file) {
        Ok(found) if but_trials(&found) == but_trials(ours) => Ok(()),
        Ok(_) => Err(stored(&file, "this folder was begun with another recipe".to_owned())),
        Err(_) => {
            fs::create_dir_all(folder).map_err(failed("create", folder))?;
            fs::write(&file, ours).map_err(failed("write", &file))
        }
    }
}

fn but_trials(recipe: &str) -> Option<Table> {
    let mut recipe: Table = recipe.parse().ok()?;
    if let Some(tune) = recipe.get_mut(super::SECTION).and_then(|tune| tune.as_table_mut()) {
        tune.remove("trials");
    }
    Some(recipe)
}

/// The recipe under a line that says what it is worth.
fn recipe(answer: &Answer) -> String {
    let gain = answer.difference.mean.0;
    let proof = match answer.accepted {
        true => format!("better than plain by {gain:.4}, more than chance explains"),
        false => format!("not proven better than plain ({gain:+.4}); plain may do as well"),
    };
    let (name, metric) = (&answer.chosen.name, &answer.baseline.metric);
    format!("# {name}: {proof}\n# ({metric} on fresh seeds and splits)\n\n{}", answer.chosen.recipe)
}

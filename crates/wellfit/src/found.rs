//! Strengths that the run itself finds: what they need, and the recipe with numbers in their place.

use crate::{Error, Experiment};
use wellfit_core::recipe::Recipe;
use wellfit_data::Splits;
use wellfit_nn::lambda::{Chosen, assignments, chosen};
use wellfit_nn::technique::Doors;
use wellfit_nn::train::{Refit, TrainConfig, Trained};

/// A λ that was found on validation rows is for a model that is trained on them too, unless the
/// recipe says otherwise.
pub(crate) fn refits(
    recipe: &Recipe,
    doors: &Doors,
    config: &mut TrainConfig,
) -> Result<(), Error> {
    let written: toml::Table = recipe.section("train")?;
    if doors.finds_lambda().is_some() && !written.contains_key("refit") {
        config.refit = Refit::WithValidation;
    }
    Ok(())
}

/// Refuses λ that would be found on no rows.
pub(crate) fn check(recipe: &Recipe, doors: &Doors, data: &Splits) -> Result<(), Error> {
    let Some(id) = doors.finds_lambda().filter(|_| data.validation.is_empty()) else {
        return Ok(());
    };
    let message = "lambda = \"auto\" looks at the validation loss, and there are no validation \
                   rows: hold some back by data.validation, or give lambda a number";
    let entries = recipe.techniques()?;
    Err(match entries.iter().find(|entry| entry.id == id) {
        Some(entry) => recipe.refuse(entry, message.to_owned(), None).into(),
        None => recipe.refuse_at("data", "validation", message.to_owned()).into(),
    })
}

impl Experiment {
    /// The λ that a run has found, by technique and tensor; empty where none was `"auto"`.
    pub fn found<M>(&self, trained: &Trained<M>) -> Vec<Chosen> {
        chosen(&trained.log, trained.best_epoch.unwrap_or(trained.epochs))
    }

    /// The recipe with numbers in place of every `"auto"`: what a last training takes.
    ///
    /// # Errors
    /// The recipe cannot be read again.
    pub fn with_found<M>(&self, trained: &Trained<M>) -> Result<Recipe, Error> {
        let mut recipe = self.recipe.clone();
        for assignment in assignments(&self.found(trained)) {
            recipe.set(&assignment)?;
        }
        Ok(recipe)
    }
}

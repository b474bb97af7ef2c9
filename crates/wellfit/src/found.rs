//! Strengths that the run itself finds: what they need, and the recipe with numbers in their place.

use crate::{Error, Experiment};
use wellfit_core::recipe::Recipe;
use wellfit_data::Splits;
use wellfit_nn::lambda::{Chosen, LambdaFrom, assignments, chosen};
use wellfit_nn::technique::Doors;
use wellfit_nn::train::{Refit, TrainConfig, Trained};

/// What a recipe means that says nothing of it.
///
/// A λ that was found while validation rows were held back is for a model that is trained on them
/// too. Where the evidence takes the place of validation rows, the model is the one of the highest
/// evidence, and behind numbers that it found the one of the lowest training loss.
pub(crate) fn complete(
    recipe: &Recipe,
    doors: &Doors,
    config: &mut TrainConfig,
    data: &Splits,
) -> Result<(), Error> {
    let written: toml::Table = recipe.section("train")?;
    let (finds, held) = (doors.finds_lambda().is_some(), !data.validation.is_empty());
    if finds && held && !written.contains_key("refit") {
        config.refit = Refit::WithValidation;
    }
    let by_evidence = config.lambda_from == LambdaFrom::Evidence;
    if by_evidence && !held && !written.contains_key("monitor") {
        config.monitor = if finds { "train.evidence" } else { "train.loss" }.to_owned();
    }
    Ok(())
}

/// Refuses what needs validation rows, where there are none.
pub(crate) fn check(
    recipe: &Recipe,
    doors: &Doors,
    config: &TrainConfig,
    data: &Splits,
) -> Result<(), Error> {
    if !data.validation.is_empty() {
        return Ok(());
    }
    if config.refit == Refit::WithValidation {
        let message = "there are no validation rows that a last training could add: leave refit \
                       out, or hold some back by data.validation";
        return Err(recipe.refuse_at("train", "refit", message.to_owned()).into());
    }
    match doors.finds_lambda() {
        Some(id) if config.lambda_from == LambdaFrom::Validation => {
            Err(no_rows_for_lambda(recipe, id)?)
        }
        _ => Ok(()),
    }
}

/// The refusal of a λ that would be found on no rows.
fn no_rows_for_lambda(recipe: &Recipe, id: &str) -> Result<Error, Error> {
    let message = "lambda = \"auto\" looks at the validation loss, and there are no validation \
                   rows: hold some back by data.validation, write train.lambda_from = \"evidence\", \
                   or give lambda a number";
    let entries = recipe.techniques()?;
    Ok(match entries.iter().find(|entry| entry.id == id) {
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

//! The decision threshold of a run: what `[train] threshold` asks for.

use crate::{Error, Experiment};
use wellfit_core::metric::Threshold;
use wellfit_core::recipe::Recipe;
use wellfit_data::{Splits, Target};
use wellfit_nn::model::Model;
use wellfit_nn::train::{TrainConfig, outputs};

/// Refuses a threshold where it cannot be chosen, before the run and not behind it.
pub(crate) fn check(recipe: &Recipe, config: &TrainConfig, data: &Splits) -> Result<(), Error> {
    let refuse = |message: String| Err(recipe.refuse_at("train", "threshold", message).into());
    if config.threshold.is_none() {
        return Ok(());
    }
    let Target::Classes { labels, names } = &data.validation.target else {
        return refuse("a threshold needs two classes, but the target is a number".to_owned());
    };
    if names.len() != 2 {
        return refuse(format!(
            "a threshold needs two classes, and this target has {}",
            names.len()
        ));
    }
    if labels.is_empty() {
        let none = "a threshold is chosen on validation examples, and there are none";
        return refuse(none.to_owned());
    }
    if let Some(first) = labels.first()
        && labels.iter().all(|label| label == first)
    {
        let name = &names[*first as usize];
        return refuse(format!(
            "a threshold is chosen on validation examples of both classes, and all are `{name}`"
        ));
    }
    Ok(())
}

impl Experiment {
    /// The threshold that maximises what the recipe asks for on the validation examples. None where
    /// it asks for none, and for a model that diverged, whose outputs are no numbers.
    ///
    /// # Errors
    /// The model does not fit the data.
    pub fn threshold(&self, model: &Model) -> Result<Option<Threshold>, Error> {
        let data = &self.data.validation;
        let (Some(criterion), Target::Classes { labels, .. }) =
            (self.config.threshold, &data.target)
        else {
            return Ok(None);
        };
        let mut rows = outputs(model, data, &self.device)?;
        let second = |row: &mut [f64]| {
            self.loss().probabilities(row);
            row[1]
        };
        let scores: Vec<f64> = rows.chunks_exact_mut(2).map(second).collect();
        if scores.iter().any(|score| score.is_nan()) {
            return Ok(None);
        }
        let actual: Vec<bool> = labels.iter().map(|&label| label == 1).collect();
        Ok(Some(criterion.maximise(&actual, &scores)?))
    }
}

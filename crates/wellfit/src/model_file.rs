//! `model.toml`: how to build a stored model again and what to do to its inputs.

use crate::Experiment;
use serde::Serialize;
use wellfit_data::{Preprocessing, Scaler, Target};
use wellfit_nn::loss::Loss;
use wellfit_nn::model::ModelConfig;

/// What the file holds.
#[derive(Serialize)]
pub struct ModelFile<'a> {
    schema: u32,
    /// What the outputs of a regression are in units of.
    target_scale: wellfit_data::TargetScale,
    /// Shape of one example.
    shape: &'a [usize],
    features: &'a [String],
    classes: &'a [String],
    loss: Loss,
    model: &'a ModelConfig,
    scaler: &'a Scaler,
    /// What to do to the columns of a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    preprocessing: Option<&'a Preprocessing>,
    /// The techniques, since some are layers of the model.
    recipe: toml::Table,
}

impl<'a> ModelFile<'a> {
    /// Describes the model of an experiment.
    pub fn of(experiment: &'a Experiment) -> Self {
        let data = &experiment.data.train;
        let classes: &[String] = match &data.target {
            Target::Classes { names, .. } => names,
            Target::Values(_) => &[],
        };
        Self {
            schema: 1,
            target_scale: data.target_scale,
            shape: &data.shape,
            features: &data.features,
            classes,
            loss: experiment.loss(),
            model: &experiment.model,
            scaler: &experiment.data.scaler,
            preprocessing: experiment.data.preprocessing.as_ref(),
            recipe: toml::from_str(&experiment.canonical).unwrap_or_default(),
        }
    }
}

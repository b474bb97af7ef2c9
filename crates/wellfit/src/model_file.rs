//! `model.toml`: how to build a stored model again and what to do to its inputs.

use crate::Experiment;
use serde::{Deserialize, Serialize};
use wellfit_core::number::Fraction;
use wellfit_core::recipe::Recipe;
use wellfit_data::{DataConfig, Embedded, Preprocessing, Scaler, Target, TargetScale};
use wellfit_nn::loss::Loss;
use wellfit_nn::model::ModelConfig;
use wellfit_nn::technique::Doors;

/// The version of the file's layout that this program writes and reads.
const SCHEMA: u32 = 1;

/// What the file holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelFile {
    schema: u32,
    /// Shape of one example.
    pub shape: Vec<usize>,
    /// Names of the inputs made of a table.
    pub features: Vec<String>,
    /// Names of the classes; none for regression.
    pub classes: Vec<String>,
    /// What the outputs mean.
    pub loss: Loss,
    /// What the outputs of a regression are in units of.
    pub target_scale: TargetScale,
    /// The inputs that hold the number of a level.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub embedded: Vec<Embedded>,
    /// From which probability on the second of two classes is predicted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<Fraction>,
    /// Kind and size of the model.
    pub model: ModelConfig,
    /// What to do to images.
    pub scaler: Scaler,
    /// What to do to the columns of a table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preprocessing: Option<Preprocessing>,
    /// The techniques, since some are layers of the model, and where the data came from.
    recipe: toml::Table,
}

impl ModelFile {
    /// Describes the model of an experiment.
    pub fn of(experiment: &Experiment, threshold: Option<Fraction>) -> Self {
        let data = &experiment.data.train;
        let classes = match &data.target {
            Target::Classes { names, .. } => names.clone(),
            Target::Values(_) => Vec::new(),
        };
        Self {
            schema: SCHEMA,
            shape: data.shape.clone(),
            features: data.features.clone(),
            classes,
            loss: experiment.loss(),
            target_scale: data.target_scale,
            embedded: data.embedded.clone(),
            threshold,
            model: experiment.model.clone(),
            scaler: experiment.data.scaler.clone(),
            preprocessing: experiment.data.preprocessing.clone(),
            recipe: toml::from_str(&experiment.canonical).unwrap_or_default(),
        }
    }

    /// Reads the text of the file; an error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let table: toml::Table = toml::from_str(text).map_err(|error| error.to_string())?;
        match table.get("schema").and_then(toml::Value::as_integer) {
            Some(found) if found == i64::from(SCHEMA) => {}
            Some(found) => {
                return Err(format!(
                    "expected a model of schema {SCHEMA}, found schema {found}: it was \
                                    written by another version of wellfit"
                ));
            }
            None => {
                return Err("expected a model that wellfit stored, found no `schema`".to_owned());
            }
        }
        toml::from_str(text).map_err(|error| error.to_string())
    }

    /// Outputs of the model.
    pub fn outputs(&self) -> usize {
        self.classes.len().max(1)
    }

    /// The techniques, and where the training data came from.
    pub fn recipe(&self) -> Result<(Doors, DataConfig), wellfit_core::Error> {
        let text = toml::to_string(&self.recipe).unwrap_or_default();
        let recipe = Recipe::parse("the recipe in it", &text)?;
        Ok((Doors::read(&recipe)?, recipe.section("data")?))
    }
}

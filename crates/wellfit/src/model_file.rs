//! `model.toml`: how to build a stored model again and what to do to its inputs.

use crate::seen::Seen;
use crate::{Error, Experiment};
use serde::{Deserialize, Serialize};
use wellfit_core::number::Fraction;
use wellfit_core::recipe::Recipe;
use wellfit_data::preprocessing::Step;
use wellfit_data::{DataConfig, Embedded, Preprocessing, Scaler, Splits, Target, TargetScale};
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
    /// A sample of the rows that it was trained on.
    #[serde(default, skip_serializing_if = "Seen::is_empty")]
    pub seen: Seen,
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
    /// Describes the model of an experiment, or the `refitted` one.
    ///
    /// # Errors
    /// The rows of a refit are of different kinds.
    pub fn of(
        experiment: &Experiment,
        threshold: Option<Fraction>,
        refitted: bool,
    ) -> Result<Self, Error> {
        let data = &experiment.data.train;
        let classes = match &data.target {
            Target::Classes { names, .. } => names.clone(),
            Target::Values(_) => Vec::new(),
        };
        let more = if refitted { experiment.rows_to_refit()? } else { None };
        Ok(Self {
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
            seen: Seen::of(more.as_ref().unwrap_or(data)),
            recipe: toml::from_str(&experiment.canonical).unwrap_or_default(),
        })
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

    /// Whether the examples mean what those meant that the model was trained on; if not, a sentence
    /// about the stored model, which is its subject.
    pub fn takes(&self, splits: &Splits) -> Result<(), String> {
        let data = &splits.train;
        if self.shape != data.shape {
            return Err(format!(
                "takes examples of shape {:?}, found {:?} in [data]",
                self.shape, data.shape
            ));
        }
        let mut columns = self.features.iter().zip(&data.features);
        if let Some((stored, found)) = columns.find(|(stored, found)| stored != found) {
            return Err(format!(
                "has the input `{stored}` where [data] has `{found}`: expected the same columns, \
                 made into inputs the same way"
            ));
        }
        let (old, new) = (self.preprocessing.as_ref(), splits.preprocessing.as_ref());
        let mut columns = levels(old).zip(levels(new));
        match columns.find(|(stored, found)| stored != found) {
            None => Ok(()),
            Some(((name, _), _)) => Err(format!(
                "learned vectors for other levels of the column `{name}`: expected the same ones, \
                 or categories = \"one_hot\" in both"
            )),
        }
    }

    /// Whether the target is the one that the model predicts; if not, a sentence about the stored
    /// model.
    pub fn predicts(&self, target: &Target) -> Result<(), String> {
        let classes: &[String] = match target {
            Target::Classes { names, .. } => names,
            Target::Values(_) => &[],
        };
        let list = |names: &[String]| match names {
            [] => "a number".to_owned(),
            names => format!("the classes {}", names.join(", ")),
        };
        let (stored, found) = (list(&self.classes), list(classes));
        let message = || format!("predicts {stored}, and the target holds {found}");
        if self.classes == classes { Ok(()) } else { Err(message()) }
    }
}

/// The embedded columns with their levels, whose places in the list are the model's inputs.
fn levels(preprocessing: Option<&Preprocessing>) -> impl Iterator<Item = (&str, &[String])> {
    preprocessing.into_iter().flat_map(|all| &all.columns).filter_map(|step| match step {
        Step::Embedding { name, levels } => Some((name.as_str(), levels.as_slice())),
        Step::Number { .. } | Step::OneHot { .. } => None,
    })
}

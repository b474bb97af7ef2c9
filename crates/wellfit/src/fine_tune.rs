//! The `[fine_tune]` table of a recipe: training that starts from a stored model.

use crate::model_file::ModelFile;
use crate::{Error, StoredModel};
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::BTreeMap;
use std::path::Path;
use wellfit_core::recipe::Recipe;
use wellfit_data::{Splits, place};
use wellfit_nn::fine_tune::{freeze, start_from};
use wellfit_nn::model::{Model, ModelConfig};
use wellfit_nn::snapshot::Snapshot;

/// The name of the table.
pub const SECTION: &str = "fine_tune";

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    /// Folder of a run, or its `model.safetensors`; a relative path starts at the recipe's folder.
    from: String,
    /// Parts that stay as they are, by name.
    #[serde(default)]
    freeze: Vec<String>,
    /// Whether the last layer begins anew, for other classes or another target.
    #[serde(default)]
    new_head: bool,
}

/// Techniques that have to know what is new.
const KNOW_NEW: [&str; 2] = ["l2_sp", "mixout"];

/// The recipe, told that the head is new wherever a technique has to know it and says nothing itself.
///
/// # Errors
/// An unknown key.
pub fn with_new_head(mut recipe: Recipe) -> Result<Recipe, Error> {
    if !recipe.contains(SECTION) || !recipe.section::<Config>(SECTION)?.new_head {
        return Ok(recipe);
    }
    for id in KNOW_NEW {
        let untold = match recipe.techniques()?.iter().find(|entry| entry.id == id) {
            Some(entry) => !recipe.read::<BTreeMap<String, IgnoredAny>>(entry)?.contains_key("new"),
            None => false,
        };
        if untold {
            recipe.set(&format!("regularize.{id}.new=[\"head\"]"))?;
        }
    }
    Ok(recipe)
}

/// What a fine-tuned model starts from.
pub struct Start {
    config: Config,
    file: ModelFile,
    weights: Snapshot,
}

impl Start {
    /// Reads the table and the model that it names; none where the recipe has no such table.
    ///
    /// # Errors
    /// An unknown key, or a model that is not there.
    pub fn read(recipe: &Recipe, base: &Path) -> Result<Option<Self>, Error> {
        if !recipe.contains(SECTION) {
            return Ok(None);
        }
        let config: Config = recipe.section(SECTION)?;
        let path = place::resolve(&config.from, base)?;
        let stored = StoredModel::open(&path).map_err(|error| match error {
            Error::Model { .. } => recipe.refuse_at(SECTION, "from", error.to_string()).into(),
            error => error,
        })?;
        let (weights, file) = (Snapshot::of(&stored.model), stored.file().clone());
        Ok(Some(Self { config, file, weights }))
    }

    /// Kind and size of the stored model, for a recipe that has no `[model]`.
    pub fn model(&self) -> &ModelConfig {
        &self.file.model
    }

    /// Refuses examples that mean something else than those that the model was trained on.
    ///
    /// # Errors
    /// Other inputs; other classes while the head stays; another activation or other skips.
    pub fn check(
        &self,
        recipe: &Recipe,
        model: &ModelConfig,
        splits: &Splits,
    ) -> Result<(), Error> {
        let file = &self.file;
        self.computes_alike(model).map_err(|message| recipe.refuse_at("model", "", message))?;
        let fits = file.takes(splits).and_then(|()| match self.config.new_head {
            true => Ok(()),
            false => file.predicts(&splits.train.target).map_err(|message| {
                format!("{message}: write new_head = true to train a new last layer")
            }),
        });
        fits.map_err(|message| {
            recipe.refuse_at(SECTION, "from", format!("the stored model {message}")).into()
        })
    }

    /// The same weights mean something else behind another activation or beside a skip; sizes are
    /// compared tensor by tensor.
    fn computes_alike(&self, model: &ModelConfig) -> Result<(), String> {
        let of = |model: &ModelConfig| match model {
            ModelConfig::Mlp(mlp) => (Some(mlp.activation), mlp.skip),
            ModelConfig::Lenet(lenet) => (Some(lenet.activation), false),
            ModelConfig::Linear(_) | ModelConfig::Resnet(_) => (None, false),
        };
        let ((stored, stored_skip), (found, found_skip)) = (of(&self.file.model), of(model));
        if let (Some(stored), Some(found)) = (stored, found)
            && stored != found
        {
            return Err(format!(
                "the stored model has the activation {stored:?}, and this one {found:?}"
            ));
        }
        if stored_skip != found_skip {
            return Err(format!(
                "the stored model has skip = {stored_skip}, and this one skip = {found_skip}"
            ));
        }
        Ok(())
    }

    /// Puts the stored weights into a fresh model and freezes the named parts.
    ///
    /// # Errors
    /// Layers of other sizes, or a name that no part has.
    pub fn apply(&self, fresh: Model) -> Result<Model, wellfit_nn::Error> {
        freeze(start_from(fresh, &self.weights, self.config.new_head)?, &self.config.freeze)
    }

    /// All bits of the stored weights, for the fingerprint of a run.
    pub fn bits(&self) -> impl Iterator<Item = u64> {
        self.weights.bits()
    }
}

//! The stored model that another one learns from, where a technique names one.

use crate::{Error, StoredModel};
use std::path::Path;
use wellfit_core::recipe::Recipe;
use wellfit_data::{Splits, place};
use wellfit_nn::burn::tensor::Tensor;
use wellfit_nn::loss::Loss;
use wellfit_nn::model::Network;
use wellfit_nn::snapshot::Snapshot;
use wellfit_nn::technique::Doors;

/// A trained model in evaluation mode, and the technique that learns from it.
pub struct Teacher {
    stored: StoredModel,
    technique: &'static str,
}

impl Teacher {
    /// Opens the model that a technique of the recipe names; none where none does. A relative path
    /// starts at `base`.
    ///
    /// # Errors
    /// The model is not there, with the technique's place.
    pub fn read(recipe: &Recipe, doors: &Doors, base: &Path) -> Result<Option<Self>, Error> {
        let learner = doors.losses.iter().find_map(|door| Some((door.id(), door.teacher()?)));
        let Some((technique, path)) = learner else { return Ok(None) };
        match StoredModel::open(&place::resolve(path, base)?) {
            Ok(stored) => Ok(Some(Self { stored, technique })),
            Err(Error::Model { path, message }) => {
                let told = Error::Model { path, message }.to_string();
                Err(refuse(recipe, technique, format!("the teacher cannot be opened: {told}")))
            }
            Err(error) => Err(error),
        }
    }

    /// Refuses examples that mean something else than those that the teacher learned.
    ///
    /// # Errors
    /// Other inputs or scales, other classes, outputs that mean something else, or validation or test
    /// examples that the teacher was trained on.
    pub fn check(&self, recipe: &Recipe, data: &Splits, loss: Loss) -> Result<(), Error> {
        let file = self.stored.file();
        let fits = file.takes(data).and_then(|()| file.predicts(&data.train.target));
        let told = match fits {
            Err(message) => format!("it {message}"),
            Ok(()) if file.scaler != data.scaler || file.preprocessing != data.preprocessing => {
                "it was trained on inputs that were scaled by other examples: give both runs the \
                 same [data] and the same seed, so that it has not seen the validation examples \
                 either"
                    .to_owned()
            }
            Ok(()) if file.loss != loss => {
                let (stored, found) = (file.loss, loss);
                format!("it was trained with the loss {stored:?}, and this run has {found:?}")
            }
            Ok(()) => return self.has_not_seen(recipe, data),
        };
        Err(refuse(recipe, self.technique, format!("the teacher does not fit: {told}")))
    }

    /// Refuses a teacher that learned the rows by which its student is judged: the student would
    /// repeat their labels, and look better there than it is.
    fn has_not_seen(&self, recipe: &Recipe, data: &Splits) -> Result<(), Error> {
        let seen = &self.stored.file().seen;
        for (name, part) in [("validation", Some(&data.validation)), ("test", data.test.as_ref())] {
            let count = part.map_or(0, |part| seen.among(part, &data.train));
            if count > 0 {
                let message = format!(
                    "the teacher was trained on about {count} of this run's {name} examples, by \
                     which its student could not be judged: give both runs the same [data] and the \
                     same seed, and the teacher no refit"
                );
                return Err(refuse(recipe, self.technique, message));
            }
        }
        Ok(())
    }

    /// Logits for inputs on a device with autodiff; no gradient flows back.
    ///
    /// # Shapes
    /// [batch, features] -> [batch, classes]
    pub fn outputs(&self, inputs: Tensor<2>) -> Tensor<2> {
        Tensor::from_inner(self.stored.model.forward(inputs.inner()))
    }

    /// All bits of its weights, for the fingerprint of a run.
    pub fn bits(&self) -> impl Iterator<Item = u64> {
        Snapshot::of(&self.stored.model).bits()
    }
}

fn refuse(recipe: &Recipe, technique: &str, message: String) -> Error {
    let entries = recipe.techniques().unwrap_or_default();
    match entries.iter().find(|entry| entry.id == technique) {
        Some(entry) => recipe.refuse(entry, message, None).into(),
        None => Error::Core(wellfit_core::Error::Recipe { message, hint: None, place: None }),
    }
}

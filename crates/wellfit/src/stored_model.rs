//! A model that a run left, ready for new examples.

use crate::folder::failed;
use crate::model_file::ModelFile;
use crate::{Error, LinearModel};
use std::path::{Path, PathBuf};
use wellfit_core::number::Fraction;
use wellfit_core::seed::Seed;
use wellfit_data::{Examples, Reader, Source};
use wellfit_nn::Device;
use wellfit_nn::burn::module::Module;
use wellfit_nn::chance::StepClock;
use wellfit_nn::layer::Sites;
use wellfit_nn::model::{Inputs, Model};
use wellfit_nn::snapshot::Snapshot;

/// A trained model with all that is needed to use it; nothing of its training data is.
///
/// ```no_run
/// use wellfit::prelude::*;
///
/// let model = StoredModel::open("runs/wine".as_ref())?;
/// let examples = model.read("new.csv".as_ref(), false, &[])?;
/// for part in model.predict(&examples) {
///     part?.iter().for_each(|prediction| println!("{prediction:?}"));
/// }
/// # Ok::<(), wellfit::Error>(())
/// ```
pub struct StoredModel {
    path: PathBuf,
    file: ModelFile,
    source: Source,
    pub(crate) model: Model,
    pub(crate) device: Device,
    /// Read by the model's stochastic layers.
    pub(crate) clock: StepClock,
    /// Whether it has any.
    draws: bool,
}

impl StoredModel {
    /// Opens the folder of a run, or its `model.safetensors` with the `model.toml` beside it.
    ///
    /// # Errors
    /// [`Error::Model`] when there is no such model, when it was written by another version or when
    /// its two files do not belong together.
    pub fn open(path: &Path) -> Result<Self, Error> {
        if LinearModel::is_at(path) {
            let message = "it is a linear model of `wellfit path`, which `predict` and `evaluate` \
                           read: expected a model that `wellfit train` stored";
            return Err(wrong(path, message.to_owned()));
        }
        let weights = weights_of(path)?;
        let card = weights.with_extension("toml");
        for (file, other) in [(&card, &weights), (&weights, &card)] {
            if !file.exists() {
                let message = format!("it is missing, and {} needs it", other.display());
                return Err(wrong(file, message));
            }
        }
        let text = std::fs::read_to_string(&card).map_err(failed("read", &card))?;
        let file = ModelFile::parse(&text).map_err(|message| wrong(&card, message))?;
        let (doors, data) = file.recipe().map_err(|error| wrong(&card, error.to_string()))?;
        let (device, clock) = (Device::flex().autodiff(), StepClock::new());
        let draws = doors.layers.iter().any(|door| door.is_stochastic());
        let sites = Sites::new(&doors, Seed::default(), &clock, &device);
        let inputs = Inputs { shape: &file.shape, embedded: &file.embedded };
        let fresh = file.model.build(inputs, file.outputs(), &sites);
        let fresh = fresh.map_err(|error| wrong(&card, error.to_string()))?;
        let bytes = std::fs::read(&weights).map_err(failed("read", &weights))?;
        let model = Snapshot::from_safetensors(&bytes).and_then(|stored| stored.restore(fresh));
        let model = model.map_err(|error| wrong(&weights, message(error)))?.valid();
        Ok(Self { path: path.to_owned(), file, source: data.source, model, device, clock, draws })
    }

    /// Opens new examples; see [`Reader::open`] for what `path` may be.
    ///
    /// # Errors
    /// As [`Reader::open`].
    pub fn read(
        &self,
        path: &Path,
        labelled: bool,
        keep: &[String],
    ) -> Result<Examples<'_>, Error> {
        let reader = Reader {
            source: &self.source,
            shape: &self.file.shape,
            classes: Some(self.classes()).filter(|classes| !classes.is_empty()),
            scaler: &self.file.scaler,
            preprocessing: self.file.preprocessing.as_ref(),
            target_scale: self.file.target_scale,
        };
        Ok(reader.open(path, labelled, keep)?)
    }

    /// Names of the classes; none for regression.
    pub fn classes(&self) -> &[String] {
        &self.file.classes
    }

    /// From which probability on the second of two classes is predicted; without one the likelier
    /// class is.
    pub fn threshold(&self) -> Option<f64> {
        self.file.threshold.map(Fraction::get)
    }

    /// Sets another threshold.
    ///
    /// # Errors
    /// [`Error::Model`] for a model that has not two classes.
    pub fn set_threshold(&mut self, threshold: Fraction) -> Result<(), Error> {
        let found = match self.classes().len() {
            2 => {
                self.file.threshold = Some(threshold);
                return Ok(());
            }
            0 => "it predicts a number".to_owned(),
            classes => format!("it has {classes}"),
        };
        Err(wrong(&self.path, format!("a threshold needs a model of two classes, and {found}")))
    }

    /// Refuses a model whose samples would all be the same.
    pub(crate) fn draws(&self) -> Result<(), Error> {
        if self.draws {
            return Ok(());
        }
        let message = "samples need a layer that draws, and this model has none: train it with \
                       dropout, drop_connect, variational_dropout or bayes_linear";
        Err(wrong(&self.path, message.to_owned()))
    }

    /// What the file tells of the model.
    pub(crate) fn file(&self) -> &ModelFile {
        &self.file
    }
}

/// The file of the weights, which a person may name by its folder or by the file beside it.
fn weights_of(path: &Path) -> Result<PathBuf, Error> {
    if path.is_dir() {
        let (weights, card) = (path.join("model.safetensors"), path.join("model.toml"));
        if weights.exists() || card.exists() {
            return Ok(weights);
        }
        let message = "it holds no trained model: expected model.safetensors and model.toml, which \
                       `wellfit train` leaves in the folder of a run";
        return Err(wrong(path, message.to_owned()));
    }
    if !path.exists() {
        let message = "there is no such model: expected the folder of a run, or its \
                       model.safetensors";
        return Err(wrong(path, message.to_owned()));
    }
    Ok(path.with_extension("safetensors"))
}

fn wrong(path: &Path, message: String) -> Error {
    Error::Model { path: path.to_owned(), message }
}

/// The message without the name of a thing that has a file here.
fn message(error: wellfit_nn::Error) -> String {
    match error {
        wellfit_nn::Error::Stored { message, .. } => message,
        other => other.to_string(),
    }
}

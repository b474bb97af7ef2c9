//! The folder of a run: its log, its checkpoint, and what it leaves at the end.

use crate::absolute::make_absolute;
use crate::event_folder::EVENTS;
use crate::model_file::ModelFile;
use crate::report::report;
use crate::{Error, Experiment, Ruin, Summary};
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use wellfit_core::number::Fraction;
use wellfit_nn::model::Model;
use wellfit_nn::snapshot::Snapshot;
use wellfit_nn::train::{Checkpoint, Trained};
use wellfit_plot::{Block, Chart, Curve, Options, learning_curve};

pub(crate) const CHECKPOINT: &str = "checkpoint.safetensors";
pub(crate) const LOG: &str = "metrics.jsonl";
/// The recipe with the λ that the run has found.
const CHOSEN: &str = "chosen.toml";
pub(crate) const RECIPE: &str = "recipe.toml";

/// A folder that holds one run.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Makes the folder of a new run.
    ///
    /// # Errors
    /// [`Error::Occupied`] when it holds a run, [`Error::File`] when it cannot be made.
    pub fn create(path: &Path) -> Result<Self, Error> {
        if [CHECKPOINT, LOG, RECIPE].iter().any(|name| path.join(name).exists()) {
            return Err(Error::Occupied(path.to_owned()));
        }
        let made = fs::create_dir_all(path).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => {
                std::io::Error::new(error.kind(), "there is a file of this name")
            }
            _ => error,
        });
        made.map_err(failed("create", path))?;
        Ok(Self { path: path.to_owned() })
    }

    /// Opens the folder of a run that was interrupted, and its checkpoint; none when the run was
    /// killed before it saved one.
    ///
    /// # Errors
    /// The folder holds other things than a run, or a run of another recipe, or a broken
    /// checkpoint.
    pub fn resume(
        path: &Path,
        experiment: &Experiment,
    ) -> Result<(Self, Option<Checkpoint>), Error> {
        let folder = Self { path: path.to_owned() };
        let recipe = experiment.fingerprint();
        let file = path.join(CHECKPOINT);
        if !file.exists() {
            folder.expect_beginning_of(&recipe)?;
            return Ok((folder, None));
        }
        let bytes = fs::read(&file).map_err(failed("read", &file))?;
        let checkpoint = Checkpoint::from_bytes(&bytes, &recipe).map_err(|error| match error {
            wellfit_nn::Error::Stored { what: _, message } => stored(&file, message),
            other => other.into(),
        })?;
        Ok((folder, Some(checkpoint)))
    }

    /// Without a checkpoint nothing tells a run that was killed early from any other folder, or
    /// from a run of another recipe, but what it wrote first.
    fn expect_beginning_of(&self, recipe: &str) -> Result<(), Error> {
        let file = self.path.join(RECIPE);
        match fs::read_to_string(&file) {
            Ok(found) if found == recipe => Ok(()),
            Ok(_) => Err(stored(&file, "this run was begun with another recipe".to_owned())),
            Err(_) => {
                let entries = fs::read_dir(&self.path).map_err(failed("read", &self.path))?;
                let first = part(RECIPE);
                let foreign = entries.flatten().find(|entry| *entry.file_name() != *first);
                let message = "it holds no run that could be resumed".to_owned();
                foreign.map_or(Ok(()), |_| Err(stored(&self.path, message)))
            }
        }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes what a run leaves: `model`, the best or the refitted one, with all that is needed to
    /// use it, the learning
    /// curves, the report, the summary. Gives the names of the files.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn finish(
        &self,
        experiment: &Experiment,
        trained: &Trained<Model>,
        model: &Model,
        summary: &Summary,
        name: &str,
    ) -> Result<Vec<&'static str>, Error> {
        let threshold = summary.threshold.and_then(|found| Fraction::new(found.value).ok());
        self.store(experiment, model, threshold, summary.refit.is_some())?;
        let mut curve = Curve::new(&trained.log);
        if let Some(best) = trained.best_epoch {
            curve = curve.best(best as f64);
        }
        let found = experiment.diagnose(&trained.log);
        let options = Options {
            title: name.to_owned(),
            verdict: format!("{}: {}", found.verdict, found.sentence()),
            metric: experiment.metric().to_owned(),
            ..Options::default()
        };
        let figure = learning_curve(&[curve], &options)?;
        self.write("curves.svg", figure.svg().as_bytes())?;
        self.write("curves.png", &figure.png(2.0)?)?;
        let mut metrics = vec!["loss", experiment.metric()];
        metrics.dedup();
        let curves = Block::Chart(Chart::of(&curve, &metrics, "epoch"), Some(figure));
        let page = report(experiment, trained, summary, &curves, name)?;
        self.write("report.html", page.as_bytes())?;
        let text = serde_json::to_string_pretty(summary).map_err(unwritable("summary.json"))?;
        self.write("summary.json", text.as_bytes())?;
        let mut files = vec![
            "report.html",
            LOG,
            EVENTS,
            "model.safetensors",
            "model.toml",
            "curves.svg",
            "curves.png",
            "summary.json",
        ];
        if !summary.lambda.is_empty() {
            let recipe =
                make_absolute(experiment.with_found(trained)?.canonical()?, &experiment.base);
            self.write(CHOSEN, recipe.as_bytes())?;
            files.push(CHOSEN);
        }
        Ok(files)
    }

    /// Writes a model alone, the best or the `refitted` one, with all that is needed to use it.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn store(
        &self,
        experiment: &Experiment,
        model: &Model,
        threshold: Option<Fraction>,
        refitted: bool,
    ) -> Result<(), Error> {
        let snapshot = Snapshot::of(model);
        let format = HashMap::from([("format".to_owned(), "wellfit".to_owned())]);
        self.write("model.safetensors", &snapshot.to_safetensors(format)?)?;
        let card = toml::to_string(&ModelFile::of(experiment, threshold, refitted)?);
        self.write("model.toml", card.map_err(unwritable("model.toml"))?.as_bytes())
    }

    /// Writes the summary of a run that diverged before there was a model to keep.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn give_up(&self, experiment: &Experiment, seconds: f64) -> Result<Ruin, Error> {
        let ruin = Ruin::of(experiment, seconds, self.path.clone());
        let text = serde_json::to_string_pretty(&ruin).map_err(unwritable("summary.json"))?;
        self.write("summary.json", text.as_bytes())?;
        Ok(ruin)
    }

    /// A crash leaves the old file or the new one, never a part.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let (path, part) = (self.path.join(name), self.path.join(part(name)));
        let written = File::create(&part).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&part, &path)?;
            // The rename itself is on disk only when the folder is; Windows opens no folders.
            if cfg!(unix) { File::open(&self.path)?.sync_all() } else { Ok(()) }
        });
        if written.is_err() {
            // On a full disk its bytes are wanted back, and half a file helps nobody.
            let _ = fs::remove_file(&part);
        }
        written.map_err(failed("write", &path))
    }
}

/// Turns an error of the system into one that names the file.
pub(crate) fn failed<'a>(
    action: &'static str,
    path: &'a Path,
) -> impl FnOnce(std::io::Error) -> Error + use<'a> {
    move |source| Error::File { action, path: path.to_owned(), source }
}

fn unwritable<E: std::fmt::Display>(what: &'static str) -> impl FnOnce(E) -> Error {
    move |error| Error::Format { what, message: error.to_string() }
}

/// Name of a file while it is written.
fn part(name: &str) -> String {
    format!(".{name}.part")
}

pub(crate) fn stored(path: &Path, message: String) -> Error {
    wellfit_nn::Error::Stored { what: path.display().to_string(), message }.into()
}

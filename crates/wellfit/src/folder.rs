//! The folder of a run: its log, its checkpoint, and what it leaves at the end.

use crate::{Error, Experiment, Metrics, Summary, verdict};
use serde::Serialize;
use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use wellfit_core::run::{Part, Run};
use wellfit_data::Target;
use wellfit_nn::model::Model;
use wellfit_nn::snapshot::Snapshot;
use wellfit_nn::train::{Checkpoint, Progress, Trained, Watch, Wish};
use wellfit_plot::{Curve, Options, learning_curve};

const CHECKPOINT: &str = "checkpoint.safetensors";
const LOG: &str = "metrics.jsonl";
const RECIPE: &str = "recipe.toml";

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
        fs::create_dir_all(path).map_err(failed("create", path))?;
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
        let recipe = experiment.recipe.canonical();
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

    /// Writes what a run leaves: the best model with all that is needed to use it, the learning
    /// curves, the summary. Gives the names of the files.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn finish(
        &self,
        experiment: &Experiment,
        trained: &Trained<Model>,
        summary: &Summary,
        name: &str,
    ) -> Result<Vec<&'static str>, Error> {
        let snapshot = Snapshot::of(&trained.best);
        let format = HashMap::from([("format".to_owned(), "wellfit".to_owned())]);
        self.write("model.safetensors", &snapshot.to_safetensors(format)?)?;
        let card = toml::to_string(&ModelFile::of(experiment)).map_err(unwritable("model.toml"))?;
        self.write("model.toml", card.as_bytes())?;
        let mut curve = Curve::new(&trained.log);
        if let Some(best) = trained.best_epoch {
            curve = curve.best(best as f64);
        }
        let found = verdict(&trained.log);
        let options = Options {
            title: name.to_owned(),
            verdict: format!("{}: {}", found.verdict, found.sentence),
            metric: experiment.metric().to_owned(),
        };
        let figure = learning_curve(&[curve], &options)?;
        self.write("curves.svg", figure.svg().as_bytes())?;
        self.write("curves.png", &figure.png(2.0)?)?;
        let text = serde_json::to_string_pretty(summary).map_err(unwritable("summary.json"))?;
        self.write("summary.json", text.as_bytes())?;
        Ok(vec![LOG, "model.safetensors", "model.toml", "curves.svg", "curves.png", "summary.json"])
    }

    /// A crash leaves the old file or the new one, never a part.
    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let (path, part) = (self.path.join(name), self.path.join(part(name)));
        let written = File::create(&part).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&part, &path)?;
            // The rename itself is on disk only when the folder is.
            File::open(&self.path)?.sync_all()
        });
        written.map_err(failed("write", &path))
    }

    /// Begins the log anew with the first `epochs` lines of the old one, so that a resumed run
    /// writes no epoch twice; lines that a crash lost are written again from the checkpoint.
    fn begin_log(&self, log: &Run, epochs: u64) -> Result<File, Error> {
        let path = self.path.join(LOG);
        let old = fs::read_to_string(&path).unwrap_or_default();
        let whole = old.rsplit_once('\n').map_or("", |(whole, _)| whole);
        let mut old = whole.lines();
        let mut text = String::new();
        for epoch in 1..=epochs {
            let line = old.next().map_or_else(|| log_line(log, epoch, None), str::to_owned);
            text.push_str(&line);
            text.push('\n');
        }
        self.write(LOG, text.as_bytes())?;
        OpenOptions::new().append(true).open(&path).map_err(failed("write", &path))
    }
}

/// Name of a file while it is written.
fn part(name: &str) -> String {
    format!(".{name}.part")
}

fn stored(path: &Path, message: String) -> Error {
    wellfit_nn::Error::Stored { what: path.display().to_string(), message }.into()
}

fn failed<'a>(
    action: &'static str,
    path: &'a Path,
) -> impl FnOnce(std::io::Error) -> Error + use<'a> {
    move |source| Error::File { action, path: path.to_owned(), source }
}

fn unwritable<E: std::fmt::Display>(what: &'static str) -> impl FnOnce(E) -> Error {
    move |error| Error::Format { what, message: error.to_string() }
}

/// One epoch of the log as a line of JSON.
fn log_line(log: &Run, epoch: u64, seconds: Option<f64>) -> String {
    let part = |part: Part| {
        let at = |series: &&wellfit_core::run::Series| series.part == part;
        let value = |series: &wellfit_core::run::Series| {
            let point = series.points.iter().find(|point| point.0 == epoch as f64)?;
            Some((series.metric.clone(), point.1))
        };
        Metrics::new(log.series.iter().filter(at).filter_map(value))
    };
    let line = LogLine {
        epoch,
        online: part(Part::Online),
        train: part(Part::Train),
        validation: part(Part::Validation),
        seconds,
    };
    // Numbers under names: nothing in it can fail to be JSON.
    serde_json::to_string(&line).unwrap_or_default()
}

#[derive(Serialize)]
struct LogLine {
    epoch: u64,
    online: Metrics,
    train: Metrics,
    validation: Metrics,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<f64>,
}

/// What `model.toml` holds: how to build the model and what to do to its inputs.
#[derive(Serialize)]
struct ModelFile<'a> {
    schema: u32,
    /// Shape of one example.
    shape: &'a [usize],
    features: &'a [String],
    classes: &'a [String],
    loss: wellfit_nn::loss::Loss,
    model: &'a wellfit_nn::model::ModelConfig,
    scaler: &'a wellfit_data::Scaler,
    /// The techniques, since some are layers of the model.
    recipe: toml::Table,
}

impl<'a> ModelFile<'a> {
    fn of(experiment: &'a Experiment) -> Self {
        let data = &experiment.data.train;
        let classes: &[String] = match &data.target {
            Target::Classes { names, .. } => names,
            Target::Values(_) => &[],
        };
        Self {
            schema: 1,
            shape: &data.shape,
            features: &data.features,
            classes,
            loss: experiment.loss(),
            model: &experiment.model,
            scaler: &experiment.data.scaler,
            recipe: toml::from_str(&experiment.recipe.canonical()).unwrap_or_default(),
        }
    }
}

/// Watches a run for its folder: appends to the log after every epoch, saves a checkpoint every
/// few seconds, and passes everything on to another watcher.
pub struct Saving<'a> {
    folder: &'a Folder,
    recipe: String,
    log: File,
    every: Duration,
    saved: Instant,
    epoch_began: Instant,
    /// What could not be written in a place that returns no error.
    failed: Option<Error>,
    inner: &'a mut dyn Watch,
}

impl<'a> Saving<'a> {
    /// Begins or resumes the folder's log and saves a checkpoint `every` so often.
    ///
    /// # Errors
    /// The log or the copy of the recipe cannot be written.
    pub fn new(
        folder: &'a Folder,
        experiment: &Experiment,
        from: Option<&Checkpoint>,
        every: Duration,
        inner: &'a mut dyn Watch,
    ) -> Result<Self, Error> {
        let recipe = experiment.recipe.canonical();
        folder.write(RECIPE, recipe.as_bytes())?;
        let log = match from {
            Some(checkpoint) => {
                let done = checkpoint.log.get(Part::Validation, "loss");
                folder.begin_log(&checkpoint.log, done.map_or(0, |s| s.points.len() as u64))?
            }
            None => folder.begin_log(&Run::default(), 0)?,
        };
        let now = Instant::now();
        Ok(Self { folder, recipe, log, every, saved: now, epoch_began: now, failed: None, inner })
    }

    /// The first error of writing the log, if any.
    pub fn error(&mut self) -> Option<Error> {
        self.failed.take()
    }
}

impl Watch for Saving<'_> {
    fn after_step(&mut self, progress: &Progress<'_>) -> Wish {
        let wish = self.inner.after_step(progress);
        if self.failed.is_some() {
            return Wish::Interrupt;
        }
        match wish {
            Wish::Continue if self.saved.elapsed() >= self.every => Wish::Save,
            wish => wish,
        }
    }

    fn after_epoch(&mut self, log: &Run, epoch: u64) {
        let seconds = self.epoch_began.elapsed().as_secs_f64();
        self.epoch_began = Instant::now();
        let line = log_line(log, epoch, Some(seconds)) + "\n";
        if let Err(source) = self.log.write_all(line.as_bytes()) {
            let path = self.folder.path.join(LOG);
            self.failed = Some(Error::File { action: "write", path, source });
        }
        self.inner.after_epoch(log, epoch);
    }

    fn save(&mut self, checkpoint: &Checkpoint) -> Result<(), wellfit_nn::Error> {
        let bytes = checkpoint.to_bytes(&self.recipe)?;
        let saved = self.folder.write(CHECKPOINT, &bytes);
        self.saved = Instant::now();
        saved.map_err(|error| match error {
            Error::File { action, path, source } => {
                wellfit_nn::Error::File { action, path, source }
            }
            other => wellfit_nn::Error::Mismatch(other.to_string()),
        })?;
        self.inner.save(checkpoint)
    }
}

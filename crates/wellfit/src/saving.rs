//! Log and checkpoints while a run goes.

use crate::event_folder::EventFolder;
use crate::folder::{CHECKPOINT, LOG, RECIPE, failed};
use crate::{Error, Experiment, Folder, Metrics};
use serde::Serialize;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::time::{Duration, Instant};
use wellfit_core::run::{Part, Run, Series};
use wellfit_nn::train::{Checkpoint, Progress, Watch, Wish};

/// Watches a run for its folder: appends to the log and the event files after every epoch, saves a
/// checkpoint every few seconds, and passes everything on to another watcher.
pub struct Saving<'a> {
    folder: &'a Folder,
    recipe: String,
    log: File,
    events: EventFolder,
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
    /// The log, the event files or the copy of the recipe cannot be written.
    pub fn new(
        folder: &'a Folder,
        experiment: &Experiment,
        from: Option<&Checkpoint>,
        every: Duration,
        inner: &'a mut dyn Watch,
    ) -> Result<Self, Error> {
        let recipe = experiment.fingerprint();
        folder.write(RECIPE, recipe.as_bytes())?;
        let (new, done) = (Run::default(), from.map(|checkpoint| &checkpoint.log));
        let done = done.unwrap_or(&new);
        let epochs = done.get(Part::Online, "loss").map_or(0, |s| s.points.len() as u64);
        let log = begin_log(folder, done, epochs)?;
        let events = EventFolder::begin(folder.path(), done, epochs)?;
        let (saved, epoch_began) = (Instant::now(), Instant::now());
        Ok(Self { folder, recipe, log, events, every, saved, epoch_began, failed: None, inner })
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
        let path = self.folder.path().join(LOG);
        let logged = self.log.write_all(line.as_bytes()).map_err(failed("write", &path));
        let logged = logged.and_then(|()| self.events.append(log, epoch));
        self.failed = logged.err().or(self.failed.take());
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

/// Begins the log anew with the first `epochs` lines of the old one, so that a resumed run
/// writes no epoch twice; lines that a crash lost are written again from the checkpoint.
fn begin_log(folder: &Folder, log: &Run, epochs: u64) -> Result<File, Error> {
    let path = folder.path().join(LOG);
    let old = fs::read_to_string(&path).unwrap_or_default();
    let whole = old.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let mut old = whole.lines();
    let mut text = String::new();
    for epoch in 1..=epochs {
        let line = old.next().map_or_else(|| log_line(log, epoch, None), str::to_owned);
        text.push_str(&line);
        text.push('\n');
    }
    folder.write(LOG, text.as_bytes())?;
    OpenOptions::new().append(true).open(&path).map_err(failed("write", &path))
}

/// One epoch of the log as a line of JSON.
fn log_line(log: &Run, epoch: u64, seconds: Option<f64>) -> String {
    let part = |part: Part| {
        let at = |series: &&Series| series.part == part;
        let value = |series: &Series| {
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

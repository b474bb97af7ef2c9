//! Trials of the search, carried to a cluster.

use super::rules::Mixes;
use super::{Event, Observer, Outcome, Spec};
use crate::Error;
use std::path::PathBuf;
use std::sync::mpsc::{self, Sender};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use wellfit_tune::engine::Ray;
use wellfit_tune::search::{Job, Objective};

/// A specification and whom its answer is for; none says that it was stopped or lost.
type Waiting = (Spec, Sender<Option<Outcome>>);

/// Sends mixes to a cluster, several small ones as one job.
pub struct Remote<'a> {
    /// The cluster.
    pub ray: &'a Ray,
    /// The mixes.
    pub mixes: &'a Mixes,
    /// The series by which they are judged.
    pub metric: &'a str,
    /// Where relative paths of the recipe start, on every machine.
    pub folder: PathBuf,
    /// Most trials of one job.
    pub batch: usize,
    /// Who looks on.
    pub observer: &'a dyn Observer,
    waiting: Mutex<Vec<Waiting>>,
    lost: Mutex<Option<Error>>,
}

/// So long, a job waits for more trials.
const GATHER: Duration = Duration::from_millis(150);

impl<'a> Remote<'a> {
    /// Sends to `ray`, at most `batch` trials a job.
    pub fn new(
        ray: &'a Ray,
        mixes: &'a Mixes,
        metric: &'a str,
        folder: PathBuf,
        batch: usize,
        observer: &'a dyn Observer,
    ) -> Self {
        let (waiting, lost) = (Mutex::default(), Mutex::default());
        Self { ray, mixes, metric, folder, batch, observer, waiting, lost }
    }

    /// What ended the search, where that was the cluster.
    pub fn lost(self) -> Option<Error> {
        self.lost.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends what is waiting, if nobody else has.
    fn send(&self) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let most = waiting.len().min(self.batch);
        let batch: Vec<Waiting> = waiting.drain(..most).collect();
        drop(waiting);
        if batch.is_empty() {
            return;
        }
        let line = |(spec, _): &Waiting| serde_json::to_string(spec).unwrap_or_default();
        let lines: Vec<String> = batch.iter().map(line).collect();
        let answers = self.ray.carry(&lines, &|| self.observer.stop());
        let answers = answers.unwrap_or_else(|error| {
            self.lose(error.into());
            None
        });
        // The cluster writes lines of its own between ours.
        let outcome = |line: &String| serde_json::from_str::<Outcome>(line).ok();
        let stopped = answers.is_none();
        let answers: Vec<Outcome> = answers.iter().flatten().filter_map(outcome).collect();
        for (spec, sender) in batch {
            let answer = answers.iter().find(|answer| answer.id == spec.id).cloned();
            if answer.is_none() && !stopped {
                let message = format!("it has no answer for trial {}", spec.id >> 8);
                self.lose(wellfit_tune::Error::Engine { action: "a job", message }.into());
            }
            // Whoever asked may have been stopped.
            let _ = sender.send(answer);
        }
    }

    /// Keeps the first error.
    fn lose(&self, error: Error) {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }
}

impl Objective for Remote<'_> {
    fn run(&self, job: &Job<'_>) -> Option<f64> {
        let candidate = self.mixes.candidate(job.configuration);
        let (sender, answers) = mpsc::channel();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        for (place, (cut, _)) in (0..).zip(self.mixes.cuts()) {
            let spec = Spec {
                schema: 1,
                // Unique among those that wait: a trial and its cut.
                id: (job.trial << 8) + place,
                recipe: candidate.toml(),
                folder: self.folder.clone(),
                epochs: Some(job.to),
                pair: cut,
                metric: Some(self.metric.to_owned()),
            };
            waiting.push((spec, sender.clone()));
        }
        drop((waiting, sender));
        std::thread::sleep(GATHER);
        // The first to wake takes the others along.
        let cuts = self.mixes.cuts().count();
        let mut outcomes: Vec<Outcome> = Vec::with_capacity(cuts);
        for _ in 0..cuts {
            self.send();
        }
        for answer in answers {
            outcomes.push(answer?);
        }
        // In the order of the cuts, for a sum depends on it in its last bits.
        outcomes.sort_by_key(|outcome| outcome.id);
        let sum: f64 = outcomes.iter().map(|outcome| outcome.value.unwrap_or(f64::NAN)).sum();
        let value = sum / cuts as f64;
        self.observer.see(&Event::Trial {
            number: job.trial,
            name: &candidate.name,
            epochs: job.to,
            value,
            seconds: outcomes.iter().map(|outcome| outcome.seconds).sum(),
        });
        Some(value)
    }
}

//! Trials of the search, trained in this process.

use super::race::pair_seed;
use super::rules::Mixes;
use super::stretch::{stretch, value_at};
use super::{Event, Observer};
use crate::Error;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;
use wellfit_nn::train::Checkpoint;
use wellfit_tune::search::{Job, Objective};

/// Trains mixes, and keeps those in memory that may go on to the next rung.
pub struct Training<'a> {
    mixes: &'a Mixes,
    metric: &'a str,
    observer: &'a dyn Observer,
    /// Most trials that are kept: those of a cohort.
    keep: usize,
    kept: Mutex<BTreeMap<u64, Vec<Checkpoint>>>,
}

impl<'a> Training<'a> {
    /// Judges by the series `metric`.
    pub fn new(mixes: &'a Mixes, metric: &'a str, observer: &'a dyn Observer, keep: usize) -> Self {
        Self { mixes, metric, observer, keep, kept: Mutex::default() }
    }

    fn kept(&self, trial: u64) -> Option<Vec<Checkpoint>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).remove(&trial)
    }

    fn keep(&self, trial: u64, checkpoints: Vec<Checkpoint>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(trial, checkpoints);
        // Those of the cohort before are the first.
        while kept.len() > self.keep {
            kept.pop_first();
        }
    }

    /// The mean over all cuts; none where it was stopped.
    fn value(&self, job: &Job<'_>) -> Result<Option<f64>, Error> {
        let candidate = self.mixes.candidate(job.configuration);
        let mut from = self.kept(job.trial).unwrap_or_default().into_iter();
        let (mut sum, mut checkpoints) = (0.0, Vec::new());
        for (number, data) in self.mixes.cuts() {
            let seed = (number > 0).then(|| pair_seed(self.mixes.seed, number));
            let experiment = candidate.experiment(seed, data)?;
            let run = stretch(&experiment, from.next(), Some(job.to), &|| self.observer.stop())?;
            if run.interrupted {
                return Ok(None);
            }
            sum += value_at(&run.trained.log, self.metric, run.trained.best_epoch);
            checkpoints.push(run.checkpoint);
        }
        let mean = sum / checkpoints.len() as f64;
        self.keep(job.trial, checkpoints);
        Ok(Some(mean))
    }
}

impl Objective for Training<'_> {
    fn run(&self, job: &Job<'_>) -> Option<f64> {
        let began = Instant::now();
        // A mix that cannot be trained after all is one that broke.
        let value = self.value(job).unwrap_or(Some(f64::NAN))?;
        self.observer.see(&Event::Trial {
            number: job.trial,
            name: &self.mixes.candidate(job.configuration).name,
            epochs: job.to,
            value,
            seconds: began.elapsed().as_secs_f64(),
        });
        Some(value)
    }
}

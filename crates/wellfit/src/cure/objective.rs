//! Trials of the search, trained in this process.

use super::rules::Mixes;
use super::stretch::{stretch, value_at};
use super::{Event, Observer};
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
    /// Most runs that are kept: those of a cohort.
    keep: usize,
    kept: Mutex<BTreeMap<u64, Checkpoint>>,
}

impl<'a> Training<'a> {
    /// Judges by the series `metric`.
    pub fn new(mixes: &'a Mixes, metric: &'a str, observer: &'a dyn Observer, keep: usize) -> Self {
        Self { mixes, metric, observer, keep, kept: Mutex::default() }
    }

    fn kept(&self, trial: u64) -> Option<Checkpoint> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).remove(&trial)
    }

    fn keep(&self, trial: u64, checkpoint: Checkpoint) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(trial, checkpoint);
        // Those of the cohort before are the first.
        while kept.len() > self.keep {
            kept.pop_first();
        }
    }
}

impl Objective for Training<'_> {
    fn run(&self, job: &Job<'_>) -> Option<f64> {
        let began = Instant::now();
        let stop = || self.observer.stop();
        // A mix that cannot be trained after all is one that broke.
        let trained = self
            .mixes
            .experiment(job.configuration)
            .and_then(|experiment| stretch(&experiment, self.kept(job.trial), Some(job.to), &stop));
        let value = match trained {
            Ok(run) if run.interrupted => return None,
            Ok(run) => {
                let value = value_at(&run.trained.log, self.metric, run.trained.best_epoch);
                self.keep(job.trial, run.checkpoint);
                value
            }
            Err(_) => f64::NAN,
        };
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

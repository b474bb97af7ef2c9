//! Recipes against each other on the same seeds and splits.

use super::constant::constant;
use super::stretch::{stretch, value_at};
use super::{Candidate, Event, Observer};
use crate::folder::failed;
use crate::{Error, Experiment, Metrics};
use rand_core::Rng;
use std::fs;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use wellfit_core::run::Run;
use wellfit_core::seed::Seed;
use wellfit_data::Splits;
use wellfit_nn::model::Model;
use wellfit_nn::model::ensemble::Ensemble;
use wellfit_nn::train::{Checkpoint, Evaluation};

/// Where and on what recipes race.
///
/// Pair number k has a seed and a cut of training and validation of its own, the same for all
/// recipes: same data in the same order, same initial weights. The test rows are the recipe's in
/// all pairs, and stay closed until [`Self::test`].
#[derive(Clone)]
pub struct Race<'a> {
    /// The recipe that says what the data are.
    pub experiment: &'a Experiment,
    /// Pairs, numbered from 1.
    pub pairs: u64,
    /// Where runs are kept, so that a race that was stopped goes on.
    pub folder: PathBuf,
    /// The series by which they are compared.
    pub metric: String,
    /// Runs at the same time.
    pub workers: NonZeroUsize,
    /// Who looks on.
    pub observer: &'a dyn Observer,
}

/// One run of a race.
#[derive(Debug, Clone)]
pub struct Ran {
    /// Value of the metric at the best epoch.
    pub value: f64,
    /// Value of the metric at the last epoch.
    pub last: f64,
    /// What an answer would have that is always the same: the bar for having learned anything.
    pub constant: f64,
    /// The best epoch.
    pub best_epoch: Option<u64>,
    /// All that was logged.
    pub log: Run,
    /// Steps of all epochs that it did.
    pub steps: u64,
    /// How long it took; none where it was there already.
    pub seconds: Option<f64>,
}

/// How a recipe does on the test rows, pair by pair; empty where there are none.
pub type Tested = Vec<Metrics>;

impl Race<'_> {
    /// Runs all pairs of these recipes, which have a file name each; none where it was stopped.
    ///
    /// # Errors
    /// A recipe that cannot be trained, files that cannot be written.
    pub fn run(&self, entrants: &[(&str, &Candidate)]) -> Result<Option<Vec<Vec<Ran>>>, Error> {
        fs::create_dir_all(&self.folder).map_err(failed("create", &self.folder))?;
        let mut ran: Vec<Vec<Ran>> = vec![Vec::new(); entrants.len()];
        for pair in 1..=self.pairs {
            let data = self.experiment.cut_again(pair)?;
            let one =
                |&(file, candidate): &(&str, &Candidate)| self.one(file, candidate, pair, &data);
            let runs = in_parallel(entrants, self.workers, &one);
            for (all, run) in ran.iter_mut().zip(runs) {
                match run? {
                    Some(run) => all.push(run),
                    None => return Ok(None),
                }
            }
        }
        Ok(Some(ran))
    }

    fn one(
        &self,
        file: &str,
        candidate: &Candidate,
        pair: u64,
        data: &Arc<Splits>,
    ) -> Result<Option<Ran>, Error> {
        let began = Instant::now();
        let (experiment, from) = self.open(file, candidate, pair, data)?;
        let there = from.as_ref().is_some_and(|from| from.stopped_by.is_some());
        let run = stretch(&experiment, from, None, &|| self.observer.stop())?;
        if !there {
            let bytes = run.checkpoint.to_bytes(&experiment.fingerprint())?;
            let path = self.file(file, pair);
            let part = path.with_extension("part");
            let written = fs::write(&part, bytes).and_then(|()| fs::rename(&part, &path));
            written.map_err(failed("write", &path))?;
        }
        if run.interrupted {
            return Ok(None);
        }
        let trained = run.trained;
        let value = |epoch| value_at(&trained.log, &self.metric, epoch);
        let (best_epoch, seconds) = (trained.best_epoch, began.elapsed().as_secs_f64());
        let (value, last) = (value(best_epoch), value(Some(trained.epochs)));
        let constant = constant(&self.metric, &experiment);
        self.observer.see(&Event::Raced { name: &candidate.name, pair, value, seconds });
        let (seconds, steps) = ((!there).then_some(seconds), run.checkpoint.step);
        Ok(Some(Ran { value, last, constant, best_epoch, log: trained.log, steps, seconds }))
    }

    /// Opens the test rows: how each recipe's best model does on them, and how some of them do
    /// together. All must have run.
    ///
    /// # Errors
    /// Files that are no longer there.
    pub fn test(
        &self,
        entrants: &[(&str, &Candidate)],
        together: &[usize],
    ) -> Result<(Vec<Tested>, Tested), Error> {
        let (mut alone, mut ensemble) = (vec![Vec::new(); entrants.len()], Vec::new());
        for pair in 1..=self.pairs {
            let data = self.experiment.cut_again(pair)?;
            let Some(rows) = &data.test else { break };
            let mut models: Vec<Model> = Vec::new();
            for (all, (file, candidate)) in alone.iter_mut().zip(entrants) {
                let (experiment, from) = self.open(file, candidate, pair, &data)?;
                let model = stretch(&experiment, from, None, &|| false)?.trained.best;
                all.push(experiment.metrics(&model, rows, None)?);
                models.push(model);
            }
            let members: Vec<Model> =
                together.iter().filter_map(|&place| models.get(place).cloned()).collect();
            if !members.is_empty() {
                let model = Ensemble::new(members, self.experiment.loss());
                let (loss, device) = (self.experiment.loss(), &self.experiment.device);
                let mut evaluation = Evaluation::new(&model, loss, None, device);
                evaluation.add(rows)?;
                ensemble.push(evaluation.finish()?.scores.into());
            }
        }
        Ok((alone, ensemble))
    }

    /// The experiment of a pair, and the run as far as it is there.
    fn open(
        &self,
        file: &str,
        candidate: &Candidate,
        pair: u64,
        data: &Arc<Splits>,
    ) -> Result<(Experiment, Option<Checkpoint>), Error> {
        let seed = pair_seed(self.experiment.seed, pair);
        let experiment = candidate.experiment(Some(seed), data)?;
        // A file of another recipe, or half a file, is written anew.
        let from = fs::read(self.file(file, pair))
            .ok()
            .and_then(|bytes| Checkpoint::from_bytes(&bytes, &experiment.fingerprint()).ok());
        Ok((experiment, from))
    }

    fn file(&self, name: &str, pair: u64) -> PathBuf {
        self.folder.join(format!("{name}-{pair}.safetensors"))
    }
}

/// The seed of a pair; short enough for TOML's numbers, which have a sign.
pub(super) fn pair_seed(seed: Seed, pair: u64) -> Seed {
    Seed::new(seed.stream("tune.race").step(pair).next_u64() >> 33)
}

/// What `work` makes of each item, several at the same time, in the order of the items.
fn in_parallel<T: Sync, R: Send>(
    items: &[T],
    workers: NonZeroUsize,
    work: &(dyn Fn(&T) -> R + Sync),
) -> Vec<R> {
    let workers = workers.get().min(items.len()).max(1);
    let (next, results) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(items.len())));
    let take = || {
        while let Some((place, item)) = {
            let place = next.fetch_add(1, Ordering::Relaxed);
            items.get(place).map(|item| (place, item))
        } {
            let result = work(item);
            results.lock().unwrap_or_else(PoisonError::into_inner).push((place, result));
        }
    };
    std::thread::scope(|scope| {
        (1..workers).for_each(|_| drop(scope.spawn(take)));
        take();
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(place, _)| *place);
    results.into_iter().map(|(_, result)| result).collect()
}

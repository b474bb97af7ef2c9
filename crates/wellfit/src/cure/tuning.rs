//! The whole way from a recipe to a proven cure.

use super::files::claim;
use super::judgement::{Judgement, Lane};
use super::objective::Training;
use super::remote::Remote;
use super::{Answer, Band, Candidate, Event, Mixes, Observer, Race, Ran, Settings};
use crate::{Error, Experiment};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use wellfit_diagnose::Diagnosis;
use wellfit_tune::engine::Ray;
use wellfit_tune::halving::Foresight;
use wellfit_tune::sampler::Tpe;
use wellfit_tune::search::{self, Ended, Search};
use wellfit_tune::space::Configuration;
use wellfit_tune::study::{Durability, Journal};

/// A search for a cure and its proof.
pub struct Tuning<'a> {
    /// The recipe.
    pub experiment: &'a Experiment,
    /// Where everything is kept, so that it can be stopped and goes on.
    pub out: PathBuf,
    /// Name of the study.
    pub name: String,
    /// Runs at the same time. The answer does not depend on it.
    pub workers: NonZeroUsize,
    /// The cluster that runs the search; this process where there is none. The race is run here.
    pub cluster: Option<&'a Ray>,
    /// How long it may take; the search ends in time for the race.
    pub budget: Option<Duration>,
    /// Who looks on.
    pub observer: &'a dyn Observer,
}

/// What was found, with all that a report shows.
pub struct Cure {
    /// The numbers.
    pub answer: Answer,
    /// Plain in the race.
    pub plain: Vec<Ran>,
    /// The chosen one in the race.
    pub chosen: Vec<Ran>,
    /// The study file.
    pub journal: Journal,
}

/// What a search leaves.
struct Found {
    /// Mixes that were trained to their end, the best first.
    best: Vec<Configuration>,
    /// How well the first rung foretold the last.
    foresight: Option<Foresight>,
}

/// Trials of one job on a cluster: starting a job takes about a second.
const BATCH: usize = 4;
/// The study file in the folder.
const STUDY: &str = "study.log";
/// The folder of the race's runs.
const RACE: &str = "race";

impl Tuning<'_> {
    /// Does what has not been done, to the end; none where it was stopped on the way.
    ///
    /// # Errors
    /// A recipe that cannot be trained, files that cannot be written, a study of other settings.
    pub fn run(&self) -> Result<Option<Cure>, Error> {
        let began = Instant::now();
        let settings = Settings::of(self.experiment)?;
        claim(&self.out, self.experiment)?;
        let metric = settings.metric(self.experiment);
        let whole = Candidate::whole(self.experiment)?;
        let plain = whole.plain();
        let race = self.race(&settings, &metric);
        let Some(baseline) = race.run(&[("plain", &plain)])?.and_then(|mut all| all.pop()) else {
            return Ok(None);
        };
        let diagnosis = self.diagnose(&plain, &baseline)?;
        let mixes = self.mixes(&plain, &settings)?;
        let plan = self.plan(&settings, &metric, &mixes, &diagnosis)?;
        let deadline = self.deadline(&settings, &plan, &baseline, began);
        let trials = plan.trials();
        let Some(found) = self.search(plan, &mixes, &metric, deadline)? else { return Ok(None) };
        let finalists = self.finalists(&found.best, &mixes, &whole, settings.finalists);
        let names: Vec<String> = finalists.iter().map(|one| one.name.clone()).collect();
        self.observer.see(&Event::Finalists(&names));
        let files: Vec<String> = (1..=finalists.len()).map(|k| format!("finalist{k}")).collect();
        let entrants: Vec<(&str, &Candidate)> =
            files.iter().map(String::as_str).zip(&finalists).collect();
        let Some(ran) = race.run(&entrants)? else { return Ok(None) };
        let lanes = finalists.iter().zip(&ran).map(|(of, runs)| Lane { of, runs }).collect();
        let plain_lane = Lane { of: &plain, runs: &baseline };
        let seed = self.experiment.seed;
        let judgement = Judgement::of(plain_lane, lanes, &metric, settings.level, seed)?;
        let everyone = [&[("plain", &plain)], &entrants[..]].concat();
        let tested = race.test(&everyone, &judgement.sound())?;
        let mut answer = judgement.answer(&tested, diagnosis);
        (answer.trials, answer.foresight) = (trials, found.foresight);
        (answer.study, answer.seconds) = (self.out.join(STUDY), began.elapsed().as_secs_f64());
        let chosen = judgement.chosen().runs.to_vec();
        let late = self.budget.is_some_and(|budget| began.elapsed() >= budget);
        if settings.band && !late {
            answer.band = Band::of(&race, judgement.chosen().of)?;
            if answer.band.is_none() && self.observer.stop() {
                return Ok(None);
            }
            answer.seconds = began.elapsed().as_secs_f64();
        }
        let journal = Journal::open(&answer.study, Durability::Cached)?;
        Ok(Some(Cure { answer, plain: baseline, chosen, journal }))
    }

    fn race(&self, settings: &Settings, metric: &str) -> Race<'_> {
        Race {
            experiment: self.experiment,
            pairs: settings.seeds as u64,
            folder: self.out.join(RACE),
            metric: metric.to_owned(),
            workers: self.workers,
            observer: self.observer,
        }
    }

    fn diagnose(&self, plain: &Candidate, baseline: &[Ran]) -> Result<Diagnosis, Error> {
        let experiment = plain.experiment(None, &self.experiment.data)?;
        // There are two pairs at least.
        let log = baseline.first().map(|run| run.log.clone()).unwrap_or_default();
        let mut diagnosis = experiment.diagnose(&log);
        diagnosis.name = plain.name.clone();
        self.observer.see(&Event::Diagnosed(&diagnosis));
        Ok(diagnosis)
    }

    /// Searches; none where it was stopped.
    fn search(
        &self,
        plan: search::Settings,
        mixes: &Mixes,
        metric: &str,
        deadline: Option<Instant>,
    ) -> Result<Option<Found>, Error> {
        let journal = Journal::open(&self.out.join(STUDY), Durability::Synced)?;
        let keep = plan.cohort.get().max(plan.portfolio.len());
        let sampler = Tpe::default();
        let mut search = Search::open(plan, mixes.cocktails.space(), &sampler, mixes, journal)?;
        let late = || deadline.is_some_and(|deadline| Instant::now() >= deadline);
        let stop = || self.observer.stop() || late();
        let ended = match self.cluster {
            None => {
                let training = Training::new(mixes, metric, self.observer, keep);
                search.run(&training, self.workers, &stop)?
            }
            Some(ray) => {
                let base = &self.experiment.base;
                let folder = std::path::absolute(base).unwrap_or_else(|_| base.clone());
                let remote = Remote::new(ray, mixes, metric, folder, BATCH, self.observer);
                // Whoever waits for a cluster takes no processor.
                let waiting = NonZeroUsize::new(keep).unwrap_or(self.workers);
                let ended = search.run(&remote, waiting, &stop)?;
                if let Some(error) = remote.lost() {
                    return Err(error);
                }
                ended
            }
        };
        if ended == Ended::Stopped && self.observer.stop() {
            return Ok(None);
        }
        let best = search.finished()?.into_iter().map(|best| best.configuration).collect();
        Ok(Some(Found { best, foresight: search.foresight()? }))
    }

    /// Those that race: the best mixes that are not plain, and the recipe as it is where it has
    /// techniques of its own.
    fn finalists(
        &self,
        finished: &[Configuration],
        mixes: &Mixes,
        whole: &Candidate,
        most: usize,
    ) -> Vec<Candidate> {
        let mut finalists: Vec<Candidate> = Vec::new();
        for candidate in finished.iter().map(|mix| mixes.candidate(mix)) {
            let new = finalists.iter().all(|other| other.toml() != candidate.toml());
            if new && finalists.len() < most && candidate.name != mixes.plain.name {
                finalists.push(candidate);
            }
        }
        let names: Vec<String> = finalists.iter().map(|one| one.name.clone()).collect();
        for finalist in &mut finalists {
            if names.iter().filter(|name| **name == finalist.name).count() > 1 {
                finalist.name = finalist.in_full();
            }
        }
        if !whole.techniques().is_empty() {
            finalists.push(whole.clone());
        }
        finalists
    }
}

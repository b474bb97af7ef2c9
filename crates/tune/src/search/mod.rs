//! The search: a portfolio, then cohorts that the sampler proposes, each halved on the way up.
//!
//! All that happens is in the study file, and every step does what is missing there and nothing
//! else: a search that was killed goes on with the same trials to the same answer. A cohort is
//! proposed when all before it have ended, and judged when all its trials have reached a rung, so
//! that the number of workers changes nothing.

mod objective;
mod record;
mod settings;
mod workers;

pub use objective::{Job, NoRules, Objective, Rules};
pub use settings::Settings;

use crate::Error;
use crate::halving::{Foresight, Standing, foresight, promoted};
use crate::sampler::{History, Observation, Sampler};
use crate::space::{Configuration, Space};
use crate::study::{Journal, Operation, State};
use std::num::NonZeroUsize;
use std::ops::Range;

/// A search and its study file.
pub struct Search<'a> {
    settings: Settings,
    space: &'a Space,
    sampler: &'a dyn Sampler,
    rules: &'a dyn Rules,
    journal: Journal,
    /// Trials of the study that were looked at, and those of ours: place in the study, and what
    /// is tried.
    scanned: usize,
    own: Vec<(usize, Configuration)>,
    /// The cohort that is under way, and the trials of those before it.
    cohort: usize,
    history: Vec<Observation>,
}

/// How running a search ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// There is nothing left to do.
    Done,
    /// It was asked to stop.
    Stopped,
}

/// The best trial so far.
#[derive(Debug, Clone, PartialEq)]
pub struct Best {
    /// Its number in the search.
    pub trial: u64,
    /// What was tried.
    pub configuration: Configuration,
    /// How it did.
    pub value: f64,
}

impl<'a> Search<'a> {
    /// Begins a search in a study file, or goes on with the one that is in it.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be written or another search runs on it,
    /// [`Error::Study`] when the study was begun with other settings, [`Error::Setting`] for a
    /// portfolio that does not fit the space.
    pub fn open(
        settings: Settings,
        space: &'a Space,
        sampler: &'a dyn Sampler,
        rules: &'a dyn Rules,
        mut journal: Journal,
    ) -> Result<Self, Error> {
        if let Some(bad) = settings.portfolio.iter().position(|c| !space.holds(c)) {
            return Err(Error::Setting {
                setting: "portfolio",
                expected: "configurations of the space",
                found: format!("another at place {bad}"),
            });
        }
        let (own, history) = (Vec::new(), Vec::new());
        journal.claim()?;
        let (scanned, cohort) = (0, 0);
        let mut search =
            Self { settings, space, sampler, rules, journal, scanned, own, cohort, history };
        search.begin_study()?;
        search.recognize()?;
        Ok(search)
    }

    /// Runs to its end, or until `stop` says so, which is asked before every stretch of training.
    ///
    /// # Errors
    /// [`Error::File`] and [`Error::Line`] when the study file cannot be written or read.
    pub fn run(
        &mut self,
        objective: &dyn Objective,
        workers: NonZeroUsize,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<Ended, Error> {
        while let Some(members) = self.settings.members(self.cohort) {
            self.propose(members.clone())?;
            let rungs = self.settings.ladder.rungs().to_vec();
            let mut live: Vec<usize> = members.clone().collect();
            let mut from = 0;
            for (place, &to) in rungs.iter().enumerate() {
                if !self.train(&live, from..to, objective, workers, stop)? {
                    return Ok(Ended::Stopped);
                }
                live = self.judge(&live, to, place + 1 == rungs.len())?;
                from = to;
            }
            self.learn(members)?;
            self.cohort += 1;
        }
        Ok(Ended::Done)
    }

    /// Begins the trials of a cohort that are not there. Each knows the cohorts before, and what
    /// its elder siblings try.
    fn propose(&mut self, members: Range<usize>) -> Result<(), Error> {
        let mut siblings: Vec<Configuration> =
            self.own.iter().skip(members.start).map(|(_, c)| c.clone()).collect();
        let mut operations = Vec::new();
        for number in self.own.len().max(members.start)..members.end {
            let configuration = self.proposal(number, &siblings);
            operations.push(self.begun(number, &configuration)?);
            siblings.push(configuration);
        }
        if !operations.is_empty() {
            self.journal.append(&operations)?;
        }
        self.recognize()
    }

    fn proposal(&self, number: usize, siblings: &[Configuration]) -> Configuration {
        if let Some(prepared) = self.settings.portfolio.get(number) {
            return prepared.clone();
        }
        let (seed, trial) = (self.settings.seed, number as u64);
        let history = History { ended: &self.history, running: siblings };
        let sampled = self.sampler.sample(self.space, seed, trial, history);
        self.rules.settle(sampled, &mut seed.stream("tune.conflict").step(trial))
    }

    /// Trains those that have not reached the rung, and returns whether all have then.
    fn train(
        &mut self,
        live: &[usize],
        epochs: Range<u64>,
        objective: &dyn Objective,
        workers: NonZeroUsize,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<bool, Error> {
        let (from, to) = (epochs.start, epochs.end);
        let mut missing = Vec::new();
        for &number in live {
            let trial = self.trial(number)?;
            if !trial.intermediate.contains_key(&(to as i64)) {
                missing.push((number, trial.id));
            }
        }
        let Self { own, journal, .. } = self;
        let jobs: Vec<Job<'_>> = missing
            .iter()
            .map(|&(number, _)| Job {
                trial: number as u64,
                configuration: &own[number].1,
                from,
                to,
            })
            .collect();
        workers::run(&jobs, objective, workers, stop, |results| {
            let lines = results.iter().map(|&(place, value)| Operation::SetIntermediate {
                trial: missing[place].1,
                step: to as i64,
                value,
            });
            journal.append(&lines.collect::<Vec<_>>())
        })
    }

    /// Ends the trials that do not go on, and returns those that do. Behind the last rung, all have
    /// run to their end.
    fn judge(&mut self, live: &[usize], epochs: u64, is_last: bool) -> Result<Vec<usize>, Error> {
        let kept = if is_last { Vec::new() } else { self.promoted(live, epochs)? };
        let state = if is_last { State::Complete } else { State::Pruned };
        let mut operations = Vec::new();
        for &number in live.iter().filter(|number| !kept.contains(number)) {
            operations.extend(self.ended(number, state, epochs)?);
        }
        if !operations.is_empty() {
            self.journal.append(&operations)?;
        }
        Ok(kept)
    }

    fn promoted(&self, live: &[usize], epochs: u64) -> Result<Vec<usize>, Error> {
        let standing = |&number: &usize| {
            let value = self.value(number, epochs)?;
            let heaviness = self.rules.heaviness(&self.own[number].1);
            Ok(Standing { value, heaviness })
        };
        let standings: Vec<Standing> = live.iter().map(standing).collect::<Result<_, Error>>()?;
        let kept = self.settings.ladder.kept(live.len());
        let places = promoted(&standings, kept, self.settings.quota);
        Ok(places.into_iter().map(|place| live[place]).collect())
    }

    /// How a trial did at a rung, less being better; NaN if it was not there.
    fn value(&self, number: usize, epochs: u64) -> Result<f64, Error> {
        let value = self.trial(number)?.intermediate.get(&(epochs as i64)).copied();
        Ok(self.settings.oriented(value.unwrap_or(f64::NAN)))
    }

    /// Adds a cohort that has ended to what the sampler knows.
    fn learn(&mut self, members: Range<usize>) -> Result<(), Error> {
        for number in members {
            let trial = self.trial(number)?;
            let reached = trial.intermediate.last_key_value();
            let value = reached.map_or(f64::NAN, |(_, value)| self.settings.oriented(*value));
            let epochs = reached.map_or(0, |(epochs, _)| *epochs as u64);
            let given_up = (trial.state == State::Pruned).then_some(epochs);
            let configuration = self.own[number].1.clone();
            self.history.push(Observation { configuration, value, given_up });
        }
        Ok(())
    }

    /// The trials that ran to their end, the best first; of equals the earliest.
    ///
    /// # Errors
    /// [`Error::Study`] when the file was changed by someone else.
    pub fn finished(&self) -> Result<Vec<Best>, Error> {
        let mut finished = Vec::new();
        for (number, (_, configuration)) in self.own.iter().enumerate() {
            let trial = self.trial(number)?;
            if let Some(value) = trial.value().filter(|_| trial.state == State::Complete) {
                let configuration = configuration.clone();
                finished.push(Best { trial: number as u64, configuration, value });
            }
        }
        let oriented = |best: &Best| self.settings.oriented(best.value);
        finished.sort_by(|a, b| oriented(a).total_cmp(&oriented(b)));
        Ok(finished)
    }

    /// The best of the trials that ran to their end; the earliest of equals.
    ///
    /// # Errors
    /// [`Error::Study`] when the file was changed by someone else.
    pub fn best(&self) -> Result<Option<Best>, Error> {
        Ok(self.finished()?.into_iter().next())
    }

    /// How well the first rung foretold the last.
    ///
    /// # Errors
    /// [`Error::Study`] when the file was changed by someone else.
    pub fn foresight(&self) -> Result<Option<Foresight>, Error> {
        let rungs = self.settings.ladder.rungs();
        let (Some(&first), Some(&last)) = (rungs.first(), rungs.last()) else { return Ok(None) };
        let at = |epochs| -> Result<Vec<f64>, Error> {
            (0..self.own.len()).map(|number| self.value(number, epochs)).collect()
        };
        Ok(foresight(&at(first)?, &at(last)?))
    }

    /// The study file.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }
}

//! Our side: a study that proposes, judges and keeps its book in a study file.

use crate::surrogate::{loss, space};
use bench_peer::Outcome;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;
use wellfit_core::seed::Seed;
use wellfit_tune::sampler::{History, Observation, Random, Sampler, Tpe};
use wellfit_tune::space::{Configuration, Space};
use wellfit_tune::study::{
    Direction, Distribution, Durability, Journal, NewTrial, Operation, State, now,
};

/// A study under way.
pub struct Ours {
    space: Space,
    seed: Seed,
    ended: Vec<Observation>,
    journal: Journal,
}

/// What a few trials took and found.
pub struct Trials {
    /// The value of each.
    pub values: Vec<f64>,
    /// Seconds of each, sampler and book.
    pub seconds: Vec<f64>,
    /// Seconds of the sampler alone.
    pub sampling: Vec<f64>,
}

impl Ours {
    /// A new study in a new file in this folder.
    pub fn new(folder: &Path, seed: u64, durability: Durability) -> Outcome<Self> {
        let file = folder.join(format!("{seed}-{durability:?}.log"));
        let mut journal = Journal::open(&file, durability)?;
        let (name, directions) = ("surrogate".to_owned(), vec![Direction::Minimize]);
        journal.append(&[Operation::CreateStudy { name, directions }])?;
        Ok(Self { space: space()?, seed: Seed::new(seed), ended: Vec::new(), journal })
    }

    /// Runs so many trials of random search.
    pub fn random(&mut self, trials: usize) -> Outcome<Trials> {
        self.run(&Random, trials)
    }

    /// Runs so many trials of univariate TPE.
    pub fn tpe(&mut self, trials: usize) -> Outcome<Trials> {
        self.run(&Tpe::default(), trials)
    }

    fn run(&mut self, sampler: &dyn Sampler, trials: usize) -> Outcome<Trials> {
        let mut run = Trials { values: Vec::new(), seconds: Vec::new(), sampling: Vec::new() };
        for _ in 0..trials {
            let begun = Instant::now();
            let number = self.ended.len() as u64;
            let history = History { ended: &self.ended, running: &[] };
            let configuration = sampler.sample(&self.space, self.seed, number, history);
            run.sampling.push(begun.elapsed().as_secs_f64());
            self.journal.append(&[self.begun(&configuration)])?;
            let value = loss(&self.space, &configuration);
            let (state, values) = (State::Complete, Some(vec![value]));
            self.journal.append(&[Operation::SetState {
                trial: number,
                state,
                values,
                time: now(),
            }])?;
            self.ended.push(Observation { configuration, value, given_up: None });
            run.seconds.push(begun.elapsed().as_secs_f64());
            run.values.push(value);
        }
        Ok(run)
    }

    fn begun(&self, configuration: &Configuration) -> Operation {
        let live = self.space.dimensions().iter().zip(&configuration.values);
        let parameters: BTreeMap<String, (f64, Distribution)> = live
            .filter_map(|(of, value)| Some((of.name.clone(), ((*value)?, (&of.domain).into()))))
            .collect();
        let started = Some(now());
        Operation::CreateTrial(Box::new(NewTrial { parameters, started, ..NewTrial::default() }))
    }

    /// Opens the file anew, to write it another way from now on.
    pub fn set_durability(&mut self, durability: Durability) -> Outcome<()> {
        self.journal = Journal::open(self.journal.path(), durability)?;
        Ok(())
    }

    /// The space and all configurations so far.
    pub fn tried(&self) -> (&Space, impl Iterator<Item = &Observation>) {
        (&self.space, self.ended.iter())
    }
}

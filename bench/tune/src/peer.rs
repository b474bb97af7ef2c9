//! Optuna as a process.

use crate::ROOM;
use bench_peer::{Outcome, Process};
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

/// Optuna's sampler.
pub struct Peer {
    process: Process,
    /// Name and version.
    pub name: String,
}

/// What a few trials took and found.
#[derive(Deserialize)]
pub struct Trials {
    /// The value of each.
    pub values: Vec<f64>,
    /// Seconds of each.
    pub seconds: Vec<f64>,
}

impl Peer {
    /// Starts it and waits until it is ready.
    pub fn start(python: &Path) -> Outcome<Self> {
        let mut command = Command::new(python);
        command.arg(ROOM.script("optuna_tpe.py"));
        let (process, name) = Process::start(command)?;
        Ok(Self { process, name })
    }

    /// A whole study.
    pub fn study(&mut self, seed: u64, trials: usize) -> Outcome<Trials> {
        self.process.ask(json!({"study": seed, "trials": trials}))
    }

    /// Begins a study with these trials, and returns their values.
    pub fn grow(&mut self, configurations: Vec<Value>) -> Outcome<Vec<f64>> {
        self.process.ask(json!({"grow": configurations}))
    }

    /// More trials of that study.
    pub fn more(&mut self, trials: usize) -> Outcome<Trials> {
        self.process.ask(json!({"more": trials}))
    }
}

//! Optuna as a process, which sleeps while it is not its turn.

use crate::{Outcome, place};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A process at the other end of two pipes.
pub struct Peer {
    child: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
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
        command.arg(place::peer("optuna_tpe.py"));
        let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child =
            spawned.map_err(|error| format!("{} did not start: {error}", python.display()))?;
        let requests = child.stdin.take();
        let mut answers = BufReader::new(child.stdout.take().ok_or("a process without stdout")?);
        let name = answer(&mut answers)?;
        Ok(Self { child, requests, answers, name })
    }

    /// A whole study.
    pub fn study(&mut self, seed: u64, trials: usize) -> Outcome<Trials> {
        self.ask(&json!({"study": seed, "trials": trials}))
    }

    /// Begins a study with these trials, and returns their values.
    pub fn grow(&mut self, configurations: Vec<Value>) -> Outcome<Vec<f64>> {
        self.ask(&json!({"grow": configurations}))
    }

    /// More trials of that study.
    pub fn more(&mut self, trials: usize) -> Outcome<Trials> {
        self.ask(&json!({"more": trials}))
    }

    fn ask<T: DeserializeOwned>(&mut self, request: &Value) -> Outcome<T> {
        if let Some(requests) = &mut self.requests {
            writeln!(requests, "{request}")?;
            requests.flush()?;
        }
        answer(&mut self.answers)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // The end of its input ends it.
        self.requests = None;
        let _ = self.child.wait();
    }
}

fn answer<T: DeserializeOwned>(answers: &mut impl BufRead) -> Outcome<T> {
    let mut line = String::new();
    answers.read_line(&mut line)?;
    let wrong = |error| format!("expected an answer, found `{}`: {error}", line.trim());
    Ok(serde_json::from_str(&line).map_err(wrong)?)
}

//! One side of the comparison as a process that trains when it is asked to and sleeps meanwhile.

use crate::ROOM;
use bench_peer::{Outcome, Process};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::process::Command;

/// What a side says first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Hello {
    /// Name and versions.
    pub name: String,
    /// Threads it computes with.
    pub threads: usize,
}

/// What a side says at the end of a turn.
#[derive(Debug, Serialize, Deserialize)]
pub struct Answer {
    /// Of each step.
    pub milliseconds: Vec<f64>,
    /// Of each step, where the side tells.
    #[serde(default)]
    pub losses: Vec<f64>,
}

/// One side.
pub struct Side {
    process: Process,
    /// What it said first.
    pub hello: Hello,
}

/// Our side of `case`: this program once more.
pub fn ours(case: &str, threads: usize) -> Outcome<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["--side", case]);
    Ok(with_threads(command, threads))
}

/// A script of PyTorch's side; it takes the number of threads as its first argument.
pub fn pytorch(python: &Path, script: &str, threads: usize) -> Command {
    let mut command = Command::new(python);
    command.arg(ROOM.script(script)).arg(threads.to_string());
    with_threads(command, threads)
}

/// Every library that either side may compute with reads one of these names.
fn with_threads(mut command: Command, threads: usize) -> Command {
    for name in ["RAYON_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"] {
        command.env(name, threads.to_string());
    }
    command
}

impl Side {
    /// Starts the process and waits until it is ready.
    pub fn start(command: Command) -> Outcome<Self> {
        let (process, hello) = Process::start(command)?;
        Ok(Self { process, hello })
    }

    /// Has it train for `steps` steps.
    pub fn turn(&mut self, steps: usize) -> Outcome<Answer> {
        let answer: Answer = self.process.ask(steps)?;
        match answer.milliseconds.len() {
            found if found == steps => Ok(answer),
            found => Err(format!("{}: {steps} steps wanted, {found} done", self.hello.name).into()),
        }
    }
}

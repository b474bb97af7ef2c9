//! The same techniques in PyTorch and timm: what they add to a step of the same perceptron there.

use crate::ROOM;
use crate::table::Turn;
use bench_peer::{Outcome, Process, install_torch, median};
use serde::Deserialize;
use std::process::Command;
use std::time::Duration;

/// Behind a turn, so that threads that still spin go to sleep. OpenMP's do so after up to a fifth
/// of a second.
const PAUSE: Duration = Duration::from_millis(250);

/// What the other side says first.
#[derive(Debug, Deserialize)]
struct Hello {
    name: String,
    techniques: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Answer {
    milliseconds: Vec<f64>,
}

/// A process that steps when it is asked to.
pub struct PyTorch {
    process: Process,
    hello: Hello,
}

impl PyTorch {
    /// Starts it with so many threads; where there is no Python that has it, one is made.
    pub fn start(threads: usize) -> Outcome<Self> {
        let python = ROOM.python_after(install_torch)?;
        let mut command = Command::new(python);
        command.arg(ROOM.script("steps.py")).arg(threads.to_string());
        for name in ["OMP_NUM_THREADS", "MKL_NUM_THREADS"] {
            command.env(name, threads.to_string());
        }
        let (process, hello) = Process::start(command)?;
        Ok(Self { process, hello })
    }

    /// Name and versions.
    pub fn name(&self) -> &str {
        &self.hello.name
    }

    /// Whether it has the technique of this id.
    pub fn has(&self, id: &str) -> bool {
        self.hello.techniques.iter().any(|technique| technique == id)
    }

    /// Steps of a technique between steps without.
    pub fn turn(&mut self, id: &str, steps: usize) -> Outcome<Turn> {
        let turn = Turn {
            before: self.step_time("plain", steps)?,
            time: self.step_time(id, steps)?,
            after: self.step_time("plain", steps)?,
        };
        std::thread::sleep(PAUSE);
        Ok(turn)
    }

    /// Milliseconds of the median step.
    fn step_time(&mut self, id: &str, steps: usize) -> Outcome<f64> {
        let answer: Answer = self.process.ask(format!("{id} {steps}"))?;
        match answer.milliseconds.len() {
            found if found == steps => Ok(median(&answer.milliseconds)),
            found => Err(format!("{id}: {steps} steps wanted, {found} done").into()),
        }
    }
}

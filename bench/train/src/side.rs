//! One side of the comparison as a process that trains when it is asked to and sleeps meanwhile.

use crate::Outcome;
use crate::place;
use serde::{Deserialize, Serialize};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

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

/// A process at the other end of two pipes.
pub struct Side {
    child: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
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
    command.arg(place::peer(script)).arg(threads.to_string());
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
    pub fn start(mut command: Command) -> Outcome<Self> {
        let program = command.get_program().to_string_lossy().into_owned();
        let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = spawned.map_err(|error| format!("`{program}` did not start: {error}"))?;
        let requests = child.stdin.take();
        let mut answers = BufReader::new(child.stdout.take().ok_or("a process without stdout")?);
        let hello = read(&mut answers);
        let hello = hello.inspect_err(|_| drop(child.kill()))?;
        Ok(Self { child, requests, answers, hello })
    }

    /// Has it train for `steps` steps.
    pub fn turn(&mut self, steps: usize) -> Outcome<Answer> {
        if let Some(requests) = &mut self.requests {
            writeln!(requests, "{steps}")?;
            requests.flush()?;
        }
        let answer: Answer = read(&mut self.answers)?;
        match answer.milliseconds.len() {
            found if found == steps => Ok(answer),
            found => Err(format!("{}: {steps} steps wanted, {found} done", self.hello.name).into()),
        }
    }
}

impl Drop for Side {
    /// The end of its requests tells the process to leave.
    fn drop(&mut self) {
        drop(self.requests.take());
        // Nothing is left to be done about a process that does not end well.
        let _ = self.child.wait();
    }
}

fn read<T: serde::de::DeserializeOwned>(answers: &mut impl BufRead) -> Outcome<T> {
    let mut line = String::new();
    if answers.read_line(&mut line)? == 0 {
        return Err("a side ended before it answered; what it said stands above".into());
    }
    serde_json::from_str(&line)
        .map_err(|error| format!("expected an answer, found `{}`: {error}", line.trim()).into())
}

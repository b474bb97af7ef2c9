//! Another solver as a process, which sleeps while it is not its turn.

use crate::data::{Data, numbers};
use crate::{Outcome, judge, place};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A process at the other end of two pipes.
pub struct Peer {
    pub name: &'static str,
    child: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    folder: PathBuf,
}

impl Peer {
    pub fn start(name: &'static str, python: &Path, data: &Data) -> Outcome<Self> {
        let mut command = match name {
            "glmnet" => Command::new("Rscript"),
            _ => Command::new(python),
        };
        match name {
            "glmnet" => command.arg(place::peer("glmnet.R")),
            _ => command.arg(place::peer("solve.py")).arg(name),
        };
        command.arg(&data.folder).stdin(Stdio::piped()).stdout(Stdio::piped());
        command.env("OMP_NUM_THREADS", "1").env("OPENBLAS_NUM_THREADS", "1");
        let spawned = command.spawn();
        let mut child = spawned.map_err(|error| format!("{name} did not start: {error}"))?;
        let requests = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().ok_or("a process without stdout")?);
        let folder = data.folder.clone();
        let mut peer = Self { name, child, requests, answers, folder };
        peer.answer()?;
        Ok(peer)
    }

    /// The tolerance that it has where its user names none.
    pub fn default_tolerance(&self) -> f64 {
        match self.name {
            "glmnet" | "adelie" => 1e-7,
            _ => 1e-4,
        }
    }

    /// Has it solve the case, and returns the seconds that took.
    pub fn turn(&mut self, tolerance: f64) -> Outcome<f64> {
        if let Some(requests) = &mut self.requests {
            writeln!(requests, "{tolerance:e}")?;
            requests.flush()?;
        }
        let answer = self.answer()?;
        Ok(answer.parse().map_err(|_| format!("expected seconds, found `{answer}`"))?)
    }

    /// How far its last answer is from exact.
    pub fn distance(&self, data: &Data) -> Outcome<f64> {
        judge::distance(data, &numbers(&self.folder.join(format!("{}.answer", self.name)))?)
    }

    fn answer(&mut self) -> Outcome<String> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        if line.is_empty() { Err("a solver ended".into()) } else { Ok(line.trim().to_owned()) }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // The end of its input ends it.
        self.requests = None;
        let _ = self.child.wait();
    }
}

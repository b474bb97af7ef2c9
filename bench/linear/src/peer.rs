//! Another solver as a process.

use crate::data::{Data, numbers};
use crate::{ROOM, judge};
use bench_peer::{Outcome, Process};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Another solver.
pub struct Peer {
    pub name: &'static str,
    process: Process,
    folder: PathBuf,
}

impl Peer {
    pub fn start(name: &'static str, python: &Path, data: &Data) -> Outcome<Self> {
        let mut command = match name {
            "glmnet" => Command::new("Rscript"),
            _ => Command::new(python),
        };
        match name {
            "glmnet" => command.arg(ROOM.script("glmnet.R")),
            _ => command.arg(ROOM.script("solve.py")).arg(name),
        };
        command.arg(&data.folder);
        command.env("OMP_NUM_THREADS", "1").env("OPENBLAS_NUM_THREADS", "1");
        let (process, _) = Process::start::<String>(command)?;
        Ok(Self { name, process, folder: data.folder.clone() })
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
        self.process.ask(format_args!("{tolerance:e}"))
    }

    /// How far its last answer is from exact.
    pub fn distance(&self, data: &Data) -> Outcome<f64> {
        judge::distance(data, &numbers(&self.folder.join(format!("{}.answer", self.name)))?)
    }
}

//! Another solver as a process, which sleeps while it is not its turn.

use crate::case::{Case, Data, numbers};
use crate::{Outcome, Row, gap, place};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// The gap over P(0) that counts as solved.
const ENOUGH: f64 = 3e-5;
/// Tolerances that a solver is tried with, each in its own meaning.
const TOLERANCES: [f64; 6] = [1e-5, 1e-6, 1e-7, 1e-9, 1e-11, 1e-13];

/// A process at the other end of two pipes.
pub struct Peer {
    child: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    file: PathBuf,
}

/// The peers of a case, each with the loosest of the tolerances whose worst gap is small enough.
pub fn fast_enough(case: &Case, data: &Data, python: &Path) -> Outcome<Vec<(Peer, Row)>> {
    let mut found = vec![];
    for solver in case.peers {
        let mut peer = Peer::start(python, solver, &data.folder)?;
        for tolerance in TOLERANCES {
            let seconds = peer.turn(tolerance)?;
            let gap = gap::worst(data, &peer.path(1 + case.features)?);
            eprintln!("{}: {solver} at {tolerance:.0e}: gap {gap:.1e}, {seconds:.2} s", case.name);
            if gap <= ENOUGH {
                let row = Row {
                    case: case.name,
                    solver: (*solver).into(),
                    tolerance,
                    gap,
                    seconds: vec![],
                };
                found.push((peer, row));
                break;
            }
        }
    }
    Ok(found)
}

impl Peer {
    fn start(python: &Path, solver: &str, folder: &Path) -> Outcome<Self> {
        let mut command = match solver {
            "glmnet" => Command::new("Rscript"),
            _ => Command::new(python),
        };
        match solver {
            "glmnet" => command.arg(place::peer("glmnet.R")),
            _ => command.arg(place::peer("solve.py")).arg(solver),
        };
        command.arg(folder).env("OMP_NUM_THREADS", "1").stdin(Stdio::piped());
        let spawned = command.stdout(Stdio::piped()).spawn();
        let mut child = spawned.map_err(|error| format!("{solver} did not start: {error}"))?;
        let requests = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().ok_or("a process without stdout")?);
        let file = folder.join(format!("{solver}.answer"));
        let mut peer = Self { child, requests, answers, file };
        peer.answer()?;
        Ok(peer)
    }

    /// Has it solve the case, and returns the seconds that took.
    pub fn turn(&mut self, tolerance: f64) -> Outcome<f64> {
        if let Some(requests) = &mut self.requests {
            writeln!(requests, "{tolerance}")?;
            requests.flush()?;
        }
        let answer = self.answer()?;
        Ok(answer.parse().map_err(|_| format!("expected seconds, found `{answer}`"))?)
    }

    fn path(&self, width: usize) -> Outcome<Vec<Vec<f64>>> {
        Ok(numbers(&self.file)?.chunks_exact(width).map(<[f64]>::to_vec).collect())
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

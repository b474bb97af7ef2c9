//! The steps of one case on both sides, in turns.

use crate::ROOM;
use crate::case::Case;
use crate::setting::Setting;
use crate::side::{Hello, Side, ours, pytorch};
use crate::statistics::pairwise;
use bench_peer::{Outcome, median};
use serde::Serialize;
use std::path::Path;
use std::time::Duration;

/// Between two turns, so that threads of the last one that still spin go to sleep. OpenMP's do so
/// after up to a fifth of a second.
const PAUSE: Duration = Duration::from_millis(250);

/// The times of one case.
#[derive(Debug, Clone, Serialize)]
pub struct Steps {
    /// Name of the case.
    pub id: &'static str,
    /// What it is.
    pub label: &'static str,
    /// Largest difference of the losses, relative.
    pub loss_difference: f64,
    /// Milliseconds of the median step of each of our turns.
    pub ours: Vec<f64>,
    /// The same of PyTorch, each turn behind ours of the same place.
    pub pytorch: Vec<f64>,
    /// Who took part.
    pub sides: [Hello; 2],
}

impl Steps {
    /// Ours by theirs, turn by turn: what slows the machine down for a while falls on both.
    pub fn ratios(&self) -> Vec<f64> {
        pairwise(&self.ours, &self.pytorch)
    }
}

/// Measures `rounds` turns of each side after one that does not count.
pub fn measure(
    case: Case,
    loss_difference: f64,
    python: &Path,
    threads: usize,
    rounds: usize,
) -> Outcome<Steps> {
    let file = ROOM.scratch("")?.join(format!("{}.safetensors", case.id));
    Setting::endless(case)?.hand_over(&file)?;
    let mut theirs = pytorch(python, "steps.py", threads);
    theirs.arg(&file);
    let mut sides = [Side::start(ours(case.id, threads)?)?, Side::start(theirs)?];
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..=rounds {
        for (side, times) in sides.iter_mut().zip(&mut times) {
            std::thread::sleep(PAUSE);
            let time = median(&side.turn(case.steps)?.milliseconds);
            if round > 0 {
                times.push(time);
            }
        }
    }
    let sides = sides.each_ref().map(|side| side.hello.clone());
    let [ours, pytorch] = times;
    Ok(Steps { id: case.id, label: case.label, loss_difference, ours, pytorch, sides })
}

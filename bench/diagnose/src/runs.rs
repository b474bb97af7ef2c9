//! A folder of many runs: found, read and judged, all kept in memory as `wellfit diagnose` does.

use crate::{ROOM, scalars};
use bench_peer::Outcome;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::process::Command;
use std::time::Instant;
use wellfit_diagnose::diagnose;
use wellfit_diagnose::read::sources;

/// Scalars of each run, under ten tags.
pub const SCALARS: usize = 1_000;

/// What a process that reads all runs used.
#[derive(Debug, Serialize, Deserialize)]
pub struct Used {
    /// Runs that were judged.
    pub runs: usize,
    /// Points of all of them.
    pub points: usize,
    /// For finding, reading and judging.
    pub seconds: f64,
    /// Highest resident memory; none where the system does not tell.
    pub peak_mib: Option<f64>,
}

/// Makes the folder, and measures a process of its own that reads it.
pub fn measure(python: &Path, runs: usize) -> Outcome<Used> {
    let one = scalars::event_file(python, SCALARS)?;
    let folder = ROOM.scratch(&format!("runs-{runs}"))?;
    for run in 0..runs {
        let below = folder.join(format!("run-{run:04}"));
        if !below.is_dir() {
            std::fs::create_dir_all(&below)?;
            for file in std::fs::read_dir(&one)? {
                let file = file?;
                std::fs::copy(file.path(), below.join(file.file_name()))?;
            }
        }
    }
    let child = Command::new(std::env::current_exe()?).arg("--read").arg(&folder).output()?;
    if !child.status.success() {
        return Err(String::from_utf8_lossy(&child.stderr).into_owned().into());
    }
    Ok(serde_json::from_slice(&child.stdout)?)
}

/// Reads and judges all runs below a folder, and tells what that used.
pub fn read(folder: &Path) -> Outcome<Used> {
    let begin = Instant::now();
    let mut judged = Vec::new();
    for source in sources(folder, None)? {
        for log in source.read()? {
            let diagnosis = diagnose(&log.run);
            judged.push((log, diagnosis));
        }
    }
    let seconds = begin.elapsed().as_secs_f64();
    let series = judged.iter().flat_map(|(log, _)| &log.run.series);
    let points = series.map(|series| series.points.len()).sum();
    Ok(Used { runs: judged.len(), points, seconds, peak_mib: peak_mib() })
}

/// `VmHWM` of Linux.
fn peak_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib / 1024.0)
}

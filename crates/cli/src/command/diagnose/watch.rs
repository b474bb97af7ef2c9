//! Follows the log of a running job.

use super::criterion::Criterion;
use super::json;
use super::line::plain;
use super::seen::{Seen, stamps};
use super::stop::{Stop, stop};
use crate::error::Failure;
use crate::screen::{print, tell};
use serde_json::json;
use std::io::stderr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use wellfit::diagnose::read::{Format, Log, sources};
use wellfit::diagnose::{Diagnosis, Verdict, diagnose, watched};
use wellfit::whole;

/// What to follow, and what to do when it is time to stop.
pub struct Watch<'a> {
    pub paths: &'a [PathBuf],
    pub format: Option<Format>,
    pub criterion: Criterion,
    pub exec: Option<&'a str>,
    pub json: bool,
    pub every: Duration,
    pub timeout: Option<Duration>,
    /// The logs that were seen.
    pub followed: Vec<Followed>,
}

/// A log and what was said of it.
pub struct Followed {
    path: PathBuf,
    name: String,
    pub verdict: Verdict,
    /// Whether a stop was said, or cannot be said.
    stopped: bool,
}

impl Watch<'_> {
    /// Looks again and again until the time is over.
    pub fn run(&mut self) -> Result<(), Failure> {
        if self.paths.iter().any(|path| path == Path::new("-")) {
            let hint = "write the log to a file, as `python train.py | tee log.txt` does";
            return Err(Failure::new("standard input cannot be watched", Some(hint.to_owned())));
        }
        let began = Instant::now();
        let mut seen: Vec<Seen> = vec![Seen::default(); self.paths.len()];
        loop {
            for (path, seen) in self.paths.iter().zip(&mut seen) {
                let (first, before) = (seen.looks == 0, seen.looks);
                seen.update(stamps(path));
                if seen.looks > before {
                    self.look(path, seen.stands_still, first)?;
                }
            }
            let left = self.timeout.map(|timeout| timeout.saturating_sub(began.elapsed()));
            if left.is_some_and(|left| left.is_zero()) {
                return Ok(());
            }
            std::thread::sleep(left.map_or(self.every, |left| left.min(self.every)));
        }
    }

    fn look(&mut self, path: &Path, still: bool, first: bool) -> Result<(), Failure> {
        let listed = match sources(path, self.format) {
            Ok(listed) => listed,
            Err(error) if first => {
                tell!("waiting: {}", plain(&error.to_string()));
                return Ok(());
            }
            Err(_) => return Ok(()),
        };
        for source in listed {
            let logs = if still { source.read() } else { source.read_growing() };
            // What cannot be read yet may be readable soon: a header comes before its rows.
            for log in logs.unwrap_or_default() {
                self.judge(&log)?;
            }
        }
        Ok(())
    }

    fn judge(&mut self, log: &Log) -> Result<(), Failure> {
        let found = diagnose(&log.run);
        let known = |other: &Followed| other.path == log.path && other.name == log.name;
        let at = self.followed.iter().position(known);
        let before = at.map(|at| self.followed[at].verdict);
        let at = at.unwrap_or_else(|| {
            let (path, name) = (log.path.clone(), log.name.clone());
            self.followed.push(Followed { path, name, verdict: found.verdict, stopped: false });
            self.followed.len() - 1
        });
        self.followed[at].verdict = found.verdict;
        if before != Some(found.verdict) {
            self.tell_verdict(log, &found)?;
        }
        if !self.followed[at].stopped {
            self.followed[at].stopped = self.stop(log, &found)?;
        }
        Ok(())
    }

    /// Says when it is time to stop; whether that is settled.
    fn stop(&self, log: &Log, found: &Diagnosis) -> Result<bool, Failure> {
        let curve = watched(&log.run);
        let ruled = curve.as_ref().map(|watched| stop(watched, self.criterion)).transpose();
        let stop = match ruled {
            Ok(stop) => stop.flatten().or_else(|| broken(found, curve.as_ref()?.epochs.last())),
            Err(why) => {
                tell!("{}: {}", plain(&log.name), plain(&why));
                return Ok(true);
            }
        };
        let Some(stop) = stop else { return Ok(false) };
        self.tell_stop(log, &stop)?;
        self.execute(log, &stop);
        Ok(true)
    }

    fn tell_verdict(&self, log: &Log, found: &Diagnosis) -> Result<(), Failure> {
        let last = watched(&log.run).and_then(|watched| watched.epochs.last().copied());
        if self.json {
            let event = json!({
                "event": "verdict", "path": log.path.display().to_string(), "name": log.name,
                "epoch": whole(last), "verdict": found.verdict,
                "confidence": found.confidence, "best_epoch": whole(found.best_epoch),
                "onset_epoch": whole(found.onset_epoch),
            });
            return print(&json::text(&event)?);
        }
        let since = found.onset_epoch.map(|onset| format!(" since {onset}")).unwrap_or_default();
        let line = format!("{}: {}{since} - {}", at(log, last), found.verdict, found.sentence());
        print(&plain(&line))
    }

    fn tell_stop(&self, log: &Log, stop: &Stop) -> Result<(), Failure> {
        if self.json {
            let event = json!({
                "event": "stop", "path": log.path.display().to_string(), "name": log.name,
                "epoch": whole(Some(stop.epoch)),
                "best_epoch": whole(Some(stop.best_epoch)),
                "criterion": self.criterion.to_string(), "reason": stop.reason,
            });
            return print(&json::text(&event)?);
        }
        let (at, axis) = (at(log, Some(stop.epoch)), log.axis.name());
        let Stop { best_epoch, reason, .. } = stop;
        print(&plain(&format!(
            "{at}: stopping now keeps the best model, that of {axis} {best_epoch} - {reason}"
        )))
    }

    /// Runs the command of `--exec` and waits for it; what it prints goes to standard error.
    fn execute(&self, log: &Log, stop: &Stop) {
        let Some(line) = self.exec else { return };
        let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
        let mut command = Command::new(shell);
        command.arg(flag).arg(line).stdin(Stdio::null()).stdout(stderr());
        command.env("WELLFIT_PATH", &log.path);
        command.env("WELLFIT_EPOCH", stop.epoch.to_string());
        command.env("WELLFIT_BEST_EPOCH", stop.best_epoch.to_string());
        match command.status() {
            Ok(status) if status.success() => {}
            Ok(status) => tell!("warning: the command of --exec ended with {status}"),
            Err(error) => tell!("warning: the command of --exec did not start: {error}"),
        }
    }
}

/// `name, epoch 5`.
fn at(log: &Log, epoch: Option<f64>) -> String {
    let place = epoch.map(|epoch| format!(", {} {epoch}", log.axis.name()));
    log.name.clone() + &place.unwrap_or_default()
}

/// A loss that broke down ends the hope for a better model, whatever the criterion.
fn broken(found: &Diagnosis, last: Option<&f64>) -> Option<Stop> {
    let broken = found.verdict == Verdict::Diverged;
    let (epoch, best_epoch) = (*last?, found.best_epoch?);
    broken.then(|| Stop { epoch, best_epoch, reason: found.sentence() })
}

//! The progress of a run: an estimate before long work, a bar on a terminal, plain lines in a pipe;
//! and Ctrl-C.

use super::memory::{Process, mib};
use super::pace::{Pace, words};
use crate::screen::{quiet, tell};
use indicatif::{ProgressBar, ProgressStyle};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use wellfit::nn::train::{self, TrainConfig, Watch, Wish};
use wellfit::prelude::{Part, Run};

/// Watches a run for a person.
pub struct Progress {
    bar: ProgressBar,
    /// When the first step had ended: it is slower than those that follow.
    began: Option<Instant>,
    pace: Pace,
    /// What the last epoch brought.
    message: String,
    metric: &'static str,
    epochs: u64,
    interrupt: Arc<AtomicBool>,
}

impl Progress {
    /// A bar on standard error; it hides where that is no terminal, and there are lines instead.
    pub fn new(metric: &'static str, config: &TrainConfig) -> Self {
        let bar = if quiet() { ProgressBar::hidden() } else { ProgressBar::no_length() };
        let template = "{bar:24} {pos}/{len} steps, {per_sec:.0}, {eta} left  {msg}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("━╸ "));
        }
        Self {
            bar,
            began: None,
            pace: Pace::default(),
            message: String::new(),
            metric,
            epochs: config.epochs.get(),
            interrupt: Arc::default(),
        }
    }

    /// What ends the run behind a checkpoint once it is set.
    pub fn interrupt(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.interrupt)
    }

    /// Forgets the run that has ended, for one more.
    pub fn begin_again(&mut self) {
        (self.began, self.pace) = (None, Pace::default());
        self.message = "the last training, on more rows".to_owned();
        self.bar.reset();
        self.bar.unset_length();
    }

    /// Whether Ctrl-C was pressed.
    pub fn interrupted(&self) -> bool {
        self.interrupt.load(Ordering::Relaxed)
    }

    /// Takes the bar away.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }

    /// Before long work, about how long it will be.
    fn estimate(&mut self, elapsed: Duration, progress: &train::Progress<'_>) {
        let Some(left) = self.pace.estimate(elapsed, progress.step, progress.steps) else { return };
        let memory =
            Process::of_system().map(|held| format!("; {} of memory so far", mib(held.peak)));
        let (steps, memory) = (progress.steps - progress.step, memory.unwrap_or_default());
        let left = words(left);
        self.bar.suspend(|| tell!("takes   about {left} for {steps} more steps at most{memory}"));
    }

    /// Where there is no bar, a line from time to time.
    fn line(&mut self, elapsed: Duration, progress: &train::Progress<'_>) {
        if !self.bar.is_hidden() || !self.pace.line_due(elapsed) {
            return;
        }
        let percent = 100 * progress.step / progress.steps.max(1);
        let left = self.pace.left(elapsed, progress.step, progress.steps).map(words);
        let left = left.map(|left| format!(", about {left} left")).unwrap_or_default();
        tell!("{percent:>3}%{left}  {}", self.message);
    }

    fn gap(&self, log: &Run) -> Option<String> {
        let last = |part| log.get(part, self.metric)?.points.last().map(|point| point.1);
        let (metric, train) = (self.metric, last(Part::Train)?);
        let Some(validation) = last(Part::Validation) else {
            return Some(format!("{metric} {train:.3} train"));
        };
        let gap = train - validation;
        Some(format!("{metric} {train:.3} train, {validation:.3} validation, gap {gap:+.3}"))
    }
}

impl Watch for Progress {
    fn after_step(&mut self, progress: &train::Progress<'_>) -> Wish {
        if self.bar.length().is_none() {
            self.bar.set_length(progress.steps);
            self.bar.reset_eta();
        }
        self.bar.set_position(progress.step);
        let elapsed = self.began.get_or_insert_with(Instant::now).elapsed();
        self.estimate(elapsed, progress);
        self.line(elapsed, progress);
        if self.interrupt.load(Ordering::Relaxed) { Wish::Interrupt } else { Wish::Continue }
    }

    fn after_epoch(&mut self, log: &Run, epoch: u64) {
        let gap = self.gap(log).unwrap_or_default();
        self.message = format!("epoch {epoch}/{}: {gap}", self.epochs);
        self.bar.set_message(self.message.clone());
    }
}

//! The progress bar: rate, current gap, and Ctrl-C.

use crate::error::Failure;
use indicatif::{ProgressBar, ProgressStyle};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use wellfit::nn::train::{self, TrainConfig, Watch, Wish};
use wellfit::prelude::{Part, Run};

/// Watches a run for a person.
pub struct Progress {
    bar: ProgressBar,
    metric: &'static str,
    epochs: u64,
    interrupt: Arc<AtomicBool>,
}

impl Progress {
    /// A bar on standard error; it hides where that is no terminal.
    pub fn new(metric: &'static str, config: &TrainConfig) -> Self {
        let bar = ProgressBar::no_length();
        let template = "{bar:24} {pos}/{len} steps, {per_sec:.0}, {eta} left  {msg}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("━╸ "));
        }
        Self { bar, metric, epochs: config.epochs.get(), interrupt: Arc::default() }
    }

    /// Lets the first Ctrl-C end the run behind a checkpoint, and the second end it at once.
    pub fn listen_to_ctrl_c(&self) -> Result<(), Failure> {
        let interrupt = Arc::clone(&self.interrupt);
        let handler = move || {
            if interrupt.swap(true, Ordering::SeqCst) {
                std::process::exit(130);
            }
        };
        ctrlc::set_handler(handler)
            .map_err(|error| Failure::new(format!("cannot listen to Ctrl-C: {error}"), None))
    }

    /// Takes the bar away.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }

    fn gap(&self, log: &Run) -> Option<String> {
        let last = |part| log.get(part, self.metric)?.points.last().map(|point| point.1);
        let (train, validation) = (last(Part::Train)?, last(Part::Validation)?);
        let (metric, gap) = (self.metric, train - validation);
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
        if self.interrupt.load(Ordering::Relaxed) { Wish::Interrupt } else { Wish::Continue }
    }

    fn after_epoch(&mut self, log: &Run, epoch: u64) {
        let gap = self.gap(log).unwrap_or_default();
        self.bar.set_message(format!("epoch {epoch}/{}: {gap}", self.epochs));
    }
}

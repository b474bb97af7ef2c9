//! From paths to diagnosed logs, with progress where there are many.

use crate::screen::{quiet, tell};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::stdin;
use std::path::{Path, PathBuf};
use wellfit::Diagnosed;
use wellfit::diagnose::read::{Format, Log, ReadError, Source, read_from, sources};

/// From this many logs on, progress is shown and less is kept of each.
const MANY: usize = 50;

/// Logs that were diagnosed, and those that could not be read.
#[derive(Default)]
pub struct Input {
    pub found: Vec<Diagnosed>,
    pub refused: Vec<Refused>,
}

/// A file that could not be read.
pub struct Refused {
    pub path: PathBuf,
    /// One line: what was expected, what was found, where.
    pub message: String,
}

impl Input {
    /// Reads and diagnoses all that the paths hold.
    pub fn read(paths: &[PathBuf], format: Option<Format>) -> Self {
        let mut input = Self::default();
        let mut listed: Vec<Source> = Vec::new();
        for path in paths {
            match path == Path::new("-") {
                true => input.take(path, read_from(stdin().lock(), format), false),
                false => match sources(path, format) {
                    Ok(sources) => listed.extend(sources),
                    Err(error) => input.refuse(path, &error),
                },
            }
        }
        let many = listed.len() >= MANY;
        let progress = Progress::new(listed.len(), many);
        for (number, source) in listed.iter().enumerate() {
            progress.show(number);
            input.take(source.path(), source.read(), many);
        }
        progress.bar.finish_and_clear();
        input
    }

    fn take(&mut self, path: &Path, logs: Result<Vec<Log>, ReadError>, among_many: bool) {
        match logs {
            Ok(logs) => {
                self.found.extend(logs.into_iter().map(|log| Diagnosed::of(log, among_many)))
            }
            Err(error) => self.refuse(path, &error),
        }
    }

    fn refuse(&mut self, path: &Path, error: &ReadError) {
        self.refused.push(Refused { path: path.to_owned(), message: error.to_string() });
    }
}

/// A bar on a terminal, plain lines in a pipe, nothing for few logs.
struct Progress {
    bar: ProgressBar,
    logs: usize,
    many: bool,
}

impl Progress {
    fn new(logs: usize, many: bool) -> Self {
        let hidden = quiet() || !many;
        let bar = if hidden { ProgressBar::hidden() } else { ProgressBar::new(logs as u64) };
        if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos}/{len} logs, {eta} left") {
            bar.set_style(style.progress_chars("━╸ "));
        }
        Self { bar, logs, many }
    }

    fn show(&self, number: usize) {
        self.bar.set_position(number as u64);
        let tenth = self.logs.div_ceil(10).max(1);
        if self.many && self.bar.is_hidden() && number > 0 && number.is_multiple_of(tenth) {
            tell!("read {number} of {} logs", self.logs);
        }
    }
}

//! `wellfit diagnose`: anyone's training log in, a straight answer out.

mod criterion;
mod figure;
mod input;
mod json;
mod line;
mod page;
mod report;
mod seen;
mod stop;
mod watch;

use crate::error::Failure;
use crate::screen::{complain, print, tell};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use criterion::Criterion;
use input::{Input, Refused};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use wellfit::diagnose::Verdict;
use wellfit::diagnose::read::Format;

/// Reads training logs of any framework and says whether the model overfits, since when, how sure
/// that is, which checkpoint to keep and what to try.
#[derive(Args)]
#[command(after_help = "\
Examples:
  wellfit diagnose history.csv
  wellfit diagnose runs/ --html runs.html           all logs in a folder, on one offline page
  python train.py | tee log.txt | wellfit diagnose -
  wellfit diagnose log.csv --json | jq '.runs[0].verdict'
  wellfit diagnose log.csv --fail-on overfit,diverged        exit code 3, for a pipeline
  wellfit diagnose log.csv --watch --exec 'kill $(cat train.pid)'

The logs are those of Keras, Lightning, Hugging Face, TensorBoard, fastai, YOLO, CatBoost, XGBoost,
LightGBM, scikit-learn, MLflow, Weights & Biases, Detectron2, nanoGPT, Burn and wellfit, tables with
a column for each metric, JSON, and what a program prints. The format is found from the content.

Exit codes: 0 done, 1 nothing could be read, 2 wrong usage, 3 the condition of --fail-on holds.")]
pub struct Diagnose {
    /// Files, folders (searched for logs), or - for standard input.
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// Read every log as this format; in a folder, leave out the others.
    #[arg(long, value_name = "FORMAT", value_parser = format_parser(), hide_possible_values = true)]
    format: Option<Format>,
    /// Print one JSON object; with --watch, one for each event.
    #[arg(long)]
    json: bool,
    /// Draw the learning curves, of 6 runs at most; the ending says how.
    #[arg(long, value_name = "FILE.svg|png", value_parser = figure::file, conflicts_with = "watch")]
    plot: Option<PathBuf>,
    /// Write one offline page with interactive curves.
    #[arg(long, value_name = "FILE", conflicts_with = "watch")]
    html: Option<PathBuf>,
    /// End with exit code 3 when a run has one of these verdicts: overfit, underfit, good,
    /// not_converged, diverged, cannot_tell.
    #[arg(long, value_name = "VERDICTS", value_delimiter = ',', value_parser = verdict)]
    fail_on: Vec<Verdict>,
    /// Follow the log of a running job: speak when the verdict changes, and when stopping now would
    /// keep the best model. Ctrl-C ends it.
    #[arg(long)]
    watch: bool,
    /// With --watch, when to stop: noise-aware (a rise beyond the noise of the curve), Prechelt's
    /// gl:PERCENT, pq:QUOTIENT or up:STRIPS, or patience:EVALUATIONS.
    #[arg(long, value_name = "RULE", default_value = "noise-aware", requires = "watch")]
    criterion: Criterion,
    /// With --watch, run this shell command when it is time to stop. It is told WELLFIT_PATH,
    /// WELLFIT_EPOCH and WELLFIT_BEST_EPOCH.
    #[arg(long, value_name = "COMMAND", requires = "watch")]
    exec: Option<String>,
    /// With --watch, seconds between two looks at the log.
    #[arg(long, value_name = "SECONDS", default_value = "2", value_parser = seconds, requires = "watch")]
    every: Duration,
    /// With --watch, end after so many seconds.
    #[arg(long, value_name = "SECONDS", value_parser = seconds, requires = "watch")]
    timeout: Option<Duration>,
}

fn format_parser() -> impl TypedValueParser<Value = Format> {
    let names = Format::ALL.iter().map(|format| format.name());
    PossibleValuesParser::new(names).try_map(|name| name.parse::<Format>())
}

fn verdict(word: &str) -> Result<Verdict, String> {
    let found = Verdict::ALL.into_iter().find(|verdict| verdict.id() == word.trim());
    found.ok_or_else(|| {
        let words = Verdict::ALL.map(Verdict::id).join(", ");
        format!("expected verdicts among {words}, found `{word}`")
    })
}

fn seconds(text: &str) -> Result<Duration, String> {
    let expected = || format!("expected seconds, a finite number above 0, found {text}");
    let value: f64 = text.parse().map_err(|_| expected())?;
    let duration = Duration::try_from_secs_f64(value).map_err(|_| expected())?;
    if duration.is_zero() { Err(expected()) } else { Ok(duration) }
}

impl Diagnose {
    pub fn run(self) -> Result<ExitCode, Failure> {
        if self.watch {
            return self.follow();
        }
        let input = Input::read(&self.paths, self.format);
        self.complain(&input.refused);
        if input.found.is_empty() {
            // Scripts get their object also where nothing could be read.
            if self.json {
                print(&json::document(&input)?)?;
            }
            return Ok(ExitCode::from(1));
        }
        self.files(&input)?;
        match self.json {
            true => print(&json::document(&input)?)?,
            false => print(report::text(&input)?.trim_end())?,
        }
        Ok(self.code(input.found.iter().map(|found| found.diagnosis.verdict)))
    }

    fn follow(&self) -> Result<ExitCode, Failure> {
        let mut watch = watch::Watch {
            paths: &self.paths,
            format: self.format,
            criterion: self.criterion,
            exec: self.exec.as_deref(),
            json: self.json,
            every: self.every,
            timeout: self.timeout,
            followed: Vec::new(),
        };
        watch.run()?;
        let verdicts: Vec<Verdict> = watch.followed.iter().map(|log| log.verdict).collect();
        if verdicts.is_empty() {
            return Err(Failure::new("no log appeared before the time was over", None));
        }
        Ok(self.code(verdicts.into_iter()))
    }

    fn code(&self, mut verdicts: impl Iterator<Item = Verdict>) -> ExitCode {
        let failed = verdicts.any(|verdict| self.fail_on.contains(&verdict));
        if failed { ExitCode::from(3) } else { ExitCode::SUCCESS }
    }

    fn complain(&self, refused: &[Refused]) {
        for Refused { message, .. } in refused {
            complain!("error: {}", line::plain(message));
        }
    }

    fn files(&self, input: &Input) -> Result<(), Failure> {
        if let Some(path) = &self.plot {
            write(path, &figure::bytes(&input.found, path)?)?;
        }
        if let Some(path) = &self.html {
            write(path, page::html(input).as_bytes())?;
        }
        Ok(())
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    std::fs::write(path, bytes)
        .map_err(|error| Failure::new(format!("cannot write {}: {error}", path.display()), None))?;
    tell!("wrote {}", path.display());
    Ok(())
}

//! `wellfit train`: from a recipe to a model, its curves and a verdict.

pub mod memory;
pub mod pace;
pub mod place;
mod progress;
mod report;

use crate::error::Failure;
use crate::interrupt;
use crate::screen::{print, tell};
use clap::Args;
use progress::Progress;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use wellfit::nn::model::Model;
use wellfit::nn::train::{Checkpoint, Refit, StoppedBy, Trained};
use wellfit::prelude::Experiment;
use wellfit::{Again, Folder, Saving, Summary};

/// Trains the model of a recipe, or a network on a table, shows its learning curves, says whether
/// it overfits, and keeps the best model.
#[derive(Args)]
#[command(after_help = "\
Examples:
  wellfit train examples/digits.toml
  wellfit train examples/digits.toml --set regularize.dropout.rate=0.3
  wellfit train examples/digits.toml --set train.epochs=5 --seed 2 --json | tail -n 1
  wellfit train examples/digits.toml --out runs/mine --resume
  wellfit train patients.csv --target outcome

Files in the run's folder: report.html (all of it on one page), metrics.jsonl (a line per epoch),
events (the same for TensorBoard: tensorboard --logdir runs), model.safetensors and model.toml (the
best model and its preprocessing), curves.svg and curves.png, summary.json, recipe.toml, and
checkpoint.safetensors, from which --resume goes on with the same bits as an uninterrupted run.
Ctrl-C saves a checkpoint, and the best model and curves so far; a second Ctrl-C ends at once.")]
pub struct Train {
    /// The recipe, a TOML file with [data], [model], [train] and [[regularize]]; or with --target a
    /// table: CSV (plain, gzip, zstd) or Parquet.
    #[arg(value_name = "RECIPE|TABLE")]
    recipe: PathBuf,
    /// Column of the table that is to be predicted. The rest of the recipe has defaults, which
    /// --set changes and --show-recipe shows.
    #[arg(long, value_name = "COLUMN")]
    target: Option<String>,
    /// Print the recipe with all assignments, to keep and to change, and train nothing.
    #[arg(long)]
    show_recipe: bool,
    /// Change one value of the recipe, as train.epochs=5 or regularize.l2.lambda=0.1; repeatable.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Folder of the run; runs/RECIPE-NAME, with a number behind it where that is taken, unless
    /// told otherwise.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The seed of everything random; like --set seed=N.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Go on with an interrupted run: the one in --out, or the newest of this recipe.
    #[arg(long)]
    resume: bool,
    /// Print one JSON object as the last line of standard output; the report goes to standard
    /// error.
    #[arg(long)]
    json: bool,
    /// Seconds between checkpoints.
    #[arg(long, value_name = "SECONDS", default_value_t = 5.0, value_parser = seconds)]
    checkpoint_every: f64,
}

fn seconds(text: &str) -> Result<f64, String> {
    let expected = || format!("expected seconds, a finite number of at least 0, found {text}");
    let value: f64 = text.parse().map_err(|_| expected())?;
    Duration::try_from_secs_f64(value).map(|_| value).map_err(|_| expected())
}

impl Train {
    pub fn run(self) -> Result<ExitCode, Failure> {
        let began = Instant::now();
        let mut assignments = self.set.clone();
        assignments.extend(self.seed.map(|seed| format!("seed={seed}")));
        let experiment = open(&self.recipe, self.target.as_deref(), &assignments)?;
        if self.show_recipe {
            print(experiment.canonical.trim_end())?;
            return Ok(ExitCode::SUCCESS);
        }
        let name = name(&self.recipe);
        let (folder, from) = self.folder(&experiment, &name)?;
        let out = folder.path().to_owned();
        report::beginning(&experiment, &out, from.as_ref().map(|checkpoint| checkpoint.step));
        memory::tell(&experiment, 1)?;

        let mut progress = Progress::new(experiment.metric(), &experiment.config);
        interrupt::listen(progress.interrupt())?;
        let every = Duration::from_secs_f64(self.checkpoint_every);
        let mut saving = Saving::new(&folder, &experiment, from.as_ref(), every, &mut progress)?;
        let trained = experiment.train(from, &mut saving)?;
        if let Some(error) = saving.error() {
            return Err(error.into());
        }
        progress.end();
        if trained.epochs == 0 && trained.stopped_by == StoppedBy::Diverged {
            let ruin = folder.give_up(&experiment, began.elapsed().as_secs_f64())?;
            if self.json {
                print(&json(&ruin)?)?;
            }
            return Err(diverged_at_once());
        }
        let mut interrupted = trained.stopped_by == StoppedBy::Interrupt;
        // Before the first epoch has ended there is nothing to show.
        if trained.epochs > 0 {
            let seconds = began.elapsed().as_secs_f64();
            let mut summary = Summary::of(&trained, &experiment, seconds, out.clone())?;
            let again = refit(&experiment, &trained, &summary, &mut progress)?;
            interrupted |= progress.interrupted();
            again.iter().for_each(|again| summary.note_refit(again));
            let model = match &again {
                Some(Again::Done(refitted)) => &refitted.model,
                _ => &trained.best,
            };
            summary.seconds = began.elapsed().as_secs_f64();
            let files = folder.finish(&experiment, &trained, model, &summary, &name)?;
            report::end(&experiment, &trained, &summary, &files, &name)?;
            if self.json {
                print(&json(&summary)?)?;
            }
        }
        Ok(if interrupted { self.interrupted(&trained, &out) } else { ExitCode::SUCCESS })
    }

    /// The folder of the run, and the checkpoint to go on from.
    fn folder(
        &self,
        experiment: &Experiment,
        name: &str,
    ) -> Result<(Folder, Option<Checkpoint>), Failure> {
        if !self.resume {
            let path = self.out.clone().map_or_else(|| place::claim(name), Ok)?;
            return Ok((Folder::create(&path)?, None));
        }
        let path = self.out.clone().unwrap_or_else(|| place::newest(name));
        if !path.exists() {
            let message = format!("there is no run to resume in {}", path.display());
            let hint = "start it without --resume, or name its folder by --out";
            return Err(Failure::new(message, Some(hint.to_owned())));
        }
        Ok(Folder::resume(&path, experiment)?)
    }

    fn interrupted(&self, trained: &Trained<Model>, out: &Path) -> ExitCode {
        tell!("interrupted in epoch {}; the checkpoint is saved", trained.epochs + 1);
        let quoted = |path: &Path| place::quoted(&path.display().to_string());
        // As it was called: `cargo run` calls a program that no search path knows.
        let program = std::env::args_os().next().unwrap_or_else(|| "wellfit".into());
        let mut words = vec![quoted(Path::new(&program)), "train".to_owned(), quoted(&self.recipe)];
        words
            .extend(self.target.iter().map(|target| format!("--target {}", place::quoted(target))));
        words.extend(self.set.iter().map(|set| format!("--set {}", place::quoted(set))));
        words.extend(self.seed.map(|seed| format!("--seed {seed}")));
        words.push(format!("--out {} --resume", quoted(out)));
        tell!("go on with: {}", words.join(" "));
        ExitCode::from(130)
    }
}

fn json(object: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(object).map_err(|error| Failure::new(error.to_string(), None))
}

/// Steps are skipped where the gradient is not finite, and so many in a row end the run.
fn diverged_at_once() -> Failure {
    let message = "the run diverged within its first epoch: too many gradients in a row were NaN \
                   or infinite, and there is no model to keep";
    let hint = "lower train.learning_rate, add train.warm_up_epochs or clip_global_norm";
    Failure::new(message.to_owned(), Some(hint.to_owned()))
}

fn refit(
    experiment: &Experiment,
    trained: &Trained<Model>,
    summary: &Summary,
    progress: &mut Progress,
) -> Result<Option<Again>, Failure> {
    if experiment.config.refit == Refit::None {
        return Ok(None);
    }
    progress.begin_again();
    let threshold = summary.threshold.map(|found| found.value);
    let again = experiment.refit(trained, threshold, progress)?;
    progress.end();
    Ok(again)
}

/// The experiment of a recipe or, with a target, of a table.
pub fn open(
    path: &Path,
    target: Option<&str>,
    assignments: &[String],
) -> Result<Experiment, Failure> {
    if let Some(target) = target {
        return Ok(Experiment::of_table(path, target, assignments)?);
    }
    if is_table(path) {
        let message = format!("{} is a table and no recipe", path.display());
        let hint = "name the column that is to be predicted: --target COLUMN";
        return Err(Failure::new(message, Some(hint.to_owned())));
    }
    Ok(Experiment::open(path, assignments)?)
}

/// Whether the file is called as tables are.
fn is_table(path: &Path) -> bool {
    let name = path.to_string_lossy().to_lowercase();
    let ends = [".csv", ".csv.gz", ".csv.zst", ".tsv", ".parquet"];
    ends.iter().any(|end| name.ends_with(end))
}

/// The file's name without its endings.
pub fn name(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let stem = |name: String| match name.get(1..).and_then(|rest| rest.find('.')) {
        Some(dot) if is_table(path) => name[..=dot].to_owned(),
        _ => path.file_stem().map_or(name, |stem| stem.to_string_lossy().into_owned()),
    };
    name.map_or_else(|| "run".to_owned(), stem)
}

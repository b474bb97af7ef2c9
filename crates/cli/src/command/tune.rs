//! `wellfit tune`: from a recipe to a cure, and the proof that it worked.

mod duration;
pub mod screen;

use super::train::{memory, name, open, place};
use crate::error::Failure;
use crate::interrupt;
use crate::screen::{print, tell};
use clap::Args;
use screen::Screen;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use wellfit::cure::{Settings, Tuning};
use wellfit::tune::engine::Ray;

/// Finds the regularization that cures a recipe's network, and proves that it did: trains it plain,
/// says what is wrong, searches the techniques, races the best of them against plain on fresh seeds
/// and splits, and opens the test rows once.
#[derive(Args)]
#[command(after_help = "\
Examples:
  wellfit tune examples/digits.toml
  wellfit tune examples/digits.toml --set tune.trials=30 --set tune.seeds=5 --json | tail -n 1
  wellfit tune patients.csv --target outcome --set tune.metric='validation.recall' --budget 30m
  wellfit tune examples/digits.toml --out runs/mine --resume

Plain is the same network without any technique and without the optimizer's decay, with its best
epoch restored, so that what is gained is gained by the techniques. A difference counts as better
when chance does not explain it; otherwise the answer is that plain was fine.

Keys of [tune], all of which have defaults: metric (as validation.accuracy; train.monitor unless
told), trials (60), cuts (of training and validation behind the value of a trial: as many as make 1000
validation rows, 3 at most), techniques (ids; those that suit), at_most (4 in one recipe), seeds (10
pairs of the race), finalists (5), band (true: the chosen lambda made weaker and stronger too),
cohort (9), rungs (3), factor (3), quota (0.34), level (0.05).

Files in the folder: chosen.toml (the recipe to go on with), report.html, answer.json, study.log
(Optuna's journal: optuna-dashboard runs/NAME-tune/study.log), and the folder race, from which
--resume goes on. Ctrl-C ends it, and nothing that was done is lost.")]
pub struct Tune {
    /// The recipe, a TOML file with [data], [model], [train] and, if wanted, [tune]; or with
    /// --target a table: CSV (plain, gzip, zstd) or Parquet.
    #[arg(value_name = "RECIPE|TABLE")]
    recipe: PathBuf,
    /// Column of the table that is to be predicted.
    #[arg(long, value_name = "COLUMN")]
    target: Option<String>,
    /// Change one value of the recipe, as tune.trials=30 or train.epochs=50; repeatable.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Folder of the search; runs/RECIPE-NAME-tune, with a number behind it where that is taken.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The seed of everything random; like --set seed=N.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Runs at the same time; as many as there are processors unless told. The answer is the same.
    #[arg(long, value_name = "N")]
    workers: Option<NonZeroUsize>,
    /// Run the search on a cluster: ray=http://head:8265. The program is brought there; the data must
    /// be under the same path on every machine. The race is run here.
    #[arg(long, value_name = "ENGINE", value_parser = engine)]
    on: Option<String>,
    /// How long it may take, as 90s, 30m or 2h: the search ends in time for the race.
    #[arg(long, value_name = "TIME", value_parser = duration::read)]
    budget: Option<Duration>,
    /// Go on with a search that was stopped: the one in --out, or the newest of this recipe.
    #[arg(long)]
    resume: bool,
    /// Print one JSON object as the last line of standard output; the report goes to standard
    /// error.
    #[arg(long)]
    json: bool,
}

impl Tune {
    pub fn run(self) -> Result<ExitCode, Failure> {
        let mut assignments = self.set.clone();
        assignments.extend(self.seed.map(|seed| format!("seed={seed}")));
        let experiment = open(&self.recipe, self.target.as_deref(), &assignments)?;
        Settings::of(&experiment)?;
        let name = name(&self.recipe);
        let out = folder(self.out.as_deref(), &format!("{name}-tune"), self.resume)?;
        let screen = Screen::new(experiment.config.epochs.get());
        interrupt::listen(screen.interrupt())?;
        screen.begin(&experiment, &out);
        let workers = self.workers.unwrap_or_else(processors);
        memory::tell(&experiment, workers.get())?;
        let cluster = self.cluster()?;
        let cluster = cluster.as_ref();
        let (observer, budget) = (&screen, self.budget);
        let tuning =
            Tuning { experiment: &experiment, out, name, workers, cluster, budget, observer };
        let Some(cure) = tuning.run()? else {
            tell!(
                "interrupted; go on with the same command and --out {} --resume",
                place::quoted(&tuning.out.display().to_string())
            );
            return Ok(ExitCode::from(130));
        };
        let files = tuning.write(&cure)?;
        screen.end(&cure.answer);
        tell!("wrote {}: {}", tuning.out.display(), files.join(", "));
        if self.json {
            let line = serde_json::to_string(&cure.answer);
            print(&line.map_err(|error| Failure::new(error.to_string(), None))?)?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn cluster(&self) -> Result<Option<Ray>, Failure> {
        let Some(head) = &self.on else { return Ok(None) };
        let program = std::env::current_exe().map_err(|error| {
            Failure::new(format!("cannot find this program to bring it there: {error}"), None)
        })?;
        tell!("engine   Ray at {head}");
        Ok(Some(Ray::connect(head, &program).map_err(wellfit::Error::from)?))
    }
}

/// The head of a cluster, from `ray=http://head:8265`.
fn engine(text: &str) -> Result<String, String> {
    let head = text.strip_prefix("ray=").filter(|head| head.starts_with("http"));
    let head = head.ok_or_else(|| format!("expected ray=http://HOST:PORT, found {text}"));
    head.map(str::to_owned)
}

/// The folder of a search: new, or one to go on in.
pub fn folder(out: Option<&Path>, name: &str, resume: bool) -> Result<PathBuf, Failure> {
    if resume {
        let path = out.map_or_else(|| place::newest(name), Path::to_owned);
        if path.exists() {
            return Ok(path);
        }
        let message = format!("there is no search to resume in {}", path.display());
        let hint = "start it without --resume, or name its folder by --out";
        return Err(Failure::new(message, Some(hint.to_owned())));
    }
    match out {
        None => place::claim(name),
        Some(path) if path.join("recipe.toml").exists() => {
            Err(wellfit::Error::Occupied(path.to_owned()).into())
        }
        Some(path) => Ok(path.to_owned()),
    }
}

/// As many as the system has.
pub fn processors() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

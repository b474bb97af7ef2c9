//! `wellfit compare`: what single techniques do, on the same seeds and splits.

use super::train::{memory, name, open};
use super::tune::screen::Screen;
use super::tune::{folder, processors};
use crate::error::Failure;
use crate::interrupt;
use crate::screen::{print, tell};
use clap::Args;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use wellfit::cure::{Against, Compared, Comparing, Row, Settings};

/// Compares techniques: each alone against the plain network, and the recipe without each of its
/// own against the whole recipe, on the same seeds and splits, with the cost of a step.
#[derive(Args)]
#[command(after_help = "\
Examples:
  wellfit compare examples/digits-cured.toml
  wellfit compare examples/digits.toml --techniques dropout,mixup,label_smoothing
  wellfit compare examples/digits.toml --techniques l2 --set tune.seeds=20 --json | tail -n 1

A technique has the values of the recipe, or those of its card's example (wellfit explain dropout).
A verdict is `better` or `worse` where chance does not explain the difference, all comparisons taken
together, and `inconclusive` else: then `could see` is the smallest difference that four such
comparisons in five would have shown. Keys of [tune]: metric, seeds (10), level (0.05).

The cost is the median time of a step in that of the plain network, runs being beside each other;
take --workers 1 on a quiet machine for exact ones.")]
pub struct Compare {
    /// The recipe, or with --target a table.
    #[arg(value_name = "RECIPE|TABLE")]
    recipe: PathBuf,
    /// Column of the table that is to be predicted.
    #[arg(long, value_name = "COLUMN")]
    target: Option<String>,
    /// Techniques to compare, by id; the recipe's own unless told.
    #[arg(long, value_name = "ID,ID", value_delimiter = ',')]
    techniques: Vec<String>,
    /// Change one value of the recipe, as tune.seeds=20 or train.epochs=50; repeatable.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Folder of the runs; runs/RECIPE-NAME-compare, with a number behind it where that is taken.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The seed of everything random; like --set seed=N.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Runs at the same time; as many as there are processors unless told.
    #[arg(long, value_name = "N")]
    workers: Option<NonZeroUsize>,
    /// Go on with a comparison that was stopped: the one in --out, or the newest of this recipe.
    #[arg(long)]
    resume: bool,
    /// Print one JSON object as the last line of standard output; the report goes to standard
    /// error.
    #[arg(long)]
    json: bool,
}

impl Compare {
    pub fn run(self) -> Result<ExitCode, Failure> {
        let mut assignments = self.set.clone();
        assignments.extend(self.seed.map(|seed| format!("seed={seed}")));
        let experiment = open(&self.recipe, self.target.as_deref(), &assignments)?;
        Settings::of(&experiment)?;
        let name = format!("{}-compare", name(&self.recipe));
        let out = folder(self.out.as_deref(), &name, self.resume)?;
        let screen = Screen::new(experiment.config.epochs.get());
        interrupt::listen(screen.interrupt())?;
        let workers = self.workers.unwrap_or_else(processors);
        memory::tell(&experiment, workers.get())?;
        let comparing = Comparing { experiment: &experiment, out, workers, observer: &screen };
        let Some(compared) = comparing.run(&self.techniques)? else {
            tell!("interrupted; go on with the same command and --resume");
            return Ok(ExitCode::from(130));
        };
        show(&compared);
        let line = serde_json::to_string(&compared);
        let line = line.map_err(|error| Failure::new(error.to_string(), None))?;
        let files = comparing.write(&compared, &name)?;
        tell!("wrote {}: {}", comparing.out.display(), files.join(", "));
        if self.json {
            print(&line)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn show(compared: &Compared) {
    let (metric, pairs) = (&compared.metric, compared.pairs);
    tell!("\neach alone, {metric} over {pairs} pairs; gain above zero is better");
    table(&compared.added);
    if let Some(left_out) = &compared.left_out {
        tell!("\nwithout each, against the recipe as it is; gain below zero: it is needed");
        table(left_out);
    }
}

fn table(of: &Against) {
    let (gain, p, sees) = ("gain", "p", "could see");
    tell!(
        "  {:<28} {:>9} {gain:>9} {:>20} {p:>7} {sees:>10} {:>6}",
        "",
        "mean",
        "95% interval",
        "cost"
    );
    row(&of.baseline);
    of.rows.iter().for_each(row);
}

fn row(row: &Row) {
    let cost = row.cost.map_or(String::new(), |cost| format!("{:.2}", cost.0));
    let (name, mean) = (&row.name, row.mean.0);
    let Some(of) = &row.difference else {
        tell!("  {name:<28} {mean:>9.4} {:>9} {:>20} {:>7} {:>10} {cost:>6}", "", "", "", "");
        return;
    };
    let interval = format!("{:+.4} to {:+.4}", of.low.0, of.high.0);
    tell!(
        "  {name:<28} {mean:>9.4} {:>+9.4} {interval:>20} {:>7.4} {:>10.4} {cost:>6}  {}",
        of.mean.0,
        of.p.0,
        of.detectable.0,
        of.verdict
    );
}

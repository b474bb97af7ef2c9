//! `wellfit study`: what is in a study file.

use crate::error::Failure;
use crate::screen::print;
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use wellfit::tune::study::{Direction, Durability, Journal, State, Study as Found, Trial};

/// Shows the studies of a study file, the best trial's recipe, or all trials as a table.
#[derive(Args)]
#[command(after_help = "\
Examples:
  wellfit study show runs/digits-tune
  wellfit study best runs/digits-tune > techniques.toml
  wellfit study export runs/digits-tune > trials.csv

The file is Optuna's journal, of this program or of Optuna itself; a folder stands for the study.log
in it. It may be read while a search is running.")]
pub struct Study {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Names, trials by state, the best.
    Show(File),
    /// What was tried in the best trial: the techniques as TOML, or its parameters.
    Best(File),
    /// All trials as CSV.
    Export(File),
}

#[derive(Args)]
struct File {
    /// A study file, or the folder of a search.
    file: PathBuf,
    /// Which study, where the file has several.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
}

/// How a study is told.
type Show = fn(&Found) -> Result<String, Failure>;

impl Study {
    pub fn run(self) -> Result<ExitCode, Failure> {
        let (file, show): (&File, Show) = match &self.what {
            What::Show(file) => (file, shown),
            What::Best(file) => (file, best),
            What::Export(file) => (file, csv),
        };
        let journal = open(&file.file)?;
        let all = journal.studies().all();
        let found: Vec<&Found> =
            all.filter(|study| file.name.as_ref().is_none_or(|name| study.name == *name)).collect();
        let texts: Vec<String> = match (found.as_slice(), &self.what) {
            ([], _) => return Err(no_study(&file.file, &journal)),
            ([_, _, ..], What::Best(_) | What::Export(_)) => return Err(which(&found)),
            (studies, _) => studies.iter().map(|study| show(study)).collect::<Result<_, _>>()?,
        };
        print(texts.join("\n").trim_end())?;
        Ok(ExitCode::SUCCESS)
    }
}

/// A file that is there: opening a journal would make it.
fn open(path: &Path) -> Result<Journal, Failure> {
    let path = if path.is_dir() { path.join("study.log") } else { path.to_owned() };
    if !path.is_file() {
        return Err(Failure::new(format!("there is no study file {}", path.display()), None));
    }
    Journal::open(&path, Durability::Cached).map_err(|error| wellfit::Error::from(error).into())
}

fn no_study(path: &Path, journal: &Journal) -> Failure {
    let names: Vec<&str> = journal.studies().all().map(|study| study.name.as_str()).collect();
    let hint = (!names.is_empty()).then(|| format!("it has {}", names.join(", ")));
    Failure::new(format!("{} has no such study", path.display()), hint)
}

fn which(found: &[&Found]) -> Failure {
    let names: Vec<&str> = found.iter().map(|study| study.name.as_str()).collect();
    Failure::new("the file has several studies", Some(format!("--name {}", names.join(" or "))))
}

fn is_larger_better(study: &Found) -> bool {
    study.directions.first() == Some(&Direction::Maximize)
}

fn best_trial(study: &Found) -> Option<(&Trial, f64)> {
    let complete = study.trials.iter().filter(|trial| trial.state == State::Complete);
    let sign = if is_larger_better(study) { -1.0 } else { 1.0 };
    complete
        .filter_map(|trial| Some((trial, trial.value()?)))
        .min_by(|a, b| (sign * a.1).total_cmp(&(sign * b.1)))
}

fn shown(study: &Found) -> Result<String, Failure> {
    let count = |state| study.trials.iter().filter(|trial| trial.state == state).count();
    let (complete, pruned) = (count(State::Complete), count(State::Pruned));
    let open = count(State::Running) + count(State::Waiting);
    let better = if is_larger_better(study) { "larger" } else { "smaller" };
    let mut text = format!("study    {}; {better} is better\n", study.name);
    text += &format!(
        "trials   {}: {complete} whole, {pruned} given up early, {} broke, {open} under way\n",
        study.trials.len(),
        count(State::Fail)
    );
    if let Some((trial, value)) = best_trial(study) {
        text += &format!("best     {value:.6}, trial {}\n{}", trial.number, tried(trial));
    }
    Ok(text)
}

fn best(study: &Found) -> Result<String, Failure> {
    let none = || Failure::new("no trial has run to its end yet", None);
    Ok(tried(best_trial(study).ok_or_else(none)?.0))
}

/// The techniques as TOML where they were noted, else the parameters.
fn tried(trial: &Trial) -> String {
    match trial.attributes.get("recipe").and_then(|recipe| recipe.as_str()) {
        Some("") => "# plain: no technique\n".to_owned(),
        Some(recipe) => recipe.to_owned(),
        None => {
            let line = |(name, (value, _)): (&String, &(f64, _))| format!("{name} = {value}\n");
            trial.parameters.iter().map(line).collect()
        }
    }
}

fn csv(study: &Found) -> Result<String, Failure> {
    let mut names: Vec<&String> = study.trials.iter().flat_map(|t| t.parameters.keys()).collect();
    names.sort();
    names.dedup();
    let quoted = |name: &str| match name.contains([',', '"', '\n']) {
        true => format!("\"{}\"", name.replace('"', "\"\"")),
        false => name.to_owned(),
    };
    let heads = names.iter().map(|name| quoted(name));
    let head = ["number", "state", "value", "epochs"].map(str::to_owned).into_iter().chain(heads);
    let mut text = head.collect::<Vec<_>>().join(",") + "\n";
    for trial in &study.trials {
        let reached = trial.intermediate.last_key_value();
        let number = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
        let state = format!("{:?}", trial.state).to_lowercase();
        let value = trial.value().or(reached.map(|(_, value)| *value));
        let epochs = reached.map_or(String::new(), |(epochs, _)| epochs.to_string());
        let mut cells = vec![trial.number.to_string(), state, number(value), epochs];
        let parameter =
            |name: &&String| number(trial.parameters.get(*name).map(|(value, _)| *value));
        cells.extend(names.iter().map(parameter));
        text += &(cells.join(",") + "\n");
    }
    Ok(text)
}

//! `wellfit trial`: one run from a specification, for engines that carry runs elsewhere.

use crate::error::Failure;
use crate::screen::print;
use clap::Args;
use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;
use wellfit::cure::Spec;

/// Runs a trial from a JSON specification and prints one JSON line, or several trials one after the
/// other: no state, no files, so that any engine can carry it.
#[derive(Args)]
#[command(after_help = "\
Examples:
  wellfit trial --spec trial.json
  jq -nc --rawfile r recipe.toml '{schema: 1, recipe: $r, pair: 3}' | wellfit trial --spec -

The specification: {\"schema\": 1, \"recipe\": \"TOML\", and if wanted \"folder\" (where relative paths
start), \"epochs\" (an earlier end), \"pair\" (of seed and split; 0 is the recipe's own), \"metric\",
\"id\" (comes back)}. The answer: {\"schema\": 1, \"id\", \"metric\", \"value\", \"best_epoch\",
\"epochs\", \"stopped_by\", \"validation\", \"seconds\"}. Equal specifications give equal answers, but
for the seconds. examples/slurm has an array job.")]
pub struct TrialArgs {
    /// A file with the specification; - for standard input.
    #[arg(long, value_name = "FILE|-")]
    spec: PathBuf,
}

impl TrialArgs {
    pub fn run(self) -> Result<ExitCode, Failure> {
        let from_input = self.spec.as_os_str() == "-";
        let named =
            if from_input { "standard input".to_owned() } else { self.spec.display().to_string() };
        let read = match from_input {
            true => {
                let mut text = String::new();
                std::io::stdin().read_to_string(&mut text).map(|_| text)
            }
            false => std::fs::read_to_string(&self.spec),
        };
        let text =
            read.map_err(|error| Failure::new(format!("cannot read {named}: {error}"), None))?;
        if text.trim().is_empty() {
            return Err(Failure::new(format!("{named} is empty: expected a specification"), None));
        }
        for spec in serde_json::Deserializer::from_str(&text).into_iter::<Spec>() {
            let spec = spec.map_err(|error| {
                let hint =
                    "expected {\"schema\": 1, \"recipe\": \"...\"}; see wellfit trial --help";
                Failure::new(format!("{named} is no specification: {error}"), Some(hint.to_owned()))
            })?;
            let outcome = spec.run(&|| false)?;
            let line = serde_json::to_string(&outcome);
            print(&line.map_err(|error| Failure::new(error.to_string(), None))?)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

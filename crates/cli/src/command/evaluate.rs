//! `wellfit evaluate`: how good a stored model is on labelled examples.

use super::predict::model::Model;
use super::predict::probability;
use crate::error::Failure;
use crate::screen::{print, tell};
use clap::Args;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use wellfit::core::number::Fraction;
use wellfit::{Evaluation, Uncertainty};

/// Most classes of a confusion matrix that a screen shows.
const CLASSES: usize = 20;

/// Evaluates the model of a run, or of `wellfit path`, on labelled examples, class by class.
#[derive(Args)]
#[command(after_help = "\
Examples:
  wellfit evaluate runs/wine test.csv
  wellfit evaluate runs/photos photos/test --json
  wellfit evaluate runs/bayes test.csv --samples 50

DATA is what `wellfit predict` reads, and the targets must be there: the target column of a table, a
folder per class, a file of IDX labels. On the test part of the run the numbers are those that
`wellfit train` showed.")]
pub struct Evaluate {
    /// The folder of a run, or its model.safetensors.
    model: PathBuf,
    /// The examples.
    data: PathBuf,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    /// Of two classes, predict the second from this probability on, whatever the model says.
    #[arg(long, value_name = "P", value_parser = probability)]
    threshold: Option<Fraction>,
    /// Sample the model N times, and tell how good and how sure the mean of the samples is.
    #[arg(long, value_name = "N")]
    samples: Option<NonZeroUsize>,
}

impl Evaluate {
    pub fn run(self) -> Result<ExitCode, Failure> {
        let mut model = Model::open(&self.model)?;
        if let Some(threshold) = self.threshold {
            model.set_threshold(threshold)?;
        }
        let examples = model.read(&self.data, true, &[])?;
        examples.notes().iter().for_each(|note| tell!("note: {note}"));
        let found = model.evaluate(&examples, self.samples)?;
        if self.json {
            let line = serde_json::to_string(&found);
            print(&line.map_err(|error| Failure::new(error.to_string(), None))?)?;
        } else {
            print(&shown(&found))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn shown(found: &Evaluation) -> String {
    let threshold = found.threshold.map(|at| format!(", decided at probability {at:.4}"));
    let mut lines = vec![format!("{} examples{}", found.examples, threshold.unwrap_or_default())];
    let all = [("loss", found.loss.0)].into_iter().chain(found.metrics.iter());
    lines.extend(all.map(|(name, value)| format!("  {name:<10} {value:>12.4}")));
    lines.extend(found.uncertainty.iter().flat_map(sampled));
    lines.extend(per_class(found));
    lines.extend(confusion(found));
    lines.join("\n")
}

fn sampled(found: &Uncertainty) -> Vec<String> {
    let (samples, rows) = match found {
        Uncertainty::Classes {
            samples,
            accuracy,
            nll,
            brier,
            ece,
            entropy,
            aleatoric,
            mutual_information,
        } => {
            let rows = vec![
                ("accuracy", *accuracy),
                ("nll", *nll),
                ("brier", *brier),
                ("ece", *ece),
                ("entropy", *entropy),
                ("  of the data", *aleatoric),
                ("  of the model", *mutual_information),
            ];
            (samples, rows)
        }
        Uncertainty::Values {
            samples,
            rmse,
            spread,
            noise,
            coverage_90,
            coverage_90_of_spread,
        } => {
            let rows = vec![
                ("rmse", rmse.0),
                ("spread of the model", spread.0),
                ("noise", noise.0),
                ("in 90% intervals", *coverage_90),
                ("  of the spread alone", *coverage_90_of_spread),
            ];
            (samples, rows)
        }
    };
    let head = format!("\n  mean of {samples} samples");
    let row = |(name, value): (&str, f64)| format!("  {name:<22} {value:>12.4}");
    [head].into_iter().chain(rows.into_iter().map(row)).collect()
}

fn per_class(found: &Evaluation) -> Vec<String> {
    let Some(classes) = &found.per_class else { return Vec::new() };
    let width = width(found);
    let mut lines =
        vec![format!("\n  {:<width$}  precision    recall        f1   support", "class")];
    lines.extend(classes.iter().map(|of| {
        let scores = [of.precision, of.recall, of.f1].map(|score| format!(" {score:>9.4}"));
        format!("  {:<width$} {} {:>9}", of.class, scores.concat(), of.support)
    }));
    lines
}

fn confusion(found: &Evaluation) -> Vec<String> {
    let (Some(rows), Some(classes)) = (&found.confusion, &found.per_class) else {
        return Vec::new();
    };
    if classes.len() > CLASSES {
        return vec![format!("\n  --json has the confusion matrix of {} classes", classes.len())];
    }
    let width = width(found);
    let largest = rows.iter().flatten().max().map_or(0, |count| count.to_string().len());
    let name = |class: &str| class.chars().take(8).collect::<String>();
    let longest = classes.iter().map(|of| name(&of.class).chars().count()).max().unwrap_or(0);
    let cell = largest.max(longest) + 1;
    let heads: String = classes.iter().map(|of| format!("{:>cell$}", name(&of.class))).collect();
    let mut lines = vec![
        "\n  confusion: a row for each actual class, a column for each predicted one".to_owned(),
        format!("  {:<width$} {heads}", ""),
    ];
    lines.extend(classes.iter().zip(rows).map(|(of, row)| {
        let cells: String = row.iter().map(|count| format!("{count:>cell$}")).collect();
        format!("  {:<width$} {cells}", of.class)
    }));
    lines
}

/// Columns for the names of the classes.
fn width(found: &Evaluation) -> usize {
    let names = found.per_class.iter().flatten().map(|of| of.class.chars().count());
    names.max().unwrap_or(0).max("class".len())
}

//! `wellfit predict`: a stored model says what new examples are.

mod form;
pub mod model;
mod parquet;
mod rows;
mod sink;

use crate::error::Failure;
use crate::screen::tell;
use clap::Args;
use form::Form;
use model::Model;
use rows::Rows;
use sink::Sink;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use wellfit::core::number::Fraction;

/// Predicts new examples with the model of a run; the data it was trained on are not needed.
#[derive(Args)]
#[command(after_help = "\
Examples:
  wellfit predict runs/wine new.csv
  wellfit predict runs/wine new.parquet --keep id --out predicted.parquet
  wellfit predict runs/photos holiday/ --json
  wellfit predict runs/photos cat.jpg --classes-only
  wellfit predict runs/bayes new.csv --samples 50

DATA is a table (CSV, plain, gzip or zstd, or Parquet) whose columns may come in any order, with or
without the target; or a folder or tar file of pictures, one picture, or IDX images; or `digits`.
Columns of the result: those of --keep, or `file` for pictures; `prediction`; and for classes
`probability_CLASS` each. Numbers are in the units of the file that the model was trained on.")]
pub struct Predict {
    /// The folder of a run, or its model.safetensors.
    model: PathBuf,
    /// The examples.
    data: PathBuf,
    /// Write to this file and not to standard output; it is whole or not there. A name that ends in
    /// .parquet makes it a Parquet file.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write a JSON object a line and not CSV.
    #[arg(long)]
    json: bool,
    /// Leave the probabilities out.
    #[arg(long)]
    classes_only: bool,
    /// Copy this column of the table in front; repeatable.
    #[arg(long, value_name = "COL", visible_alias = "id")]
    keep: Vec<String>,
    /// Of two classes, predict the second from this probability on, whatever the model says.
    #[arg(long, value_name = "P", value_parser = probability)]
    threshold: Option<Fraction>,
    /// Sample the model N times, and add how sure it is: `entropy` and `mutual_information` in
    /// nats for classes, `std` for numbers.
    #[arg(long, value_name = "N")]
    samples: Option<NonZeroUsize>,
}

/// A probability as an option takes it.
pub fn probability(text: &str) -> Result<Fraction, String> {
    let number = text.parse().ok().and_then(|number| Fraction::new(number).ok());
    number.ok_or_else(|| format!("expected a probability in [0, 1], found {text}"))
}

impl Predict {
    pub fn run(self) -> Result<ExitCode, Failure> {
        let mut model = Model::open(&self.model)?;
        if let Some(threshold) = self.threshold {
            model.set_threshold(threshold)?;
        }
        let examples = model.read(&self.data, false, &self.keep)?;
        examples.notes().iter().for_each(|note| tell!("note: {note}"));
        let mut form = Form::of(self.json, self.out.as_deref())?;
        let sampled = self.samples.is_some();
        let rows = Rows::new(model.classes(), examples.kept(), !self.classes_only, sampled)?;
        // Nothing is begun before the first examples are read.
        let mut parts = model.parts(&examples, self.samples)?;
        let mut next = parts.next().transpose()?;
        let mut sink = Sink::open(self.out.as_deref())?;
        let mut start = 0;
        sink.write(&form.begin(&rows)?)?;
        while let Some(part) = next {
            sink.write(&form.part(&rows, start, &part)?)?;
            start += part.len();
            // A reader such as `head` that has seen enough saves the rest of the work.
            next = if sink.is_closed() { None } else { parts.next().transpose()? };
        }
        sink.write(&form.end()?)?;
        sink.finish()?;
        Ok(ExitCode::SUCCESS)
    }
}

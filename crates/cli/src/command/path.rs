//! `wellfit path`: linear models along the whole path of strengths.

mod compare;
mod option;
mod out;
mod picture;
mod report;
mod show;
mod stream;

use crate::error::Failure;
use crate::screen::{print, quiet, tell};
use clap::{Args, ValueEnum};
use indicatif::ProgressBar;
use option::{Penalty, Select, fraction, lambdas};
use out::Out;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use wellfit::core::number::Fraction;
use wellfit::core::seed::Seed;
use wellfit::linear::{Lambdas, Settings};
use wellfit::linear_model::LinearFile;
use wellfit::linear_path::{Ask, Family, Solved, Source, Table, solve, tolerance};

/// Fits ridge, lasso or elastic net along the whole path of strengths, and chooses one.
#[derive(Args)]
#[command(after_help = "\
Examples:
  wellfit path houses.csv --target price
  wellfit path houses.parquet --target price --penalty ridge --select loo
  wellfit path patients.csv.gz --target ill --penalty elastic-net --mix 0.5 --select one-se
  wellfit path houses.csv --target price --lambdas 1,0.1,0.01 --json
  wellfit path houses.csv --target price --compare --out houses
  wellfit path parts/*.parquet --target price --stream

The objective is mean loss + lambda (r sum |w| + (1 - r)/2 sum w^2), with the loss
(y - xw - b)^2 / 2 for numbers; the textbook's ridge has n times this lambda. Penalties see
features divided by their standard deviation, coefficients come back in the units of the table.
Categories become one feature a level; a missing number becomes the median.")]
pub struct PathArgs {
    /// The table: CSV (plain, gzip or zstd) or Parquet; or several files of the same columns.
    #[arg(required = true)]
    data: Vec<PathBuf>,
    /// The column to predict.
    #[arg(long, value_name = "COL")]
    target: String,
    /// The penalty.
    #[arg(long, value_enum, default_value_t = Penalty::Lasso)]
    penalty: Penalty,
    /// Share r of the L1 part in an elastic net, in [0, 1]; 0.5 unless told.
    #[arg(long, value_name = "R", value_parser = fraction)]
    mix: Option<Fraction>,
    /// What the target is; its values decide unless told.
    #[arg(long, value_enum)]
    family: Option<option::Family>,
    /// Folds of the cross-validation.
    #[arg(long, value_name = "FOLDS", default_value_t = 10)]
    cv: usize,
    /// How lambda is chosen; loo and gcv are for ridge with numbers.
    #[arg(long, value_enum, default_value_t = Select::Min)]
    select: Select,
    /// How many lambdas (a whole number), or these, in this order (with a comma or a point).
    #[arg(
        long,
        value_name = "N|LIST",
        default_value = "100",
        value_parser = lambdas,
        allow_hyphen_values = true
    )]
    lambdas: Lambdas,
    /// Penalize coefficients in the units of the table.
    #[arg(long)]
    no_standardize: bool,
    /// Fit through the origin.
    #[arg(long)]
    no_intercept: bool,
    /// Seed of the folds.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Compare ridge and lasso: how many features, and which errs less on a fifth of the rows that
    /// neither has seen.
    #[arg(long, conflicts_with_all = ["penalty", "mix"])]
    compare: bool,
    /// Read the table in parts, which may be larger than memory: least squares alone, without
    /// missing numbers.
    #[arg(long, conflicts_with = "compare")]
    stream: bool,
    /// Make this folder, with report.html, pictures, coefficients.csv, path.json and model.toml.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl PathArgs {
    pub fn run(self) -> Result<ExitCode, Failure> {
        let ratio = self.ratio()?;
        let out = self.out.as_deref().map(Out::claim).transpose()?;
        out::listen_to_ctrl_c()?;
        let ask = self.ask(ratio);
        let family = self.family.map(Into::into);
        let (table, solved) = match self.stream {
            true => {
                stream::refuse(self.select, ratio)?;
                stream::solve(&self.data, &self.target, family, &ask)?
            }
            false => {
                let source = Source::read(&self.data, &self.target, family);
                let source = source.map_err(wellfit::Error::from)?;
                source.notes.iter().for_each(|note| tell!("note: {note}"));
                self.fits(source.family)?;
                if self.compare {
                    return self.compare(&source, out.as_ref());
                }
                let table = source.whole().map_err(wellfit::Error::from)?;
                let spinner = spinner(format!("the path, and {} folds", ask.folds));
                let solved = solve(&table, &ask).map_err(wellfit::Error::from)?;
                spinner.finish_and_clear();
                (table, solved)
            }
        };
        if let Some(out) = &out {
            out.write(&report::files(&table, &solved, &ask, &self.title())?)?;
        }
        let (features, classes) = (&table.features, &table.classes);
        match self.json {
            true => print(&show::line(&show::json(features, classes, &solved))?)?,
            false => print(show::text(features, classes, &solved).trim_end())?,
        }
        Ok(ExitCode::SUCCESS)
    }

    fn compare(&self, source: &Source, out: Option<&Out>) -> Result<ExitCode, Failure> {
        let spinner = spinner(format!("two paths, and {} folds each", self.cv));
        let compared = compare::compare(source, &self.ask(Fraction::ZERO))?;
        spinner.finish_and_clear();
        if let Some(out) = out {
            out.write(&compared.files(&format!("ridge and lasso: {}", self.what()))?)?;
        }
        match self.json {
            true => print(&show::line(&compared.json())?)?,
            false => print(&compared.text())?,
        }
        Ok(ExitCode::SUCCESS)
    }

    fn ask(&self, ratio: Fraction) -> Ask {
        Ask {
            ratio,
            select: self.select.into(),
            lambdas: self.lambdas.clone(),
            folds: self.cv,
            seed: Seed::new(self.seed),
            settings: Settings {
                standardize: !self.no_standardize,
                intercept: !self.no_intercept,
                tolerance: tolerance(),
                ..Settings::default()
            },
        }
    }

    /// What pictures and the report are called.
    fn title(&self) -> String {
        let penalty = self.penalty.to_possible_value();
        let penalty = penalty.map_or(String::new(), |value| value.get_name().to_owned());
        format!("{penalty}: {}", self.what())
    }

    /// The target and where it is from.
    fn what(&self) -> String {
        let name = self.data.first().and_then(|path| path.file_name()).unwrap_or_default();
        let more = self.data.len().saturating_sub(1);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("{} of {}{more}", self.target, name.to_string_lossy())
    }

    fn ratio(&self) -> Result<Fraction, Failure> {
        match (self.penalty, self.mix) {
            (Penalty::Ridge, None) => Ok(Fraction::ZERO),
            (Penalty::Lasso, None) => Ok(Fraction::new(1.0)?),
            (Penalty::ElasticNet, None) => Ok(Fraction::new(0.5)?),
            (Penalty::ElasticNet, Some(mix)) => Ok(mix),
            (_, Some(_)) => {
                let hint = "add --penalty elastic-net".to_owned();
                Err(Failure::new("--mix is for the elastic net", Some(hint)))
            }
        }
    }

    /// Refuses a way to choose that this family and penalty lack.
    fn fits(&self, family: Family) -> Result<(), Failure> {
        let exact = self.penalty == Penalty::Ridge && family == Family::Gaussian;
        let (message, hint) = match self.select {
            Select::Loo | Select::Gcv if !exact => (
                "leave-one-out and GCV are exact for ridge on a target of numbers alone",
                "choose --select min or one-se, or --penalty ridge for a target of numbers",
            ),
            Select::Bic if family == Family::Multinomial => {
                ("BIC is not known for several classes", "choose --select min or one-se")
            }
            _ => return Ok(()),
        };
        Err(Failure::new(message, Some(hint.to_owned())))
    }
}

/// What is being done, on a terminal; it has no length, since solvers have none.
fn spinner(what: String) -> ProgressBar {
    let bar = if quiet() { ProgressBar::hidden() } else { ProgressBar::new_spinner() };
    bar.set_message(what);
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

/// The model at the λ that was chosen, as `wellfit predict` reads it.
fn stored(table: &Table, solved: &Solved, ask: &Ask) -> Result<String, Failure> {
    let point = solved.chosen();
    let numbers = (point.intercepts.clone(), point.coefficients.clone());
    let (family, strength) = (table.family.stored(), (point.lambda, ask.ratio));
    Ok(LinearFile::new(family, strength, numbers, table.steps.clone()).text()?)
}

//! `wellfit path`: linear models along the whole path of strengths.

mod show;
mod solve;
mod table;

use crate::error::Failure;
use crate::screen::{print, tell};
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;
use wellfit::core::number::Fraction;
use wellfit::core::seed::Seed;
use wellfit::linear::{Lambdas, Settings};

/// Fits ridge, lasso or elastic net along the whole path of strengths, and chooses one.
#[derive(Args)]
#[command(after_help = "\
Examples:
  wellfit path houses.csv --target price
  wellfit path houses.parquet --target price --penalty ridge --select loo
  wellfit path patients.csv.gz --target ill --penalty elastic-net --mix 0.5 --select one-se
  wellfit path houses.csv --target price --lambdas 1,0.1,0.01 --json

The objective is mean loss + lambda (r sum |w| + (1 - r)/2 sum w^2), with the loss
(y - xw - b)^2 / 2 for numbers; the textbook's ridge has n times this lambda. Penalties see
features divided by their standard deviation, coefficients come back in the units of the table.
Categories become one feature a level; a missing number becomes the median.")]
pub struct PathArgs {
    /// The table: CSV (plain, gzip or zstd) or Parquet.
    data: PathBuf,
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
    family: Option<Family>,
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
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// The penalty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Penalty {
    Ridge,
    Lasso,
    ElasticNet,
}

/// What the target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Family {
    Gaussian,
    Logistic,
    Poisson,
}

/// How λ is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Select {
    Min,
    OneSe,
    Loo,
    Gcv,
    Bic,
}

fn fraction(text: &str) -> Result<Fraction, String> {
    let number = text.parse().ok().and_then(|number| Fraction::new(number).ok());
    number.ok_or_else(|| format!("expected a share in [0, 1], found {text}"))
}

fn lambdas(text: &str) -> Result<Lambdas, String> {
    if let Ok(count) = text.parse::<usize>() {
        let expected = || "expected at least one lambda, found 0".to_owned();
        return if count > 0 { Ok(Lambdas::Grid { count, ratio: None }) } else { Err(expected()) };
    }
    let number = |word: &str| {
        let number = word.trim().parse().ok().filter(|l: &f64| *l >= 0.0 && l.is_finite());
        number.ok_or_else(|| format!("expected finite lambdas of at least 0, found {word}"))
    };
    // `10,` is a list of one; `10` alone is a count.
    let words = text.strip_suffix(',').unwrap_or(text).split(',');
    Ok(Lambdas::List(words.map(number).collect::<Result<_, _>>()?))
}

impl PathArgs {
    pub fn run(self) -> Result<ExitCode, Failure> {
        let ratio = self.ratio()?;
        let table = table::Table::read(&self.data, &self.target, self.family)?;
        table.notes.iter().for_each(|note| tell!("note: {note}"));
        self.exact_where_asked(table.family)?;
        let ask = solve::Ask {
            ratio,
            select: self.select,
            lambdas: &self.lambdas,
            folds: self.cv,
            seed: Seed::new(self.seed),
            settings: Settings {
                standardize: !self.no_standardize,
                intercept: !self.no_intercept,
                ..Settings::default()
            },
        };
        let solved = solve::solve(&table, &ask).map_err(wellfit::Error::from)?;
        match self.json {
            true => print(&show::json(&table, &solved)?)?,
            false => print(show::text(&table, &solved).trim_end())?,
        }
        Ok(ExitCode::SUCCESS)
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

    fn exact_where_asked(&self, family: Family) -> Result<(), Failure> {
        let exact = matches!(self.select, Select::Loo | Select::Gcv);
        if !exact || (self.penalty == Penalty::Ridge && family == Family::Gaussian) {
            return Ok(());
        }
        let message = "leave-one-out and GCV are exact for ridge on a target of numbers alone";
        let hint = "choose --select min or one-se, or --penalty ridge for a target of numbers";
        Err(Failure::new(message, Some(hint.to_owned())))
    }
}

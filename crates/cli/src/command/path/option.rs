//! What options may be.

use clap::ValueEnum;
use wellfit::core::number::Fraction;
use wellfit::linear::Lambdas;
use wellfit::linear_path;

/// The penalty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Penalty {
    /// The sum of squares.
    Ridge,
    /// The sum of absolute values.
    Lasso,
    /// Both, mixed as --mix tells.
    ElasticNet,
}

/// What the target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Family {
    /// Numbers, least squares.
    Gaussian,
    /// Two classes.
    Logistic,
    /// Counts.
    Poisson,
    /// Several classes.
    Multinomial,
}

impl From<Family> for linear_path::Family {
    fn from(family: Family) -> Self {
        match family {
            Family::Gaussian => Self::Gaussian,
            Family::Logistic => Self::Logistic,
            Family::Poisson => Self::Poisson,
            Family::Multinomial => Self::Multinomial,
        }
    }
}

/// How λ is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Select {
    /// The smallest cross-validated error.
    Min,
    /// The largest lambda within one standard error of it.
    OneSe,
    /// The smallest exact leave-one-out error.
    Loo,
    /// The smallest generalized cross-validation error.
    Gcv,
    /// The smallest Bayesian information criterion.
    Bic,
}

impl From<Select> for linear_path::Select {
    fn from(select: Select) -> Self {
        match select {
            Select::Min => Self::Min,
            Select::OneSe => Self::OneSe,
            Select::Loo => Self::Loo,
            Select::Gcv => Self::Gcv,
            Select::Bic => Self::Bic,
        }
    }
}

/// A share in [0, 1].
pub fn fraction(text: &str) -> Result<Fraction, String> {
    let number = text.parse().ok().and_then(|number| Fraction::new(number).ok());
    number.ok_or_else(|| format!("expected a share in [0, 1], found {text}"))
}

/// A whole number is how many; anything else is a list.
pub fn lambdas(text: &str) -> Result<Lambdas, String> {
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

//! What options may be.

use clap::ValueEnum;
use wellfit::core::number::Fraction;
use wellfit::linear::Lambdas;

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

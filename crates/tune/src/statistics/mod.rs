//! Paired statistics: is a difference more than chance?

mod bootstrap;
mod compare;
mod correlation;
mod student;
mod wilcoxon;

pub use bootstrap::{Interval, RESAMPLES, bootstrap};
pub use compare::{Comparison, Method, Verdict, compare};
pub use correlation::{kendall, spearman};
pub use wilcoxon::{Tested, wilcoxon};

use crate::Error;
use wellfit_core::number::Fraction;

/// How often an experiment shall show a difference of the smallest detectable size.
const POWER: f64 = 0.8;

/// Student's paired t-test that the differences have mean zero, from both sides. Differences that
/// are all zero give p = 1, equal ones of another value p = 0.
///
/// # Errors
/// [`Error::Sample`] for less than two differences, and for differences that are not finite.
pub fn paired_t(differences: &[f64]) -> Result<Tested, Error> {
    check("the t-test", differences, 2)?;
    let (mean, error) = (mean(differences), standard_error(differences));
    if mean == 0.0 {
        return Ok(Tested { statistic: 0.0, p: 1.0 });
    }
    let statistic = mean / error;
    Ok(Tested { statistic, p: student::two_sided(statistic, differences.len() as f64 - 1.0) })
}

/// The smallest true mean that as many differences of the same spread would have shown with power
/// 0.8: (t of the level from both sides + t of the power from one) standard errors.
///
/// It is up to 3% less than what the noncentral law says, and 0 for differences without spread.
///
/// # Errors
/// [`Error::Sample`] for less than two differences, for differences that are not finite, and for a
/// level of 0 or 1.
pub fn smallest_detectable(differences: &[f64], level: Fraction) -> Result<f64, Error> {
    check("the smallest detectable effect", differences, 2)?;
    let level = level.get();
    if level <= 0.0 || level >= 1.0 {
        return Err(Error::Sample {
            statistic: "the smallest detectable effect",
            expected: "a level between 0 and 1",
            found: level.to_string(),
        });
    }
    let freedom = differences.len() as f64 - 1.0;
    let errors =
        student::critical(level, freedom) + student::critical(2.0 * (1.0 - POWER), freedom);
    Ok(errors * standard_error(differences))
}

/// P-values that hold for all of them together: the smallest times their number, the next times
/// one less, and so on, never below one before (Holm 1979). NaN counts as 1.
pub fn holm(p: &[f64]) -> Vec<f64> {
    let p: Vec<f64> = p.iter().map(|&p| if p.is_nan() { 1.0 } else { p }).collect();
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let (mut corrected, mut highest) = (vec![1.0; p.len()], 0.0f64);
    for (place, &index) in order.iter().enumerate() {
        highest = highest.max(p[index] * (p.len() - place) as f64).min(1.0);
        corrected[index] = highest;
    }
    corrected
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The standard error of the mean.
fn standard_error(values: &[f64]) -> f64 {
    let (n, mean) = (values.len() as f64, mean(values));
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (squares / (n - 1.0) / n).sqrt()
}

/// Ranks from 1, the smallest first; ties share the mean of theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut before = 0;
    for ties in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let shared = before as f64 + 0.5 * (ties.len() as f64 + 1.0);
        ties.iter().for_each(|&index| ranks[index] = shared);
        before += ties.len();
    }
    ranks
}

fn check(statistic: &'static str, values: &[f64], least: usize) -> Result<(), Error> {
    let refuse = |expected, found| Err(Error::Sample { statistic, expected, found });
    if values.len() < least {
        return refuse("two differences or more", values.len().to_string());
    }
    match values.iter().find(|value| !value.is_finite()) {
        Some(value) => refuse("finite differences", value.to_string()),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;

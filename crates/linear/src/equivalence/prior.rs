//! A Gaussian prior on the weights is ridge.

use super::{Comparison, Holds, Rows, penalized};
use crate::Error;
use crate::weight_space::Weights;
use wellfit_core::number::Positive;

/// Weights of prior N(0, τ²), τ = `spread`, and a target with noise N(0, σ²), σ = `noise`: the mean
/// of the posterior is the ridge solution with λ = σ²/τ².
///
/// The posterior is found as it comes about, a row at a time from the prior on.
///
/// # Errors
/// [`Error`] where there are no rows, or numbers that are not finite.
pub fn gaussian_prior(
    rows: Rows<'_>,
    noise: Positive,
    spread: Positive,
) -> Result<[Comparison; 1], Error> {
    let (variance, prior) = (noise.get().powi(2), spread.get().powi(2));
    let lambdas = [variance / prior; 2];
    Ok([Comparison {
        technique: "the posterior's mean, row by row",
        found: posterior(rows, variance, prior),
        penalty: "ridge, λ = σ²/τ²",
        penalized: penalized(rows, lambdas)?,
        lambdas,
        holds: Holds::Exactly,
    }])
}

/// The mean after all rows: Bayes' rule for a Gaussian and one more row,
/// m <- m + k (y - x'm), P <- P - k x'P, k = Px / (x'Px + σ²).
fn posterior(rows: Rows<'_>, variance: f64, prior: f64) -> Weights {
    let (mut mean, [mut a, mut b, mut c]) = ([0.0; 2], [prior, prior, 0.0]);
    for (&[u, v], &y) in rows.x.iter().zip(rows.y) {
        let [p, q] = [a * u + c * v, c * u + b * v];
        let total = u * p + v * q + variance;
        let surprise = (y - mean[0] * u - mean[1] * v) / total;
        mean = [mean[0] + p * surprise, mean[1] + q * surprise];
        [a, b, c] = [a - p * p / total, b - q * q / total, c - p * q / total];
    }
    mean
}

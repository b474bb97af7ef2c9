//! Noise on the inputs of a linear model is ridge.

use super::sums::Sums;
use super::{Comparison, Holds, Rows, penalized};
use crate::Error;
use crate::weight_space::Weights;
use wellfit_core::number::NonNegative;
use wellfit_core::seed::Seed;

/// Each input gets noise of mean 0 and standard deviation σ = `deviation`:
///
/// E ||y - (X + Z)w||² = ||y - Xw||² + nσ² Σ_j w_j²
///
/// Only the noise's variance counts: once with its simplest law, +σ or -σ, all four ways of each row;
/// once with `draws` normal copies of each row.
///
/// # Errors
/// [`Error`] where the rows do not tell the features apart.
///
/// # Paper
/// Bishop 1995, *Training with noise is equivalent to Tikhonov regularization*. For a linear model it
/// is exact.
pub fn input_noise(
    rows: Rows<'_>,
    deviation: NonNegative,
    draws: usize,
    seed: Seed,
) -> Result<[Comparison; 2], Error> {
    let sigma = deviation.get();
    let lambda = rows.x.len() as f64 * sigma * sigma;
    let penalized = penalized(rows, [lambda; 2])?;
    let comparison = |technique, found, holds| Comparison {
        technique,
        found,
        penalty: "ridge, λ = nσ²",
        penalized,
        lambdas: [lambda; 2],
        holds,
    };
    Ok([
        comparison("noise of +σ or -σ, all four ways", all_signs(rows, sigma)?, Holds::Exactly),
        comparison(
            "copies with normal noise",
            drawn(rows, sigma, draws, seed)?,
            Holds::InExpectation,
        ),
    ])
}

fn all_signs(rows: Rows<'_>, sigma: f64) -> Result<Weights, Error> {
    let mut sums = Sums::default();
    for (&[u, v], &y) in rows.x.iter().zip(rows.y) {
        for (s, z) in [(sigma, sigma), (sigma, -sigma), (-sigma, sigma), (-sigma, -sigma)] {
            sums.add([u + s, v + z], y, 0.25);
        }
    }
    sums.least_squares()
}

fn drawn(rows: Rows<'_>, sigma: f64, draws: usize, seed: Seed) -> Result<Weights, Error> {
    let mut draw = seed.stream("input noise as ridge").step(0);
    let mut sums = Sums::default();
    for _ in 0..draws {
        for (&x, &y) in rows.x.iter().zip(rows.y) {
            sums.add(x.map(|x| x + sigma * draw.standard_normal()), y, 1.0);
        }
    }
    sums.least_squares()
}

//! Dropout on the inputs of a linear model is a ridge that knows the size of each feature.

use super::sums::Sums;
use super::{Comparison, Holds, Rows, penalized};
use crate::Error;
use crate::weight_space::Weights;
use wellfit_core::number::Rate;
use wellfit_core::seed::Seed;

/// Each input is left out with probability p = `rate`, and divided by 1 - p where it is kept:
///
/// E ||y - (M∘X)w / (1-p)||² = ||y - Xw||² + p/(1-p) Σ_j w_j² Σ_i x_ij²
///
/// Once with all four masks of each row by their probability, once with `draws` drawn masks of each
/// row.
///
/// # Errors
/// [`Error`] where the rows, or those with their masks, do not tell the features apart.
///
/// # Paper
/// Wager, Wang & Liang 2013, *Dropout training as adaptive regularization*.
pub fn dropout(
    rows: Rows<'_>,
    rate: Rate,
    draws: usize,
    seed: Seed,
) -> Result<[Comparison; 2], Error> {
    let mut clean = Sums::default();
    rows.x.iter().zip(rows.y).for_each(|(&x, &y)| clean.add(x, y, 1.0));
    let odds = rate.get() / rate.keep();
    let lambdas = clean.squares().map(|squares| odds * squares);
    let penalized = penalized(rows, lambdas)?;
    let comparison = |technique, found, holds| Comparison {
        technique,
        found,
        penalty: "ridge, λ of each weight = p/(1-p) Σ x²",
        penalized,
        lambdas,
        holds,
    };
    Ok([
        comparison("all masks, each by its probability", all_masks(rows, rate)?, Holds::Exactly),
        comparison(
            "masks drawn for every row",
            drawn(rows, rate, draws, seed)?,
            Holds::InExpectation,
        ),
    ])
}

fn all_masks(rows: Rows<'_>, rate: Rate) -> Result<Weights, Error> {
    let (drop, keep) = (rate.get(), rate.keep());
    let mut sums = Sums::default();
    for (&[u, v], &y) in rows.x.iter().zip(rows.y) {
        sums.add([u / keep, v / keep], y, keep * keep);
        sums.add([u / keep, 0.0], y, keep * drop);
        sums.add([0.0, v / keep], y, drop * keep);
        sums.add([0.0, 0.0], y, drop * drop);
    }
    sums.least_squares()
}

fn drawn(rows: Rows<'_>, rate: Rate, draws: usize, seed: Seed) -> Result<Weights, Error> {
    let mut draw = seed.stream("dropout as ridge").step(0);
    let mut sums = Sums::default();
    for _ in 0..draws {
        for (&x, &y) in rows.x.iter().zip(rows.y) {
            let masked = x.map(|x| if draw.unit() < rate.get() { 0.0 } else { x / rate.keep() });
            sums.add(masked, y, 1.0);
        }
    }
    sums.least_squares()
}

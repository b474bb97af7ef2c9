//! Where the values of a column lie.

use super::Csc;
use crate::kernel::dot;

/// Columns whose spread is this small beside their values differ by rounding only.
const ROUNDING: f64 = 64.0 * f64::EPSILON;

/// Mean and standard deviation of a column.
#[derive(Clone, Copy)]
pub(crate) struct Spread {
    pub mean: f64,
    pub deviation: f64,
    largest: f64,
}

impl Spread {
    pub fn dense(values: &[f64], weights: &[f64]) -> Self {
        let mean = about(values, weights);
        let square = |(x, w): (&f64, &f64)| w * (x - mean) * (x - mean);
        let variance: f64 = values.iter().zip(weights).map(square).sum();
        let largest = values.iter().fold(0.0_f64, |max, x| max.max(x.abs()));
        Self { mean, deviation: variance.sqrt(), largest }
    }

    pub fn sparse(matrix: &Csc, column: usize, weights: &[f64]) -> Self {
        let mean: f64 = matrix.pairs(column).map(|(row, x)| weights[row] * x).sum();
        let stored: f64 = matrix.pairs(column).map(|(row, _)| weights[row]).sum();
        let square = |(row, x): (usize, f64)| weights[row] * (x - mean) * (x - mean);
        let variance: f64 = matrix.pairs(column).map(square).sum();
        // The rows that are not stored deviate by the mean; none, if all are.
        let absent = if matrix.column(column).0.len() < matrix.rows() { 1.0 - stored } else { 0.0 };
        let variance = variance + absent.max(0.0) * mean * mean;
        let largest = matrix.pairs(column).fold(0.0_f64, |max, (_, x)| max.max(x.abs()));
        Self { mean, deviation: variance.sqrt(), largest }
    }

    pub fn is_constant(&self) -> bool {
        self.deviation <= ROUNDING * self.largest
    }
}

/// The mean, by a second pass over what the first one left: exact to rounding for large offsets.
fn about(values: &[f64], weights: &[f64]) -> f64 {
    let first = dot(values, weights);
    let left: f64 = values.iter().zip(weights).map(|(x, w)| w * (x - first)).sum();
    first + left
}

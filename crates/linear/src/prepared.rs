//! A problem in the units of the solvers.

use crate::design::{Columns, Design};
use crate::penalty::Terms;
use crate::{Error, Problem, Settings};

/// Rows that count, columns centred and scaled, bounds scaled with them.
pub(crate) struct Prepared {
    pub columns: Columns,
    pub target: Vec<f64>,
    /// Add up to 1.
    pub weights: Vec<f64>,
    pub intercept: bool,
    pub factors: Vec<f64>,
    /// Of scaled coefficients; (0, 0) for columns that tell nothing.
    pub bounds: Vec<(f64, f64)>,
}

impl Prepared {
    pub fn new(problem: &Problem<'_>, settings: &Settings) -> Result<Self, Error> {
        problem.check()?;
        settings.check(problem.design.cols())?;
        let (kept, weights) = problem.counted();
        let target = kept.iter().map(|&row| problem.target[row]).collect();
        let features = problem.design.cols();
        let factors = settings.factors.clone().unwrap_or_else(|| vec![1.0; features]);
        // The scale of what is not penalized is free, and solvers like it to be 1.
        let standardize = |j: usize| settings.standardize || factors[j] == 0.0;
        let columns =
            |design: &Design<'_>| Columns::new(design, &weights, settings.intercept, standardize);
        let columns = match kept.len() == problem.design.rows() {
            true => columns(&problem.design),
            false => columns(&problem.design.select(&kept).design()),
        };
        let free = (f64::NEG_INFINITY, f64::INFINITY);
        let bound = |j: usize| match (columns.constant[j], &settings.bounds) {
            (true, _) => (0.0, 0.0),
            (false, None) => free,
            (false, Some(bounds)) => {
                (bounds[j].0 * columns.scale[j], bounds[j].1 * columns.scale[j])
            }
        };
        let bounds = (0..features).map(bound).collect();
        Ok(Self { columns, target, weights, intercept: settings.intercept, factors, bounds })
    }

    pub fn features(&self) -> usize {
        self.columns.len()
    }

    /// Features that no penalty holds at zero.
    pub fn unpenalized(&self) -> Vec<usize> {
        (0..self.features()).filter(|&j| self.factors[j] == 0.0 && !self.is_fixed(j)).collect()
    }

    /// Whether bounds leave a feature nothing but zero.
    pub fn is_fixed(&self, j: usize) -> bool {
        self.bounds[j] == (0.0, 0.0)
    }

    /// Σ weight x value.
    pub fn mean(&self, values: &[f64]) -> f64 {
        self.weights.iter().zip(values).map(|(w, v)| w * v).sum()
    }

    /// Intercept and coefficients on the original scale.
    pub fn original(&self, beta: &[f64], intercept: f64) -> (f64, Vec<f64>) {
        let scaled = |(b, s): (&f64, &f64)| if *b == 0.0 { 0.0 } else { b / s };
        let weights: Vec<f64> = beta.iter().zip(&self.columns.scale).map(scaled).collect();
        let moved: f64 = weights.iter().zip(&self.columns.center).map(|(w, c)| w * c).sum();
        (if self.intercept { intercept - moved } else { 0.0 }, weights)
    }
}

impl Prepared {
    /// A penalty with this problem's factors and bounds.
    pub fn terms<'a, P>(&'a self, penalty: &'a P) -> Terms<'a, P> {
        Terms { penalty, factors: &self.factors, bounds: &self.bounds }
    }
}

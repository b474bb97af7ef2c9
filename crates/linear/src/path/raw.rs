//! One fit in the units of the solvers.

use super::Fit;
use crate::prepared::Prepared;
use crate::solver::Certificate;

/// A fit whose weights belong to scaled columns.
pub(super) struct Raw {
    pub lambda: f64,
    /// Features and their weights, without zeros.
    pub weights: Vec<(usize, f64)>,
    pub intercept: f64,
    pub certificate: Certificate,
    pub passes: usize,
    pub converged: bool,
}

/// Features and weights other than zero.
pub(super) fn reach(members: &[usize], beta: &[f64]) -> Vec<(usize, f64)> {
    let pairs = members.iter().copied().zip(beta.iter().copied());
    pairs.filter(|(_, beta)| *beta != 0.0).collect()
}

impl Raw {
    /// The fit on the original scale.
    pub fn finish(&self, prepared: &Prepared) -> Fit {
        let mut beta = vec![0.0; prepared.features()];
        self.weights.iter().for_each(|&(j, w)| beta[j] = w);
        let (intercept, coefficients) = prepared.original(&beta, self.intercept);
        Fit {
            lambda: self.lambda,
            intercept,
            coefficients,
            objective: self.certificate.objective,
            gap: self.certificate.gap,
            kkt: self.certificate.distance,
            converged: self.converged,
            passes: self.passes,
        }
    }
}

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
        // Zeros that nobody writes cost no memory until they are read.
        let (mut coefficients, mut moved) = (vec![0.0; prepared.features()], 0.0);
        for &(j, w) in &self.weights {
            coefficients[j] = w / prepared.columns.scale[j];
            moved += coefficients[j] * prepared.columns.center[j];
        }
        let intercept = if prepared.intercept { self.intercept - moved } else { 0.0 };
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

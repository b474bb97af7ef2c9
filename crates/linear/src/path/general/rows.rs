//! What the rows tell: losses, residuals, curvatures.

use super::General;
use crate::datafit::Datafit;
use crate::penalty::Terms;
use crate::prepared::Prepared;
use crate::solver::{Certificate, certify};
use wellfit_core::penalty::Penalty;

/// Newton steps for the intercept alone.
const INTERCEPT_STEPS: usize = 50;

impl<D: Datafit> General<'_, D> {
    /// Newton steps for the intercept, so that the residual sums to zero.
    pub(super) fn balance_intercept(&mut self) {
        if !self.prepared.intercept {
            return;
        }
        for _ in 0..INTERCEPT_STEPS {
            let u = self.weighted_residual();
            let sum: f64 = u.iter().sum();
            let size: f64 = u.iter().map(|u| u.abs()).sum();
            if sum.abs() <= 1e-15 * size {
                return;
            }
            let curvature: f64 = self.curvatures().iter().sum();
            // A step of at most 1 cannot run away where the loss is steep.
            let step = (sum / curvature).clamp(-1.0, 1.0);
            if step.is_nan() || step.abs() <= 1e-16 * self.intercept.abs() {
                return;
            }
            self.intercept += step;
            self.eta.iter_mut().for_each(|eta| *eta += step);
        }
    }

    pub(super) fn certificate<P: Penalty>(
        &self,
        terms: &Terms<'_, P>,
        slopes: impl Iterator<Item = (usize, f64, f64)> + Clone,
    ) -> Certificate {
        let Prepared { target, weights, .. } = self.prepared;
        let dual = |c: f64| {
            let rows = target.iter().zip(&self.eta).zip(weights);
            rows.map(|((&y, &eta), w)| w * self.datafit.dual(y, c * self.datafit.residual(y, eta)))
                .sum()
        };
        certify(terms, slopes, self.loss(&self.eta), dual)
    }

    pub(super) fn loss(&self, eta: &[f64]) -> f64 {
        let Prepared { target, weights, .. } = self.prepared;
        let rows = target.iter().zip(eta).zip(weights);
        rows.map(|((&y, &eta), w)| w * self.datafit.loss(y, eta)).sum()
    }

    pub(super) fn weighted_residual(&self) -> Vec<f64> {
        let Prepared { target, weights, .. } = self.prepared;
        let rows = target.iter().zip(&self.eta).zip(weights);
        rows.map(|((&y, &eta), w)| w * self.datafit.residual(y, eta)).collect()
    }

    /// Curvature of each row, kept above 1e-9 of the largest, so that the quadratic has a minimum.
    pub(super) fn curvatures(&self) -> Vec<f64> {
        let Prepared { target, weights, .. } = self.prepared;
        let rows = target.iter().zip(&self.eta).zip(weights);
        let mut h: Vec<f64> =
            rows.map(|((&y, &eta), w)| w * self.datafit.curvature(y, eta)).collect();
        let floor = 1e-9 * h.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        h.iter_mut().for_each(|h| *h = h.max(floor));
        h
    }

    pub(super) fn predictor(&self) -> Vec<f64> {
        let mut eta = vec![self.intercept; self.eta.len()];
        for &j in self.members.iter().filter(|&&j| self.beta[j] != 0.0) {
            self.prepared.columns.add(j, self.beta[j], &mut eta);
        }
        eta
    }
}

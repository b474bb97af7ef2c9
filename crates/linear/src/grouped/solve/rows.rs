//! What the rows tell: losses, residuals, slopes.

use super::Solver;
use crate::grouped::outputs::Outputs;

impl<O: Outputs> Solver<'_, O> {
    pub(super) fn dual(&self, c: f64) -> f64 {
        let count = self.outputs.count();
        let mut residual = vec![0.0; count];
        let rows = self.targets.chunks(count).zip(self.etas.chunks(count));
        rows.zip(&self.prepared.weights)
            .map(|((y, eta), w)| {
                self.outputs.residual(y, eta, &mut residual);
                residual.iter_mut().for_each(|u| *u *= c);
                w * self.outputs.dual(y, &residual)
            })
            .sum()
    }

    pub(super) fn loss(&self, etas: &[f64]) -> f64 {
        let count = self.outputs.count();
        let rows = self.targets.chunks(count).zip(etas.chunks(count));
        rows.zip(&self.prepared.weights).map(|((y, eta), w)| w * self.outputs.loss(y, eta)).sum()
    }

    pub(super) fn weighted_residuals(&self) -> Vec<f64> {
        let count = self.outputs.count();
        let mut u = vec![0.0; self.etas.len()];
        let rows = self.targets.chunks(count).zip(self.etas.chunks(count));
        for ((out, (y, eta)), w) in u.chunks_mut(count).zip(rows).zip(&self.prepared.weights) {
            self.outputs.residual(y, eta, out);
            out.iter_mut().for_each(|u| *u *= w);
        }
        u
    }

    /// What the loss has to know of the predictors to bend there.
    pub(super) fn places(&self) -> Vec<f64> {
        let count = self.outputs.count();
        let mut places = vec![0.0; self.etas.len()];
        let rows = places.chunks_mut(count).zip(self.etas.chunks(count));
        rows.for_each(|(out, eta)| self.outputs.place(eta, out));
        places
    }

    pub(super) fn slope(&self, j: usize, k: usize, u: &[f64]) -> f64 {
        let (count, mut sum) = (self.outputs.count(), 0.0);
        self.prepared.columns.each(j, |row, x| sum += x * u[row * count + k]);
        sum
    }

    pub(super) fn all_slopes(&self) -> Vec<f64> {
        let (count, u) = (self.outputs.count(), self.weighted_residuals());
        let mut slopes = vec![0.0; self.beta.len()];
        for k in 0..count {
            let column: Vec<f64> = u.iter().skip(k).step_by(count).copied().collect();
            let found = self.prepared.columns.correlations(&column);
            found.iter().enumerate().for_each(|(j, slope)| slopes[j * count + k] = *slope);
        }
        slopes
    }

    pub(super) fn predictors(&self) -> Vec<f64> {
        let count = self.outputs.count();
        let mut etas = self.intercepts.repeat(self.prepared.weights.len());
        for (place, &weight) in self.beta.iter().enumerate().filter(|(_, w)| **w != 0.0) {
            let (j, k) = (place / count, place % count);
            self.prepared.columns.each(j, |row, x| etas[row * count + k] += weight * x);
        }
        etas
    }
}

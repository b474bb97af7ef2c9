//! What the rows tell: losses, residuals, slopes.

use super::Solver;
use crate::grouped::model::by_output;
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

    pub(super) fn all_slopes(&self) -> Vec<f64> {
        let count = self.outputs.count();
        let mut slopes = vec![0.0; self.beta.len()];
        for (k, u) in by_output(&self.weighted_residuals(), count).iter().enumerate() {
            let found = self.prepared.columns.correlations(u);
            found.iter().enumerate().for_each(|(j, slope)| slopes[j * count + k] = *slope);
        }
        slopes
    }

    pub(super) fn predictors(&self) -> Vec<f64> {
        let (count, rows) = (self.outputs.count(), self.prepared.weights.len());
        let mut etas = vec![0.0; self.etas.len()];
        for k in 0..count {
            let mut eta = vec![self.intercepts[k]; rows];
            let weights = self.beta.iter().skip(k).step_by(count).enumerate();
            for (j, &weight) in weights.filter(|(_, w)| **w != 0.0) {
                self.prepared.columns.add(j, weight, &mut eta);
            }
            etas.iter_mut().skip(k).step_by(count).zip(eta).for_each(|(place, eta)| *place = eta);
        }
        etas
    }
}

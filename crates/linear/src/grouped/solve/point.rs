//! How far a point is from the optimum.

use super::{Solver, pick};
use crate::grouped::groups::at;
use crate::grouped::outputs::Outputs;
use wellfit_core::penalty::{GroupLasso, GroupPenalty};

/// What is known of a point.
pub(super) struct Point {
    pub objective: f64,
    pub gap: f64,
    pub distance: f64,
}

impl<O: Outputs> Solver<'_, O> {
    pub(super) fn point(&self, groups: &[usize], lambda: f64) -> Point {
        let count = self.outputs.count();
        let (mut objective, mut distance) = (self.loss(&self.etas), 0.0_f64);
        let mut c = 1.0_f64;
        let parts: Vec<_> = groups
            .iter()
            .map(|&g| {
                let group = &self.groups.0[g];
                let weights = pick(&group.members, &self.beta, count);
                (at(&group.penalty, lambda), weights, pick(&group.members, &self.slopes, count))
            })
            .collect();
        for ((penalty, weights, slope), &g) in parts.iter().zip(groups) {
            objective += penalty.value(weights);
            let gradient: Vec<f64> = slope.iter().map(|s| -s).collect();
            distance = distance.max(penalty.subdiff_distance(weights, &gradient));
            if !self.is_free(g) && penalty.conjugate(slope).is_infinite() {
                // The factor that a λ would need is the inverse of the one that slopes need.
                c = c.min(penalty.factor_max(slope).recip());
            }
        }
        let c = if c < 1.0 { c * (1.0 - 1e-15) } else { 1.0 };
        let conjugate =
            |((penalty, weights, slope), &g): (&(GroupLasso, Vec<f64>, Vec<f64>), &usize)| {
                let scaled: Vec<f64> = slope.iter().map(|s| c * s).collect();
                match self.is_free(g) {
                    true => free_conjugate(weights, &scaled),
                    false => penalty.conjugate(&scaled),
                }
            };
        let conjugates: f64 = parts.iter().zip(groups).map(conjugate).sum();
        let gap = (objective - self.dual(c) + conjugates).max(0.0);
        Point { objective, gap, distance }
    }
}

/// As for a single weight that is neither penalized nor bounded.
fn free_conjugate(weights: &[f64], slope: &[f64]) -> f64 {
    weights.iter().zip(slope).map(|(w, s)| s * w + s.abs() * (s.abs() + w.abs())).sum()
}

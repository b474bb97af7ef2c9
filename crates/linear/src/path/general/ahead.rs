//! Where the last two λ lead.

use super::General;
use crate::datafit::Datafit;
use crate::penalty::Terms;
use wellfit_core::penalty::Penalty;

/// Slopes are expected to be so much larger than they are foreseen.
const MARGIN: f64 = 1.02;

/// What was found at a λ.
pub(super) struct Known {
    lambda: f64,
    beta: Vec<f64>,
    slopes: Vec<f64>,
}

impl<D: Datafit> General<'_, D> {
    pub(super) fn known(&self, lambda: f64) -> Known {
        Known { lambda, beta: self.beta.clone(), slopes: self.slopes.clone() }
    }

    /// Follows weights and slopes on the line through the last two λ: features whose slopes will
    /// want them are admitted, and weights are moved if that lowers the objective.
    pub(super) fn look_ahead<P: Penalty>(&mut self, terms: &Terms<'_, P>, lambda: f64) {
        let (Some(before), Some(last)) = (&self.before, &self.last) else { return };
        let length = (lambda - last.lambda) / (last.lambda - before.lambda);
        if !(length > 0.0 && length <= 2.0) {
            return;
        }
        let line = |last: f64, before: f64| last + length * (last - before);
        let moves = |&j: &usize| {
            let expected = MARGIN * line(last.slopes[j], before.slopes[j]);
            !self.admitted[j] && terms.distance(j, 0.0, -expected) > 0.0
        };
        let new: Vec<usize> = (0..self.admitted.len()).filter(moves).collect();
        let wanted = |&j: &usize| {
            let (old, wanted) = (last.beta[j], line(last.beta[j], before.beta[j]));
            let (low, high) = terms.bounds[j];
            let crosses = wanted * old < 0.0 && terms.has_kink(j);
            (j, if crosses { 0.0 } else { wanted.max(low).min(high) })
        };
        let wanted: Vec<(usize, f64)> = self.members.iter().map(wanted).collect();
        self.admit(&new);
        self.try_weights(terms, &wanted);
    }

    fn try_weights<P: Penalty>(&mut self, terms: &Terms<'_, P>, wanted: &[(usize, f64)]) {
        let (mut eta, mut penalty) = (self.eta.clone(), 0.0);
        for &(j, new) in wanted.iter().filter(|&&(j, new)| new != self.beta[j]) {
            self.prepared.columns.add(j, new - self.beta[j], &mut eta);
            penalty += terms.value(j, new) - terms.value(j, self.beta[j]);
        }
        if self.loss(&eta) + penalty < self.loss(&self.eta) {
            wanted.iter().for_each(|&(j, new)| self.beta[j] = new);
            self.eta = eta;
        }
    }
}

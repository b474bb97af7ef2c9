//! Sweeps that have become steady tell where they lead.
//!
//! # Paper
//! Bertrand & Massias 2021, *Anderson acceleration of coordinate descent*, arXiv 2011.10065.

use super::gram::{Gram, State};
use crate::kernel::dot;
use crate::penalty::Terms;
use faer::linalg::solvers::Solve;
use faer::{Col, Mat, Side};
use wellfit_core::penalty::Penalty;

/// Steps from which one extrapolates.
pub(super) const MEMORY: usize = 4;

/// How much of each point but the first makes up the affine combination whose steps cancel best.
pub(super) fn shares<'a>(seen: impl Iterator<Item = &'a [f64]>) -> Option<Vec<f64>> {
    let points: Vec<&[f64]> = seen.collect();
    let step = |pair: &[&[f64]]| -> Vec<f64> {
        pair[1].iter().zip(pair[0]).map(|(new, old)| new - old).collect()
    };
    let steps: Vec<Vec<f64>> = points.windows(2).map(step).collect();
    let count = steps.len();
    let mut products = Mat::from_fn(count, count, |a, b| dot(&steps[a], &steps[b]));
    let ridge = 1e-12 * (0..count).map(|a| products[(a, a)]).sum::<f64>();
    (0..count).for_each(|a| products[(a, a)] += ridge);
    let mut share = Col::full(count, 1.0);
    products.llt(Side::Lower).ok()?.solve_in_place(share.as_mut());
    let sum: f64 = share.iter().sum();
    let shares: Vec<f64> = share.iter().map(|share| share / sum).collect();
    shares.iter().all(|share| share.is_finite()).then_some(shares)
}

impl Gram {
    /// Takes the combination of the points seen, if it is better than the last of them. Slopes are
    /// affine in the weights, so that theirs is the same combination.
    pub(super) fn extrapolate<P: Penalty>(
        &self,
        terms: &Terms<'_, P>,
        state: &mut State,
        seen: &[State],
    ) {
        let Some(shares) = shares(seen.iter().map(|seen| &seen.beta[..])) else { return };
        let mix = |of: &dyn Fn(&State) -> &[f64]| -> Vec<f64> {
            let mut mixed = vec![0.0; self.len()];
            for (share, seen) in shares.iter().zip(&seen[1..]) {
                crate::kernel::add(*share, of(seen), &mut mixed);
            }
            mixed
        };
        let mixed = State { beta: mix(&|seen| &seen.beta), slope: mix(&|seen| &seen.slope) };
        let inside = |(&j, b): (&usize, &f64)| *b >= terms.bounds[j].0 && *b <= terms.bounds[j].1;
        let fits = self.members.iter().zip(&mixed.beta).all(inside);
        if fits && self.objective(terms, &mixed) < self.objective(terms, state) {
            *state = mixed;
        }
    }

    fn objective<P: Penalty>(&self, terms: &Terms<'_, P>, state: &State) -> f64 {
        let penalty = self.members.iter().zip(&state.beta).map(|(&j, b)| terms.value(j, *b));
        self.loss(state) + penalty.sum::<f64>()
    }
}

//! The places of a Gram matrix that are in use, side by side in memory.

use super::gram::{Gram, State};
use crate::kernel::add;
use crate::penalty::Terms;
use wellfit_core::penalty::Penalty;

/// A copy of some places of a Gram matrix, which lives as long as their weights stay in use.
///
/// All other weights are zero, so that it is the same problem.
pub(super) struct Part {
    pub gram: Gram,
    /// Where each of its places stands in the whole.
    pub places: Vec<usize>,
    /// For each place of the whole.
    inside: Vec<bool>,
}

impl Part {
    pub fn new(whole: &Gram) -> Self {
        Self { gram: Gram::new(whole.matrix.room(), whole.norm2), places: vec![], inside: vec![] }
    }

    /// Takes places in; begins anew where too many others have fallen out of use.
    pub fn hold(&mut self, whole: &Gram, used: &[usize]) {
        self.inside.resize(whole.len(), false);
        let missing = used.iter().filter(|&&k| !self.inside[k]).count();
        if self.places.len() + missing > used.len() + used.len() / 4 + 16 {
            self.places.clear();
            self.inside.fill(false);
            self.gram.members.clear();
            self.gram.matrix.clear();
        }
        self.gram.norm2 = whole.norm2;
        for &k in used {
            if !std::mem::replace(&mut self.inside[k], true) {
                self.push(whole, k);
            }
        }
        self.gram.linear.clear();
        self.gram.linear.extend(self.places.iter().map(|&k| whole.linear[k]));
    }

    fn push(&mut self, whole: &Gram, k: usize) {
        self.places.push(k);
        self.gram.members.push(whole.members[k]);
        let from = whole.column(k);
        self.gram.matrix.extend(1, |i, _| from[self.places[i]]);
    }

    /// What the whole knows of these places.
    pub fn pick(&self, state: &State) -> State {
        let pick = |of: &[f64]| self.places.iter().map(|&k| of[k]).collect();
        State { beta: pick(&state.beta), slope: pick(&state.slope) }
    }

    /// Brings weights back into the whole.
    pub fn give_back(&self, whole: &Gram, at: &State, state: &mut State) {
        for (&k, new) in self.places.iter().zip(&at.beta) {
            let old = std::mem::replace(&mut state.beta[k], *new);
            if *new != old {
                add(old - new, whole.column(k), &mut state.slope);
            }
        }
    }
}

impl Gram {
    /// Places that are not zero, or want to leave it.
    pub(super) fn used<P: Penalty>(&self, terms: &Terms<'_, P>, state: &State) -> Vec<usize> {
        let moves = |&k: &usize| {
            state.beta[k] != 0.0 || terms.distance(self.members[k], 0.0, -state.slope[k]) > 0.0
        };
        (0..self.len()).filter(moves).collect()
    }

    /// Follows weights on the line from `before` through `state` for another `length` of it: along
    /// λ the optima of a piecewise quadratic problem lie on such lines until a sign changes, where
    /// weights are kept at zero. Nothing happens unless the length is above 0 and at most 2.
    ///
    /// # Paper
    /// Osborne, Presnell & Turlach 2000, *A new approach to variable selection in least squares
    /// problems*.
    pub fn follow_on<P: Penalty>(
        &self,
        terms: &Terms<'_, P>,
        state: &mut State,
        before: &State,
        length: f64,
    ) {
        if !(length > 0.0 && length <= 2.0) {
            return;
        }
        let known = before.slope.len().min(before.beta.len());
        let mut beyond = vec![];
        for k in 0..known {
            let old = state.beta[k];
            let wanted = old + length * (old - before.beta[k]);
            let (low, high) = terms.bounds[self.members[k]];
            let crosses = wanted * old < 0.0 && terms.has_kink(self.members[k]);
            let new = if crosses { 0.0 } else { wanted.max(low).min(high) };
            state.beta[k] = new;
            if new != wanted {
                beyond.push((k, wanted - new));
            }
        }
        if known < state.slope.len() {
            return self.refresh(state);
        }
        for (slope, before) in state.slope.iter_mut().zip(&before.slope) {
            *slope += length * (*slope - before);
        }
        for (k, beyond) in beyond {
            add(beyond, self.column(k), &mut state.slope);
        }
    }
}

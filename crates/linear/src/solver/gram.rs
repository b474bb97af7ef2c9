//! Least squares through the products of its columns: updates cost the working set, not the rows.

use super::{Block, Certificate, certify};
use crate::design::Columns;
use crate::kernel::{add, dot};
use crate::penalty::Terms;
use faer::Mat;
use wellfit_core::penalty::Penalty;

/// ½ ||z - Zβ||² as ½ ||z||² - linear'β + ½ β'Gβ, for a working set of columns that grows.
pub(crate) struct Gram {
    /// The feature of each place.
    pub members: Vec<usize>,
    /// Room for more than there are, so that growing seldom copies.
    matrix: Mat<f64>,
    linear: Vec<f64>,
    /// ||z||².
    pub norm2: f64,
}

/// Weights of the working set, and the slopes Z'(z - Zβ) that belong to them.
#[derive(Clone, Default)]
pub(crate) struct State {
    pub beta: Vec<f64>,
    pub slope: Vec<f64>,
}

impl Gram {
    /// No columns yet, for a target of squared norm `norm2`.
    pub fn new(norm2: f64) -> Self {
        Self { members: vec![], matrix: Mat::new(), linear: vec![], norm2 }
    }

    /// The Gram matrix of all features from sums that were made elsewhere.
    #[cfg(test)]
    pub fn whole(matrix: Mat<f64>, linear: Vec<f64>, norm2: f64) -> Self {
        Self { members: (0..linear.len()).collect(), matrix, linear, norm2 }
    }

    /// The problem whose slopes at `state` are given, and whose residual there has the squared norm
    /// `left`.
    pub fn around(members: Vec<usize>, matrix: Mat<f64>, left: f64, state: State) -> (Self, State) {
        let mut gram = Self { members, matrix, linear: state.slope.clone(), norm2: left };
        for (k, &beta) in state.beta.iter().enumerate().filter(|(_, beta)| **beta != 0.0) {
            add(beta, &gram.matrix.col_as_slice(k)[..state.beta.len()], &mut gram.linear);
        }
        // ||z||² = ||r||² + 2 β'Z'r + β'Gβ, of which linear = Z'r + Gβ.
        gram.norm2 += dot(&state.beta, &state.slope) + dot(&state.beta, &gram.linear);
        (gram, state)
    }

    pub fn len(&self) -> usize {
        self.members.len()
    }

    pub fn column(&self, k: usize) -> &[f64] {
        &self.matrix.col_as_slice(k)[..self.len()]
    }

    pub fn square(&self, k: usize) -> f64 {
        self.matrix[(k, k)]
    }

    /// Adds features to the working set, whose columns go into `block`; `linear(j)` is z_j'z.
    pub fn admit(
        &mut self,
        new: &[usize],
        columns: &Columns,
        block: &mut Block,
        linear: impl Fn(usize) -> f64,
        state: &mut State,
    ) {
        let old = self.len();
        new.iter().for_each(|&j| block.push(columns, j));
        let products = block.products(old);
        self.members.extend_from_slice(new);
        self.linear.extend(new.iter().map(|&j| linear(j)));
        self.grow();
        for k in 0..new.len() {
            for i in 0..self.len() {
                let product = products[(i, k)];
                self.matrix[(i, old + k)] = product;
                self.matrix[(old + k, i)] = product;
            }
        }
        state.beta.resize(self.len(), 0.0);
        self.refresh(state);
    }

    fn grow(&mut self) {
        let (len, room) = (self.len(), self.matrix.nrows());
        if len > room {
            let room = len.max(2 * room).max(16);
            self.matrix.resize_with(room, room, |_, _| 0.0);
        }
    }

    /// Slopes anew from the weights, without the rounding that updates gather.
    pub fn refresh(&self, state: &mut State) {
        state.slope.clear();
        state.slope.extend_from_slice(&self.linear);
        for (k, &beta) in state.beta.iter().enumerate().filter(|(_, beta)| **beta != 0.0) {
            add(-beta, self.column(k), &mut state.slope);
        }
    }

    /// ½ ||z - Zβ||².
    pub fn loss(&self, state: &State) -> f64 {
        let explained = dot(&state.beta, &self.linear) + dot(&state.beta, &state.slope);
        (0.5 * (self.norm2 - explained)).max(0.0)
    }

    /// One pass of coordinate descent; the largest change of slope that a step made.
    pub fn sweep<P: Penalty>(&self, terms: &Terms<'_, P>, state: &mut State) -> f64 {
        let mut largest = 0.0_f64;
        for k in 0..self.len() {
            let square = self.square(k);
            if square <= 0.0 {
                continue;
            }
            let old = state.beta[k];
            let new = terms.minimum(self.members[k], old + state.slope[k] / square, square);
            if new != old {
                state.beta[k] = new;
                add(old - new, self.column(k), &mut state.slope);
                largest = largest.max((new - old).abs() * square);
            }
        }
        largest
    }

    /// The certificate of the problem that has the working set alone.
    pub fn certificate<P: Penalty>(&self, terms: &Terms<'_, P>, state: &State) -> Certificate {
        let slopes = (0..self.len()).map(|k| (self.members[k], state.beta[k], state.slope[k]));
        let loss = self.loss(state);
        let with_target = self.norm2 - dot(&state.beta, &self.linear);
        let dual = |c: f64| c * (with_target - c * loss);
        certify(terms, slopes, loss, dual)
    }

    /// Minimizes ½ ||z - Zβ||² + penalty to a gap of `gap`, or a KKT distance of `distance` where
    /// there is no gap, from the weights in `state`; returns the passes it took.
    ///
    /// A few sweeps find most signs, and do for loose tolerances; then Newton steps on the signs
    /// that were found and sweeps that correct them take turns.
    pub fn solve<P: Penalty>(&self, terms: &Terms<'_, P>, state: &mut State, stop: Stop) -> usize {
        let smooth = self.members.iter().all(|&j| terms.curvature(j, 1.0).is_some());
        let rounding = 1e-15 * self.linear.iter().fold(0.0_f64, |max, c| max.max(c.abs()));
        for pass in 1..=stop.passes {
            let change = self.sweep(terms, state);
            if change <= rounding || stop.is_reached(&self.certificate(terms, state)) {
                return pass;
            }
            if smooth && pass >= SWEEPS_FIRST {
                super::newton::descend(self, terms, state);
            }
        }
        stop.passes
    }
}

/// Sweeps before the first Newton step.
const SWEEPS_FIRST: usize = 3;

/// When to stop.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stop {
    /// Duality gap.
    pub gap: f64,
    /// KKT distance, where there is no gap.
    pub distance: f64,
    /// Passes at most.
    pub passes: usize,
}

impl Stop {
    pub fn is_reached(&self, certificate: &Certificate) -> bool {
        match certificate.gap {
            Some(gap) => gap <= self.gap,
            None => certificate.distance <= self.distance,
        }
    }
}

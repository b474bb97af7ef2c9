//! Least squares through the products of its columns: updates cost the working set, not the rows.

use super::cholesky::Cholesky;
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
    /// Kept for parts of the matrix and for factors, so that memory is asked for once.
    room: Mat<f64>,
    cholesky: Cholesky,
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
        Self::made(vec![], Mat::new(), vec![], norm2)
    }

    /// The Gram matrix of all features from sums that were made elsewhere.
    #[cfg(test)]
    pub fn whole(matrix: Mat<f64>, linear: Vec<f64>, norm2: f64) -> Self {
        Self::made((0..linear.len()).collect(), matrix, linear, norm2)
    }

    /// The problem whose slopes at `state` are given, and whose residual there has the squared norm
    /// `left`.
    pub fn around(members: Vec<usize>, matrix: Mat<f64>, left: f64, state: State) -> (Self, State) {
        let mut gram = Self::made(members, matrix, state.slope.clone(), left);
        for (k, &beta) in state.beta.iter().enumerate().filter(|(_, beta)| **beta != 0.0) {
            add(beta, &gram.matrix.col_as_slice(k)[..state.beta.len()], &mut gram.linear);
        }
        // ||z||² = ||r||² + 2 β'Z'r + β'Gβ, of which linear = Z'r + Gβ.
        gram.norm2 += dot(&state.beta, &state.slope) + dot(&state.beta, &gram.linear);
        (gram, state)
    }

    fn made(members: Vec<usize>, matrix: Mat<f64>, linear: Vec<f64>, norm2: f64) -> Self {
        Self { members, matrix, linear, norm2, room: Mat::new(), cholesky: Cholesky::default() }
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
    /// Weights that are zero and want to stay are left out, until the others are where they belong.
    pub fn solve<P: Penalty>(
        &mut self,
        terms: &Terms<'_, P>,
        state: &mut State,
        stop: Stop,
    ) -> usize {
        let inner = Stop { gap: 0.5 * stop.gap, distance: 0.5 * stop.distance, ..stop };
        let mut passes = 0;
        while passes < stop.passes {
            if passes == 0 {
                // Often enough for loose tolerances, at less than the price of a part.
                self.sweep(terms, state);
                passes += 1;
            }
            if stop.is_reached(&self.certificate(terms, state)) {
                break;
            }
            let used = self.used(terms, state);
            if 10 * used.len() > 7 * self.len() {
                return passes + self.descend(terms, state, stop);
            }
            let (mut part, mut at) = self.part(&used, state);
            passes += part.descend(terms, &mut at, inner);
            for (&k, new) in used.iter().zip(&at.beta) {
                let old = std::mem::replace(&mut state.beta[k], *new);
                if *new != old {
                    add(old - new, self.column(k), &mut state.slope);
                }
            }
            (self.room, self.cholesky) = (part.matrix, part.cholesky);
        }
        passes
    }

    /// Places that are not zero, or want to leave it.
    fn used<P: Penalty>(&self, terms: &Terms<'_, P>, state: &State) -> Vec<usize> {
        let moves = |&k: &usize| {
            state.beta[k] != 0.0 || terms.distance(self.members[k], 0.0, -state.slope[k]) > 0.0
        };
        (0..self.len()).filter(moves).collect()
    }

    /// The problem in some places alone, with the others as they are.
    fn part(&mut self, places: &[usize], state: &State) -> (Self, State) {
        let size = places.len();
        let mut matrix = std::mem::replace(&mut self.room, Mat::new());
        if matrix.nrows() < size {
            matrix = Mat::zeros(size.next_multiple_of(64), size.next_multiple_of(64));
        }
        for (to, &k) in places.iter().enumerate() {
            let from = self.column(k);
            let to = matrix.col_as_slice_mut(to).iter_mut();
            to.zip(places).for_each(|(to, &k)| *to = from[k]);
        }
        let members = places.iter().map(|&k| self.members[k]).collect();
        let pick = |of: &[f64]| places.iter().map(|&k| of[k]).collect();
        let at = State { beta: pick(&state.beta), slope: pick(&state.slope) };
        let left = 2.0 * self.loss(state);
        let (mut part, at) = Self::around(members, matrix, left, at);
        part.cholesky = std::mem::take(&mut self.cholesky);
        (part, at)
    }

    /// A few sweeps find most signs, and do for loose tolerances; then Newton steps on the signs
    /// that were found and sweeps that correct them take turns.
    fn descend<P: Penalty>(
        &mut self,
        terms: &Terms<'_, P>,
        state: &mut State,
        stop: Stop,
    ) -> usize {
        let smooth = self.members.iter().all(|&j| terms.curvature(j, 1.0).is_some());
        let rounding = 1e-15 * self.linear.iter().fold(0.0_f64, |max, c| max.max(c.abs()));
        let mut cholesky = std::mem::take(&mut self.cholesky);
        let mut passes = stop.passes;
        for pass in 1..=stop.passes {
            let change = self.sweep(terms, state);
            if change <= rounding || stop.is_reached(&self.certificate(terms, state)) {
                passes = pass;
                break;
            }
            if smooth && pass >= SWEEPS_FIRST {
                super::newton::descend(self, terms, state, &mut cholesky);
            }
        }
        self.cholesky = cholesky;
        passes
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

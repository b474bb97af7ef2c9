//! Least squares through the products of its columns: updates cost the working set, not the rows.

use super::Block;
use super::cholesky::Cholesky;
use super::part::Part;
use crate::design::Columns;
use crate::kernel::{add, dot};
use faer::Mat;

/// ½ ||z - Zβ||² as ½ ||z||² - linear'β + ½ β'Gβ, for a working set of columns that grows.
pub(crate) struct Gram {
    /// The feature of each place.
    pub members: Vec<usize>,
    /// Room for more than there are, so that growing seldom copies.
    pub(super) matrix: Mat<f64>,
    pub(super) linear: Vec<f64>,
    /// ||z||².
    pub norm2: f64,
    /// The places in use, and room for factors: kept from one λ to the next.
    pub(super) part: Option<Box<Part>>,
    pub(super) cholesky: Cholesky,
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
        Self { members, matrix, linear, norm2, part: None, cholesky: Cholesky::default() }
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

    pub(super) fn grow(&mut self) {
        let (len, room) = (self.len(), self.matrix.nrows());
        if len > room {
            // Columns that are not a power of two apart do not push each other out of the cache.
            let room = (len.max(room + room / 3).next_multiple_of(16) + 8).max(24);
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
}

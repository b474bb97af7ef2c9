//! Least squares through the products of its columns: updates cost the working set, not the rows.

use super::Block;
use super::cholesky::Cholesky;
use super::part::Part;
use super::symmetric::Symmetric;
use crate::design::Columns;
use crate::kernel::{add, dot};

/// ½ ||z - Zβ||² as ½ ||z||² - linear'β + ½ β'Gβ, for a working set of columns that grows.
pub(crate) struct Gram {
    /// The feature of each place.
    pub members: Vec<usize>,
    pub(super) matrix: Symmetric,
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
    /// No columns yet, and room for `room`, for a target of squared norm `norm2`.
    pub fn new(room: usize, norm2: f64) -> Self {
        Self::made(vec![], Symmetric::with_room(room), vec![], norm2)
    }

    /// The Gram matrix of all features from products that were made elsewhere.
    pub fn whole(product: impl Fn(usize, usize) -> f64, linear: Vec<f64>, norm2: f64) -> Self {
        let matrix = Symmetric::of(linear.len(), product);
        Self::made((0..linear.len()).collect(), matrix, linear, norm2)
    }

    /// Makes it the problem whose slopes at `state` are given, and whose residual there has the
    /// squared norm `left`.
    pub fn start_at(&mut self, left: f64, state: &State) {
        let mut linear = state.slope.clone();
        for (k, &beta) in state.beta.iter().enumerate().filter(|(_, beta)| **beta != 0.0) {
            add(beta, self.column(k), &mut linear);
        }
        // ||z||² = ||r||² + 2 β'Z'r + β'Gβ, of which linear = Z'r + Gβ.
        self.norm2 = left + dot(&state.beta, &state.slope) + dot(&state.beta, &linear);
        self.linear = linear;
    }

    fn made(members: Vec<usize>, matrix: Symmetric, linear: Vec<f64>, norm2: f64) -> Self {
        Self { members, matrix, linear, norm2, part: None, cholesky: Cholesky::default() }
    }

    pub fn len(&self) -> usize {
        self.members.len()
    }

    pub fn column(&self, k: usize) -> &[f64] {
        self.matrix.column(k)
    }

    pub fn square(&self, k: usize) -> f64 {
        self.matrix.diagonal(k)
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
        self.matrix.extend(new.len(), |i, k| products[(i, k)]);
        state.beta.resize(self.len(), 0.0);
        self.refresh(state);
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

//! Systems of equations for Newton steps, in memory that is kept from one to the next.

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::cholesky::llt::{factor, solve};
use faer::prelude::ReborrowMut;
use faer::{Mat, MatMut, Par};

/// Room for the factor of a positive definite matrix.
pub(super) struct Cholesky {
    matrix: Mat<f64>,
}

impl Default for Cholesky {
    fn default() -> Self {
        Self { matrix: Mat::new() }
    }
}

impl Cholesky {
    /// Solves A x = b in place, for the matrix whose lower triangle `fill` writes by columns: below
    /// the diagonal and on it.
    ///
    /// A matrix that is singular to rounding gets a little ridge, in shares of `largest`. False,
    /// with `b` spoilt, when that does not help.
    pub fn solve(&mut self, b: &mut [f64], largest: f64, fill: impl Fn(usize, &mut [f64])) -> bool {
        let size = b.len();
        if self.matrix.nrows() < size {
            self.matrix = Mat::zeros(size.next_multiple_of(64), size.next_multiple_of(64));
        }
        let (params, par) = (Default::default(), Par::Seq);
        let needed = factor::cholesky_in_place_scratch::<f64>(size, par, params);
        let needed = needed.or(solve::solve_in_place_scratch::<f64>(size, 1, par));
        let mut stack = MemBuffer::new(needed);
        let stack = MemStack::new(&mut stack);
        for ridge in [0.0, 1e-13, 1e-10, 1e-7] {
            for column in 0..size {
                let below = &mut self.matrix.col_as_slice_mut(column)[column..size];
                fill(column, below);
                below[0] += ridge * largest;
            }
            let mut lower = self.matrix.as_mut().submatrix_mut(0, 0, size, size);
            let plain = Default::default();
            if factor::cholesky_in_place(lower.rb_mut(), plain, par, stack, params).is_err() {
                continue;
            }
            let b = MatMut::from_column_major_slice_mut(b, size, 1);
            solve::solve_in_place(lower.as_ref(), b, par, stack);
            return true;
        }
        false
    }
}

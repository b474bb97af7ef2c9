//! The features in the units of the solvers: centred, scaled, without rows of weight zero.

use super::spread::Spread;
use super::{Csc, Design};
use crate::kernel::{add, dot, products};
use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, Par};

/// Numbers of vectors up to which they stay in the cache while the features pass by.
const FEW: usize = 4_096;

/// A working copy of the features: (x - `center`) / `scale`.
///
/// Sparse columns are not centred, as that would fill them; [`crate::solver::Block`] does it on the
/// fly, and a residual that sums to zero does not see the difference.
#[derive(Debug)]
pub(crate) struct Columns {
    kind: Kind,
    /// What was subtracted from each column.
    pub center: Vec<f64>,
    /// What each column was divided by.
    pub scale: Vec<f64>,
    /// Columns that tell nothing beside the intercept; their copies are zero.
    pub constant: Vec<bool>,
}

#[derive(Debug)]
enum Kind {
    Dense(Mat<f64>),
    Sparse(Csc),
}

impl Columns {
    /// Copies a design whose rows have `weights`, which add up to 1.
    ///
    /// With an intercept columns are centred and constant ones emptied. Those that `standardize`
    /// names are divided by the standard deviation (with n, not n - 1, below the fraction) where
    /// that is not zero.
    pub fn new(
        design: &Design<'_>,
        weights: &[f64],
        intercept: bool,
        standardize: impl Fn(usize) -> bool,
    ) -> Self {
        let cols = design.cols();
        let mut center = vec![0.0; cols];
        let (mut scale, mut constant) = (vec![1.0; cols], vec![false; cols]);
        let mut set = |column: usize, spread: Spread| {
            constant[column] = intercept && spread.is_constant();
            if standardize(column) && !spread.is_constant() {
                scale[column] = spread.deviation;
            }
            (constant[column], scale[column])
        };
        let kind = match design {
            Design::Dense(matrix) => {
                let mut copy = Mat::zeros(matrix.nrows(), cols);
                for (column, center) in center.iter_mut().enumerate() {
                    let target: &mut [f64] = copy.col_as_slice_mut(column);
                    target.iter_mut().zip(matrix.col(column).iter()).for_each(|(t, x)| *t = *x);
                    let spread = Spread::dense(target, weights);
                    let (empty, scale) = set(column, spread);
                    *center = if intercept { spread.mean } else { 0.0 };
                    let factor = if empty { 0.0 } else { scale.recip() };
                    target.iter_mut().for_each(|x| *x = (*x - *center) * factor);
                }
                Kind::Dense(copy)
            }
            Design::Sparse(matrix) => {
                let mut copy = Csc::empty(matrix.rows());
                for column in 0..cols {
                    let (empty, scale) = set(column, Spread::sparse(matrix, column, weights));
                    let entries = matrix.pairs(column).filter(|_| !empty);
                    copy.push(entries.map(|(row, value)| (row, value / scale)));
                }
                Kind::Sparse(copy)
            }
        };
        Self { kind, center, scale, constant }
    }

    pub fn len(&self) -> usize {
        self.scale.len()
    }

    /// Whether a column has so few entries that a step along it is cheaper than one through
    /// products with other columns.
    pub fn are_thin(&self) -> bool {
        self.sparse().is_some_and(|matrix| 50 * matrix.entries() < matrix.rows() * matrix.cols())
    }

    /// The matrix where it is dense.
    pub fn dense(&self) -> Option<&Mat<f64>> {
        match &self.kind {
            Kind::Dense(matrix) => Some(matrix),
            Kind::Sparse(_) => None,
        }
    }

    /// The matrix where it is sparse.
    pub fn sparse(&self) -> Option<&Csc> {
        match &self.kind {
            Kind::Dense(_) => None,
            Kind::Sparse(matrix) => Some(matrix),
        }
    }

    /// `eta` += `factor` x column.
    pub fn add(&self, column: usize, factor: f64, eta: &mut [f64]) {
        match &self.kind {
            Kind::Dense(matrix) => add(factor, matrix.col_as_slice(column), eta),
            Kind::Sparse(matrix) => matrix.add(column, factor, eta),
        }
    }

    /// Calls `see` with the row and value of each entry that is stored.
    pub fn each(&self, column: usize, mut see: impl FnMut(usize, f64)) {
        match &self.kind {
            Kind::Dense(matrix) => {
                matrix.col_as_slice(column).iter().enumerate().for_each(|(row, x)| see(row, *x));
            }
            Kind::Sparse(matrix) => matrix.pairs(column).for_each(|(row, x)| see(row, x)),
        }
    }

    /// x'v of one column.
    pub fn dot(&self, column: usize, v: &[f64]) -> f64 {
        match &self.kind {
            Kind::Dense(matrix) => dot(matrix.col_as_slice(column), v),
            Kind::Sparse(matrix) => matrix.dot(column, v),
        }
    }

    /// X'v.
    pub fn correlations(&self, v: &[f64]) -> Vec<f64> {
        (0..self.len()).map(|column| self.dot(column, v)).collect()
    }

    /// X'V, for several vectors in one pass over the features.
    pub fn correlations_of_many(&self, vectors: &Mat<f64>) -> Mat<f64> {
        let mut out = Mat::zeros(self.len(), vectors.ncols());
        match &self.kind {
            Kind::Dense(matrix) if matrix.nrows() * vectors.ncols() <= FEW => {
                products(matrix, vectors, &mut out);
            }
            Kind::Dense(matrix) => {
                let (transposed, into) = (matrix.transpose(), out.as_mut());
                matmul(into, Accum::Replace, transposed, vectors, 1.0, Par::Seq);
            }
            Kind::Sparse(matrix) => {
                for k in 0..vectors.ncols() {
                    let (v, out) = (vectors.col_as_slice(k), out.col_as_slice_mut(k));
                    out.iter_mut().enumerate().for_each(|(j, out)| *out = matrix.dot(j, v));
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_centred_and_scaled_by_weighted_moments() {
        let values = [1.0, 2.0, 6.0, 5.0, 5.0, 5.0];
        let design = Design::from_columns(&values, 3).unwrap();
        let columns = Columns::new(&design, &[0.5, 0.25, 0.25], true, |_| true);
        // Mean 2.5, variance .5 2.25 + .25 .25 + .25 12.25 = 4.25.
        assert_eq!((columns.center[0], columns.scale[0]), (2.5, 4.25_f64.sqrt()));
        assert_eq!(columns.constant, [false, true]);
        let back = columns.correlations(&[0.5, 0.25, 0.25]);
        assert!(back[0].abs() < 1e-16 && back[1] == 0.0);
    }

    #[test]
    fn sparse_and_dense_have_the_same_scale() {
        let values = [1.0, 0.0, 6.0, 0.0, 4.0, 4.0, 4.0, 4.0];
        let sparse = Csc::from_columns(4, values.chunks(4));
        let weights = [0.1, 0.2, 0.3, 0.4];
        let dense = Design::from_columns(&values, 4).unwrap();
        let dense = Columns::new(&dense, &weights, true, |_| true);
        let sparse = Columns::new(&Design::from(&sparse), &weights, true, |_| true);
        assert!((dense.scale[0] - sparse.scale[0]).abs() < 1e-15);
        assert_eq!(dense.constant, sparse.constant);
    }

    #[test]
    fn a_large_offset_leaves_the_spread_as_it_is() {
        let values: Vec<f64> = (0..100).map(|i| 1e9 + f64::from(i % 2)).collect();
        let design = Design::from_columns(&values, 100).unwrap();
        let columns = Columns::new(&design, &[0.01; 100], true, |_| true);
        assert!((columns.scale[0] - 0.5).abs() < 1e-12 && !columns.constant[0]);
        let noise: Vec<f64> = (0..100).map(|i| 0.1 + f64::from(i % 2) * 1e-17).collect();
        let design = Design::from_columns(&noise, 100).unwrap();
        assert!(Columns::new(&design, &[0.01; 100], true, |_| true).constant[0]);
    }

    #[test]
    fn without_an_intercept_a_constant_is_a_feature() {
        let design = Design::from_columns(&[3.0, 3.0], 2).unwrap();
        let columns = Columns::new(&design, &[0.5, 0.5], false, |_| true);
        assert_eq!((columns.scale[0], columns.constant[0]), (1.0, false));
        assert_eq!(columns.correlations(&[1.0, 0.0]), [3.0]);
    }
}

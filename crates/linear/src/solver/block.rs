//! Some columns under the weights of one quadratic: plain least squares for the inner loops.

mod products;

use crate::design::{Columns, Csc};
use crate::kernel::{add, dot};

/// Columns z_k = √h (x_k - mean of x_k under h), so that Σ h (target - b - x'β)² with its best b
/// is ||residual||² of plain least squares.
///
/// Without an intercept nothing is subtracted. Sparse columns stay sparse: what centring would add
/// to a residual, a multiple of √h, is kept as one number.
pub(crate) struct Block {
    kind: Kind,
    root: Vec<f64>,
    total: f64,
    centred: bool,
    means: Vec<f64>,
    squares: Vec<f64>,
}

enum Kind {
    /// Column after column.
    Dense(Vec<f64>),
    Sparse(Csc),
}

/// What least squares has left, in the metric of a block.
#[derive(Clone)]
pub(crate) struct Residual {
    values: Vec<f64>,
    /// To be added √h times, for sparse columns that were not centred.
    shift: f64,
}

impl Block {
    /// A block of no columns under the weights h.
    pub fn new(columns: &Columns, weights: &[f64], centred: bool) -> Self {
        let kind = match columns.sparse() {
            None => Kind::Dense(vec![]),
            Some(matrix) => Kind::Sparse(Csc::empty(matrix.rows())),
        };
        let root: Vec<f64> = weights.iter().map(|h| h.sqrt()).collect();
        let total = weights.iter().sum();
        Self { kind, root, total, centred, means: vec![], squares: vec![] }
    }

    pub fn len(&self) -> usize {
        self.squares.len()
    }

    /// Adds column `j` of `columns`.
    pub fn push(&mut self, columns: &Columns, j: usize) {
        let (mean, square) = match (&mut self.kind, columns.dense(), columns.sparse()) {
            (Kind::Dense(values), Some(matrix), _) => {
                let x = matrix.col_as_slice(j);
                let start = values.len();
                values.extend(x.iter().zip(&self.root).map(|(x, root)| x * root));
                let z = &mut values[start..];
                let mean = if self.centred { dot(z, &self.root) / self.total } else { 0.0 };
                if mean != 0.0 {
                    add(-mean, &self.root, z);
                }
                (mean, dot(z, z))
            }
            (Kind::Sparse(matrix), _, Some(x)) => {
                matrix.push(x.pairs(j).map(|(row, x)| (row, x * self.root[row])));
                let k = matrix.cols() - 1;
                let mean = if self.centred { matrix.dot(k, &self.root) / self.total } else { 0.0 };
                let raw: f64 = matrix.pairs(k).map(|(_, z)| z * z).sum();
                (mean, (raw - self.total * mean * mean).max(0.0))
            }
            _ => return,
        };
        self.means.push(mean);
        self.squares.push(square);
    }

    /// The residual of a target t: √h (t - mean of t).
    pub fn residual(&self, target: impl Iterator<Item = f64>) -> Residual {
        let mut values: Vec<f64> = target.zip(&self.root).map(|(t, root)| t * root).collect();
        if self.centred {
            let mean = dot(&values, &self.root) / self.total;
            add(-mean, &self.root, &mut values);
        }
        Residual { values, shift: 0.0 }
    }

    /// z_k'z_k.
    pub fn square(&self, k: usize) -> f64 {
        self.squares[k]
    }

    /// The mean of x_k under h; 0 without an intercept.
    pub fn mean(&self, k: usize) -> f64 {
        self.means[k]
    }

    /// z_k'residual.
    pub fn gradient(&self, k: usize, residual: &Residual) -> f64 {
        match &self.kind {
            Kind::Dense(_) => dot(self.column(k), &residual.values),
            Kind::Sparse(matrix) => {
                // √h'residual is 0, so the column's own centring does not matter.
                matrix.dot(k, &residual.values) + residual.shift * self.means[k] * self.total
            }
        }
    }

    /// residual -= `delta` z_k.
    pub fn step(&self, k: usize, delta: f64, residual: &mut Residual) {
        match &self.kind {
            Kind::Dense(_) => add(-delta, self.column(k), &mut residual.values),
            Kind::Sparse(matrix) => {
                matrix.add(k, -delta, &mut residual.values);
                residual.shift += delta * self.means[k];
            }
        }
    }

    /// ||residual||².
    pub fn norm2(&self, residual: &Residual) -> f64 {
        self.dot(residual, residual)
    }

    /// a'b of two residuals.
    pub fn dot(&self, a: &Residual, b: &Residual) -> f64 {
        let plain = dot(&a.values, &b.values);
        if a.shift == 0.0 && b.shift == 0.0 {
            return plain;
        }
        let (of_a, of_b) = (dot(&a.values, &self.root), dot(&b.values, &self.root));
        plain + a.shift * of_b + b.shift * of_a + a.shift * b.shift * self.total
    }

    fn column(&self, k: usize) -> &[f64] {
        let rows = self.root.len();
        match &self.kind {
            Kind::Dense(values) => &values[k * rows..(k + 1) * rows],
            Kind::Sparse(_) => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Design;

    #[test]
    fn sparse_and_dense_blocks_agree() {
        let values = [1.0, 0.0, 6.0, 0.0, 0.0, 3.0, 0.0, 4.0, 2.0, 0.0, 0.0, 1.0];
        let matrix = Csc::from_columns(4, values.chunks(4));
        let weights = [0.1, 0.2, 0.3, 0.4];
        for centred in [true, false] {
            let make = |design: Design<'_>| {
                let columns = Columns::new(&design, &weights, centred, |_| true);
                let mut block = Block::new(&columns, &weights, centred);
                (0..3).for_each(|j| block.push(&columns, j));
                block
            };
            let dense = make(Design::from_columns(&values, 4).unwrap());
            let sparse = make(Design::from(&matrix));
            let target = [1.0, -2.0, 0.5, 3.0];
            let mut residuals = [&dense, &sparse].map(|block| block.residual(target.into_iter()));
            for (k, delta) in [(0, 0.7), (2, -0.3), (1, 1.1)] {
                for (block, residual) in [&dense, &sparse].into_iter().zip(&mut residuals) {
                    block.step(k, delta, residual);
                }
                for j in 0..3 {
                    let [a, b] =
                        [dense.gradient(j, &residuals[0]), sparse.gradient(j, &residuals[1])];
                    assert!((a - b).abs() < 1e-14, "{centred} {k} {j}: {a} {b}");
                }
                let [a, b] = [dense.norm2(&residuals[0]), sparse.norm2(&residuals[1])];
                assert!((a - b).abs() < 1e-14);
            }
            let (a, b) = (dense.products(1), sparse.products(1));
            assert!((&a - &b).norm_max() < 1e-14);
            assert!((a[(2, 1)] - dense.square(2)).abs() < 1e-15);
            assert!((sparse.square(1) - dense.square(1)).abs() < 1e-14);
        }
    }
}

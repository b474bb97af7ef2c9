//! Some columns under the weights of one quadratic: plain least squares for the inner loops.

use crate::design::{Columns, Csc};
use crate::kernel::{add, dot};
use faer::linalg::matmul::matmul;
use faer::linalg::matmul::triangular::{self, BlockStructure};
use faer::prelude::ReborrowMut;
use faer::{Accum, Mat, MatMut, MatRef, Par};

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

    /// Z'z_k for all columns (rows of the answer) and the columns from `from` on.
    pub fn products(&self, from: usize) -> Mat<f64> {
        let (all, new) = (self.len(), self.len() - from);
        let mut out = Mat::zeros(all, new);
        match &self.kind {
            Kind::Dense(values) => {
                let rows = self.root.len();
                let z = MatRef::from_column_major_slice(values, rows, all);
                let (older, newer) = (z.subcols(0, from), z.subcols(from, new));
                let (above, own) = out.as_mut().split_at_row_mut(from);
                matmul(above, Accum::Replace, older.transpose(), newer, 1.0, Par::Seq);
                lower(own, newer);
            }
            Kind::Sparse(matrix) => {
                let mut dense = vec![0.0; self.root.len()];
                for k in 0..new {
                    matrix.add(from + k, 1.0, &mut dense);
                    for i in 0..all {
                        let mean = self.means[i] * self.means[from + k];
                        out[(i, k)] = matrix.dot(i, &dense) - self.total * mean;
                    }
                    matrix.pairs(from + k).for_each(|(row, _)| dense[row] = 0.0);
                }
            }
        }
        out
    }

    /// √h (target - Zβ) for each β, where √h target is `residual`: the gradient's row weights.
    pub fn weighted_residuals(&self, residual: &Residual, betas: &[Vec<f64>]) -> Mat<f64> {
        let (rows, used) = (self.root.len(), betas.iter().map(Vec::len).max().unwrap_or(0));
        let mut out = Mat::from_fn(rows, betas.len(), |row, _| residual.values[row]);
        match &self.kind {
            Kind::Dense(values) => {
                let z = MatRef::from_column_major_slice(&values[..rows * used], rows, used);
                let at = |k: usize, b: usize| betas[b].get(k).copied().unwrap_or(0.0);
                let beta = Mat::from_fn(used, betas.len(), at);
                matmul(out.as_mut(), Accum::Add, z, &beta, -1.0, Par::Seq);
            }
            Kind::Sparse(matrix) => {
                for (b, beta) in betas.iter().enumerate() {
                    let out = out.col_as_slice_mut(b);
                    let mut shift = residual.shift;
                    for (k, beta) in beta.iter().enumerate().filter(|(_, beta)| **beta != 0.0) {
                        matrix.add(k, -beta, out);
                        shift += beta * self.means[k];
                    }
                    add(shift, &self.root, out);
                }
            }
        }
        for b in 0..betas.len() {
            let out = out.col_as_slice_mut(b);
            out.iter_mut().zip(&self.root).for_each(|(out, root)| *out *= root);
        }
        out
    }

    fn column(&self, k: usize) -> &[f64] {
        let rows = self.root.len();
        match &self.kind {
            Kind::Dense(values) => &values[k * rows..(k + 1) * rows],
            Kind::Sparse(_) => &[],
        }
    }
}

/// Z'Z, half of it computed and half of it copied.
fn lower(mut out: MatMut<'_, f64>, z: MatRef<'_, f64>) {
    let (full, half) = (BlockStructure::Rectangular, BlockStructure::TriangularLower);
    let left = z.transpose();
    triangular::matmul(out.rb_mut(), half, Accum::Replace, left, full, z, full, 1.0, Par::Seq);
    for j in 0..out.ncols() {
        for i in 0..j {
            out[(i, j)] = out[(j, i)];
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

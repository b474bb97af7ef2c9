//! Products of whole blocks.

use super::{Block, Kind, Residual};
use crate::kernel::add;
use faer::linalg::matmul::matmul;
use faer::linalg::matmul::triangular::{self, BlockStructure};
use faer::prelude::ReborrowMut;
use faer::{Accum, Mat, MatMut, MatRef, Par};

impl Block {
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

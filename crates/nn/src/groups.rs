//! Groups of weights that belong together: those of one output unit, or of one input.
//!
//! A linear layer is [in, out]: a unit is a column, an input a row. A convolution is
//! [out, in, height, width]: a unit is a filter.

use crate::elementwise::CHUNK;
use rayon::iter::{IndexedParallelIterator, ParallelIterator};
use rayon::slice::{ParallelSlice, ParallelSliceMut};

/// How groups lie in a flat tensor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Groups {
    /// One behind the other, of so many numbers each.
    Rows(usize),
    /// In the columns of a matrix with so many columns.
    Columns(usize),
}

impl Groups {
    /// The output units of weights of this shape; a vector is one group.
    pub fn units(shape: &[usize]) -> Self {
        match shape {
            [_, outputs] => Self::Columns((*outputs).max(1)),
            [_, inputs @ ..] if !inputs.is_empty() => {
                Self::Rows(inputs.iter().product::<usize>().max(1))
            }
            vector => Self::Rows(vector.iter().product::<usize>().max(1)),
        }
    }

    /// The inputs of a linear layer; the filters of a convolution, whose inputs lie scattered.
    pub fn inputs(shape: &[usize]) -> Self {
        match shape {
            [_, outputs] => Self::Rows((*outputs).max(1)),
            _ => Self::units(shape),
        }
    }

    /// Numbers of one group in a tensor of `len` numbers.
    pub const fn size(self, len: usize) -> usize {
        match self {
            Self::Rows(length) => length,
            Self::Columns(columns) => len / columns,
        }
    }

    /// Numbers that one thread takes at a time: whole rows.
    fn chunk(self) -> usize {
        let (Self::Rows(length) | Self::Columns(length)) = self;
        length * (CHUNK / length).max(1)
    }

    /// The sum of `of` over each group.
    pub fn sums(self, flat: &[f32], of: impl Fn(f32) -> f32 + Sync) -> Vec<f32> {
        let part = |rows: &[f32]| self.sums_of(rows, &of);
        // Collected in order, so that the sums do not depend on the threads.
        let parts: Vec<Vec<f32>> = match self.chunk() {
            chunk if flat.len() <= chunk => vec![part(flat)],
            chunk => flat.par_chunks(chunk).map(part).collect(),
        };
        match self {
            Self::Rows(_) => parts.concat(),
            Self::Columns(columns) => parts.iter().fold(vec![0.0; columns], |mut sums, part| {
                sums.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
                sums
            }),
        }
    }

    /// The Euclidean norm of each group, from its sum of squares; where that is beyond f32, it is
    /// summed again in f64.
    pub fn norms(self, flat: &[f32], squares: Vec<f32>) -> Vec<f64> {
        let mut norms: Vec<f64> = squares.iter().map(|square| f64::from(square.sqrt())).collect();
        if squares.iter().all(|square| square.is_finite()) {
            return norms;
        }
        let mut wide = vec![0.0f64; norms.len()];
        for (index, &x) in flat.iter().enumerate() {
            if let Some(sum) = wide.get_mut(self.of(index)) {
                *sum += f64::from(x) * f64::from(x);
            }
        }
        for ((norm, square), wide) in norms.iter_mut().zip(squares).zip(wide) {
            if !square.is_finite() {
                *norm = wide.sqrt();
            }
        }
        norms
    }

    fn sums_of(self, rows: &[f32], of: &(impl Fn(f32) -> f32 + Sync)) -> Vec<f32> {
        match self {
            Self::Rows(length) => {
                rows.chunks(length).map(|row| row.iter().map(|&x| of(x)).sum()).collect()
            }
            Self::Columns(columns) => {
                let mut sums = vec![0.0; columns];
                // Eight rows at a time, so that the sums are loaded and stored an eighth as often.
                let mut eights = rows.chunks_exact(8 * columns);
                for eight in eights.by_ref() {
                    let row = |index: usize| &eight[index * columns..][..columns];
                    let (a, b, c, d) = (row(0), row(1), row(2), row(3));
                    let (e, f, g, h) = (row(4), row(5), row(6), row(7));
                    for (i, sum) in sums.iter_mut().enumerate() {
                        let first = of(a[i]) + of(b[i]) + of(c[i]) + of(d[i]);
                        *sum += first + of(e[i]) + of(f[i]) + of(g[i]) + of(h[i]);
                    }
                }
                for row in eights.remainder().chunks(columns) {
                    sums.iter_mut().zip(row).for_each(|(sum, &x)| *sum += of(x));
                }
                sums
            }
        }
    }

    /// Multiplies each group by its factor.
    pub fn scale(self, flat: &mut [f32], factors: &[f32]) {
        match self.chunk() {
            chunk if flat.len() <= chunk => self.scale_part(flat, factors, 0),
            chunk => flat
                .par_chunks_mut(chunk)
                .enumerate()
                .for_each(|(index, part)| self.scale_part(part, factors, index * chunk)),
        }
    }

    /// The same for whole rows that begin at `start`.
    fn scale_part(self, part: &mut [f32], factors: &[f32], start: usize) {
        match self {
            Self::Rows(length) => {
                for (row, factor) in part.chunks_mut(length).zip(&factors[start / length..]) {
                    row.iter_mut().for_each(|x| *x *= factor);
                }
            }
            Self::Columns(columns) => {
                for row in part.chunks_mut(columns) {
                    row.iter_mut().zip(factors).for_each(|(x, factor)| *x *= factor);
                }
            }
        }
    }

    /// The group of every number, for what has no closed form by groups.
    pub fn of(self, index: usize) -> usize {
        match self {
            Self::Rows(length) => index / length,
            Self::Columns(columns) => index % columns,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_columns_of_linear_layers_and_filters_of_convolutions() {
        let flat: Vec<f32> = (1..=6).map(|x| x as f32).collect();
        let sum = |groups: Groups| groups.sums(&flat, |x| x);
        assert_eq!(sum(Groups::units(&[3, 2])), [9.0, 12.0]);
        assert_eq!(sum(Groups::inputs(&[3, 2])), [3.0, 7.0, 11.0]);
        assert_eq!(sum(Groups::units(&[2, 1, 3, 1])), [6.0, 15.0]);
        assert_eq!(Groups::units(&[3, 2]).size(6), 3);
        assert_eq!(Groups::units(&[3, 2]).of(3), 1);
        let mut scaled = flat.clone();
        Groups::units(&[3, 2]).scale(&mut scaled, &[0.0, 2.0]);
        assert_eq!(scaled, [0.0, 4.0, 0.0, 8.0, 0.0, 12.0]);
        Groups::units(&[2, 1, 3, 1]).scale(&mut scaled, &[1.0, 0.0]);
        assert_eq!(scaled, [0.0, 4.0, 0.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn norms_are_finite_where_their_squares_are_not() {
        let flat = [3e30f32, 1.0, 4e30, 0.0];
        let columns = Groups::Columns(2);
        let norms = columns.norms(&flat, columns.sums(&flat, |x| x * x));
        assert!((norms[0] / 5e30 - 1.0).abs() < 1e-6 && norms[1] == 1.0, "{norms:?}");
    }

    #[test]
    fn large_tensors_have_the_sums_of_small_ones() {
        let rows = 3 * CHUNK / 8 + 5;
        let flat: Vec<f32> = (0..rows * 8).map(|i| (i % 8) as f32).collect();
        let expected: Vec<f32> = (0..8).map(|k| (k * rows) as f32).collect();
        assert_eq!(Groups::Columns(8).sums(&flat, |x| x), expected);
        let in_rows = Groups::Rows(8).sums(&flat, |x| x);
        assert_eq!(in_rows, vec![28.0; rows]);
        for (groups, count) in [(Groups::Rows(8), rows), (Groups::Columns(8), 8)] {
            let factors: Vec<f32> = (0..count).map(|group| (group % 5) as f32).collect();
            let mut scaled = flat.clone();
            groups.scale(&mut scaled, &factors);
            let right = |(i, x): (usize, &f32)| *x == flat[i] * factors[groups.of(i)];
            assert!(scaled.iter().enumerate().all(right), "{groups:?}");
        }
    }
}

//! ln det(I + H/λ) and the effective weights, from a sketch of H's square root.
//!
//! H = Σ_i J_iᵀ S_i S_iᵀ J_i has N = examples × outputs rows under its root. Dealt out at random to m
//! sums with random signs they make m rows G, and K = Σ_l G_l G_lᵀ/λ_l stands for the N × N matrix
//! whose determinant is wanted. K is a random compression of that, by m of N dimensions, so that free
//! probability tells what it hides: with t = m/N and s the root of
//!
//! ```text
//! t s + (1 - t)/a = 1,  a = tr (K + s)⁻¹ / m
//! ln det(I + H/λ) = ln det(K + s) - (N - m) ln a,  γ_l = tr (G_l G_lᵀ/λ_l) (K + s)⁻¹
//! ```
//!
//! For m = N that is s = 1 and exact. γ is below m: what m rows cannot tell apart is not counted.
//!
//! Nica and Speicher 1996, American Journal of Mathematics 118 (compressions); LeJeune et al. 2022,
//! arXiv 2211.03751 (sketched inverses).

use super::positive::inverse;

/// Rounds of Newton's method, which closes in from one side.
const ROUNDS: usize = 40;
/// The root is told from zero, where K cannot tell the weights apart.
const LEAST: f64 = 1e-9;

/// Inner products of the rows of a sketch, tensor by tensor.
#[derive(Debug, Clone, PartialEq)]
pub struct Kernel {
    /// N, at least the number of rows.
    pub outputs: usize,
    /// m.
    pub rows: usize,
    /// G_l G_lᵀ of each tensor, m × m.
    pub parts: Vec<Vec<f64>>,
}

/// What the curvature says of weights under their prior.
#[derive(Debug, Clone, PartialEq)]
pub struct Determinant {
    /// ln det(I + H/λ), at least 0.
    pub ln: f64,
    /// γ of each tensor, at least 0; their sum is below the number of rows.
    pub effective: Vec<f64>,
}

impl Kernel {
    /// The determinant where tensor l has the λ of that place, each above 0. None where the numbers
    /// leave the range of doubles.
    pub fn determinant(&self, lambdas: &[f64]) -> Option<Determinant> {
        let mut sum = vec![0.0; self.rows * self.rows];
        for (part, lambda) in self.parts.iter().zip(lambdas) {
            sum.iter_mut().zip(part).for_each(|(sum, k)| *sum += k / lambda);
        }
        let (m, n) = (self.rows as f64, self.outputs as f64);
        let t = m / n;
        let mut s = 1.0f64;
        let mut last = self.shifted(&sum, s)?;
        for _ in 0..ROUNDS {
            let a = last.trace / m;
            let miss = 1.0 - t * s - (1.0 - t) / a;
            let slope = t + (1.0 - t) * last.squares / m / (a * a);
            let next = (s + miss / slope).clamp(LEAST, 1.0);
            let done = (next - s).abs() < 1e-6 * s;
            s = next;
            last = self.shifted(&sum, s)?;
            if done {
                break;
            }
        }
        let ln = last.ln - (n - m) * (last.trace / m).ln();
        let effective = |(part, lambda): (&Vec<f64>, &f64)| {
            let trace: f64 = part.iter().zip(&last.inverse).map(|(k, inverse)| k * inverse).sum();
            (trace / lambda).max(0.0)
        };
        let effective = self.parts.iter().zip(lambdas).map(effective).collect();
        ln.is_finite().then(|| Determinant { ln: ln.max(0.0), effective })
    }

    fn shifted(&self, sum: &[f64], s: f64) -> Option<Shifted> {
        let mut matrix = sum.to_vec();
        matrix.iter_mut().step_by(self.rows + 1).for_each(|diagonal| *diagonal += s);
        let ln = inverse(&mut matrix, self.rows)?;
        let trace = matrix.iter().step_by(self.rows + 1).sum();
        let squares = matrix.iter().map(|value| value * value).sum();
        Some(Shifted { inverse: matrix, ln, trace, squares })
    }
}

/// (K + s)⁻¹.
struct Shifted {
    inverse: Vec<f64>,
    /// ln det(K + s).
    ln: f64,
    trace: f64,
    /// Trace of its square.
    squares: f64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use wellfit_core::number::NonNegative;
    use wellfit_core::seed::Seed;

    /// Rows of a root: `n` of `p` columns whose sizes fall.
    fn rows(n: usize, p: usize) -> Vec<Vec<f64>> {
        let mut draw = Seed::new(3).stream("rows").step(0);
        let fall = |j: usize| (3.0 / (j + 1) as f64).sqrt() * 0.6;
        let one = NonNegative::new(1.0).unwrap();
        let row = |normals: Vec<f32>| (0..p).map(|j| f64::from(normals[j]) * fall(j)).collect();
        (0..n).map(|_| row(draw.normal(p, one))).collect()
    }

    /// The kernel of rows, the first half of whose columns are one tensor.
    fn kernel(rows: &[Vec<f64>], outputs: usize) -> Kernel {
        let half = rows[0].len() / 2;
        let part = |columns: std::ops::Range<usize>| -> Vec<f64> {
            let dot = |a: &Vec<f64>, b: &Vec<f64>| columns.clone().map(|j| a[j] * b[j]).sum();
            rows.iter()
                .flat_map(|a| rows.iter().map(move |b| (a, b)))
                .map(|(a, b)| dot(a, b))
                .collect()
        };
        Kernel { outputs, rows: rows.len(), parts: vec![part(0..half), part(half..2 * half)] }
    }

    #[test]
    fn all_rows_are_exact() {
        // Two columns with squares 4 and 9, apart: det(I + H/λ) = (1 + 4/2)(1 + 9/3).
        let rows = vec![vec![2.0, 0.0], vec![0.0, 3.0]];
        let found = kernel(&rows, 2).determinant(&[2.0, 3.0]).unwrap();
        assert!((found.ln - 12f64.ln()).abs() < 1e-9, "{found:?}");
        let expected = [4.0 / 6.0, 9.0 / 12.0];
        for (found, expected) in found.effective.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-9, "{found}, expected {expected}");
        }
    }

    #[test]
    fn effective_weights_are_what_the_determinant_loses_with_lambda() {
        let all = kernel(&rows(90, 40), 90);
        let few = kernel(&rows(90, 40)[..60], 200);
        for kernel in [all, few] {
            let ln = |lambda: f64| kernel.determinant(&[lambda, 0.5]).unwrap().ln;
            let slope = (ln(2.0 * 1.001) - ln(2.0 / 1.001)) / (2.0 * 1.001f64.ln());
            let effective = kernel.determinant(&[2.0, 0.5]).unwrap().effective[0];
            assert!((effective + slope).abs() < 1e-3 * effective, "{effective}, {slope}");
        }
    }

    #[test]
    fn a_sketch_tells_of_all_rows() {
        let all = rows(480, 60);
        let exact = kernel(&all, 480).determinant(&[2.0, 0.5]).unwrap();
        let mut draw = Seed::new(4).stream("signs").step(0);
        let mut sum = |chunk: &[Vec<f64>]| {
            let signs = draw.many_below(chunk.len(), 2);
            let signs: Vec<f64> = signs.into_iter().map(|bit| f64::from(bit) * 2.0 - 1.0).collect();
            let signed = |j: usize| chunk.iter().zip(&signs).map(|(row, s)| row[j] * s).sum();
            (0..60).map(signed).collect::<Vec<f64>>()
        };
        let sketch: Vec<Vec<f64>> = all.chunks(4).map(&mut sum).collect();
        let found = kernel(&sketch, 480).determinant(&[2.0, 0.5]).unwrap();
        assert!((found.ln / exact.ln - 1.0).abs() < 0.02, "{found:?}, expected {exact:?}");
        for (found, exact) in found.effective.iter().zip(&exact.effective) {
            assert!((found / exact - 1.0).abs() < 0.04, "{found}, expected {exact}");
        }
    }

    #[test]
    fn more_weights_than_rows_are_counted_as_rows() {
        let mut wild = rows(8, 40);
        wild.iter_mut().flatten().for_each(|value| *value *= 1e6);
        let found = kernel(&wild, 1000).determinant(&[1e-3, 1e-3]).unwrap();
        let sum: f64 = found.effective.iter().sum();
        assert!(found.ln.is_finite() && sum <= 8.0 + 1e-6 && sum > 7.9, "{found:?}");
        assert_eq!(kernel(&vec![vec![f64::NAN; 2]; 2], 2).determinant(&[1.0, 1.0]), None);
    }
}

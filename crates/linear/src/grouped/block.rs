//! The minimum over one group of a quadratic with a penalty.

use faer::linalg::solvers::Solve;
use faer::{Col, Mat, Side};
use wellfit_core::penalty::{GroupLasso, GroupPenalty};

/// Steps of the proximal gradient at most.
const STEPS: usize = 500;

/// A group's own curvature.
pub(super) struct Bend {
    matrix: Mat<f64>,
    /// Its largest eigenvalue, or a little more.
    largest: f64,
    /// Whether the matrix is `largest` times the identity, so that one step is exact.
    round: bool,
}

impl Bend {
    pub fn new(matrix: Mat<f64>) -> Self {
        let size = matrix.nrows();
        let values = matrix.self_adjoint_eigenvalues(Side::Lower).unwrap_or_default();
        // Should the eigenvalues fail, the trace is a bound.
        let trace: f64 = (0..size).map(|k| matrix[(k, k)]).sum();
        let largest = values.iter().copied().fold(f64::NAN, f64::max);
        let largest = if largest.is_nan() { trace } else { largest * (1.0 + 1e-12) };
        let smallest = values.iter().copied().fold(largest, f64::min);
        Self { round: smallest >= largest * (1.0 - 1e-9), matrix, largest }
    }

    /// argmin over w of -`slope`'(w - `old`) + ½ (w - `old`)' bend (w - `old`) + penalty.
    pub fn minimum(&self, penalty: &GroupLasso, old: &[f64], slope: &[f64]) -> Vec<f64> {
        if self.largest <= 0.0 {
            return old.to_vec();
        }
        if penalty.value(&vec![1.0; old.len()]) == 0.0 {
            return self.newton(old, slope);
        }
        let step = |from: &[f64], slope: &[f64]| {
            let mut to: Vec<f64> =
                from.iter().zip(slope).map(|(w, s)| w + s / self.largest).collect();
            penalty.prox(&mut to, self.largest.recip());
            to
        };
        if self.round {
            return step(old, slope);
        }
        self.accelerated(old, slope, step)
    }

    /// Proximal gradient with momentum, which starts anew when it overshoots.
    ///
    /// # Paper
    /// O'Donoghue & Candès 2015, *Adaptive restart for accelerated gradient schemes*.
    fn accelerated(
        &self,
        old: &[f64],
        slope: &[f64],
        step: impl Fn(&[f64], &[f64]) -> Vec<f64>,
    ) -> Vec<f64> {
        let (mut now, mut ahead, mut pace) = (old.to_vec(), old.to_vec(), 1.0_f64);
        for _ in 0..STEPS {
            let next = step(&ahead, &self.slope(old, slope, &ahead));
            let moved: Vec<f64> = next.iter().zip(&now).map(|(a, b)| a - b).collect();
            let against: f64 =
                ahead.iter().zip(&next).zip(&moved).map(|((a, n), m)| (a - n) * m).sum();
            let far = ahead.iter().zip(&next).map(|(a, n)| (a - n).abs()).fold(0.0, f64::max);
            let size = next.iter().map(|w| w.abs()).fold(0.0, f64::max);
            let quicker = 0.5 * (1.0 + (1.0 + 4.0 * pace * pace).sqrt());
            let momentum = if against > 0.0 { 0.0 } else { (pace - 1.0) / quicker };
            pace = if against > 0.0 { 1.0 } else { quicker };
            ahead = next.iter().zip(&moved).map(|(w, m)| w + momentum * m).collect();
            now = next;
            if far <= 1e-15 * size || far == 0.0 {
                break;
            }
        }
        now
    }

    /// The slope of the quadratic at `w`.
    fn slope(&self, old: &[f64], slope: &[f64], w: &[f64]) -> Vec<f64> {
        let bent =
            |i: usize| -> f64 { (0..w.len()).map(|k| self.matrix[(i, k)] * (w[k] - old[k])).sum() };
        (0..w.len()).map(|i| slope[i] - bent(i)).collect()
    }

    /// Without a penalty the minimum is one system of equations; a little ridge for dependent ones.
    fn newton(&self, old: &[f64], slope: &[f64]) -> Vec<f64> {
        let mut matrix = self.matrix.clone();
        let mut step = Col::from_fn(old.len(), |k| slope[k]);
        for ridge in [0.0, 1e-12, 1e-9] {
            (0..old.len()).for_each(|k| matrix[(k, k)] += ridge * self.largest);
            if let Ok(factor) = matrix.llt(Side::Lower) {
                factor.solve_in_place(step.as_mut());
                break;
            }
        }
        let finite = step.iter().all(|step| step.is_finite());
        old.iter().zip(step.iter()).map(|(w, s)| if finite { w + s } else { *w }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minimum_meets_the_optimality_condition() {
        let matrix = Mat::from_fn(2, 2, |i, j| [[2.0, 0.7], [0.7, 0.5]][i][j]);
        let bend = Bend::new(matrix);
        for penalty in [
            GroupLasso::new(0.3).unwrap(),
            GroupLasso::sparse(0.2, 0.4).unwrap(),
            GroupLasso::sparse(5.0, 0.4).unwrap(),
            GroupLasso::new(0.0).unwrap(),
        ] {
            let (old, slope) = ([0.4, -0.2], [1.0, 0.8]);
            let w = bend.minimum(&penalty, &old, &slope);
            let left: Vec<f64> = bend.slope(&old, &slope, &w).iter().map(|s| -s).collect();
            assert!(penalty.subdiff_distance(&w, &left) < 1e-12, "{penalty:?}: {w:?}");
        }
    }
}

//! Minimum of a quadratic in coefficients that each have a penalty of their own: coordinate descent,
//! and Newton steps on those whose signs are known.

use faer::linalg::solvers::Solve;
use faer::{Col, Mat, Side};
use wellfit_core::penalty::GroupLasso;

/// Passes of coordinate descent between two Newton steps: about what one of these costs.
const PASSES: usize = 5;
/// Newton steps in a row; each but the last takes a coefficient to zero.
const STEPS: usize = 30;

/// -slope'd + ½ d' products d + Σ (l1 |w| + ½ l2 w²), for a change d of the coefficients w.
pub(super) struct Coordinates<'a> {
    pub products: &'a Mat<f64>,
    /// At the coefficients as they are.
    pub slope: &'a mut [f64],
    pub weights: Vec<f64>,
    pub penalties: Vec<GroupLasso>,
}

impl Coordinates<'_> {
    /// Minimizes until no coefficient is farther than `distance` from its optimality condition.
    pub fn minimize(&mut self, distance: f64, passes: usize) {
        for pass in 1..=passes {
            if self.descend() <= distance {
                return;
            }
            if pass % PASSES == 0 {
                (0..STEPS).any(|_| self.newton());
            }
        }
    }

    /// One pass over all coordinates; the largest distance that it met.
    fn descend(&mut self) -> f64 {
        let mut worst = 0.0_f64;
        for a in 0..self.weights.len() {
            let (curvature, old) = (self.products[(a, a)], self.weights[a]);
            let (l1, l2) = (self.penalties[a].l1.get(), self.penalties[a].l2.get());
            let push = self.slope[a] - l2 * old;
            let here = match old {
                0.0 => (push.abs() - l1).max(0.0),
                _ => (push - l1 * old.signum()).abs(),
            };
            worst = worst.max(here);
            if here > 0.0 && curvature > 0.0 {
                let target = self.slope[a] + curvature * old;
                let new = (target.abs() - l1).max(0.0).copysign(target) / (curvature + l2);
                self.shift(a, new);
            }
        }
        worst
    }

    fn shift(&mut self, a: usize, new: f64) {
        let change = new - self.weights[a];
        self.weights[a] = new;
        if change != 0.0 {
            let column = self.products.col_as_slice(a);
            self.slope.iter_mut().zip(column).for_each(|(s, p)| *s -= p * change);
        }
    }

    /// A step to the minimum of those that are not zero or not held there, or to where the first of
    /// them changes its sign; whether there is nothing more to gain by another.
    fn newton(&mut self) -> bool {
        let held = |a: &usize| self.penalties[*a].l1.get() > 0.0;
        let free: Vec<usize> =
            (0..self.weights.len()).filter(|a| !held(a) || self.weights[*a] != 0.0).collect();
        let pull = |a: usize| {
            let (w, penalty) = (self.weights[a], &self.penalties[a]);
            let l1 = if held(&a) { penalty.l1.get() * w.signum() } else { 0.0 };
            self.slope[a] - l1 - penalty.l2.get() * w
        };
        let largest = free.iter().map(|&a| self.products[(a, a)]).fold(0.0, f64::max);
        let mut matrix =
            Mat::from_fn(free.len(), free.len(), |i, j| self.products[(free[i], free[j])]);
        for (i, &a) in free.iter().enumerate() {
            // Where features depend on each other, or classes on their sum, any minimum will do.
            matrix[(i, i)] += self.penalties[a].l2.get() + 1e-12 * largest;
        }
        let Ok(factor) = matrix.llt(Side::Lower) else { return true };
        let mut step = Col::from_fn(free.len(), |i| pull(free[i]));
        factor.solve_in_place(step.as_mut());
        if step.iter().any(|step| !step.is_finite()) {
            return true;
        }
        let crossing = |(i, &a): (usize, &usize)| {
            let length = -self.weights[a] / step[i];
            (held(&a) && (0.0..1.0).contains(&length)).then_some((length, a))
        };
        let crossings = free.iter().enumerate().filter_map(crossing);
        let first = crossings.min_by(|x, y| x.0.total_cmp(&y.0));
        let length = first.map_or(1.0, |(length, _)| length);
        for (i, &a) in free.iter().enumerate() {
            let arrives = first.is_some_and(|(_, b)| a == b);
            let new = if arrives { 0.0 } else { self.weights[a] + length * step[i] };
            self.shift(a, new);
        }
        first.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wellfit_core::number::NonNegative;
    use wellfit_core::penalty::GroupPenalty;

    /// Features that are nearly the same, as where coordinates alone take thousands of passes.
    #[test]
    fn it_ends_where_the_optimality_condition_holds() {
        let number = |value: f64| NonNegative::new(value).unwrap();
        let rows: Vec<Vec<f64>> = (0..30)
            .map(|i| {
                let x = f64::from(i) / 7.0;
                (0..6).map(|j| x.sin() + 0.01 * (x * f64::from(j + 1)).cos()).collect()
            })
            .collect();
        let products =
            Mat::from_fn(6, 6, |a, b| rows.iter().map(|row| row[a] * row[b]).sum::<f64>());
        let start: Vec<f64> = (0..6).map(|a| 3.0 - f64::from(a)).collect();
        for (l1, l2) in [(0.5, 0.0), (0.02, 0.1), (0.0, 0.01), (0.0, 0.0), (50.0, 0.0)] {
            let penalty = GroupLasso { group: NonNegative::ZERO, l1: number(l1), l2: number(l2) };
            let mut slope = start.clone();
            let mut found = Coordinates {
                products: &products,
                slope: &mut slope,
                weights: vec![0.0; 6],
                penalties: vec![penalty; 6],
            };
            found.minimize(1e-10, 40);
            let weights = found.weights.clone();
            for a in 0..6 {
                let bent: f64 = (0..6).map(|b| products[(a, b)] * weights[b]).sum();
                let distance = penalty.subdiff_distance(&[weights[a]], &[bent - start[a]]);
                // A ridge of 1e-12 stands in for one of nothing.
                assert!(distance < 1e-7, "{l1} {l2}: {distance}, {weights:?}");
            }
        }
    }
}

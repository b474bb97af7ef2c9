//! Group lasso: weights that belong together become zero together.

use super::{max_abs, soft_threshold};
use crate::{Error, number::NonNegative};
use serde::{Deserialize, Serialize};

/// A penalty that is a sum of the same convex function of each group of weights.
///
/// How much one group counts more than another is the caller's factor, usually √ of its size; a
/// factor f on a group is a `step` f times as long.
pub trait GroupPenalty {
    /// The penalty of one group.
    fn value(&self, group: &[f64]) -> f64;

    /// Replaces `v` by the argmin over u of ½ ||u - v||² + `step` p(u).
    fn prox(&self, v: &mut [f64], step: f64);

    /// Distance of -`loss_gradient` from the subdifferential of p at `group`, in the norm of
    /// Euclid: 0 at the optimum of loss + penalty and nowhere else.
    fn subdiff_distance(&self, group: &[f64], loss_gradient: &[f64]) -> f64;

    /// p*(`slope`): the largest value of `slope`'u - p(u), infinite where there is none.
    fn conjugate(&self, slope: &[f64]) -> f64;
}

/// `group` ||w_g|| + `l1` ||w_g||_1 + (`l2` / 2) ||w_g||² for each group g.
///
/// With `l1` = `l2` = 0 it is the group lasso of the papers, with `l1` the sparse group lasso:
/// zeros also inside groups that stay.
///
/// # Paper
/// Yuan & Lin 2006, *Model selection and estimation in regression with grouped variables*; Simon,
/// Friedman, Hastie & Tibshirani 2013, *A sparse-group lasso*.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupLasso {
    /// Factor of ||w_g||.
    pub group: NonNegative,
    /// Factor of Σ |w|.
    pub l1: NonNegative,
    /// Factor of ½ Σ w².
    pub l2: NonNegative,
}

impl GroupLasso {
    /// The penalty `group` ||w_g||.
    ///
    /// # Errors
    /// [`Error::Number`] when `group` is negative or not finite.
    pub fn new(group: f64) -> Result<Self, Error> {
        Self::sparse(group, 0.0)
    }

    /// The penalty `group` ||w_g|| + `l1` ||w_g||_1.
    ///
    /// # Errors
    /// [`Error::Number`] when a factor is negative or not finite.
    pub fn sparse(group: f64, l1: f64) -> Result<Self, Error> {
        let (group, l1) = (NonNegative::new(group)?, NonNegative::new(l1)?);
        Ok(Self { group, l1, l2: NonNegative::ZERO })
    }

    /// Smallest factor t by which all three strengths together must be multiplied so that a group
    /// with this gradient of the loss at 0 stays 0: the root of ||soft(g, t l1)|| = t group.
    ///
    /// Infinite where no finite factor does, 0 for a gradient of zeros.
    pub fn factor_max(&self, gradient_at_zero: &[f64]) -> f64 {
        let largest = max_abs(gradient_at_zero);
        let (group, l1) = (self.group.get(), self.l1.get());
        if largest == 0.0 || largest.is_nan() {
            return largest;
        }
        if group + l1 == 0.0 {
            return f64::INFINITY;
        }
        let excess = |t: f64| norm_beyond(gradient_at_zero, t * l1) - t * group;
        // Zero at the upper end, where l1 alone or the group's norm alone would do.
        let upper = (largest / l1).min(norm_beyond(gradient_at_zero, 0.0) / group);
        let (mut low, mut high) = (0.0, upper.next_up());
        while low < high {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                break;
            }
            *(if excess(middle) > 0.0 { &mut low } else { &mut high }) = middle;
        }
        high
    }
}

impl GroupPenalty for GroupLasso {
    fn value(&self, group: &[f64]) -> f64 {
        let l1: f64 = group.iter().map(|w| w.abs()).sum();
        let square: f64 = group.iter().map(|w| w * w).sum();
        self.group.get() * square.sqrt() + self.l1.get() * l1 + 0.5 * self.l2.get() * square
    }

    fn prox(&self, v: &mut [f64], step: f64) {
        v.iter_mut().for_each(|v| *v = soft_threshold(*v, step * self.l1.get()));
        let norm = norm_beyond(v, 0.0);
        let kept = soft_threshold(norm, step * self.group.get());
        // 0/0 for a group of zeros; NaN must stay NaN.
        let factor = if norm == 0.0 { 0.0 } else { kept / norm };
        v.iter_mut().for_each(|v| *v *= factor / (1.0 + step * self.l2.get()));
    }

    fn subdiff_distance(&self, group: &[f64], loss_gradient: &[f64]) -> f64 {
        let norm = norm_beyond(group, 0.0);
        if norm == 0.0 {
            return soft_threshold(norm_beyond(loss_gradient, self.l1.get()), self.group.get());
        }
        let slope = |(&w, &g): (&f64, &f64)| {
            let smooth = g + (self.group.get() / norm + self.l2.get()) * w;
            match w == 0.0 {
                true => soft_threshold(smooth, self.l1.get()),
                false => smooth + self.l1.get() * w.signum(),
            }
        };
        group.iter().zip(loss_gradient).map(slope).map(|d| d * d).sum::<f64>().sqrt()
    }

    fn conjugate(&self, slope: &[f64]) -> f64 {
        let beyond = soft_threshold(norm_beyond(slope, self.l1.get()), self.group.get());
        if beyond == 0.0 { 0.0 } else { 0.5 * beyond * beyond / self.l2.get() }
    }
}

/// ||soft(v, threshold)||.
fn norm_beyond(v: &[f64], threshold: f64) -> f64 {
    v.iter().map(|&v| soft_threshold(v, threshold).powi(2)).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds() -> [GroupLasso; 4] {
        let number = |value| NonNegative::new(value).unwrap();
        [
            GroupLasso::new(0.8).unwrap(),
            GroupLasso::sparse(0.5, 0.3).unwrap(),
            GroupLasso::sparse(0.0, 0.4).unwrap(),
            GroupLasso { group: number(0.4), l1: number(0.2), l2: number(0.6) },
        ]
    }

    const POINTS: [[f64; 2]; 6] =
        [[1.5, -2.0], [0.3, 0.1], [0.0, 0.0], [-0.2, 1.4], [3.0, 0.05], [0.0, -0.9]];

    #[test]
    fn prox_is_the_argmin_on_a_grid() {
        for (penalty, v) in kinds().iter().flat_map(|p| POINTS.map(|v| (p, v))) {
            let cost = |u: &[f64]| {
                let square: f64 = u.iter().zip(&v).map(|(u, v)| (u - v).powi(2)).sum();
                0.5 * square + 0.7 * penalty.value(u)
            };
            let mut found = v;
            penalty.prox(&mut found, 0.7);
            let here = cost(&found);
            let grid = |i: i32| -3.0 + 0.02 * f64::from(i);
            for (i, j) in (0..=300).flat_map(|i| (0..=300).map(move |j| (i, j))) {
                assert!(here <= cost(&[grid(i), grid(j)]) + 1e-14, "{penalty:?} at {v:?}");
            }
            // Prox is the optimum of a problem, so its KKT distance is 0, and only there.
            let distance = |u: [f64; 2]| {
                let gradient = [(u[0] - v[0]) / 0.7, (u[1] - v[1]) / 0.7];
                penalty.subdiff_distance(&u, &gradient)
            };
            assert!(distance(found) < 1e-14, "{penalty:?} at {v:?}");
            assert!(distance([found[0] + 0.1, found[1]]) > 1e-3, "{penalty:?} at {v:?}");
        }
    }

    #[test]
    fn a_group_goes_to_zero_together() {
        // ||(3, 4)|| = 5: a threshold of 2.5 halves it (Yuan & Lin, equation 2.5), 5 ends it.
        for (step, expected) in [(2.5, [1.5, 2.0]), (5.0, [0.0, 0.0]), (0.0, [3.0, 4.0])] {
            let mut v = [3.0, 4.0];
            GroupLasso::new(1.0).unwrap().prox(&mut v, step);
            assert_eq!(v, expected);
        }
        let mut nan = [f64::NAN, 1.0];
        GroupLasso::new(1.0).unwrap().prox(&mut nan, 1.0);
        assert!(nan.iter().all(|v| v.is_nan()));
    }

    #[test]
    fn the_conjugate_is_the_largest_gain() {
        for (penalty, slope) in kinds().iter().flat_map(|p| POINTS.map(|s| (p, s))) {
            let gain = |u: [f64; 2]| slope[0] * u[0] + slope[1] * u[1] - penalty.value(&u);
            let mut best = 0.0_f64;
            for (i, j) in (-100..=100).flat_map(|i| (-100..=100).map(move |j| (i, j))) {
                best = best.max(gain([0.05 * f64::from(i), 0.05 * f64::from(j)]));
            }
            let found = penalty.conjugate(&slope);
            match found.is_finite() {
                true => assert!(found >= best - 1e-12 && found - best < 2e-3, "{penalty:?}"),
                false => assert!(best > 0.0, "{penalty:?} at {slope:?}"),
            }
        }
    }

    #[test]
    fn factor_max_is_where_the_group_leaves_zero() {
        for penalty in kinds() {
            for gradient in [[0.7, -0.2], [0.1, 0.1], [-3.0, 0.0]] {
                let t = penalty.factor_max(&gradient);
                let distance = |t: f64| {
                    let scaled = GroupLasso::sparse(t * penalty.group.get(), t * penalty.l1.get());
                    scaled.unwrap().subdiff_distance(&[0.0, 0.0], &gradient)
                };
                assert!(distance(t) == 0.0 && distance(t * (1.0 - 1e-12)) > 0.0, "{penalty:?}");
            }
            assert_eq!(penalty.factor_max(&[0.0, 0.0]), 0.0);
        }
        assert_eq!(GroupLasso::new(0.0).unwrap().factor_max(&[1.0]), f64::INFINITY);
    }
}

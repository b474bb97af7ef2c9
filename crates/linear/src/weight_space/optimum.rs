//! The optimum under a penalty, and within a body: two ways to say the same.

use super::body::penalty;
use super::path::lambda_max;
use super::{Landscape, Weights, solve};
use wellfit_core::number::{Fraction, NonNegative};
use wellfit_core::penalty::soft_threshold;

/// argmin C0(w) + λ (r Σ |w| + (1 - r)/2 Σ w²), exactly.
///
/// For r = 0 it is (H + λI)⁻¹ H w*. With L1 in it the optimum is one of nine that linear equations
/// give: for each sign of each weight, zero among them, the one for which -(gradient) = λ r sign; it
/// is the optimum where its signs are those that were assumed and the gradient at a zero is at most
/// λ r. For a diagonal H that is the soft threshold of each weight.
pub fn optimum(landscape: &Landscape, lambda: NonNegative, ratio: Fraction) -> Weights {
    let (l1, l2) = (lambda.get() * ratio.get(), lambda.get() * (1.0 - ratio.get()));
    let [[a, c], [_, b]] = landscape.hessian();
    let hessian = [[a + l2, c], [c, b + l2]];
    let [p, q] = landscape.gradient([0.0; 2]).map(|slope| -slope);
    if l1 == 0.0 {
        return solve(hessian, [p, q]);
    }
    let sign = |w: f64| if w > 0.0 { 1.0 } else { -1.0 };
    // Fewest weights first: at the λ where one becomes zero, zero it is.
    if p.abs() <= l1 && q.abs() <= l1 {
        return [0.0; 2];
    }
    let u = [soft_threshold(p, l1) / hessian[0][0], 0.0];
    if (q - c * u[0]).abs() <= l1 {
        return u;
    }
    let v = [0.0, soft_threshold(q, l1) / hessian[1][1]];
    if (p - c * v[1]).abs() <= l1 {
        return v;
    }
    let signs = [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)];
    let both = signs.map(|(s, z)| (solve(hessian, [p - l1 * s, q - l1 * z]), s, z));
    let found = both.into_iter().find(|(w, s, z)| sign(w[0]) == *s && sign(w[1]) == *z);
    // Rounding may leave all of them just wrong where two meet; they are the same there.
    found.map_or(u, |(w, _, _)| w)
}

/// The least loss within the body P(w) <= `t`, and the λ under which the penalty leads there: 0
/// where w* itself lies within.
///
/// t(λ) falls as λ grows, so that λ is found by halving.
pub fn optimum_within(landscape: &Landscape, t: f64, ratio: Fraction) -> (Weights, f64) {
    let at = |lambda: f64| {
        optimum(landscape, NonNegative::new(lambda).unwrap_or(NonNegative::ZERO), ratio)
    };
    let reach = |lambda: f64| penalty(at(lambda), ratio);
    if reach(0.0) <= t {
        return (landscape.best(), 0.0);
    }
    // For ridge no λ is the largest; t falls with 1/λ² in the end.
    let mut high = lambda_max(landscape, ratio).unwrap_or(1.0).max(f64::MIN_POSITIVE);
    while reach(high) > t.max(f64::MIN_POSITIVE) && high < 1e150 {
        high *= 4.0;
    }
    let mut low = 0.0;
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if reach(middle) > t { low = middle } else { high = middle }
    }
    (at(high), high)
}

//! The way of the optimum as λ falls.

use super::body::penalty;
use super::optimum::optimum;
use super::{Landscape, Weights};
use wellfit_core::number::{Fraction, NonNegative};

/// The optima along λ, from strong to weak.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// λ, falling.
    pub lambdas: Vec<f64>,
    /// The optimum at each.
    pub weights: Vec<Weights>,
    /// t(λ), the penalty without its λ: the bound of which the same optimum is the best.
    pub bounds: Vec<f64>,
    /// For each weight, the smallest λ from which on it is exactly zero; none where no λ does that,
    /// as under L2.
    pub zero_from: [Option<f64>; 2],
}

/// The smallest λ at which both weights are zero, max |Hw*| / r; none for r = 0, where no λ is.
pub fn lambda_max(landscape: &Landscape, ratio: Fraction) -> Option<f64> {
    let [p, q] = landscape.gradient([0.0; 2]).map(f64::abs);
    (ratio.get() > 0.0).then(|| p.max(q) / ratio.get())
}

/// The optima at `count` λ, evenly spread in their logarithms from `high` to `low`.
pub fn path(landscape: &Landscape, ratio: Fraction, (high, low): (f64, f64), count: usize) -> Path {
    let last = count.saturating_sub(1).max(1) as f64;
    let lambda = |place: usize| high * (low / high).powf(place as f64 / last);
    let lambdas: Vec<f64> = (0..count).map(lambda).collect();
    let weights: Vec<Weights> =
        lambdas.iter().map(|&lambda| at(landscape, lambda, ratio)).collect();
    let bounds = weights.iter().map(|&w| penalty(w, ratio)).collect();
    let zero_from = [0, 1].map(|weight| zero_from(landscape, ratio, weight));
    Path { lambdas, weights, bounds, zero_from }
}

fn at(landscape: &Landscape, lambda: f64, ratio: Fraction) -> Weights {
    optimum(landscape, NonNegative::new(lambda).unwrap_or(NonNegative::ZERO), ratio)
}

/// A weight may cross zero on its way where features are correlated: what counts is the last λ at
/// which it is not zero.
fn zero_from(landscape: &Landscape, ratio: Fraction, weight: usize) -> Option<f64> {
    let mut high = lambda_max(landscape, ratio)?;
    let is_zero = |lambda: f64| at(landscape, lambda, ratio)[weight] == 0.0;
    // Rounding may leave a trace of a weight at the λ that is just large enough.
    while !is_zero(high) && high > 0.0 {
        high *= 1.0 + 4.0 * f64::EPSILON;
    }
    if is_zero(0.0) && landscape.best()[weight] == 0.0 && landscape.hessian()[0][1] == 0.0 {
        return Some(0.0);
    }
    // From the strong end downwards: the first λ of a fine grid at which it is alive, then halved.
    let grid = (0..=2000).map(|step| high * (1.0 - f64::from(step) / 2000.0));
    let mut above = high;
    for lambda in grid {
        if !is_zero(lambda) {
            let mut low = lambda;
            for _ in 0..100 {
                let middle = f64::midpoint(low, above);
                if is_zero(middle) { above = middle } else { low = middle }
            }
            return Some(above);
        }
        above = lambda;
    }
    Some(0.0)
}

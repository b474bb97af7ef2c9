//! What is added to the misfit: `core`'s penalties with a factor and bounds for each feature.
//!
//! A new penalty is one file: a type with `core`'s [`Penalty`], and [`Family`] to give it for each
//! strength of a path. Solvers ask for nothing else.

mod family;

pub use family::{Family, Mix};

use wellfit_core::penalty::Penalty;

/// Σ f_j p(β_j) over features with bounds, in the units of the solver.
pub(crate) struct Terms<'a, P> {
    pub penalty: &'a P,
    /// f_j, at least 0; 0 is never penalized.
    pub factors: &'a [f64],
    /// Lower and upper bound of each weight, which include 0.
    pub bounds: &'a [(f64, f64)],
}

impl<P: Penalty> Terms<'_, P> {
    /// f_j p(`w`).
    pub fn value(&self, j: usize, w: f64) -> f64 {
        match self.factors[j] {
            // An infinite factor would be refused; a penalty of zero must not become NaN.
            0.0 => 0.0,
            factor => factor * self.penalty.value(&[w]),
        }
    }

    /// argmin over u within the bounds of q/2 (u - `v`)² + f_j p(u): in one dimension the bounds
    /// cut off after the proximal step.
    pub fn minimum(&self, j: usize, v: f64, q: f64) -> f64 {
        let (low, high) = self.bounds[j];
        let free = match self.factors[j] {
            0.0 => v,
            factor => self.penalty.prox(v, factor / q),
        };
        // `f64::clamp` would turn -0 and NaN about; comparisons leave them.
        if free < low {
            low
        } else if free > high {
            high
        } else {
            free
        }
    }

    /// How far `w` is from its optimum, in units of the misfit's `gradient`: the KKT distance.
    pub fn distance(&self, j: usize, w: f64, gradient: f64) -> f64 {
        let (low, high) = self.bounds[j];
        if w == low || w == high {
            // A push against the bound is no violation.
            let pushed = self.minimum(j, w - gradient, 1.0);
            if pushed == w {
                return 0.0;
            }
        }
        match self.factors[j] {
            0.0 => gradient.abs(),
            factor => factor * self.penalty.subdiff_distance(w, gradient / factor),
        }
    }

    /// Derivative of f_j p at a `w` other than 0.
    pub fn gradient(&self, j: usize, w: f64) -> f64 {
        if self.factors[j] == 0.0 { 0.0 } else { self.factors[j] * self.penalty.gradient(w) }
    }

    /// Second derivative of f_j p at a `w` other than 0, where the penalty knows it.
    pub fn curvature(&self, j: usize, w: f64) -> Option<f64> {
        if self.factors[j] == 0.0 {
            return Some(0.0);
        }
        self.penalty.curvature(w).map(|curvature| self.factors[j] * curvature)
    }

    /// Whether the penalty of feature j has a kink at 0, which holds weights there.
    pub fn has_kink(&self, j: usize) -> bool {
        self.factors[j] != 0.0 && self.penalty.subdiff_distance(0.0, 1e-300) == 0.0
    }

    /// The largest `slope` w - f_j p(w) within the bounds: infinite where there is none, `None`
    /// where the penalty does not know.
    ///
    /// A weight that is neither penalized nor bounded has no finite value but at a slope of 0. As
    /// its column has spread 1, its optimum is taken to be no farther away than a gradient step and
    /// its own size.
    pub fn conjugate(&self, j: usize, w: f64, slope: f64) -> Option<f64> {
        let (low, high) = self.bounds[j];
        let free = match self.factors[j] {
            0.0 if low.is_infinite() || high.is_infinite() => {
                return Some(slope * w + slope.abs() * (slope.abs() + w.abs()));
            }
            0.0 => slope * f64::INFINITY,
            factor => self.penalty.conjugate_argmax(slope / factor)?,
        };
        if slope == 0.0 {
            return Some(0.0);
        }
        let best = free.max(low).min(high);
        if best.is_infinite() {
            return Some(f64::INFINITY);
        }
        Some((slope * best - self.value(j, best)).max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wellfit_core::penalty::ElasticNet;

    fn terms<'a>(
        net: &'a ElasticNet,
        factors: &'a [f64],
        bounds: &'a [(f64, f64)],
    ) -> Terms<'a, ElasticNet> {
        Terms { penalty: net, factors, bounds }
    }

    #[test]
    fn the_minimum_has_no_distance_and_its_neighbours_have() {
        let net = ElasticNet::new(0.4, 0.2).unwrap();
        let bounds = [(f64::NEG_INFINITY, f64::INFINITY), (0.0, 1.0), (-0.5, 0.3), (0.0, 0.0)];
        let factors = [1.0, 2.0, 0.0, 1.0];
        let terms = terms(&net, &factors, &bounds);
        for (j, &(low, high)) in bounds.iter().enumerate() {
            for v in [-3.0, -0.45, -0.1, 0.0, 0.2, 0.9, 5.0] {
                for q in [0.3, 2.0] {
                    let w = terms.minimum(j, v, q);
                    assert!(terms.distance(j, w, q * (w - v)) < 1e-14, "{j} {v} {q}");
                    for near in [w - 0.01, w + 0.01] {
                        let inside = near >= low && near <= high;
                        let distance = terms.distance(j, near, q * (near - v));
                        assert!(!inside || distance > 1e-3, "{j} {v} {q}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_conjugate_respects_bounds() {
        let net = ElasticNet::new(0.4, 0.0).unwrap();
        let bounds = [(f64::NEG_INFINITY, f64::INFINITY), (0.0, 2.0), (0.0, f64::INFINITY)];
        let terms = terms(&net, &[1.0, 1.0, 1.0], &bounds);
        assert_eq!(terms.conjugate(0, 0.0, 0.4), Some(0.0));
        assert_eq!(terms.conjugate(0, 0.0, 0.5), Some(f64::INFINITY));
        assert!((terms.conjugate(1, 0.0, 0.5).unwrap() - 0.2).abs() < 1e-15);
        assert_eq!(terms.conjugate(1, 0.0, -7.0), Some(0.0));
        assert_eq!(terms.conjugate(2, 0.0, -7.0), Some(0.0));
    }
}

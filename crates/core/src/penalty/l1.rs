//! The L1 penalty (lasso): makes weights exactly zero.

use super::{Penalty, max_abs, sign};
use crate::{Error, number::NonNegative};
use serde::{Deserialize, Serialize};
use std::num::NonZeroUsize;

/// strength Σ |w|. [`super`] tells how the strength relates to other scales.
///
/// Zeros come from [`Penalty::prox`]; a step along [`Penalty::gradient`] only jumps around them.
///
/// # Paper
/// Tibshirani 1996, *Regression shrinkage and selection via the lasso*.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct L1 {
    /// Factor of Σ |w|.
    pub strength: NonNegative,
}

impl L1 {
    /// The penalty `strength` Σ |w|.
    ///
    /// # Errors
    /// [`Error::Number`] when `strength` is negative or not finite.
    pub fn new(strength: f64) -> Result<Self, Error> {
        Ok(Self { strength: NonNegative::new(strength)? })
    }

    /// The textbook's λ/n Σ |w| for `samples` = n training examples.
    ///
    /// # Errors
    /// [`Error::Number`] when `lambda` is negative or not finite.
    pub fn from_lambda(lambda: f64, samples: NonZeroUsize) -> Result<Self, Error> {
        Self::new(NonNegative::new(lambda)?.get() / samples.get() as f64)
    }
}

impl Penalty for L1 {
    fn value(&self, weights: &[f64]) -> f64 {
        self.strength.get() * weights.iter().map(|w| w.abs()).sum::<f64>()
    }

    fn gradient(&self, w: f64) -> f64 {
        self.strength.get() * sign(w)
    }

    fn prox(&self, v: f64, step: f64) -> f64 {
        soft_threshold(v, step * self.strength.get())
    }

    fn subdiff_distance(&self, w: f64, loss_gradient: f64) -> f64 {
        let slope = self.strength.get();
        if w == 0.0 {
            soft_threshold(loss_gradient, slope).abs()
        } else {
            (loss_gradient + slope * sign(w)).abs()
        }
    }

    fn lambda_max(&self, gradient_at_zero: &[f64]) -> f64 {
        max_abs(gradient_at_zero)
    }

    fn curvature(&self, _w: f64) -> Option<f64> {
        Some(0.0)
    }

    fn conjugate_argmax(&self, slope: f64) -> Option<f64> {
        let beyond = soft_threshold(slope, self.strength.get());
        Some(if beyond == 0.0 { 0.0 } else { beyond * f64::INFINITY })
    }
}

/// `v` moved towards 0 by `threshold`, and exactly 0 when it would cross: sgn v · max(|v| - t, 0).
pub fn soft_threshold(v: f64, threshold: f64) -> f64 {
    // `f64::max` would turn NaN into 0.
    if v.abs() <= threshold { 0.0 } else { v - threshold * sign(v) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_step_of_the_textbook() {
        // w = 0.3, gradient 0.02, rate 0.5, λ = 5, n = 50,000.
        let penalty = L1::from_lambda(5.0, NonZeroUsize::new(50_000).unwrap()).unwrap();
        let w = 0.3 - 0.5 * (0.02 + penalty.gradient(0.3));
        assert!((w - 0.28995).abs() < 1e-15);
        assert!((penalty.prox(0.3 - 0.5 * 0.02, 0.5) - 0.28995).abs() < 1e-15);
    }

    #[test]
    fn minimum_of_a_bowl() {
        // ½ H (w - w*)² + α |w| with H = (5, 0.5), w* = (1, 2): Goodfellow et al., section 7.1.
        for (alpha, expected) in [(0.5, [0.9, 1.0]), (1.0, [0.8, 0.0])] {
            let penalty = L1::new(alpha).unwrap();
            let found = [penalty.prox(1.0, 1.0 / 5.0), penalty.prox(2.0, 1.0 / 0.5)];
            assert!((found[0] - expected[0]).abs() < 1e-15 && found[1] == expected[1]);
        }
    }

    #[test]
    fn the_threshold_moves_and_never_crosses() {
        assert_eq!(
            [3.0, -4.0, 2.5, -1.0, 0.0].map(|v| soft_threshold(v, 2.5)),
            [0.5, -1.5, 0.0, 0.0, 0.0]
        );
        assert!(soft_threshold(f64::NAN, 1.0).is_nan());
    }
}

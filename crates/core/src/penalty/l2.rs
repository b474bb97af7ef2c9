//! The L2 penalty (ridge, weight decay in the loss): shrinks weights in proportion.

use super::{Penalty, max_abs};
use crate::{Error, number::NonNegative};
use serde::{Deserialize, Serialize};
use std::num::NonZeroUsize;

/// (strength / 2) Σ w². [`super`] tells how the strength relates to other scales.
///
/// # Paper
/// Krogh & Hertz 1991, *A simple weight decay can improve generalization*.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct L2 {
    /// Factor of ½ Σ w².
    pub strength: NonNegative,
}

impl L2 {
    /// The penalty (`strength` / 2) Σ w².
    ///
    /// # Errors
    /// [`Error::Number`] when `strength` is negative or not finite.
    pub fn new(strength: f64) -> Result<Self, Error> {
        Ok(Self { strength: NonNegative::new(strength)? })
    }

    /// The textbook's λ/2n Σ w² for `samples` = n training examples.
    ///
    /// It is also ridge regression's λ Σ w² beside Σ r², when the loss is 1/2n Σ r².
    ///
    /// # Errors
    /// [`Error::Number`] when `lambda` is negative or not finite.
    pub fn from_lambda(lambda: f64, samples: NonZeroUsize) -> Result<Self, Error> {
        Self::new(NonNegative::new(lambda)?.get() / samples.get() as f64)
    }

    /// Keras's `l2` Σ w², which has no ½.
    ///
    /// # Errors
    /// [`Error::Number`] when `l2` is negative or not finite.
    pub fn from_keras(l2: f64) -> Result<Self, Error> {
        Self::new(2.0 * NonNegative::new(l2)?.get())
    }
}

impl Penalty for L2 {
    fn value(&self, weights: &[f64]) -> f64 {
        0.5 * self.strength.get() * weights.iter().map(|w| w * w).sum::<f64>()
    }

    fn gradient(&self, w: f64) -> f64 {
        self.strength.get() * w
    }

    fn prox(&self, v: f64, step: f64) -> f64 {
        v / (1.0 + step * self.strength.get())
    }

    fn subdiff_distance(&self, w: f64, loss_gradient: f64) -> f64 {
        (loss_gradient + self.gradient(w)).abs()
    }

    fn lambda_max(&self, gradient_at_zero: &[f64]) -> f64 {
        // 0/0 must stay 0 and NaN stay NaN: no strength is needed where the gradient is zero.
        let max = max_abs(gradient_at_zero);
        if max > 0.0 { f64::INFINITY } else { max }
    }

    fn curvature(&self, _w: f64) -> Option<f64> {
        Some(self.strength.get())
    }

    fn conjugate_argmax(&self, slope: f64) -> Option<f64> {
        Some(if slope == 0.0 { 0.0 } else { slope / self.strength.get() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_step_of_the_textbook() {
        // w = 0.3, gradient 0.02, rate 0.5, λ = 5, n = 50,000.
        let penalty = L2::from_lambda(5.0, NonZeroUsize::new(50_000).unwrap()).unwrap();
        let w = 0.3 - 0.5 * (0.02 + penalty.gradient(0.3));
        assert!((w - 0.289985).abs() < 1e-15);
        assert!((penalty.value(&[0.3]) - 4.5e-6).abs() < 1e-18);
    }

    #[test]
    fn minimum_of_a_bowl() {
        // ½ H (w - w*)² + ½ α w² with H = (5, 0.5), w* = (1, 2): Goodfellow et al., section 7.1.
        let penalty = L2::new(0.5).unwrap();
        assert!((penalty.prox(1.0, 1.0 / 5.0) - 0.909091).abs() < 5e-7);
        assert_eq!(penalty.prox(2.0, 1.0 / 0.5), 1.0);
    }

    #[test]
    fn keras_has_no_half() {
        assert_eq!(L2::from_keras(0.01).unwrap().value(&[1.0, 2.0]), 0.01 * 5.0);
        assert!(L2::from_keras(-0.01).is_err());
    }
}

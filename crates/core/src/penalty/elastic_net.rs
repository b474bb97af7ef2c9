//! The elastic net: L1 for zeros, L2 for correlated features that should share their weight.

use super::{L1, L2, Penalty, max_abs, soft_threshold};
use crate::Error;
use crate::number::{Fraction, NonNegative};
use serde::{Deserialize, Serialize};
use std::num::NonZeroUsize;

/// `l1` Σ |w| + (`l2` / 2) Σ w², or strength (ratio Σ |w| + (1 - ratio) / 2 Σ w²).
///
/// This is the naive elastic net, without the rescaling by 1 + λ2 of the paper; scikit-learn and
/// glmnet leave it out as well. [`super`] tells how the scale relates to others.
///
/// # Paper
/// Zou & Hastie 2005, *Regularization and variable selection via the elastic net*.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ElasticNet {
    /// Factor of Σ |w|.
    pub l1: NonNegative,
    /// Factor of ½ Σ w².
    pub l2: NonNegative,
}

impl ElasticNet {
    /// The penalty `l1` Σ |w| + (`l2` / 2) Σ w².
    ///
    /// # Errors
    /// [`Error::Number`] when a factor is negative or not finite.
    pub fn new(l1: f64, l2: f64) -> Result<Self, Error> {
        Ok(Self { l1: NonNegative::new(l1)?, l2: NonNegative::new(l2)? })
    }

    /// The penalty `strength` (`ratio` Σ |w| + (1 - `ratio`) / 2 Σ w²): `alpha` and `l1_ratio` of
    /// scikit-learn, λ and α of glmnet.
    ///
    /// # Errors
    /// [`Error::Number`] when `strength` is negative or not finite.
    pub fn from_ratio(strength: f64, ratio: Fraction) -> Result<Self, Error> {
        let strength = NonNegative::new(strength)?.get();
        Self::new(strength * ratio.get(), strength * (1.0 - ratio.get()))
    }

    /// The textbook's λ1/n Σ |w| + λ2/2n Σ w² for `samples` = n training examples.
    ///
    /// # Errors
    /// [`Error::Number`] when a λ is negative or not finite.
    pub fn from_lambdas(l1: f64, l2: f64, samples: NonZeroUsize) -> Result<Self, Error> {
        let n = samples.get() as f64;
        Self::new(NonNegative::new(l1)?.get() / n, NonNegative::new(l2)?.get() / n)
    }

    /// `l1` + `l2`, the strength of [`Self::from_ratio`].
    pub fn strength(&self) -> f64 {
        self.l1.get() + self.l2.get()
    }

    /// Share of L1 in the strength, in [0, 1]; 0 when both are zero.
    pub fn ratio(&self) -> f64 {
        if self.l1.get() == 0.0 { 0.0 } else { self.l1.get() / self.strength() }
    }

    /// Smallest strength at which [`Self::from_ratio`] makes all weights 0, given the gradient of
    /// the loss at 0: max |g| / `ratio`, rounded up so that the zeros are exact.
    ///
    /// Infinite for a `ratio` of 0, unless the gradient is zero; NaN when the gradient holds NaN.
    pub fn lambda_max_at(ratio: Fraction, gradient_at_zero: &[f64]) -> f64 {
        let largest = max_abs(gradient_at_zero);
        if largest == 0.0 {
            return 0.0;
        }
        let strength = largest / ratio.get();
        if strength * ratio.get() < largest { strength.next_up() } else { strength }
    }

    fn parts(&self) -> (L1, L2) {
        (L1 { strength: self.l1 }, L2 { strength: self.l2 })
    }
}

impl Penalty for ElasticNet {
    fn value(&self, weights: &[f64]) -> f64 {
        let (l1, l2) = self.parts();
        l1.value(weights) + l2.value(weights)
    }

    fn gradient(&self, w: f64) -> f64 {
        let (l1, l2) = self.parts();
        l1.gradient(w) + l2.gradient(w)
    }

    fn prox(&self, v: f64, step: f64) -> f64 {
        let (l1, l2) = self.parts();
        l2.prox(l1.prox(v, step), step)
    }

    fn subdiff_distance(&self, w: f64, loss_gradient: f64) -> f64 {
        let (l1, l2) = self.parts();
        l1.subdiff_distance(w, loss_gradient + l2.gradient(w))
    }

    fn lambda_max(&self, gradient_at_zero: &[f64]) -> f64 {
        let largest = max_abs(gradient_at_zero);
        if largest == 0.0 { 0.0 } else { largest / self.ratio() }
    }

    fn curvature(&self, _w: f64) -> Option<f64> {
        Some(self.l2.get())
    }

    fn conjugate_argmax(&self, slope: f64) -> Option<f64> {
        self.parts().1.conjugate_argmax(soft_threshold(slope, self.l1.get()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(value: f64) -> Fraction {
        Fraction::new(value).unwrap()
    }

    #[test]
    fn the_threshold_comes_before_the_division() {
        // v = 1, ηλ1/n = 0.05, ηλ2/n = 0.02.
        let penalty = ElasticNet::new(0.5, 0.2).unwrap();
        assert!((penalty.prox(1.0, 0.1) - 0.9313725).abs() < 5e-8);
    }

    #[test]
    fn both_parametrisations_are_the_same_penalty() {
        let penalty = ElasticNet::from_ratio(2.0, ratio(0.25)).unwrap();
        assert_eq!(penalty, ElasticNet::new(0.5, 1.5).unwrap());
        assert_eq!((penalty.strength(), penalty.ratio()), (2.0, 0.25));
        let textbook = ElasticNet::from_lambdas(50.0, 150.0, NonZeroUsize::new(100).unwrap());
        assert_eq!(textbook, Ok(penalty));
    }

    #[test]
    fn the_ends_of_the_ratio_are_lasso_and_ridge() {
        let lasso = ElasticNet::from_ratio(0.3, ratio(1.0)).unwrap();
        let ridge = ElasticNet::from_ratio(0.3, ratio(0.0)).unwrap();
        let (l1, l2) = (L1::new(0.3).unwrap(), L2::new(0.3).unwrap());
        for v in [-2.0, -0.1, 0.0, 0.4, 3.0] {
            assert_eq!(lasso.prox(v, 0.7), l1.prox(v, 0.7));
            assert_eq!(ridge.prox(v, 0.7), l2.prox(v, 0.7));
        }
        assert_eq!(ridge.lambda_max(&[0.5]), f64::INFINITY);
        assert_eq!(ElasticNet::lambda_max_at(ratio(0.0), &[0.5]), f64::INFINITY);
    }

    #[test]
    fn lambda_max_gives_exact_zeros_at_every_ratio() {
        for step in 1..=100 {
            let ratio = ratio(f64::from(step) / 100.0);
            let gradient = [0.1 * f64::from(step).sqrt(), -0.98996837, 0.3];
            let strength = ElasticNet::lambda_max_at(ratio, &gradient);
            let at = ElasticNet::from_ratio(strength, ratio).unwrap();
            assert!(gradient.iter().all(|g| at.prox(-g, 1.0) == 0.0));
            let below = ElasticNet::from_ratio(strength * (1.0 - 1e-12), ratio).unwrap();
            assert!(gradient.iter().any(|g| below.prox(-g, 1.0) != 0.0));
            assert!((below.lambda_max(&gradient) / strength - 1.0).abs() < 1e-14);
        }
    }
}

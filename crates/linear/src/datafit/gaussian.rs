//! Least squares.

use super::Datafit;
use crate::Error;
use crate::error::check;

/// ½ (y - η)²: the mean of y is η.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Gaussian;

impl Datafit for Gaussian {
    fn check(&self, target: &[f64], _weights: &[f64]) -> Result<(), Error> {
        // Squares of larger ones overflow.
        check("target", "finite numbers below 1e150", target, |y| y.abs() < 1e150)
    }

    fn loss(&self, y: f64, eta: f64) -> f64 {
        0.5 * (y - eta) * (y - eta)
    }

    fn residual(&self, y: f64, eta: f64) -> f64 {
        y - eta
    }

    fn curvature(&self, _y: f64, _eta: f64) -> f64 {
        1.0
    }

    fn dual(&self, y: f64, residual: f64) -> f64 {
        residual * (y - 0.5 * residual)
    }

    fn mean(&self, eta: f64) -> f64 {
        eta
    }

    fn link(&self, mean: f64) -> f64 {
        mean
    }

    fn deviance(&self, y: f64, eta: f64) -> f64 {
        (y - eta) * (y - eta)
    }

    fn is_quadratic(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_keeps_the_laws() {
        super::super::tests::laws(&Gaussian, &[-2.0, 0.0, 1.5], &[-3.0, -0.1, 0.0, 2.0]);
        assert!(Gaussian.check(&[1.0, f64::NAN], &[0.5, 0.5]).is_err());
    }
}

//! Poisson regression.

use super::Datafit;
use crate::Error;
use crate::error::check;

/// e^η - y η, for counts y or rates: the mean of y is e^η.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Poisson;

impl Datafit for Poisson {
    fn check(&self, target: &[f64], weights: &[f64]) -> Result<(), Error> {
        let fits = |y: f64| (0.0..1e150).contains(&y);
        check("target", "counts, finite numbers of at least 0", target, fits)?;
        if target.iter().zip(weights).any(|(y, w)| y * w > 0.0) {
            return Ok(());
        }
        let why = "target: expected a count above 0, found zeros alone".to_owned();
        Err(Error::Nothing { why })
    }

    fn loss(&self, y: f64, eta: f64) -> f64 {
        eta.exp() - y * eta
    }

    fn residual(&self, y: f64, eta: f64) -> f64 {
        y - eta.exp()
    }

    fn curvature(&self, _y: f64, eta: f64) -> f64 {
        eta.exp()
    }

    fn dual(&self, y: f64, residual: f64) -> f64 {
        // m - m log m, of the mean that leaves this residual; rounding may step below 0.
        let mean = y - residual;
        if mean > 0.0 {
            mean - mean * mean.ln()
        } else if mean >= -1e-12 * (1.0 + y) {
            0.0
        } else {
            f64::NEG_INFINITY
        }
    }

    fn mean(&self, eta: f64) -> f64 {
        eta.exp()
    }

    fn link(&self, mean: f64) -> f64 {
        mean.ln()
    }

    fn deviance(&self, y: f64, eta: f64) -> f64 {
        let perfect = if y > 0.0 { y - y * y.ln() } else { 0.0 };
        2.0 * (self.loss(y, eta) - perfect)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_keeps_the_laws() {
        super::super::tests::laws(&Poisson, &[0.0, 1.0, 4.0, 0.5], &[-3.0, -0.5, 0.0, 1.0, 2.5]);
    }

    #[test]
    fn negative_counts_and_zeros_alone_are_refused() {
        assert!(Poisson.check(&[1.0, -1.0], &[0.5, 0.5]).is_err());
        assert!(Poisson.check(&[0.0, 3.0], &[1.0, 0.0]).is_err());
        assert!(Poisson.check(&[0.0, 3.0], &[0.5, 0.5]).is_ok());
    }
}

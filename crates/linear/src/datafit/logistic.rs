//! Logistic regression.

use super::Datafit;
use crate::Error;
use crate::error::check;

/// log(1 + e^η) - y η, for a class y of 0 or 1 or a share of successes between: the probability of
/// class 1 is 1/(1 + e^-η).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Logistic;

impl Datafit for Logistic {
    fn check(&self, target: &[f64], weights: &[f64]) -> Result<(), Error> {
        check("target", "classes 0 and 1, or shares between", target, |y| {
            (0.0..=1.0).contains(&y)
        })?;
        let ones: f64 = target.iter().zip(weights).map(|(y, w)| w * y).sum();
        let zeros: f64 = target.iter().zip(weights).map(|(y, w)| w * (1.0 - y)).sum();
        if ones > 0.0 && zeros > 0.0 {
            return Ok(());
        }
        let found = if ones > 0.0 { 1 } else { 0 };
        Err(Error::Nothing {
            why: format!("target: expected two classes, found class {found} alone"),
        })
    }

    fn loss(&self, y: f64, eta: f64) -> f64 {
        // log(1 + e^η) without overflow.
        eta.max(0.0) + (-eta.abs()).exp().ln_1p() - y * eta
    }

    fn residual(&self, y: f64, eta: f64) -> f64 {
        y - self.mean(eta)
    }

    fn curvature(&self, _y: f64, eta: f64) -> f64 {
        let e = (-eta.abs()).exp();
        e / ((1.0 + e) * (1.0 + e))
    }

    fn dual(&self, y: f64, residual: f64) -> f64 {
        // The entropy of the probability that leaves this residual; rounding may step over an end.
        let p = y - residual;
        if !(-1e-12..=1.0 + 1e-12).contains(&p) {
            return f64::NEG_INFINITY;
        }
        entropy(p.clamp(0.0, 1.0))
    }

    fn mean(&self, eta: f64) -> f64 {
        let e = (-eta.abs()).exp();
        if eta >= 0.0 { 1.0 / (1.0 + e) } else { e / (1.0 + e) }
    }

    fn link(&self, mean: f64) -> f64 {
        (mean / (1.0 - mean)).ln()
    }

    fn deviance(&self, y: f64, eta: f64) -> f64 {
        2.0 * (self.loss(y, eta) - entropy(y))
    }
}

fn entropy(p: f64) -> f64 {
    let part = |p: f64| if p > 0.0 { -p * p.ln() } else { 0.0 };
    part(p) + part(1.0 - p)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_keeps_the_laws() {
        super::super::tests::laws(&Logistic, &[0.0, 1.0, 0.3], &[-9.0, -0.5, 0.0, 0.1, 3.0]);
    }

    #[test]
    fn far_predictors_do_not_overflow() {
        assert_eq!(Logistic.loss(1.0, 1e4), 0.0);
        assert_eq!(Logistic.loss(0.0, 1e4), 1e4);
        assert_eq!(Logistic.loss(1.0, -1e4), 1e4);
        assert_eq!((Logistic.mean(1e4), Logistic.mean(-1e4)), (1.0, 0.0));
        assert_eq!(Logistic.curvature(0.0, 1e4), 0.0);
    }

    #[test]
    fn one_class_alone_is_refused() {
        let error = Logistic.check(&[1.0, 1.0], &[0.5, 0.5]).unwrap_err().to_string();
        assert_eq!(error, "target: expected two classes, found class 1 alone");
        assert!(Logistic.check(&[1.0, 2.0], &[0.5, 0.5]).is_err());
    }
}

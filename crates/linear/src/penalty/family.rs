//! Penalties by strength, which is what a path runs along.

use wellfit_core::number::Fraction;
use wellfit_core::penalty::{ElasticNet, Penalty};

/// One penalty for each strength λ.
pub trait Family {
    /// The penalty.
    type Penalty: Penalty + Sync;

    /// The penalty of strength `lambda`, which is at least 0 and finite.
    fn at(&self, lambda: f64) -> Self::Penalty;

    /// The smallest strength at which zero stays the optimum for a gradient of size `gradient` of
    /// the mean loss; infinite where there is none.
    fn lambda_max(&self, gradient: f64) -> f64;
}

/// λ (r Σ |w| + (1 - r)/2 Σ w²): the lasso for a ratio r of 1, ridge for 0, the elastic net between.
///
/// λ stands beside 1/(2n) ||y - Xw||² (and beside the mean log-likelihood of the other families);
/// the textbook's ridge is λ_ridge = n λ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mix(pub Fraction);

impl Family for Mix {
    type Penalty = ElasticNet;

    fn at(&self, lambda: f64) -> ElasticNet {
        // Paths take no other strengths, so there is nothing to refuse.
        ElasticNet::from_ratio(lambda, self.0).unwrap_or(NO_PENALTY)
    }

    fn lambda_max(&self, gradient: f64) -> f64 {
        ElasticNet::lambda_max_at(self.0, &[gradient])
    }
}

const NO_PENALTY: ElasticNet = ElasticNet {
    l1: wellfit_core::number::NonNegative::ZERO,
    l2: wellfit_core::number::NonNegative::ZERO,
};

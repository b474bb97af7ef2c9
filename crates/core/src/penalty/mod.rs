//! Penalties on weights, as plain numbers: the same code serves networks and linear path solvers.
//!
//! # Scale
//! A penalty is added to a *mean* loss, and its `strength` is the factor written in its formula,
//! with nothing left to divide by. Conversions, for n training examples:
//!
//! | what you have | strength |
//! |---|---|
//! | textbook λ: λ/2n Σw², λ/n Σ\|w\| | λ / n |
//! | coupled `weight_decay` of PyTorch and Burn (SGD, Adam; not AdamW) | itself |
//! | Keras `l2`: l2 Σw², without ½ | 2 l2 |
//! | Keras `l1` | itself |
//! | scikit-learn `Ridge(alpha)`: Σr² + α Σw², beside a loss of 1/2n Σr² | α / n |
//! | the same, beside a loss of 1/n Σr² (without ½, Burn's `MseLoss`) | 2α / n |
//! | scikit-learn `Lasso(alpha)`, `ElasticNet(alpha, l1_ratio)` | α, with ratio = `l1_ratio` |
//!
//! Which parameters are penalized is the caller's choice: weights only, never biases, scales and
//! shifts of norms, or running statistics.

mod elastic_net;
mod group_lasso;
mod l1;
mod l2;

pub use elastic_net::ElasticNet;
pub use group_lasso::{GroupLasso, GroupPenalty};
pub use l1::{L1, soft_threshold};
pub use l2::L2;

/// A penalty that is a sum of the same convex function p of each weight.
pub trait Penalty {
    /// Σ p(w) over the weights.
    fn value(&self, weights: &[f64]) -> f64;

    /// Derivative of p at `w`; 0 at a kink in `w` = 0, where it is one choice among many.
    fn gradient(&self, w: f64) -> f64;

    /// argmin over u of ½ (u - v)² + `step` p(u), for a `step` of at least 0.
    ///
    /// In proximal gradient descent `v` is the weight after a gradient step of size `step` on the
    /// loss alone. NaN stays NaN, so that a diverged run stays visible.
    fn prox(&self, v: f64, step: f64) -> f64;

    /// Distance of -`loss_gradient` from the subdifferential of p at `w`: 0 at the optimum of
    /// loss + penalty and nowhere else, in units of the gradient (the KKT distance).
    fn subdiff_distance(&self, w: f64, loss_gradient: f64) -> f64;

    /// Smallest strength of this kind of penalty at which all weights are 0 at the optimum, given
    /// the gradient of the loss at 0: infinite where no finite strength gives zeros, 0 for a
    /// gradient of zeros, NaN when the gradient holds NaN.
    fn lambda_max(&self, gradient_at_zero: &[f64]) -> f64;

    /// Second derivative of p at a `w` other than 0. With it solvers take Newton steps; without it
    /// they take proximal ones, and end at the same place.
    fn curvature(&self, _w: f64) -> Option<f64> {
        None
    }

    /// The w at which `slope` w - p(w) is largest, infinite where it grows without end; 0 if it is
    /// one of several. With it solvers of a convex p prove by a duality gap how far they are from
    /// the optimum; without it they only measure [`Self::subdiff_distance`].
    fn conjugate_argmax(&self, _slope: f64) -> Option<f64> {
        None
    }
}

/// Sign of `w` with sgn 0 = 0, unlike `f64::signum`.
fn sign(w: f64) -> f64 {
    if w == 0.0 { 0.0 } else { w.signum() }
}

/// Largest absolute value: 0 for an empty slice, NaN when there is one.
fn max_abs(values: &[f64]) -> f64 {
    let larger = |max: f64, v: &f64| if v.is_nan() || v.abs() > max { v.abs() } else { max };
    values.iter().fold(0.0, larger)
}

#[cfg(test)]
mod tests;

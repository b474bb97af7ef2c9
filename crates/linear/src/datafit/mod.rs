//! How well a linear predictor η = Xw + b fits a target, sample by sample.
//!
//! A new datafit is one file: its loss, two derivatives, and the conjugate that proves optima.

mod gaussian;
mod logistic;
mod poisson;

pub use gaussian::Gaussian;
pub use logistic::Logistic;
pub use poisson::Poisson;

use crate::Error;

/// A loss ℓ(y, η), convex and smooth in η.
pub trait Datafit: Sync {
    /// Refuses a target that the loss is not made for.
    ///
    /// # Errors
    /// [`Error::Values`] with the count and the first place; [`Error::Nothing`] when no finite
    /// intercept is optimal.
    fn check(&self, target: &[f64], weights: &[f64]) -> Result<(), Error>;

    /// ℓ(y, η).
    fn loss(&self, y: f64, eta: f64) -> f64;

    /// -∂ℓ/∂η: what is left to explain, y - μ for canonical links.
    fn residual(&self, y: f64, eta: f64) -> f64;

    /// ∂²ℓ/∂η², at least 0.
    fn curvature(&self, y: f64, eta: f64) -> f64;

    /// -ℓ*(y, -`residual`): the loss's part of the dual objective, -infinity outside its domain.
    /// Every residual from 0 to [`Self::residual`] is inside.
    fn dual(&self, y: f64, residual: f64) -> f64;

    /// The prediction in units of the target: the inverse link of η.
    fn mean(&self, eta: f64) -> f64;

    /// The η whose [`Self::mean`] is `mean`.
    fn link(&self, mean: f64) -> f64;

    /// Twice the loss beyond that of a perfect prediction.
    fn deviance(&self, y: f64, eta: f64) -> f64;

    /// Whether the curvature is the same for every η, so that one quadratic is the whole loss.
    fn is_quadratic(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The laws of every datafit, at targets and predictors that suit it.
    pub(super) fn laws(datafit: &dyn Datafit, targets: &[f64], etas: &[f64]) {
        for (&y, &eta) in targets.iter().flat_map(|y| etas.iter().map(move |eta| (y, eta))) {
            let (h, told) = (1e-5, format!("y = {y}, η = {eta}"));
            let slope = (datafit.loss(y, eta + h) - datafit.loss(y, eta - h)) / (2.0 * h);
            assert!(
                (datafit.residual(y, eta) + slope).abs() < 1e-8 * (1.0 + slope.abs()),
                "{told}"
            );
            let bend = (datafit.residual(y, eta - h) - datafit.residual(y, eta + h)) / (2.0 * h);
            assert!((datafit.curvature(y, eta) - bend).abs() < 1e-8 * (1.0 + bend.abs()), "{told}");
            // Young: ℓ(η) + ℓ*(-u) >= -u η, with equality at u = the residual at η.
            let u = datafit.residual(y, eta);
            let young = datafit.loss(y, eta) - datafit.dual(y, u) + u * eta;
            assert!(young.abs() < 1e-12 * (1.0 + (u * eta).abs()), "{told}: {young}");
            for part in [0.0, 0.3, 0.9] {
                let gap = datafit.loss(y, eta) - datafit.dual(y, part * u) + part * u * eta;
                assert!(gap >= -1e-12, "{told}: {gap}");
                assert!(datafit.dual(y, part * u).is_finite(), "{told}");
            }
            assert!(
                (datafit.mean(datafit.link(datafit.mean(eta))) - datafit.mean(eta)).abs() < 1e-9
            );
            let best = datafit.deviance(y, eta) - 2.0 * datafit.loss(y, eta);
            let other = datafit.deviance(y, 0.0) - 2.0 * datafit.loss(y, 0.0);
            assert!(datafit.deviance(y, eta) >= -1e-12 && (best - other).abs() < 1e-9, "{told}");
        }
    }
}

//! Losses of several predictors at once: outputs of a regression, classes of a classification.

use crate::Error;
use crate::datafit::Datafit;

/// A loss ℓ(y, η) of K predictors, convex and smooth in η.
pub trait Outputs: Sync {
    /// K.
    fn count(&self) -> usize;

    /// Refuses targets, K for each sample, that the loss is not made for.
    ///
    /// # Errors
    /// As [`Datafit::check`].
    fn check(&self, targets: &[f64], weights: &[f64]) -> Result<(), Error>;

    /// ℓ(y, η).
    fn loss(&self, y: &[f64], eta: &[f64]) -> f64;

    /// -∂ℓ/∂η into `out`.
    fn residual(&self, y: &[f64], eta: &[f64], out: &mut [f64]);

    /// What [`Self::bend`] has to know of η, K numbers, into `out`: it is asked once, and `bend` for
    /// many v.
    fn place(&self, eta: &[f64], out: &mut [f64]) {
        out.copy_from_slice(eta);
    }

    /// H v into `out`, for the second derivative H of ℓ in η, of which [`Self::place`] told.
    fn bend(&self, y: &[f64], place: &[f64], v: &[f64], out: &mut [f64]);

    /// -ℓ*(y, -`residual`), as [`Datafit::dual`].
    fn dual(&self, y: &[f64], residual: &[f64]) -> f64;

    /// Intercepts to start from, for the weighted mean of the targets.
    fn start(&self, means: &[f64]) -> Vec<f64>;

    /// Whether adding the same number to all predictors changes nothing.
    fn is_shift_invariant(&self) -> bool {
        false
    }
}

/// One predictor, with a loss of [`crate::datafit`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Single<D>(pub D);

impl<D: Datafit> Outputs for Single<D> {
    fn count(&self) -> usize {
        1
    }

    fn check(&self, targets: &[f64], weights: &[f64]) -> Result<(), Error> {
        self.0.check(targets, weights)
    }

    fn loss(&self, y: &[f64], eta: &[f64]) -> f64 {
        self.0.loss(y[0], eta[0])
    }

    fn residual(&self, y: &[f64], eta: &[f64], out: &mut [f64]) {
        out[0] = self.0.residual(y[0], eta[0]);
    }

    fn bend(&self, y: &[f64], place: &[f64], v: &[f64], out: &mut [f64]) {
        out[0] = self.0.curvature(y[0], place[0]) * v[0];
    }

    fn dual(&self, y: &[f64], residual: &[f64]) -> f64 {
        self.0.dual(y[0], residual[0])
    }

    fn start(&self, means: &[f64]) -> Vec<f64> {
        vec![self.0.link(means[0])]
    }
}

/// ½ ||y - η||² for so many outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Multivariate(pub usize);

impl Outputs for Multivariate {
    fn count(&self) -> usize {
        self.0
    }

    fn check(&self, targets: &[f64], weights: &[f64]) -> Result<(), Error> {
        crate::datafit::Gaussian.check(targets, weights)
    }

    fn loss(&self, y: &[f64], eta: &[f64]) -> f64 {
        0.5 * y.iter().zip(eta).map(|(y, eta)| (y - eta) * (y - eta)).sum::<f64>()
    }

    fn residual(&self, y: &[f64], eta: &[f64], out: &mut [f64]) {
        out.iter_mut().zip(y.iter().zip(eta)).for_each(|(out, (y, eta))| *out = y - eta);
    }

    fn bend(&self, _y: &[f64], _place: &[f64], v: &[f64], out: &mut [f64]) {
        out.copy_from_slice(v);
    }

    fn dual(&self, y: &[f64], residual: &[f64]) -> f64 {
        y.iter().zip(residual).map(|(y, u)| u * (y - 0.5 * u)).sum()
    }

    fn start(&self, means: &[f64]) -> Vec<f64> {
        means.to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grouped::multinomial::Multinomial;

    fn laws(outputs: &dyn Outputs, y: &[f64], eta: &[f64]) {
        let k = outputs.count();
        let (mut u, mut bent, h) = (vec![0.0; k], vec![0.0; k], 1e-5);
        outputs.residual(y, eta, &mut u);
        for at in 0..k {
            let moved = |by: f64| {
                let mut moved = eta.to_vec();
                moved[at] += by;
                moved
            };
            let slope = (outputs.loss(y, &moved(h)) - outputs.loss(y, &moved(-h))) / (2.0 * h);
            assert!((u[at] + slope).abs() < 1e-8, "{u:?} {slope}");
            let (mut up, mut down, mut unit) = (vec![0.0; k], vec![0.0; k], vec![0.0; k]);
            outputs.residual(y, &moved(h), &mut up);
            outputs.residual(y, &moved(-h), &mut down);
            unit[at] = 1.0;
            let mut place = vec![0.0; k];
            outputs.place(eta, &mut place);
            outputs.bend(y, &place, &unit, &mut bent);
            for other in 0..k {
                let bend = (down[other] - up[other]) / (2.0 * h);
                assert!((bent[other] - bend).abs() < 1e-8, "{bent:?} {bend}");
            }
        }
        for part in [1.0, 0.4, 0.0] {
            let scaled: Vec<f64> = u.iter().map(|u| part * u).collect();
            let inner: f64 = scaled.iter().zip(eta).map(|(u, eta)| u * eta).sum();
            let young = outputs.loss(y, eta) - outputs.dual(y, &scaled) + inner;
            assert!(young >= -1e-12 && (part < 1.0 || young < 1e-12), "{young}");
        }
    }

    #[test]
    fn they_keep_the_laws_of_datafits() {
        for eta in [[0.3, -1.0, 2.0], [0.0, 0.0, 0.0], [-4.0, 1.0, 1.5]] {
            laws(&Multinomial(3), &[0.0, 1.0, 0.0], &eta);
            laws(&Multinomial(3), &[0.2, 0.3, 0.5], &eta);
            laws(&Multivariate(3), &[0.5, -1.0, 2.0], &eta);
            laws(&Single(crate::datafit::Logistic), &[1.0], &eta[..1]);
        }
        assert_eq!(Multinomial(2).loss(&[1.0, 0.0], &[1e4, 0.0]), 0.0);
    }

    #[test]
    fn labels_become_targets() {
        assert_eq!(Multinomial(2).targets(&[1.0, 0.0]), Ok(vec![0.0, 1.0, 1.0, 0.0]));
        assert!(Multinomial(2).targets(&[2.0]).is_err());
        let error = Multinomial(2).check(&[1.0, 0.0], &[1.0]).unwrap_err().to_string();
        assert!(error.contains("found none of 1"));
    }
}

//! Losses of several predictors at once: outputs of a regression, classes of a classification.

use crate::Error;
use crate::datafit::Datafit;
use crate::error::check;

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

    /// H v into `out`, for the second derivative H of ℓ in η.
    fn bend(&self, y: &[f64], eta: &[f64], v: &[f64], out: &mut [f64]);

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

    fn bend(&self, y: &[f64], eta: &[f64], v: &[f64], out: &mut [f64]) {
        out[0] = self.0.curvature(y[0], eta[0]) * v[0];
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

    fn bend(&self, _y: &[f64], _eta: &[f64], v: &[f64], out: &mut [f64]) {
        out.copy_from_slice(v);
    }

    fn dual(&self, y: &[f64], residual: &[f64]) -> f64 {
        y.iter().zip(residual).map(|(y, u)| u * (y - 0.5 * u)).sum()
    }

    fn start(&self, means: &[f64]) -> Vec<f64> {
        means.to_vec()
    }
}

/// log Σ e^η_k - y'η for so many classes: class k has probability e^η_k / Σ e^η, and y is 1 for
/// the sample's class and 0 for the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Multinomial(pub usize);

impl Multinomial {
    /// Targets for classes 0, 1, .. that are numbers, as [`Outputs`] wants them.
    ///
    /// # Errors
    /// [`Error::Values`] for a label that is not a class.
    pub fn targets(&self, labels: &[f64]) -> Result<Vec<f64>, Error> {
        let fits = |label: f64| label >= 0.0 && label < self.0 as f64 && label.fract() == 0.0;
        check("target", "whole numbers from 0, below the number of classes", labels, fits)?;
        let one = |&label: &f64| (0..self.0).map(move |k| f64::from(u8::from(k as f64 == label)));
        Ok(labels.iter().flat_map(one).collect())
    }
}

/// Of values that a common shift leaves equivalent, those that sum to zero.
pub(super) fn centre(values: &mut [f64]) {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.iter_mut().for_each(|value| *value -= mean);
}

/// Probabilities e^η / Σ e^η.
pub(super) fn softmax(eta: &[f64], out: &mut [f64]) {
    let largest = eta.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    out.iter_mut().zip(eta).for_each(|(out, eta)| *out = (eta - largest).exp());
    let total: f64 = out.iter().sum();
    out.iter_mut().for_each(|p| *p /= total);
}

impl Outputs for Multinomial {
    fn count(&self) -> usize {
        self.0
    }

    fn check(&self, targets: &[f64], weights: &[f64]) -> Result<(), Error> {
        check("target", "shares from 0 to 1", targets, |y| (0.0..=1.0).contains(&y))?;
        for class in 0..self.0 {
            let rows = targets.chunks(self.0).zip(weights);
            if !rows.into_iter().any(|(y, w)| y[class] * w > 0.0) {
                let why = format!("target: expected samples of each class, found none of {class}");
                return Err(Error::Nothing { why });
            }
        }
        Ok(())
    }

    fn loss(&self, y: &[f64], eta: &[f64]) -> f64 {
        let largest = eta.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = eta.iter().map(|eta| (eta - largest).exp()).sum();
        // Differences first: for a sure prediction they are all that is left.
        sum.ln() + y.iter().zip(eta).map(|(y, eta)| y * (largest - eta)).sum::<f64>()
    }

    fn residual(&self, y: &[f64], eta: &[f64], out: &mut [f64]) {
        softmax(eta, out);
        out.iter_mut().zip(y).for_each(|(out, y)| *out = y - *out);
    }

    fn bend(&self, _y: &[f64], eta: &[f64], v: &[f64], out: &mut [f64]) {
        softmax(eta, out);
        let mean: f64 = out.iter().zip(v).map(|(p, v)| p * v).sum();
        out.iter_mut().zip(v).for_each(|(out, v)| *out *= v - mean);
    }

    fn dual(&self, y: &[f64], residual: &[f64]) -> f64 {
        let part = |(y, u): (&f64, &f64)| match y - u {
            p if p > 0.0 => -p * p.ln(),
            p if p >= -1e-12 => 0.0,
            _ => f64::NEG_INFINITY,
        };
        y.iter().zip(residual).map(part).sum()
    }

    fn start(&self, means: &[f64]) -> Vec<f64> {
        means.iter().map(|mean| mean.ln()).collect()
    }

    fn is_shift_invariant(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            outputs.bend(y, eta, &unit, &mut bent);
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

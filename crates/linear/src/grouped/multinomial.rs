//! Softmax regression of several classes.

use super::outputs::Outputs;
use crate::Error;
use crate::error::check;

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

    /// The probabilities.
    fn place(&self, eta: &[f64], out: &mut [f64]) {
        softmax(eta, out);
    }

    fn bend(&self, _y: &[f64], place: &[f64], v: &[f64], out: &mut [f64]) {
        let mean: f64 = place.iter().zip(v).map(|(p, v)| p * v).sum();
        out.iter_mut().zip(place.iter().zip(v)).for_each(|(out, (p, v))| *out = p * (v - mean));
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

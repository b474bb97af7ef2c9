//! What several predictions of the same example, one for each sample of a model, say together.

use super::input;
use crate::Error;
use serde::Serialize;

/// What is not known of the class of one example, in nats.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Entropies {
    /// Entropy of the mean prediction, H(E p), in [0, ln classes].
    pub total: f64,
    /// What lies in the data: the mean entropy of the samples, E H(p).
    pub aleatoric: f64,
    /// What lies in the model: total less aleatoric, the mutual information of class and weights;
    /// 0 where all samples agree.
    pub epistemic: f64,
}

/// The mean of predicted probabilities over the samples, and its entropies.
///
/// H(E p) = E H(p) + I, with I the mutual information of class and weights.
///
/// # Paper
/// Depeweg et al. 2018, arXiv 1710.07283, section 3.
pub fn decompose(samples: &[&[f64]]) -> (Vec<f64>, Entropies) {
    let count = samples.len().max(1) as f64;
    let mut mean = vec![0.0; samples.first().map_or(0, |sample| sample.len())];
    for sample in samples {
        mean.iter_mut().zip(*sample).for_each(|(mean, p)| *mean += p / count);
    }
    let total = entropy(&mean);
    let aleatoric = samples.iter().map(|sample| entropy(sample)).sum::<f64>() / count;
    // Concavity makes it positive but for rounding.
    (mean, Entropies { total, aleatoric, epistemic: (total - aleatoric).max(0.0) })
}

/// -Σ p ln p, in nats.
pub fn entropy(probabilities: &[f64]) -> f64 {
    probabilities.iter().filter(|&&p| p > 0.0).map(|p| -p * p.ln()).sum()
}

/// Share of the actual values that lie within mean ± `width` standard deviations, in [0, 1];
/// 1.645 makes intervals of 90%.
///
/// # Errors
/// [`Error::Undefined`] without examples, [`Error::Length`] for lists of different lengths.
pub fn coverage(actual: &[f64], mean: &[f64], std: &[f64], width: f64) -> Result<f64, Error> {
    input::not_empty("coverage", actual.len())?;
    input::length("means", actual.len(), mean.len())?;
    input::length("standard deviations", actual.len(), std.len())?;
    let inside =
        actual.iter().zip(mean).zip(std).filter(|((y, m), s)| (*y - *m).abs() <= width * *s);
    Ok(inside.count() as f64 / actual.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_that_agree_leave_nothing_to_the_model() {
        let (mean, found) = decompose(&[&[0.7, 0.3], &[0.7, 0.3]]);
        assert!((mean[0] - 0.7).abs() < 1e-15 && found.epistemic < 1e-15);
        let expected = -(0.7f64 * 0.7f64.ln() + 0.3 * 0.3f64.ln());
        assert!((found.total - expected).abs() < 1e-15);
    }

    #[test]
    fn sure_samples_that_contradict_each_other_leave_everything_to_it() {
        let (mean, found) = decompose(&[&[1.0, 0.0], &[0.0, 1.0]]);
        assert_eq!(mean, [0.5, 0.5]);
        assert!(found.aleatoric == 0.0 && (found.epistemic - 2f64.ln()).abs() < 1e-15);
    }

    #[test]
    fn coverage_counts_the_ends() {
        let found = coverage(&[1.0, 3.0, -2.0], &[0.0; 3], &[1.0; 3], 2.0);
        assert!((found.unwrap() - 2.0 / 3.0).abs() < 1e-15);
        assert!(
            coverage(&[], &[], &[], 1.0).is_err() && coverage(&[1.0], &[], &[1.0], 1.0).is_err()
        );
    }
}

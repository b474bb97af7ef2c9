//! Monte Carlo inference: how sure a model with stochastic layers is.
//!
//! The model predicts the same examples several times, its stochastic layers live and all else in
//! evaluation: dropout, DropConnect, variational dropout, Bayesian layers. Where the predictions
//! differ the model does not know. (Gal and Ghahramani 2016, arXiv 1506.02142.)

use crate::Error;
use crate::chance::StepClock;
use crate::loss::Loss;
use crate::model::Network;
use crate::monte_carlo;
use crate::train::outputs;
use burn::tensor::Device;
use std::num::NonZeroUsize;
use wellfit_core::metric::{Entropies, decompose};
use wellfit_data::Dataset;

/// What the samples say of the class of one example.
#[derive(Debug, Clone, PartialEq)]
pub struct SampledClass {
    /// The mean probability of every class.
    pub probabilities: Vec<f64>,
    /// What is not known, in nats.
    pub entropies: Entropies,
}

/// What the samples say of the value of one example, in units of the model's outputs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SampledValue {
    /// Mean of the samples.
    pub mean: f64,
    /// Standard deviation of the samples: what the model does not know. Noise of the target is
    /// not in it.
    pub std: f64,
}

/// Outputs of `samples` passes over the examples, each of one row per example.
///
/// `model` is in evaluation mode, and its layers read `clock`. Sample s of part `part` of the data
/// has the same masks whenever it is asked for.
///
/// # Errors
/// The device fails.
pub fn sample<M: Network>(
    model: &M,
    clock: &StepClock,
    data: &Dataset,
    samples: NonZeroUsize,
    part: u64,
    device: &Device,
) -> Result<Vec<Vec<f64>>, Error> {
    clock.begin(part, 0);
    let passes = monte_carlo::sample(clock, samples.get(), || outputs(model, data, device));
    passes.into_iter().collect()
}

/// The predictive distribution over classes of each example, from the outputs of [`sample`].
///
/// # Errors
/// No classes, or samples that are not rows of one number for each class.
pub fn classes(
    samples: &[Vec<f64>],
    classes: usize,
    loss: Loss,
) -> Result<Vec<SampledClass>, Error> {
    let length = alike(samples)?;
    if !length.is_multiple_of(classes) || classes == 0 {
        let message = format!("expected {classes} outputs for each example, found {length} in all");
        return Err(Error::Mismatch(message));
    }
    let probabilities = |sample: &Vec<f64>| {
        let mut sample = sample.clone();
        sample.chunks_exact_mut(classes).for_each(|row| loss.probabilities(row));
        sample
    };
    let samples: Vec<Vec<f64>> = samples.iter().map(probabilities).collect();
    let of_example = |example: usize| {
        let row = example * classes..(example + 1) * classes;
        let rows: Vec<&[f64]> = samples.iter().map(|sample| &sample[row.clone()]).collect();
        let (probabilities, entropies) = decompose(&rows);
        SampledClass { probabilities, entropies }
    };
    Ok((0..length / classes).map(of_example).collect())
}

/// The length that all samples have.
fn alike(samples: &[Vec<f64>]) -> Result<usize, Error> {
    let length = samples.first().map_or(0, Vec::len);
    match samples.iter().find(|sample| sample.len() != length) {
        None => Ok(length),
        Some(other) => {
            let message = format!("expected {length} outputs in a sample, found {}", other.len());
            Err(Error::Mismatch(message))
        }
    }
}

/// Mean and spread of a model with one output, example by example, from the outputs of [`sample`].
///
/// The variance is that of the samples, Σ (f - mean)² / (samples - 1).
///
/// # Errors
/// Samples of different lengths.
pub fn values(samples: &[Vec<f64>]) -> Result<Vec<SampledValue>, Error> {
    let examples = alike(samples)?;
    let of_example = |example: usize| {
        let found = || samples.iter().map(|sample| sample[example]);
        let count = samples.len() as f64;
        let mean = found().sum::<f64>() / count;
        let squares: f64 = found().map(|value| (value - mean).powi(2)).sum();
        SampledValue { mean, std: (squares / (count - 1.0).max(1.0)).sqrt() }
    };
    Ok((0..examples).map(of_example).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_that_are_no_rows_of_classes_are_refused() {
        let (even, ragged) = (vec![vec![0.0; 4]; 2], [vec![0.0; 4], vec![0.0; 2]]);
        let refused = |samples: &[Vec<f64>], count| {
            classes(samples, count, Loss::CrossEntropy).unwrap_err().to_string()
        };
        assert!(refused(&even, 0).contains("expected 0 outputs for each example, found 4"));
        assert!(refused(&[], 0).contains("expected 0 outputs"));
        assert!(refused(&even, 3).contains("expected 3 outputs"));
        assert!(refused(&ragged, 2).contains("expected 4 outputs in a sample, found 2"));
        assert!(values(&ragged).is_err());
        assert_eq!(classes(&even, 2, Loss::CrossEntropy).unwrap()[1].probabilities, [0.5, 0.5]);
    }
}

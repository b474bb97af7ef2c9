//! How sure a stored model is, by Monte Carlo inference.

use crate::{Error, Number, Prediction, StoredModel};
use serde::Serialize;
use std::num::NonZeroUsize;
use wellfit_core::metric::{brier, coverage, ece, log_loss};
use wellfit_data::{Dataset, Examples, Target};
use wellfit_nn::train::ROWS;
use wellfit_nn::uncertainty::{SampledClass, SampledValue, classes, sample, values};

/// What a sampled prediction does not know.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Spread {
    /// Of a class, in nats.
    Class {
        /// Entropy of the mean prediction.
        entropy: f64,
        /// The part of it that lies in the model: mutual information of class and weights.
        mutual_information: f64,
    },
    /// Of a value: standard deviation over the samples, in units of the file.
    Value(f64),
}

/// How good and how sure sampled predictions are on labelled examples.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Uncertainty {
    /// Of classes.
    Classes {
        /// Passes over the examples.
        samples: usize,
        /// Share of the examples whose likeliest class by the mean prediction is right.
        accuracy: f64,
        /// Negative log-likelihood of the mean prediction.
        nll: f64,
        /// Brier score of the mean prediction.
        brier: f64,
        /// Expected calibration error of the mean prediction, 15 bins.
        ece: f64,
        /// Mean entropy of the mean predictions, in nats.
        entropy: f64,
        /// The part of it that lies in the data.
        aleatoric: f64,
        /// The part of it that lies in the model.
        mutual_information: f64,
    },
    /// Of values, in units of the file.
    Values {
        /// Passes over the examples.
        samples: usize,
        /// Root mean squared error of the mean prediction.
        rmse: Number,
        /// Root mean square of the spreads: what the model does not know.
        spread: Number,
        /// Standard deviation of the noise that these examples show: what is left of the error.
        noise: Number,
        /// Share of the values within the 90% intervals of spread and noise together.
        coverage_90: f64,
        /// Share within the 90% intervals of the spread alone.
        coverage_90_of_spread: f64,
    },
}

/// Bins of the calibration error. (Guo et al. 2017, arXiv 1706.04599.)
const BINS: NonZeroUsize = const { NonZeroUsize::new(15).unwrap() };
/// Standard deviations of a normal law that hold 90% of it.
const NINETY: f64 = 1.644_853_626_951_472_2;

impl StoredModel {
    /// Predicts the examples `samples` times each, some at a time, and gives what the samples say
    /// together.
    ///
    /// # Errors
    /// A model without a layer that draws, or an example that cannot be read.
    pub fn predict_sampled<'a>(
        &'a self,
        examples: &'a Examples<'a>,
        samples: NonZeroUsize,
    ) -> Result<impl Iterator<Item = Result<Vec<(Prediction, Spread)>, Error>> + 'a, Error> {
        self.draws()?;
        Ok(self.parts(examples).enumerate().map(move |(part, data)| {
            let outputs = self.sampled(&data?, samples, part)?;
            Ok(match self.classes().len() {
                0 => values(&outputs)?.into_iter().map(|value| self.value(value)).collect(),
                count => {
                    let found = classes(&outputs, count, self.file().loss)?;
                    found.into_iter().map(|class| self.class(class)).collect()
                }
            })
        }))
    }

    /// How good and how sure the mean of `samples` predictions is on labelled examples.
    ///
    /// # Errors
    /// As [`Self::predict_sampled`], and targets of another kind than the model's.
    pub fn uncertainty(
        &self,
        examples: &Examples<'_>,
        samples: NonZeroUsize,
    ) -> Result<Uncertainty, Error> {
        self.draws()?;
        let (mut found, mut labels) = (Vec::new(), Vec::new());
        let (mut spreads, mut actual) = (Vec::new(), Vec::new());
        let scale = self.file().target_scale.std.get();
        for (part, data) in self.parts(examples).enumerate() {
            let data = data?;
            let outputs = self.sampled(&data, samples, part)?;
            match &data.target {
                Target::Classes { labels: these, .. } => {
                    labels.extend(these.iter().map(|&label| label as usize));
                    found.extend(classes(&outputs, self.classes().len(), self.file().loss)?);
                }
                Target::Values(these) => {
                    actual.extend(these.iter().map(|value| value * scale));
                    spreads.extend(
                        values(&outputs)?
                            .into_iter()
                            .map(|v| SampledValue { mean: v.mean * scale, std: v.std * scale }),
                    );
                }
            }
        }
        let samples = samples.get();
        match self.classes().len() {
            0 => of_values(samples, &actual, &spreads),
            count => of_classes(samples, &labels, &found, count),
        }
    }

    fn parts<'a>(
        &'a self,
        examples: &'a Examples<'a>,
    ) -> impl Iterator<Item = Result<Dataset, Error>> + 'a {
        let starts = (0..examples.len()).step_by(ROWS);
        starts.map(|start| Ok(examples.part(start..examples.len().min(start + ROWS))?))
    }

    fn sampled(
        &self,
        data: &Dataset,
        samples: NonZeroUsize,
        part: usize,
    ) -> Result<Vec<Vec<f64>>, Error> {
        Ok(sample(&self.model, &self.clock, data, samples, part as u64, &self.device)?)
    }

    fn class(&self, found: SampledClass) -> (Prediction, Spread) {
        let SampledClass { probabilities, entropies } = found;
        let class = match self.threshold() {
            Some(threshold) => usize::from(probabilities[1] >= threshold),
            None => likeliest(&probabilities),
        };
        let (entropy, mutual_information) = (entropies.total, entropies.epistemic);
        let spread = Spread::Class { entropy, mutual_information };
        (Prediction::Class { class, probabilities }, spread)
    }

    fn value(&self, found: SampledValue) -> (Prediction, Spread) {
        let scale = self.file().target_scale;
        let mean = scale.mean.get() + scale.std.get() * found.mean;
        (Prediction::Value(mean), Spread::Value(scale.std.get() * found.std))
    }
}

fn likeliest(probabilities: &[f64]) -> usize {
    let better = |best, k: usize| if probabilities[k] > probabilities[best] { k } else { best };
    (1..probabilities.len()).fold(0, better)
}

fn of_classes(
    samples: usize,
    labels: &[usize],
    found: &[SampledClass],
    count: usize,
) -> Result<Uncertainty, Error> {
    let table: Vec<f64> = found.iter().flat_map(|f| f.probabilities.iter().copied()).collect();
    let mean =
        |of: fn(&SampledClass) -> f64| found.iter().map(of).sum::<f64>() / found.len() as f64;
    let right =
        labels.iter().zip(found).filter(|(label, f)| likeliest(&f.probabilities) == **label);
    Ok(Uncertainty::Classes {
        samples,
        accuracy: right.count() as f64 / labels.len() as f64,
        nll: log_loss(labels, &table, count)?,
        brier: brier(labels, &table, count)?,
        ece: ece(labels, &table, count, BINS)?,
        entropy: mean(|found| found.entropies.total),
        aleatoric: mean(|found| found.entropies.aleatoric),
        mutual_information: mean(|found| found.entropies.epistemic),
    })
}

fn of_values(samples: usize, actual: &[f64], found: &[SampledValue]) -> Result<Uncertainty, Error> {
    let means: Vec<f64> = found.iter().map(|value| value.mean).collect();
    let stds: Vec<f64> = found.iter().map(|value| value.std).collect();
    let count = actual.len() as f64;
    let error = actual.iter().zip(&means).map(|(y, mean)| (y - mean).powi(2)).sum::<f64>() / count;
    let spread = stds.iter().map(|std| std * std).sum::<f64>() / count;
    let noise = (error - spread).max(0.0);
    let all: Vec<f64> = stds.iter().map(|std| (std * std + noise).sqrt()).collect();
    Ok(Uncertainty::Values {
        samples,
        rmse: Number(error.sqrt()),
        spread: Number(spread.sqrt()),
        noise: Number(noise.sqrt()),
        coverage_90: coverage(actual, &means, &all, NINETY)?,
        coverage_90_of_spread: coverage(actual, &means, &stds, NINETY)?,
    })
}

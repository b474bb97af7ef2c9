//! A clean evaluation whose examples come part by part.

use super::batches::{target_width, targets};
use super::evaluate::{Scores, forward, host};
use crate::Error;
use crate::chance::rows;
use crate::loss::Loss;
use crate::model::Network;
use burn::tensor::Device;
use wellfit_core::metric::{Average, ConfusionMatrix, ZeroDivision, mae, mse, r2};
use wellfit_data::{Dataset, Target};

/// An evaluation in progress.
///
/// Parts of [`ROWS`](super::ROWS) examples and a last one of fewer give the bits of one whole.
pub struct Evaluation<'a, M> {
    model: &'a M,
    loss: Loss,
    threshold: Option<f64>,
    device: Device,
    losses: Vec<f64>,
    /// Actual and predicted classes.
    classes: (Vec<usize>, Vec<usize>),
    /// Actual and predicted values.
    values: (Vec<f64>, Vec<f64>),
    /// Number of classes; none for values, and before the first part.
    count: Option<usize>,
    /// One unit of the values in those of the file.
    unit: f64,
}

/// What an evaluation found.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluated {
    /// The textbook's metrics.
    pub scores: Scores,
    /// How often each class was taken for each; none for values.
    pub confusion: Option<ConfusionMatrix>,
}

impl<'a, M: Network> Evaluation<'a, M> {
    /// Begins an evaluation of `model`, which is in evaluation mode. With `threshold` the second of
    /// two classes is predicted where its probability is at least that, see [`Loss::class`].
    pub fn new(model: &'a M, loss: Loss, threshold: Option<f64>, device: &Device) -> Self {
        let (classes, values) = Default::default();
        let device = device.clone().without_autodiff();
        let (losses, count) = (Vec::new(), None);
        Self { model, loss, threshold, device, losses, classes, values, count, unit: 1.0 }
    }

    /// Adds examples.
    ///
    /// # Errors
    /// The model's outputs do not fit the target.
    pub fn add(&mut self, data: &Dataset) -> Result<(), Error> {
        let expected = target_width(&data.target);
        for (start, outputs) in forward(self.model, data, &self.device) {
            let [count, found] = outputs.dims();
            if found != expected {
                let message = format!("the data ask for {expected} outputs, the model has {found}");
                return Err(Error::Mismatch(message));
            }
            let targets = targets(&data.target, start..start + count);
            let targets = rows(targets, expected, &self.device);
            self.losses.extend(host(self.loss.per_example(outputs.clone(), targets))?);
            let outputs = host(outputs.flatten(0, 1))?;
            match &data.target {
                Target::Values(_) => self.values.1.extend(outputs),
                Target::Classes { .. } => {
                    let class = |row| self.loss.class(row, self.threshold);
                    self.classes.1.extend(outputs.chunks(found).map(class));
                }
            }
        }
        match &data.target {
            Target::Values(values) => self.values.0.extend(values),
            Target::Classes { labels, .. } => {
                self.classes.0.extend(labels.iter().map(|&label| label as usize));
            }
        }
        (self.count, self.unit) = (data.target.classes(), data.target_scale.std.get());
        Ok(())
    }

    /// The metrics over all that was added.
    ///
    /// # Errors
    /// No example was added.
    pub fn finish(self) -> Result<Evaluated, Error> {
        let mean = self.losses.iter().sum::<f64>() / self.losses.len() as f64;
        let mut scores = vec![("loss", mean)];
        let Some(count) = self.count else {
            scores.extend(regression(&self.values.0, &self.values.1, self.unit));
            return Ok(Evaluated { scores: Scores::new(scores), confusion: None });
        };
        let matrix = ConfusionMatrix::new(&self.classes.0, &self.classes.1, count)?;
        scores.extend(classification(&matrix));
        Ok(Evaluated { scores: Scores::new(scores), confusion: Some(matrix) })
    }
}

fn classification(matrix: &ConfusionMatrix) -> [(&'static str, f64); 4] {
    let (average, zero) = (Average::Macro, ZeroDivision::Zero);
    [
        ("accuracy", matrix.accuracy()),
        ("precision", matrix.precision(average, zero)),
        ("recall", matrix.recall(average, zero)),
        ("f1", matrix.f1(average, zero)),
    ]
}

/// Errors in the units of the file, where one unit of the values is `unit` of those.
fn regression(values: &[f64], outputs: &[f64], unit: f64) -> [(&'static str, f64); 3] {
    [
        ("mse", mse(values, outputs).map(|error| error * unit * unit)),
        ("mae", mae(values, outputs).map(|error| error * unit)),
        ("r2", r2(values, outputs)),
    ]
    .map(|(name, value)| (name, value.unwrap_or(f64::NAN)))
}

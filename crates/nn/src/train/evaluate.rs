//! Clean evaluation: evaluation mode, no augmentation, no smoothing, no penalty.

use super::batches::{outputs as width, targets};
use crate::Error;
use crate::chance::rows;
use crate::loss::Loss;
use crate::model::Network;
use burn::tensor::{Device, Tensor};
use wellfit_core::metric::{Average, ConfusionMatrix, ZeroDivision, mae, mse, r2};
use wellfit_data::{Dataset, Target};

/// Rows of one forward pass. Fixed, because the size of a batch may change the last bit of a sum.
const ROWS: usize = 1024;

/// The textbook's metrics on one data set.
///
/// Classes: `loss`, `accuracy`, and `precision`, `recall`, `f1` averaged over classes (macro).
/// Values: `loss`, in units of the scaled target; `mse`, `mae`, in units of the file; `r2`. What has no value, as R² of one example, is NaN.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores(Vec<(&'static str, f64)>);

impl Scores {
    /// Name and value of each metric; the loss comes first.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, f64)> {
        self.0.iter().copied()
    }

    /// The value of `metric`.
    pub fn get(&self, metric: &str) -> Option<f64> {
        self.iter().find(|(name, _)| *name == metric).map(|(_, value)| value)
    }
}

/// Names of the metrics that [`evaluate`] gives for this target.
pub fn metrics(target: &Target) -> &'static [&'static str] {
    match target {
        Target::Classes { .. } => &["loss", "accuracy", "precision", "recall", "f1"],
        Target::Values(_) => &["loss", "mse", "mae", "r2"],
    }
}

/// Evaluates `model`, which is in evaluation mode, on `data`.
///
/// # Errors
/// The model's outputs do not fit the target.
pub fn evaluate<M: Network>(
    model: &M,
    data: &Dataset,
    loss: Loss,
    device: &Device,
) -> Result<Scores, Error> {
    let device = &device.clone().without_autodiff();
    let expected = width(&data.target);
    let (mut losses, mut predictions) = (Vec::new(), Vec::new());
    for (start, outputs) in forward(model, data, device) {
        let [count, found] = outputs.dims();
        if found != expected {
            let message = format!("the data ask for {expected} outputs, the model has {found}");
            return Err(Error::Mismatch(message));
        }
        let targets = rows(targets(&data.target, start..start + count), expected, device);
        losses.extend(host(loss.per_example(outputs.clone(), targets))?);
        predictions.extend(host(outputs.flatten(0, 1))?);
    }
    let mean = losses.iter().sum::<f64>() / losses.len() as f64;
    let mut scores = vec![("loss", mean)];
    match &data.target {
        Target::Classes { labels, names } => {
            scores.extend(classification(labels, &predictions, names.len())?);
        }
        Target::Values(values) => {
            scores.extend(regression(values, &predictions, data.target_scale.std.get()));
        }
    }
    Ok(Scores(scores))
}

/// The outputs of `model`, which is in evaluation mode: one row per example.
///
/// # Errors
/// The device fails.
pub fn outputs<M: Network>(model: &M, data: &Dataset, device: &Device) -> Result<Vec<f64>, Error> {
    let device = &device.clone().without_autodiff();
    let host = |(_, outputs): (usize, Tensor<2>)| host(outputs.flatten(0, 1));
    let parts: Result<Vec<Vec<f64>>, Error> = forward(model, data, device).map(host).collect();
    Ok(parts?.concat())
}

/// First row and outputs of each part of the data.
fn forward<'a, M: Network>(
    model: &'a M,
    data: &'a Dataset,
    device: &'a Device,
) -> impl Iterator<Item = (usize, Tensor<2>)> + 'a {
    let width = data.width();
    (0..data.len()).step_by(ROWS).map(move |start| {
        let end = data.len().min(start + ROWS);
        let inputs = data.inputs[start * width..end * width].to_vec();
        (start, model.forward(rows(inputs, width, device)))
    })
}

fn host(tensor: Tensor<1>) -> Result<Vec<f64>, Error> {
    tensor.into_data().try_into_vec_as::<f64>().map_err(|error| Error::Device(format!("{error:?}")))
}

fn classification(
    labels: &[u32],
    outputs: &[f64],
    classes: usize,
) -> Result<[(&'static str, f64); 4], Error> {
    let actual: Vec<usize> = labels.iter().map(|&label| label as usize).collect();
    let predicted: Vec<usize> = outputs.chunks(classes).map(first_maximum).collect();
    let matrix = ConfusionMatrix::new(&actual, &predicted, classes)?;
    let (average, zero) = (Average::Macro, ZeroDivision::Zero);
    Ok([
        ("accuracy", matrix.accuracy()),
        ("precision", matrix.precision(average, zero)),
        ("recall", matrix.recall(average, zero)),
        ("f1", matrix.f1(average, zero)),
    ])
}

fn first_maximum(row: &[f64]) -> usize {
    let better = |best: usize, k: usize| if row[k] > row[best] { k } else { best };
    (1..row.len()).fold(0, better)
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

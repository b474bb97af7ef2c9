//! Clean evaluation: evaluation mode, no augmentation, no smoothing, no penalty.

use super::Evaluation;
use crate::Error;
use crate::chance::rows;
use crate::loss::Loss;
use crate::model::Network;
use burn::tensor::{Device, Tensor};
use wellfit_data::{Dataset, Target};

/// Rows of one forward pass. Fixed, because the size of a batch may change the last bit of a sum.
pub const ROWS: usize = 1024;

/// The textbook's metrics on one data set.
///
/// Classes: `loss`, `accuracy`, and `precision`, `recall`, `f1` averaged over classes (macro).
/// Values: `loss`, in units of the scaled target; `mse`, `mae`, in units of the file; `r2`. What has no value, as R² of one example, is NaN.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores(Vec<(&'static str, f64)>);

impl Scores {
    pub(super) fn new(scores: Vec<(&'static str, f64)>) -> Self {
        Self(scores)
    }

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
    let mut evaluation = Evaluation::new(model, loss, None, device);
    evaluation.add(data)?;
    Ok(evaluation.finish()?.scores)
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
pub(super) fn forward<'a, M: Network>(
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

pub(super) fn host(tensor: Tensor<1>) -> Result<Vec<f64>, Error> {
    tensor.into_data().try_into_vec_as::<f64>().map_err(|error| Error::Device(format!("{error:?}")))
}

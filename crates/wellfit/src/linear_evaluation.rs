//! How good a stored linear model is on labelled rows, by its family.

use crate::evaluation::{Evaluation, SCHEMA, per_class};
use crate::linear_model::Family;
use crate::{Error, LinearModel, Metrics, Number};
use wellfit_core::metric::{Average, ConfusionMatrix, ZeroDivision, mae, mse, r2};
use wellfit_core::number::Fraction;
use wellfit_data::{Examples, Target};
use wellfit_linear::datafit::{Datafit, Poisson};
use wellfit_nn::loss::Loss;

impl LinearModel {
    /// Evaluates labelled rows.
    ///
    /// The loss is half the mean deviance, the mean negative log-likelihood less that of a perfect
    /// fit: half the squared error, the cross-entropy of classes, that of counts. Numbers have `mse`,
    /// `mae` and `r2`, and counts their `deviance` too; classes what `wellfit train` logs.
    ///
    /// # Errors
    /// A row that cannot be read, targets of another kind than the model's, negative counts, or no
    /// rows.
    pub fn evaluate(&self, examples: &Examples<'_>) -> Result<Evaluation, Error> {
        let parts: Result<Vec<_>, Error> = self.outputs(examples).collect();
        let outputs = parts?.concat();
        match (examples.target(), self.file().family) {
            (Some(Target::Values(values)), Family::Gaussian) => {
                let found: Vec<f64> = outputs.iter().map(|eta| eta[0]).collect();
                let half = mse(values, &found).map_or(f64::NAN, |error| error / 2.0);
                Ok(of(values.len(), half, scores(values, &found)))
            }
            (Some(Target::Values(values)), Family::Poisson) => {
                let counts = |y: &&f64| !(0.0..1e150).contains(*y);
                if let Some(found) = values.iter().find(counts) {
                    let message = format!("it predicts counts of at least 0, and found {found}");
                    return Err(self.refuse(message));
                }
                let pairs = values.iter().zip(&outputs);
                let sum: f64 = pairs.map(|(&y, eta)| Poisson.deviance(y, eta[0])).sum();
                let deviance = sum / values.len() as f64;
                let found: Vec<f64> = outputs.iter().map(|eta| Poisson.mean(eta[0])).collect();
                let all = [("deviance", deviance)].into_iter().chain(scores(values, &found));
                Ok(of(values.len(), deviance / 2.0, all))
            }
            (Some(Target::Classes { labels, .. }), Family::Logistic | Family::Multinomial) => {
                self.of_classes(labels, &outputs)
            }
            _ => Err(self.refuse("it predicts something else than the target".to_owned())),
        }
    }

    fn of_classes(&self, labels: &[u32], outputs: &[Vec<f64>]) -> Result<Evaluation, Error> {
        let threshold = self.file().threshold.map(Fraction::get);
        let actual: Vec<usize> = labels.iter().map(|&label| label as usize).collect();
        let class = |row: &Vec<f64>| Loss::CrossEntropy.class(row, threshold);
        let predicted: Vec<usize> = outputs.iter().map(class).collect();
        let matrix = ConfusionMatrix::new(&actual, &predicted, self.classes().len())
            .map_err(|error| self.refuse(error.to_string()))?;
        let losses = actual.iter().zip(outputs).map(|(&label, row)| cross_entropy(row, label));
        let loss = losses.sum::<f64>() / actual.len() as f64;
        let (average, zero) = (Average::Macro, ZeroDivision::Zero);
        let all = [
            ("accuracy", matrix.accuracy()),
            ("precision", matrix.precision(average, zero)),
            ("recall", matrix.recall(average, zero)),
            ("f1", matrix.f1(average, zero)),
        ];
        Ok(Evaluation {
            per_class: Some(per_class(self.classes(), &matrix)),
            confusion: Some(matrix.rows().map(<[u64]>::to_vec).collect()),
            threshold,
            ..of(actual.len(), loss, all)
        })
    }
}

fn of(
    examples: usize,
    loss: f64,
    metrics: impl IntoIterator<Item = (&'static str, f64)>,
) -> Evaluation {
    let metrics = metrics.into_iter().map(|(name, value)| (name.to_owned(), value));
    Evaluation {
        schema: SCHEMA,
        examples,
        loss: Number(loss),
        metrics: Metrics::new(metrics),
        per_class: None,
        confusion: None,
        threshold: None,
        uncertainty: None,
    }
}

fn scores(values: &[f64], found: &[f64]) -> [(&'static str, f64); 3] {
    [("mse", mse(values, found)), ("mae", mae(values, found)), ("r2", r2(values, found))]
        .map(|(name, value)| (name, value.unwrap_or(f64::NAN)))
}

/// log Σ e^z - z_label, without a power that is infinite.
fn cross_entropy(outputs: &[f64], label: usize) -> f64 {
    let most = outputs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = outputs.iter().map(|z| (z - most).exp()).sum();
    most + sum.ln() - outputs[label]
}

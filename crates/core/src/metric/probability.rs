//! Losses of predicted probabilities.
//!
//! Tables are row-major, [examples, classes], each row summing to 1.

use super::input;
use crate::Error;

/// Mean negative log-likelihood of the actual classes: -(1/n) Σ ln p.
///
/// In nats; ln(classes) is chance level. Probabilities are clipped to [ε, 1 - ε] with the ε of
/// `f64`, as in scikit-learn, so that a certain and wrong prediction costs 36.04 and not infinity.
///
/// # Errors
/// [`Error::Undefined`] without examples or with fewer than two classes; [`Error::Length`],
/// [`Error::Label`] and [`Error::Value`] when the table or a label is not as said above.
pub fn log_loss(actual: &[usize], probabilities: &[f64], classes: usize) -> Result<f64, Error> {
    input::probabilities("log_loss", actual, probabilities, classes)?;
    let rows = actual.iter().zip(probabilities.chunks_exact(classes));
    let clip = |p: f64| p.clamp(f64::EPSILON, 1.0 - f64::EPSILON);
    let sum: f64 = rows.map(|(&label, row)| -clip(row[label]).ln()).sum();
    Ok(sum / actual.len() as f64)
}

/// Brier score: mean over examples of Σ_c (y_c - p_c)², y being 1 at the actual class, else 0.
///
/// With three or more classes this is Brier's original sum, in [0, 2]. With two it is halved, in
/// [0, 1], which equals the usual (y - p)² of the positive class: `brier_score_loss` of
/// scikit-learn with its default `scale_by_half="auto"`.
///
/// # Errors
/// The same as [`log_loss`].
///
/// # Paper
/// Brier 1950, *Verification of forecasts expressed in terms of probability*.
pub fn brier(actual: &[usize], probabilities: &[f64], classes: usize) -> Result<f64, Error> {
    input::probabilities("brier", actual, probabilities, classes)?;
    let rows = actual.iter().zip(probabilities.chunks_exact(classes));
    let sum: f64 = rows.map(|(&label, row)| squared_distance(label, row)).sum();
    let scale = if classes == 2 { 0.5 } else { 1.0 };
    Ok(scale * sum / actual.len() as f64)
}

/// Squared distance of a row of probabilities from the one-hot row of `label`.
fn squared_distance(label: usize, row: &[f64]) -> f64 {
    let target = |class| if class == label { 1.0 } else { 0.0 };
    row.iter().enumerate().map(|(class, p)| (target(class) - p).powi(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_costs_the_logarithm_of_the_classes() {
        let loss = log_loss(&[0, 3, 2], &[0.25; 12], 4).unwrap();
        assert!((loss - 4.0_f64.ln()).abs() < 1e-15);
    }

    #[test]
    fn a_certain_and_wrong_prediction_has_a_finite_loss() {
        let loss = log_loss(&[0], &[0.0, 1.0], 2).unwrap();
        assert_eq!(loss, -f64::EPSILON.ln());
        let right = log_loss(&[1], &[0.0, 1.0], 2).unwrap();
        assert_eq!(right, -(1.0 - f64::EPSILON).ln());
    }

    #[test]
    fn the_brier_score_is_halved_for_two_classes_only() {
        assert_eq!(brier(&[0], &[0.0, 1.0], 2), Ok(1.0));
        assert_eq!(brier(&[0], &[0.0, 1.0, 0.0], 3), Ok(2.0));
    }
}

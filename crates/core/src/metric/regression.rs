//! Errors of predicted numbers.

use super::input;
use crate::Error;

/// Mean squared error, (1/n) Σ (y - ŷ)², in squared units of the target.
///
/// # Errors
/// [`Error::Undefined`] without examples, [`Error::Length`] when the inputs differ in length,
/// [`Error::Value`] when a value is NaN or infinite.
pub fn mse(actual: &[f64], predicted: &[f64]) -> Result<f64, Error> {
    Ok(sum_of_squares("mse", actual, predicted)? / actual.len() as f64)
}

/// Root of the mean squared error, in units of the target.
///
/// # Errors
/// The same as [`mse`].
pub fn rmse(actual: &[f64], predicted: &[f64]) -> Result<f64, Error> {
    mse(actual, predicted).map(f64::sqrt)
}

/// Mean absolute error, (1/n) Σ |y - ŷ|, in units of the target.
///
/// # Errors
/// The same as [`mse`].
pub fn mae(actual: &[f64], predicted: &[f64]) -> Result<f64, Error> {
    check("mae", actual, predicted)?;
    let sum: f64 = actual.iter().zip(predicted).map(|(y, p)| (y - p).abs()).sum();
    Ok(sum / actual.len() as f64)
}

/// Coefficient of determination, 1 - Σ (y - ŷ)² / Σ (y - ȳ)², at most 1.
///
/// 0 is what predicting the mean gets, and below 0 is worse than that. When all targets are equal
/// the fraction has no value: 1 for a perfect prediction, else 0, scikit-learn's rule with
/// `force_finite=True`. Equal means equal in every bit; scikit-learn compares with a rounded mean
/// and can miss it.
///
/// # Errors
/// The same as [`mse`], and [`Error::Undefined`] with fewer than two examples.
pub fn r2(actual: &[f64], predicted: &[f64]) -> Result<f64, Error> {
    let residual = sum_of_squares("r2", actual, predicted)?;
    if actual.len() < 2 {
        return Err(Error::Undefined { metric: "r2", why: "1 example, 2 are needed".into() });
    }
    if residual == 0.0 {
        return Ok(1.0);
    }
    let mean = actual.iter().sum::<f64>() / actual.len() as f64;
    let total: f64 = actual.iter().map(|y| (y - mean).powi(2)).sum();
    if total == 0.0 || actual.iter().all(|&y| y == actual[0]) {
        return Ok(0.0);
    }
    Ok(1.0 - residual / total)
}

fn sum_of_squares(metric: &'static str, actual: &[f64], predicted: &[f64]) -> Result<f64, Error> {
    check(metric, actual, predicted)?;
    Ok(actual.iter().zip(predicted).map(|(y, p)| (y - p).powi(2)).sum())
}

fn check(metric: &'static str, actual: &[f64], predicted: &[f64]) -> Result<(), Error> {
    input::not_empty(metric, actual.len())?;
    input::length("predicted", actual.len(), predicted.len())?;
    input::values("actual", actual, "a finite number", f64::is_finite)?;
    input::values("predicted", predicted, "a finite number", f64::is_finite)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predicting_the_mean_explains_nothing() {
        assert_eq!(r2(&[1.0, 2.0, 3.0], &[2.0; 3]), Ok(0.0));
    }

    #[test]
    fn a_constant_target_has_the_agreed_value() {
        // The rounded mean of three times 0.1 is not 0.1, which must not matter.
        assert_eq!(r2(&[0.1; 3], &[0.1; 3]), Ok(1.0));
        assert_eq!(r2(&[0.1; 3], &[0.1, 0.1, 0.2]), Ok(0.0));
    }

    #[test]
    fn bad_inputs_are_refused() {
        for metric in [mse, mae, rmse, r2] {
            assert!(matches!(metric(&[], &[]), Err(Error::Undefined { .. })));
            assert!(matches!(metric(&[1.0, 2.0], &[1.0]), Err(Error::Length { .. })));
            let nan = metric(&[1.0, 2.0], &[f64::NAN, 1.0]);
            assert!(matches!(nan, Err(Error::Value { what: "predicted", index: 0, .. })));
            let infinite = metric(&[1.0, f64::INFINITY], &[1.0, 1.0]);
            assert!(matches!(infinite, Err(Error::Value { what: "actual", index: 1, .. })));
        }
        assert!(matches!(r2(&[1.0], &[1.0]), Err(Error::Undefined { .. })));
        assert_eq!(mse(&[1.0], &[3.0]), Ok(4.0));
    }
}

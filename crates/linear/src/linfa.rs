//! The estimators under linfa's traits.
//!
//! # Example
//! ```
//! use linfa::traits::{Fit, Predict};
//! use ndarray::{Array2, array};
//! use wellfit_linear::estimator::Regression;
//!
//! let x: Array2<f64> = array![[1.0, 5.0], [2.0, 3.0], [3.0, 8.0], [4.0, 1.0], [5.0, 4.0]];
//! let data = linfa::Dataset::new(x.clone(), array![2.1, 3.9, 6.2, 7.8, 10.1]);
//! let model = Regression::lasso(0.01)?.fit(&data)?;
//! assert!((model.predict(&x)[4] - 10.0).abs() < 0.3);
//! # Ok::<(), wellfit_linear::Error>(())
//! ```

use crate::datafit::Datafit;
use crate::estimator::{Fitted, FittedRidge, Regression, Ridge};
use crate::{Design, Error, Problem};
use linfa::DatasetBase;
use linfa::traits::{Fit, PredictInplace};
use ndarray::{Array1, ArrayBase, Data, Ix1, Ix2};

impl From<linfa::Error> for Error {
    fn from(error: linfa::Error) -> Self {
        Self::Settings { why: error.to_string() }
    }
}

/// Calls `fit` with a dataset's records, targets and weights (where it has any).
fn solved<S, T, O>(
    data: &DatasetBase<ArrayBase<S, Ix2>, ArrayBase<T, Ix1>>,
    fit: impl FnOnce(&Problem<'_>) -> Result<O, Error>,
) -> Result<O, Error>
where
    S: Data<Elem = f64>,
    T: Data<Elem = f64>,
{
    let x = data.records.as_standard_layout();
    let y = data.targets.to_vec();
    let weights: Option<Vec<f64>> =
        data.weights().map(|weights| weights.iter().map(|w| f64::from(*w)).collect());
    let problem = Problem::new(Design::try_from(x.view())?, &y);
    match &weights {
        Some(weights) => fit(&problem.weighted(weights)),
        None => fit(&problem),
    }
}

impl<S, T, D> Fit<ArrayBase<S, Ix2>, ArrayBase<T, Ix1>, Error> for Regression<D>
where
    S: Data<Elem = f64>,
    T: Data<Elem = f64>,
    D: Datafit + Clone,
{
    type Object = Fitted<D>;

    fn fit(
        &self,
        data: &DatasetBase<ArrayBase<S, Ix2>, ArrayBase<T, Ix1>>,
    ) -> Result<Fitted<D>, Error> {
        solved(data, |problem| self.fit_problem(problem))
    }
}

impl<S, T> Fit<ArrayBase<S, Ix2>, ArrayBase<T, Ix1>, Error> for Ridge
where
    S: Data<Elem = f64>,
    T: Data<Elem = f64>,
{
    type Object = FittedRidge;

    fn fit(
        &self,
        data: &DatasetBase<ArrayBase<S, Ix2>, ArrayBase<T, Ix1>>,
    ) -> Result<FittedRidge, Error> {
        solved(data, |problem| self.fit_problem(problem))
    }
}

/// Writes predictions; the trait knows no errors, so that other features give NaN.
fn write(found: Result<Vec<f64>, Error>, y: &mut Array1<f64>) {
    match found {
        Ok(found) => *y = Array1::from(found),
        Err(_) => y.fill(f64::NAN),
    }
}

impl<S: Data<Elem = f64>, D: Datafit> PredictInplace<ArrayBase<S, Ix2>, Array1<f64>> for Fitted<D> {
    fn predict_inplace(&self, x: &ArrayBase<S, Ix2>, y: &mut Array1<f64>) {
        let x = x.as_standard_layout();
        write(Design::try_from(x.view()).and_then(|x| self.predict(x)), y);
    }

    fn default_target(&self, x: &ArrayBase<S, Ix2>) -> Array1<f64> {
        Array1::zeros(x.nrows())
    }
}

impl<S: Data<Elem = f64>> PredictInplace<ArrayBase<S, Ix2>, Array1<f64>> for FittedRidge {
    fn predict_inplace(&self, x: &ArrayBase<S, Ix2>, y: &mut Array1<f64>) {
        let x = x.as_standard_layout();
        write(Design::try_from(x.view()).and_then(|x| self.predict(x)), y);
    }

    fn default_target(&self, x: &ArrayBase<S, Ix2>) -> Array1<f64> {
        Array1::zeros(x.nrows())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimator::Choose;
    use linfa::traits::Predict;
    use ndarray::Array2;

    #[test]
    fn fits_and_predictions_are_those_of_the_estimators() {
        let x = Array2::from_shape_fn((8, 2), |(i, j)| ((3 * i + 5 * j) % 7) as f64);
        let y = Array1::from_shape_fn(8, |i| x[(i, 0)] - 0.5 * x[(i, 1)] + 0.1 * (i % 3) as f64);
        let data = linfa::Dataset::new(x.clone(), y.clone());
        let values = y.to_vec();
        let lasso = Regression::lasso(0.1).unwrap();
        let plain = lasso.fit(Design::try_from(x.view()).unwrap(), &values).unwrap();
        let found = Fit::fit(&lasso, &data).unwrap();
        assert_eq!(found, plain);
        let expected = plain.predict(Design::try_from(x.view()).unwrap()).unwrap();
        assert_eq!(Predict::predict(&found, &x).to_vec(), expected);
        // Columns that follow each other are taken as well, other features are told.
        let turned = x.t().as_standard_layout().to_owned().reversed_axes();
        assert_eq!(Predict::predict(&found, &turned).to_vec(), expected);
        let other = Array2::<f64>::zeros((2, 3));
        assert!(Predict::predict(&found, &other).iter().all(|y| y.is_nan()));
        let ridge = Fit::fit(&Ridge::new(Choose::LambdaRidge(1.0)), &data).unwrap();
        assert_eq!(Predict::predict(&ridge, &x).len(), 8);
    }
}

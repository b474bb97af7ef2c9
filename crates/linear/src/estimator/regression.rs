//! Lasso, elastic net, logistic and Poisson regression.

use crate::cross_validation::{CrossValidated, Folds, Select};
use crate::datafit::{Datafit, Gaussian, Logistic, Poisson};
use crate::path::{Fit, Lambdas, Path};
use crate::penalty::Mix;
use crate::{Design, Error, Problem, Settings};
use wellfit_core::number::{Fraction, NonNegative};
use wellfit_core::seed::Seed;

/// A linear predictor with an elastic net penalty:
/// mean loss + λ (r Σ |w| + (1 - r)/2 Σ w²).
#[derive(Debug, Clone, PartialEq)]
pub struct Regression<D> {
    /// The loss.
    pub datafit: D,
    /// λ, where it is not chosen by cross-validation.
    pub lambda: NonNegative,
    /// r: 1 for the lasso, 0 for ridge.
    pub ratio: Fraction,
    /// Intercept, standardization, factors, bounds, tolerance.
    pub settings: Settings,
}

impl Regression<Gaussian> {
    /// Least squares with λ Σ |w|.
    ///
    /// # Errors
    /// [`Error::Number`] when `lambda` is negative or not finite.
    pub fn lasso(lambda: f64) -> Result<Self, Error> {
        Self::elastic_net(lambda, 1.0)
    }

    /// Least squares with λ (r Σ |w| + (1 - r)/2 Σ w²).
    ///
    /// # Errors
    /// [`Error::Number`] when `lambda` is negative or not finite, or `ratio` outside [0, 1].
    pub fn elastic_net(lambda: f64, ratio: f64) -> Result<Self, Error> {
        Self::new(Gaussian, lambda, ratio)
    }
}

impl Regression<Logistic> {
    /// Logistic regression of classes 0 and 1.
    ///
    /// # Errors
    /// As [`Regression::elastic_net`].
    pub fn logistic(lambda: f64, ratio: f64) -> Result<Self, Error> {
        Self::new(Logistic, lambda, ratio)
    }
}

impl Regression<Poisson> {
    /// Poisson regression of counts.
    ///
    /// # Errors
    /// As [`Regression::elastic_net`].
    pub fn poisson(lambda: f64, ratio: f64) -> Result<Self, Error> {
        Self::new(Poisson, lambda, ratio)
    }
}

impl<D: Datafit + Clone> Regression<D> {
    /// A regression with any loss.
    ///
    /// # Errors
    /// As [`Regression::elastic_net`].
    pub fn new(datafit: D, lambda: f64, ratio: f64) -> Result<Self, Error> {
        let (lambda, ratio) = (NonNegative::new(lambda)?, Fraction::new(ratio)?);
        Ok(Self { datafit, lambda, ratio, settings: Settings::default() })
    }

    /// The same with other settings.
    pub fn with(self, settings: Settings) -> Self {
        Self { settings, ..self }
    }

    /// Fits at the regression's own λ.
    ///
    /// # Errors
    /// As [`crate::path::fit`].
    pub fn fit<'a>(&self, x: impl Into<Design<'a>>, y: &'a [f64]) -> Result<Fitted<D>, Error> {
        self.fit_problem(&Problem::new(x, y))
    }

    /// The same for samples with weights.
    ///
    /// # Errors
    /// As [`crate::path::fit`].
    pub fn fit_problem(&self, problem: &Problem<'_>) -> Result<Fitted<D>, Error> {
        let mut path = self.path(problem, &Lambdas::List(vec![self.lambda.get()]))?;
        Ok(Fitted { datafit: self.datafit.clone(), fit: path.fits.swap_remove(0) })
    }

    /// Fits along λ.
    ///
    /// # Errors
    /// As [`crate::path::fit`].
    pub fn path(&self, problem: &Problem<'_>, lambdas: &Lambdas) -> Result<Path, Error> {
        crate::path::fit(problem, &self.datafit, &Mix(self.ratio), lambdas, &self.settings)
    }

    /// Fits along λ, with the cross-validated error of each.
    ///
    /// # Errors
    /// As [`crate::cross_validation::fit`].
    pub fn cross_validate(
        &self,
        problem: &Problem<'_>,
        lambdas: &Lambdas,
        folds: &Folds,
        seed: Seed,
    ) -> Result<CrossValidated, Error> {
        let (mix, settings) = (Mix(self.ratio), &self.settings);
        let folds = (folds, seed);
        crate::cross_validation::fit(problem, &self.datafit, &mix, lambdas, settings, folds)
    }

    /// Fits with the λ that cross-validation selects.
    ///
    /// # Errors
    /// As [`crate::cross_validation::fit`].
    pub fn fit_by(
        &self,
        problem: &Problem<'_>,
        select: Select,
        folds: &Folds,
        seed: Seed,
    ) -> Result<Fitted<D>, Error> {
        let found = self.cross_validate(problem, &Lambdas::default(), folds, seed)?;
        Ok(Fitted { datafit: self.datafit.clone(), fit: found.select(select).clone() })
    }
}

/// A regression that was fitted.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted<D> {
    /// The loss.
    pub datafit: D,
    /// Coefficients, and how well they are known.
    pub fit: Fit,
}

impl<D: Datafit> Fitted<D> {
    /// w, on the original scale.
    pub fn coefficients(&self) -> &[f64] {
        &self.fit.coefficients
    }

    /// b.
    pub fn intercept(&self) -> f64 {
        self.fit.intercept
    }

    /// The mean of the target for each row: the value, the probability of class 1, the rate.
    ///
    /// # Errors
    /// [`Error::Length`] when `x` has other features.
    pub fn predict<'a>(&self, x: impl Into<Design<'a>>) -> Result<Vec<f64>, Error> {
        let eta = x.into().times(&self.fit.coefficients, self.fit.intercept)?;
        Ok(eta.into_iter().map(|eta| self.datafit.mean(eta)).collect())
    }

    /// The share of the deviance that is explained, 1 at best: R² for least squares.
    ///
    /// # Errors
    /// [`Error::Length`] when `x` has other features or rows than there are targets, and what the
    /// loss refuses of `y`.
    pub fn score<'a>(&self, x: impl Into<Design<'a>>, y: &'a [f64]) -> Result<f64, Error> {
        let problem = Problem::new(x, y);
        problem.check()?;
        let weights = vec![1.0 / y.len() as f64; y.len()];
        self.datafit.check(y, &weights)?;
        let deviance = crate::cross_validation::deviance(&problem, &self.datafit, &self.fit)?;
        let mean = self.datafit.link(y.iter().sum::<f64>() / y.len() as f64);
        let null = y.iter().map(|&y| self.datafit.deviance(y, mean)).sum::<f64>() / y.len() as f64;
        // A target without variance is explained by any perfect fit, and by nothing else.
        Ok(match (null > 0.0, deviance > 0.0) {
            (true, _) => 1.0 - deviance / null,
            (false, perfect) => f64::from(u8::from(!perfect)),
        })
    }
}

impl Fitted<Logistic> {
    /// The more probable class of each row, 0 or 1.
    ///
    /// # Errors
    /// As [`Fitted::predict`].
    pub fn classify<'a>(&self, x: impl Into<Design<'a>>) -> Result<Vec<u8>, Error> {
        Ok(self.predict(x)?.into_iter().map(|p| u8::from(p > 0.5)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn score_is_the_share_of_the_deviance() {
        let x = Design::from_rows(&[1.0, 2.0, 3.0, 4.0], 1).unwrap();
        let model = Regression::lasso(0.0).unwrap().fit(x, &[2.0, 4.0, 6.0, 8.0]).unwrap();
        assert!((model.score(x, &[2.0, 4.0, 6.0, 8.0]).unwrap() - 1.0).abs() < 1e-9);
        // Σ r² = 4 beside a total of 20 + 4 · 0: the mean of these targets is 5 as well.
        let score = model.score(x, &[3.0, 3.0, 7.0, 7.0]).unwrap();
        assert!((score - (1.0 - 4.0 / 16.0)).abs() < 1e-7, "{score}");
        assert_eq!(model.score(x, &[5.0; 4]).unwrap(), 0.0);
        assert!(model.score(x, &[1.0]).is_err());
    }

    #[test]
    fn every_loss_predicts_in_units_of_its_target() {
        let x = Design::from_rows(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0], 1).unwrap();
        let y = [0.0, 0.0, 1.0, 0.0, 1.0, 1.0];
        let model = Regression::logistic(0.01, 0.0).unwrap().fit(x, &y).unwrap();
        assert_eq!(model.classify(x).unwrap(), [0, 0, 0, 1, 1, 1]);
        let p = model.predict(x).unwrap();
        assert!((p.iter().sum::<f64>() - 3.0).abs() < 1e-9);
        let y = [1.0, 1.0, 3.0, 4.0, 9.0, 13.0];
        let model = Regression::poisson(1e-6, 0.0).unwrap().fit(x, &y).unwrap();
        let rates = model.predict(x).unwrap();
        assert!((rates.iter().sum::<f64>() - 31.0).abs() < 1e-6);
        assert!(model.score(x, &y).unwrap() > 0.9);
        assert!(Regression::lasso(-1.0).is_err() && Regression::elastic_net(1.0, 1.1).is_err());
    }
}

//! Ridge regression with λ given, or chosen by leave-one-out or GCV.

use crate::ridge::{RidgeFit, RidgePath};
use crate::{Design, Error, Lambdas, Problem, Settings};

/// How λ is found.
#[derive(Debug, Clone, PartialEq)]
pub enum Choose {
    /// This λ, beside 1/(2n) ||y - Xw - b||².
    Lambda(f64),
    /// This λ_ridge = n λ, of (X'X + λ_ridge I)^-1 X'y: scikit-learn's `alpha`.
    LambdaRidge(f64),
    /// The λ with the smallest exact leave-one-out error.
    LeaveOneOut(Lambdas),
    /// The λ with the smallest generalized cross-validation error.
    Gcv(Lambdas),
}

/// Ridge regression in closed form.
#[derive(Debug, Clone, PartialEq)]
pub struct Ridge {
    /// How λ is found.
    pub choose: Choose,
    /// Intercept, standardization, factors.
    pub settings: Settings,
}

impl Ridge {
    /// Ridge regression that standardizes features.
    pub fn new(choose: Choose) -> Self {
        Self { choose, settings: Settings::default() }
    }

    /// The same with other settings.
    pub fn with(self, settings: Settings) -> Self {
        Self { settings, ..self }
    }

    /// Fits.
    ///
    /// # Errors
    /// As [`crate::ridge::fit`].
    pub fn fit<'a>(&self, x: impl Into<Design<'a>>, y: &'a [f64]) -> Result<FittedRidge, Error> {
        self.fit_problem(&Problem::new(x, y))
    }

    /// The same for samples with weights.
    ///
    /// # Errors
    /// As [`crate::ridge::fit`].
    pub fn fit_problem(&self, problem: &Problem<'_>) -> Result<FittedRidge, Error> {
        let total = problem.weights.map_or(problem.design.rows() as f64, |w| w.iter().sum());
        let lambdas = match &self.choose {
            Choose::Lambda(lambda) => Lambdas::List(vec![*lambda]),
            Choose::LambdaRidge(lambda) => Lambdas::List(vec![lambda / total]),
            Choose::LeaveOneOut(lambdas) | Choose::Gcv(lambdas) => lambdas.clone(),
        };
        let path = crate::ridge::fit(problem, &lambdas, &self.settings)?;
        let chosen = match &self.choose {
            Choose::Gcv(_) => path.best_gcv(),
            _ => path.best_leave_one_out(),
        };
        Ok(FittedRidge { chosen: chosen.unwrap_or(0), path })
    }
}

/// A ridge regression that was fitted.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedRidge {
    /// All λ that were tried.
    pub path: RidgePath,
    /// Place of the one that was chosen.
    pub chosen: usize,
}

impl FittedRidge {
    /// The fit at the λ that was chosen.
    pub fn fit(&self) -> &RidgeFit {
        &self.path.fits[self.chosen]
    }

    /// Predictions for each row.
    ///
    /// # Errors
    /// [`Error::Length`] when `x` has other features.
    pub fn predict<'a>(&self, x: impl Into<Design<'a>>) -> Result<Vec<f64>, Error> {
        x.into().times(&self.fit().coefficients, self.fit().intercept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_names_of_lambda_are_the_same_fit() {
        let x = Design::from_rows(&[1.0, 2.0, 4.0, 3.0], 1).unwrap();
        let y = [1.0, 2.5, 3.5, 3.0];
        let of = |choose| Ridge::new(choose).fit(x, &y).unwrap();
        let (a, b) = (of(Choose::Lambda(0.5)), of(Choose::LambdaRidge(2.0)));
        assert_eq!(a, b);
        assert_eq!(a.fit().lambda_ridge, 2.0);
        let weighted = Problem::new(x, &y).weighted(&[2.0; 4]);
        let b = Ridge::new(Choose::LambdaRidge(4.0)).fit_problem(&weighted).unwrap();
        assert!((b.fit().coefficients[0] - a.fit().coefficients[0]).abs() < 1e-15);
    }

    #[test]
    fn lambda_is_chosen_by_the_error_that_was_asked_for() {
        let x = Design::from_rows(&[1.0, 2.0, 4.0, 3.0, 5.0, 2.5], 1).unwrap();
        let y = [1.0, 2.5, 3.5, 3.0, 4.0, 2.0];
        let of = |choose| Ridge::new(choose).fit(x, &y).unwrap();
        let (loo, gcv) =
            (of(Choose::LeaveOneOut(Lambdas::default())), of(Choose::Gcv(Lambdas::default())));
        let best =
            |of: fn(&RidgeFit) -> f64| loo.path.fits.iter().map(of).fold(f64::INFINITY, f64::min);
        assert_eq!(loo.fit().leave_one_out, best(|fit| fit.leave_one_out));
        assert_eq!(gcv.fit().gcv, best(|fit| fit.gcv));
        assert_eq!(loo.predict(x).unwrap().len(), 6);
    }
}

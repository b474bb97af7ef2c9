//! Ridge regression in closed form: one decomposition serves every λ, leave-one-out and GCV.

mod along;
mod decomposition;
mod spectrum;

pub use decomposition::Decomposition;
pub use spectrum::Method;

use crate::{Error, Lambdas, Problem, Settings};

/// Ridge regression at one λ.
#[derive(Debug, Clone, PartialEq)]
pub struct RidgeFit {
    /// λ beside 1/(2n) ||y - Xw - b||²: the strength of [`crate::path`].
    pub lambda: f64,
    /// n λ, the λ of the textbook's (X'X + λI)^-1 X'y and scikit-learn's `alpha`; n is the sum of
    /// the weights, if there are any.
    pub lambda_ridge: f64,
    /// b, on the original scale; 0 without an intercept.
    pub intercept: f64,
    /// w, on the original scale of the features.
    pub coefficients: Vec<f64>,
    /// Trace of the matrix that takes targets to fitted values, with 1 for the intercept.
    pub df: f64,
    /// Weighted mean of the squared residuals.
    pub mse: f64,
    /// Weighted mean of the squared errors of predicting each sample from all others, exactly as n
    /// fits with the same `lambda_ridge` and the same scales would give it.
    ///
    /// Infinite where a sample alone decides about a coefficient and nothing holds it.
    pub leave_one_out: f64,
    /// Generalized cross-validation, `mse` / (1 - `df` / n)²: leave-one-out with the mean leverage
    /// in place of each sample's own. Infinite where `df` is n.
    ///
    /// # Paper
    /// Golub, Heath & Wahba 1979, *Generalized cross-validation as a method for choosing a good
    /// ridge parameter*.
    pub gcv: f64,
}

/// Ridge regression along λ.
#[derive(Debug, Clone, PartialEq)]
pub struct RidgePath {
    /// A fit for each λ, in the order of the λ.
    pub fits: Vec<RidgeFit>,
    /// How the features were decomposed.
    pub method: Method,
}

impl RidgePath {
    /// Place of the fit with the smallest leave-one-out error; of equal ones the larger λ.
    pub fn best_leave_one_out(&self) -> Option<usize> {
        self.best(|fit| fit.leave_one_out)
    }

    /// Place of the fit with the smallest GCV; of equal ones the larger λ.
    pub fn best_gcv(&self) -> Option<usize> {
        self.best(|fit| fit.gcv)
    }

    fn best(&self, of: impl Fn(&RidgeFit) -> f64) -> Option<usize> {
        let order = |&a: &usize, &b: &usize| {
            let (a, b) = (&self.fits[a], &self.fits[b]);
            of(a).total_cmp(&of(b)).then(b.lambda.total_cmp(&a.lambda))
        };
        (0..self.fits.len()).min_by(order)
    }
}

/// Minimizes 1/(2n) ||y - Xw - b||² + λ/2 Σ f_j (s_j w_j)² for each λ, exactly.
///
/// A λ of 0 gives least squares; where that has many solutions, the one of smallest norm.
///
/// # Errors
/// As [`crate::path::fit`]; bounds are refused, which have no closed form.
///
/// # Example
/// ```
/// use wellfit_linear::{Design, Lambdas, Problem, Settings, ridge};
///
/// let x = Design::from_rows(&[1.0, 2.0, 3.0, 4.0], 1)?;
/// let problem = Problem::new(x, &[1.1, 1.9, 3.2, 3.8]);
/// let path = ridge::fit(&problem, &Lambdas::default(), &Settings::default())?;
/// let best = &path.fits[path.best_leave_one_out().unwrap()];
/// assert!(best.coefficients[0] > 0.8 && best.coefficients[0] < 0.94);
/// # Ok::<(), wellfit_linear::Error>(())
/// ```
pub fn fit(
    problem: &Problem<'_>,
    lambdas: &Lambdas,
    settings: &Settings,
) -> Result<RidgePath, Error> {
    Decomposition::new(problem, settings)?.path(problem.target, lambdas)
}

/// Least squares without a penalty: the solution of smallest norm, if there are many.
///
/// # Errors
/// As [`fit`].
pub fn least_squares(problem: &Problem<'_>, settings: &Settings) -> Result<RidgeFit, Error> {
    let decomposition = Decomposition::with(problem, settings, Some(Method::Svd))?;
    let mut path = decomposition.path(problem.target, &Lambdas::List(vec![0.0]))?;
    Ok(path.fits.swap_remove(0))
}

#[cfg(test)]
mod tests;

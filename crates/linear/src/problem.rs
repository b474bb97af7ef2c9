//! What is to be fitted, and under which rules.

use crate::error::{check, check_len};
use crate::{Design, Error};
use wellfit_core::number::Positive;

/// Features, a target, and how much each sample counts.
#[derive(Debug, Clone, Copy)]
pub struct Problem<'a> {
    /// X.
    pub design: Design<'a>,
    /// y, one number for each row of X.
    pub target: &'a [f64],
    /// How much each sample counts, at least 0; all alike where there are none.
    ///
    /// Only proportions matter: a sample of weight 2 is two equal samples of weight 1.
    pub weights: Option<&'a [f64]>,
}

impl<'a> Problem<'a> {
    /// A problem whose samples all count alike.
    pub fn new(design: impl Into<Design<'a>>, target: &'a [f64]) -> Self {
        Self { design: design.into(), target, weights: None }
    }

    /// The same problem with a weight for each sample.
    pub fn weighted(self, weights: &'a [f64]) -> Self {
        Self { weights: Some(weights), ..self }
    }

    /// Refuses what no solver could answer.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let (rows, cols) = (self.design.rows(), self.design.cols());
        if rows == 0 || cols == 0 {
            let why = format!("expected samples and features, found a {rows} x {cols} matrix");
            return Err(Error::Nothing { why });
        }
        check_len("target", rows, self.target.len())?;
        check("target", "finite numbers", self.target, f64::is_finite)?;
        self.design.check_finite()?;
        let Some(weights) = self.weights else { return Ok(()) };
        check_len("weights", rows, weights.len())?;
        check("weights", "finite numbers of at least 0", weights, |w| w >= 0.0 && w.is_finite())?;
        let total: f64 = weights.iter().sum();
        if total > 0.0 && total.is_finite() {
            return Ok(());
        }
        let why = format!("weights: expected a finite sum above 0, found {total}");
        Err(Error::Nothing { why })
    }

    /// The rows that count, and their weights, which add up to 1.
    pub(crate) fn counted(&self) -> (Vec<usize>, Vec<f64>) {
        let rows = self.design.rows();
        let weight = |row: usize| self.weights.map_or(1.0, |weights| weights[row]);
        let kept: Vec<usize> = (0..rows).filter(|&row| weight(row) > 0.0).collect();
        let total: f64 = kept.iter().map(|&row| weight(row)).sum();
        let weights = kept.iter().map(|&row| weight(row) / total).collect();
        (kept, weights)
    }
}

/// The rules of a fit that are the same along a path.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Whether there is a b, which is never penalized. On by default.
    pub intercept: bool,
    /// Whether penalties see features divided by their standard deviation (with n in the
    /// denominator). Coefficients come back on the original scale. On by default.
    pub standardize: bool,
    /// What each feature's penalty is multiplied by, at least 0; 0 is never penalized. They are
    /// taken as they are (glmnet would rescale them to a mean of 1).
    pub factors: Option<Vec<f64>>,
    /// Lower and upper bound of each coefficient on the original scale; they must include 0.
    pub bounds: Option<Vec<(f64, f64)>>,
    /// A fit has converged when its duality gap is at most this times the objective of the model
    /// that has no penalized features.
    pub tolerance: Positive,
    /// Upper limit on the passes of a solver for one λ.
    pub max_passes: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            intercept: true,
            standardize: true,
            factors: None,
            bounds: None,
            tolerance: Positive::TINY,
            max_passes: 10_000,
        }
    }
}

impl Settings {
    /// Every coefficient at least 0.
    pub fn positive(mut self, features: usize) -> Self {
        self.bounds = Some(vec![(0.0, f64::INFINITY); features]);
        self
    }

    /// Refuses settings that do not fit `features` features.
    pub(crate) fn check(&self, features: usize) -> Result<(), Error> {
        if let Some(factors) = &self.factors {
            check_len("penalty factors", features, factors.len())?;
            let fits = |f: f64| f >= 0.0 && f.is_finite();
            check("penalty factors", "finite numbers of at least 0", factors, fits)?;
        }
        let Some(bounds) = &self.bounds else { return Ok(()) };
        check_len("bounds", features, bounds.len())?;
        let (lower, upper): (Vec<f64>, Vec<f64>) = bounds.iter().copied().unzip();
        check("lower bounds", "numbers of at most 0", &lower, |low| low <= 0.0)?;
        check("upper bounds", "numbers of at least 0", &upper, |high| high >= 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_answered_is_refused_with_its_reason() {
        let x = Design::from_rows(&[1.0, 2.0, 3.0, 4.0], 2).unwrap();
        let told = |problem: Problem<'_>| problem.check().unwrap_err().to_string();
        assert_eq!(told(Problem::new(x, &[1.0])), "target: expected 2 values, found 1");
        assert!(told(Problem::new(x, &[1.0, f64::NAN])).contains("found 1 other values"));
        let problem = Problem::new(x, &[1.0, 2.0]);
        assert!(told(problem.weighted(&[0.0, 0.0])).contains("a finite sum above 0, found 0"));
        assert!(told(problem.weighted(&[1.0, -1.0])).contains("place 1: -1"));
        assert!(problem.weighted(&[0.0, 3.0]).check().is_ok());
        let empty = Design::from_rows(&[], 2).unwrap();
        assert!(told(Problem::new(empty, &[])).contains("found a 0 x 2 matrix"));
    }

    #[test]
    fn rows_of_weight_zero_do_not_count() {
        let x = Design::from_rows(&[1.0, 2.0, 3.0], 1).unwrap();
        let problem = Problem::new(x, &[1.0, 2.0, 3.0]).weighted(&[1.0, 0.0, 3.0]);
        assert_eq!(problem.counted(), (vec![0, 2], vec![0.25, 0.75]));
    }

    #[test]
    fn settings_are_checked_against_the_features() {
        let settings = |factors, bounds| Settings { factors, bounds, ..Settings::default() };
        assert!(settings(Some(vec![1.0]), None).check(2).is_err());
        assert!(settings(Some(vec![1.0, -1.0]), None).check(2).is_err());
        assert!(settings(None, Some(vec![(0.5, 1.0)])).check(1).is_err());
        assert!(settings(None, Some(vec![(-1.0, f64::NAN)])).check(1).is_err());
        assert!(Settings::default().positive(2).check(2).is_ok());
    }
}

//! Which λ predicts best: cross-validation, with the one-standard-error rule.

mod curve;
mod folds;
mod nested;

pub use curve::{Curve, Warning};
pub use folds::{Fold, Folds};
pub use nested::{Nested, nested};

use crate::datafit::Datafit;
use crate::path::{Fit, Path};
use crate::penalty::Family;
use crate::{Error, Lambdas, Problem, Settings};
use rayon::prelude::*;
use wellfit_core::seed::Seed;

/// A path on all samples, and the cross-validated error along it.
#[derive(Debug, Clone, PartialEq)]
pub struct CrossValidated {
    /// Fits on all samples.
    pub path: Path,
    /// Errors of the folds.
    pub curve: Curve,
}

/// Which λ to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Select {
    /// The smallest mean error.
    Min,
    /// The largest λ whose mean error is within one standard error of the smallest: as simple as
    /// the data allow.
    #[default]
    OneSe,
}

impl Curve {
    /// Place of the λ to take.
    pub fn select(&self, select: Select) -> usize {
        match select {
            Select::Min => self.min,
            Select::OneSe => self.one_se,
        }
    }
}

impl CrossValidated {
    /// The fit on all samples at the λ to take.
    pub fn select(&self, select: Select) -> &Fit {
        &self.path.fits[self.curve.select(select)]
    }
}

/// Fits a path on all samples, and on the training rows of each fold at the same λ; folds run on
/// all cores, with the same result as one after the other.
///
/// λ stands beside a mean loss, so it does not depend on how many samples a fold has.
///
/// # Errors
/// As [`crate::path::fit`], also for a fold, and as [`Folds::deal`].
pub fn fit<D: Datafit, F: Family + Sync>(
    problem: &Problem<'_>,
    datafit: &D,
    family: &F,
    lambdas: &Lambdas,
    settings: &Settings,
    (folds, seed): (&Folds, Seed),
) -> Result<CrossValidated, Error> {
    let path = crate::path::fit(problem, datafit, family, lambdas, settings)?;
    let lambdas: Vec<f64> = path.fits.iter().map(|fit| fit.lambda).collect();
    let folds = folds.deal(problem.target, seed)?;
    let list = Lambdas::List(lambdas.clone());
    let of_fold = |fold: &Fold| -> Result<(Vec<f64>, f64, usize), Error> {
        let train = Part::new(problem, &fold.train);
        let fitted = crate::path::fit(&train.problem(), datafit, family, &list, settings)?;
        let test = Part::new(problem, &fold.test);
        let errors: Result<Vec<f64>, Error> =
            fitted.fits.iter().map(|fit| deviance(&test.problem(), datafit, fit)).collect();
        Ok((errors?, test.weight(), fitted.unconverged().len()))
    };
    let found: Result<Vec<_>, Error> = folds.par_iter().map(of_fold).collect();
    let found = found?;
    let weights: Vec<f64> = found.iter().map(|fold| fold.1).collect();
    let errors = found.iter().map(|fold| fold.0.clone()).collect();
    let mut curve = Curve::new(lambdas, errors, &weights);
    let unconverged = found.iter().enumerate().filter(|(_, fold)| fold.2 > 0);
    curve
        .warnings
        .extend(unconverged.map(|(fold, found)| Warning::Unconverged { fold, count: found.2 }));
    Ok(CrossValidated { path, curve })
}

/// Weighted mean deviance of a fit.
///
/// # Errors
/// [`Error::Length`] when the fit has other features.
pub fn deviance<D: Datafit>(problem: &Problem<'_>, datafit: &D, fit: &Fit) -> Result<f64, Error> {
    let eta = problem.design.times(&fit.coefficients, fit.intercept)?;
    let (kept, weights) = problem.counted();
    let of = |(&row, w): (&usize, f64)| w * datafit.deviance(problem.target[row], eta[row]);
    Ok(kept.iter().zip(weights).map(of).sum())
}

/// Some rows of a problem.
pub(crate) struct Part {
    design: crate::design::Selected,
    target: Vec<f64>,
    weights: Option<Vec<f64>>,
}

impl Part {
    pub fn new(problem: &Problem<'_>, rows: &[usize]) -> Self {
        let pick = |values: &[f64]| rows.iter().map(|&row| values[row]).collect();
        Self {
            design: problem.design.select(rows),
            target: pick(problem.target),
            weights: problem.weights.map(pick),
        }
    }

    pub fn problem(&self) -> Problem<'_> {
        let problem = Problem::new(self.design.design(), &self.target);
        self.weights.iter().fold(problem, |problem, weights| problem.weighted(weights))
    }

    /// How much the rows count together.
    pub fn weight(&self) -> f64 {
        self.weights.as_ref().map_or(self.target.len() as f64, |weights| weights.iter().sum())
    }
}

//! Which λ predicts best: cross-validation, with the one-standard-error rule.

mod by_moments;
mod curve;
mod folds;
mod nested;
mod outputs;
mod ridge;

pub use curve::{Curve, Warning};
pub use folds::{Fold, Folds};
pub use nested::{Nested, nested};
pub use outputs::outputs;
pub use ridge::ridge;

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
    let tested = match datafit.is_quadratic() && by_moments::pays(problem, &folds) {
        true => by_moments::test(problem, family, &list, settings, &folds)?,
        false => by_rows(problem, (datafit, family), &list, settings, &folds)?,
    };
    Ok(CrossValidated { path, curve: together(lambdas, tested) })
}

/// The curve of what folds tell.
pub(crate) fn together(lambdas: Vec<f64>, tested: Vec<Tested>) -> Curve {
    let weights: Vec<f64> = tested.iter().map(|fold| fold.weight).collect();
    let unconverged: Vec<usize> = tested.iter().map(|fold| fold.unconverged).collect();
    let errors = tested.into_iter().map(|fold| fold.errors).collect();
    let mut curve = Curve::new(lambdas, errors, &weights);
    let warnings = unconverged.into_iter().enumerate().filter(|(_, count)| *count > 0);
    curve.warnings.extend(warnings.map(|(fold, count)| Warning::Unconverged { fold, count }));
    curve
}

/// What the test rows of a fold tell.
pub(crate) struct Tested {
    /// Mean deviance for each λ.
    pub errors: Vec<f64>,
    pub weight: f64,
    pub unconverged: usize,
}

/// Fits and tests each fold on its rows.
fn by_rows<D: Datafit, F: Family + Sync>(
    problem: &Problem<'_>,
    (datafit, family): (&D, &F),
    lambdas: &Lambdas,
    settings: &Settings,
    folds: &[Fold],
) -> Result<Vec<Tested>, Error> {
    let of_fold = |fold: &Fold| {
        let train = Part::new(problem, &fold.train);
        let path = crate::path::fit(&train.problem(), datafit, family, lambdas, settings)?;
        let test = Part::new(problem, &fold.test);
        let error = |fit| deviance(&test.problem(), datafit, fit);
        let errors: Result<Vec<f64>, Error> = path.fits.iter().map(error).collect();
        let unconverged = path.unconverged().len();
        Ok(Tested { errors: errors?, weight: test.weight(), unconverged })
    };
    folds.par_iter().map(of_fold).collect()
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

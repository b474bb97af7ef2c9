//! Least squares on folds from sums: each row is multiplied once, however many folds there are.

use super::{Fold, Part, Tested, deviance};
use crate::datafit::Gaussian;
use crate::moments::Moments;
use crate::penalty::Family;
use crate::{Error, Lambdas, Problem, Settings};
use rayon::prelude::*;

/// Features up to which the products of all of them are worth their p².
const FEATURES: usize = 2_000;

/// Whether sums pay: folds that share the rows out, and no more features than twice the rows.
pub(super) fn pays(problem: &Problem<'_>, folds: &[Fold]) -> bool {
    let (rows, cols) = (problem.design.rows(), problem.design.cols());
    let tested: usize = folds.iter().map(|fold| fold.test.len()).sum();
    let shared = folds.iter().all(|fold| fold.train.len() + fold.test.len() == rows);
    cols <= FEATURES && cols <= 2 * rows && shared && tested == rows
}

/// Fits and tests each fold; its training sums are those of the other folds.
pub(super) fn test<F: Family + Sync>(
    problem: &Problem<'_>,
    family: &F,
    lambdas: &Lambdas,
    settings: &Settings,
    folds: &[Fold],
) -> Result<Vec<Tested>, Error> {
    let part = |fold: &Fold| {
        let part = Part::new(problem, &fold.test);
        let mut sums = Moments::new(problem.design.cols());
        sums.add(&part.problem()).map(|()| (part, sums))
    };
    let parts: Result<Vec<(Part, Moments)>, Error> = folds.par_iter().map(part).collect();
    let parts = parts?;
    let of_fold = |fold: usize| {
        let mut sums = Moments::new(problem.design.cols());
        let others = parts.iter().enumerate().filter(|(other, _)| *other != fold);
        others.for_each(|(_, (_, other))| sums.merge(other));
        let path = sums.path(family, lambdas, settings)?;
        let test = &parts[fold].0;
        let error = |fit| deviance(&test.problem(), &Gaussian, fit);
        let errors: Result<Vec<f64>, Error> = path.fits.iter().map(error).collect();
        let unconverged = path.unconverged().len();
        Ok(Tested { errors: errors?, weight: test.weight(), unconverged })
    };
    (0..folds.len()).into_par_iter().map(of_fold).collect()
}

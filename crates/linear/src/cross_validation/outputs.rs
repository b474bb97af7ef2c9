//! Several outputs or classes on folds.

use super::{Curve, Fold, Folds, Tested, together};
use crate::grouped::{self, GroupedFit, GroupedPath, GroupedProblem, Groups, Outputs};
use crate::{Error, Lambdas, Settings};
use rayon::prelude::*;
use wellfit_core::seed::Seed;

/// A path of several outputs on all samples, and the cross-validated error along it: twice the
/// loss, which is the deviance for [`grouped::Multinomial`] and [`grouped::Multivariate`].
///
/// Stratified folds spread the samples with the same first target evenly; for classes hand their
/// numbers in as `strata`.
///
/// # Errors
/// As [`grouped::fit`], also for a fold, and as [`Folds::deal`].
pub fn outputs<O: Outputs>(
    problem: &GroupedProblem<'_>,
    outputs: &O,
    groups: &Groups,
    lambdas: &Lambdas,
    settings: &Settings,
    (folds, strata, seed): (&Folds, &[f64], Seed),
) -> Result<(GroupedPath, Curve), Error> {
    crate::error::check_len("strata", problem.design.rows(), strata.len())?;
    let path = grouped::fit(problem, outputs, groups, lambdas, settings)?;
    let lambdas: Vec<f64> = path.fits.iter().map(|fit| fit.lambda).collect();
    let list = Lambdas::List(lambdas.clone());
    let of_fold = |fold: &Fold| {
        let train = Rows::new(problem, outputs.count(), &fold.train);
        let path = grouped::fit(&train.problem(), outputs, groups, &list, settings)?;
        let test = Rows::new(problem, outputs.count(), &fold.test);
        let error = |fit| deviance(&test.problem(), outputs, fit);
        let errors: Result<Vec<f64>, Error> = path.fits.iter().map(error).collect();
        let unconverged = path.fits.iter().filter(|fit| !fit.converged).count();
        let weight = test.weights.as_ref().map_or(fold.test.len() as f64, |w| w.iter().sum());
        Ok(Tested { errors: errors?, weight, unconverged })
    };
    let folds = folds.deal(strata, seed)?;
    let tested: Result<Vec<Tested>, Error> = folds.par_iter().map(of_fold).collect();
    Ok((path, together(lambdas, tested?)))
}

/// Weighted mean of twice the loss.
fn deviance<O: Outputs>(
    problem: &GroupedProblem<'_>,
    outputs: &O,
    fit: &GroupedFit,
) -> Result<f64, Error> {
    let etas: Result<Vec<Vec<f64>>, Error> = (fit.coefficients.iter().zip(&fit.intercepts))
        .map(|(w, b)| problem.design.times(w, *b))
        .collect();
    let etas = etas?;
    let (mut sum, mut total) = (0.0, 0.0);
    for (row, target) in problem.targets.chunks(outputs.count()).enumerate() {
        let eta: Vec<f64> = etas.iter().map(|eta| eta[row]).collect();
        let weight = problem.weights.map_or(1.0, |weights| weights[row]);
        (sum, total) = (sum + weight * 2.0 * outputs.loss(target, &eta), total + weight);
    }
    Ok(sum / total)
}

/// Some rows of a problem.
struct Rows {
    design: crate::design::Selected,
    targets: Vec<f64>,
    weights: Option<Vec<f64>>,
}

impl Rows {
    fn new(problem: &GroupedProblem<'_>, count: usize, rows: &[usize]) -> Self {
        let targets = rows.iter().flat_map(|row| &problem.targets[row * count..(row + 1) * count]);
        Self {
            design: problem.design.select(rows),
            targets: targets.copied().collect(),
            weights: problem.weights.map(|weights| rows.iter().map(|&row| weights[row]).collect()),
        }
    }

    fn problem(&self) -> GroupedProblem<'_> {
        let design = self.design.design();
        GroupedProblem { design, targets: &self.targets, weights: self.weights.as_deref() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::datafit::Gaussian;
    use crate::penalty::Mix;
    use crate::{Design, Problem, cross_validation};
    use wellfit_core::number::Fraction;

    /// One output is the plain lasso, and two classes of opposite coefficients predict as one.
    #[test]
    fn one_output_has_the_plain_curve() {
        let mut draw = Seed::new(7).stream("outputs folds").step(0);
        let x: Vec<f64> = (0..90).map(|_| draw.standard_normal()).collect();
        let y: Vec<f64> = (0..30).map(|i| x[3 * i] + 0.5 * draw.standard_normal()).collect();
        let design = Design::from_rows(&x, 3).unwrap();
        let lasso = Fraction::new(1.0).unwrap();
        let list = Lambdas::List(vec![0.5, 0.1, 0.02]);
        let tolerance = wellfit_core::number::Positive::new(1e-13).unwrap();
        let settings = Settings { tolerance, ..Settings::default() };
        let (folds, seed) = (Folds::Random(3), Seed::new(2));
        let problem = GroupedProblem { design, targets: &y, weights: None };
        let groups = Groups::single(3, 1, lasso);
        let one = grouped::Multivariate(1);
        let (_, found) =
            outputs(&problem, &one, &groups, &list, &settings, (&folds, &y, seed)).unwrap();
        let plain = Problem::new(design, &y);
        let expected =
            cross_validation::fit(&plain, &Gaussian, &Mix(lasso), &list, &settings, (&folds, seed));
        let expected = expected.unwrap().curve;
        for (a, b) in found.mean.iter().zip(&expected.mean) {
            assert!((a - b).abs() < 1e-7 * b, "{a} {b}");
        }
        assert_eq!((found.min, found.one_se), (expected.min, expected.one_se));
    }
}

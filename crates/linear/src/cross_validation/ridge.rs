//! Ridge regression on folds: exact, where sums do not pay in closed form.

use super::{Curve, Fold, Folds, Part, Tested, by_moments, together};
use crate::penalty::Mix;
use crate::ridge::RidgePath;
use crate::{Error, Lambdas, Problem, Settings};
use rayon::prelude::*;
use wellfit_core::number::Fraction;
use wellfit_core::seed::Seed;

/// A ridge path on all samples, as [`crate::ridge::fit`] gives it, and the cross-validated error
/// along it.
///
/// # Errors
/// As [`crate::ridge::fit`], also for a fold, and as [`Folds::deal`].
pub fn ridge(
    problem: &Problem<'_>,
    lambdas: &Lambdas,
    settings: &Settings,
    (folds, seed): (&Folds, Seed),
) -> Result<(RidgePath, Curve), Error> {
    let path = crate::ridge::fit(problem, lambdas, settings)?;
    let lambdas: Vec<f64> = path.fits.iter().map(|fit| fit.lambda).collect();
    let folds = folds.deal(problem.target, seed)?;
    let list = Lambdas::List(lambdas.clone());
    let tested = match by_moments::pays(problem, &folds) {
        true => by_moments::test(problem, &Mix(Fraction::ZERO), &list, settings, &folds)?,
        false => closed(problem, &list, settings, &folds)?,
    };
    Ok((path, together(lambdas, tested)))
}

fn closed(
    problem: &Problem<'_>,
    lambdas: &Lambdas,
    settings: &Settings,
    folds: &[Fold],
) -> Result<Vec<Tested>, Error> {
    let of_fold = |fold: &Fold| {
        let train = Part::new(problem, &fold.train);
        let path = crate::ridge::fit(&train.problem(), lambdas, settings)?;
        let test = Part::new(problem, &fold.test);
        let problem = test.problem();
        let (kept, weights) = problem.counted();
        let error = |fit: &crate::ridge::RidgeFit| {
            let fitted = problem.design.times(&fit.coefficients, fit.intercept)?;
            let square = |row: usize| (problem.target[row] - fitted[row]).powi(2);
            Ok(kept.iter().zip(&weights).map(|(&row, w)| w * square(row)).sum())
        };
        let errors: Result<Vec<f64>, Error> = path.fits.iter().map(error).collect();
        Ok(Tested { errors: errors?, weight: test.weight(), unconverged: 0 })
    };
    folds.par_iter().map(of_fold).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Design;

    /// Both ways to one number: folds that share the rows out, and the same folds by hand.
    #[test]
    fn sums_and_the_closed_form_agree() {
        let mut draw = Seed::new(5).stream("ridge folds").step(0);
        let x: Vec<f64> = (0..160).map(|_| 3.0 + draw.standard_normal()).collect();
        let y: Vec<f64> =
            (0..40).map(|i| x[4 * i] - x[4 * i + 2] + draw.standard_normal()).collect();
        let problem = Problem::new(Design::from_rows(&x, 4).unwrap(), &y);
        let list = Lambdas::List(vec![1.0, 0.01, 0.1]);
        let tolerance = wellfit_core::number::Positive::new(1e-14).unwrap();
        let settings = Settings { tolerance, ..Settings::default() };
        let (folds, seed) = (Folds::Random(4), Seed::new(1));
        let (path, curve) = ridge(&problem, &list, &settings, (&folds, seed)).unwrap();
        let dealt = folds.deal(&y, seed).unwrap();
        assert!(by_moments::pays(&problem, &dealt));
        let by_hand = closed(&problem, &list, &settings, &dealt).unwrap();
        for (errors, fold) in curve.folds.iter().zip(&by_hand) {
            for (a, b) in errors.iter().zip(&fold.errors) {
                // A gap of 1e-14 leaves the root of it.
                assert!((a - b).abs() < 1e-6 * b, "{a} {b}");
            }
        }
        assert_eq!(path.fits.len(), 3);
        assert_eq!(curve.lambdas, [1.0, 0.01, 0.1]);
    }
}

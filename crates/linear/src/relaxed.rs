//! Relaxed lasso: the path chooses features, plain least squares (or likelihood) weighs them.

use crate::datafit::Datafit;
use crate::path::{Fit, Lambdas, Path};
use crate::penalty::Mix;
use crate::{Error, Problem, Settings};
use wellfit_core::number::Fraction;

/// For each fit of a path, the fit without penalty on the features that it uses.
///
/// `None` where as many features as samples are in use, so that nothing is left to weigh them by.
/// Bounds hold; the objective of a relaxed fit is its mean loss.
///
/// # Errors
/// As [`crate::path::fit`].
///
/// # Paper
/// Meinshausen 2007, *Relaxed lasso*; Hastie, Tibshirani & Tibshirani 2020, *Best subset, forward
/// stepwise or lasso?*, for [`blend`].
pub fn fit<D: Datafit>(
    problem: &Problem<'_>,
    datafit: &D,
    path: &Path,
    settings: &Settings,
) -> Result<Vec<Option<Fit>>, Error> {
    problem.check()?;
    let rows = problem.counted().0.len();
    let mut relaxed: Vec<Option<Fit>> = Vec::with_capacity(path.fits.len());
    for (at, fit) in path.fits.iter().enumerate() {
        let used = used(fit, settings);
        if used.len() + usize::from(settings.intercept) >= rows {
            relaxed.push(None);
            continue;
        }
        // Neighbours on a path often use the same features.
        let before = at.checked_sub(1).filter(|&at| self::used(&path.fits[at], settings) == used);
        let same = before.and_then(|at| relaxed[at].clone());
        let found = match same {
            Some(same) => same,
            None => on(problem, datafit, &used, settings)?,
        };
        relaxed.push(Some(Fit { lambda: fit.lambda, ..found }));
    }
    Ok(relaxed)
}

/// `keep` x penalized + (1 - `keep`) x relaxed: 1 is the path itself, 0 is fully relaxed.
pub fn blend(penalized: &Fit, relaxed: &Fit, keep: Fraction) -> (f64, Vec<f64>) {
    let mix = |a: f64, b: f64| keep.get() * a + (1.0 - keep.get()) * b;
    let pairs = penalized.coefficients.iter().zip(&relaxed.coefficients);
    let coefficients = pairs.map(|(a, b)| mix(*a, *b)).collect();
    (mix(penalized.intercept, relaxed.intercept), coefficients)
}

/// Features that are not zero or not penalized.
fn used(fit: &Fit, settings: &Settings) -> Vec<usize> {
    let free = |j: usize| settings.factors.as_ref().is_some_and(|factors| factors[j] == 0.0);
    (0..fit.coefficients.len()).filter(|&j| fit.coefficients[j] != 0.0 || free(j)).collect()
}

fn on<D: Datafit>(
    problem: &Problem<'_>,
    datafit: &D,
    used: &[usize],
    settings: &Settings,
) -> Result<Fit, Error> {
    let features = problem.design.cols();
    // A column of zeros stands for no features, which a problem must not have.
    let columns: Vec<usize> = if used.is_empty() { vec![0] } else { used.to_vec() };
    let part = problem.design.select_columns(&columns);
    let free = (f64::NEG_INFINITY, f64::INFINITY);
    let bound = |&j: &usize| match (used.is_empty(), &settings.bounds) {
        (true, _) => (0.0, 0.0),
        (false, Some(bounds)) => bounds[j],
        (false, None) => free,
    };
    let plain = Settings {
        bounds: Some(columns.iter().map(bound).collect()),
        factors: Some(vec![0.0; columns.len()]),
        ..settings.clone()
    };
    let small = Problem { design: part.design(), ..*problem };
    let none = Mix(Fraction::ZERO);
    let path = crate::path::fit(&small, datafit, &none, &Lambdas::List(vec![0.0]), &plain)?;
    let found = &path.fits[0];
    let mut coefficients = vec![0.0; features];
    columns.iter().zip(&found.coefficients).for_each(|(&j, w)| coefficients[j] = *w);
    Ok(Fit { coefficients, ..found.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Design;
    use crate::datafit::{Gaussian, Logistic};
    use wellfit_core::seed::Seed;

    fn sample(rows: usize, cols: usize) -> (Vec<f64>, Vec<f64>) {
        let mut draw = Seed::new(4).stream("relaxed").step(0);
        let x: Vec<f64> = (0..rows * cols).map(|_| draw.standard_normal()).collect();
        let y = (0..rows).map(|i| x[i * cols] - 0.5 * x[i * cols + 1] + draw.standard_normal());
        (x.clone(), y.collect())
    }

    #[test]
    fn the_features_in_use_get_their_least_squares() {
        let (x, y) = sample(40, 5);
        let problem = Problem::new(Design::from_rows(&x, 5).unwrap(), &y);
        let (settings, lasso) = (Settings::default(), Mix(Fraction::new(1.0).unwrap()));
        let lambdas = Lambdas::List(vec![1e3, 0.3, 0.0001]);
        let path = crate::path::fit(&problem, &Gaussian, &lasso, &lambdas, &settings).unwrap();
        let relaxed = fit(&problem, &Gaussian, &path, &settings).unwrap();
        let mean = y.iter().sum::<f64>() / 40.0;
        let first = relaxed[0].as_ref().unwrap();
        assert!((first.intercept - mean).abs() < 1e-14 && first.nonzero() == 0);
        // All features: least squares of everything.
        let all = crate::ridge::least_squares(&problem, &settings).unwrap();
        let last = relaxed[2].as_ref().unwrap();
        for (a, b) in last.coefficients.iter().zip(&all.coefficients) {
            assert!((a - b).abs() < 1e-8, "{a} {b}");
        }
        // Some: residuals are orthogonal to the features in use, and the others stay zero.
        let middle = relaxed[1].as_ref().unwrap();
        assert!(middle.nonzero() > 0 && middle.nonzero() < 5);
        let eta = problem.design.times(&middle.coefficients, middle.intercept).unwrap();
        for j in (0..5).filter(|&j| path.fits[1].coefficients[j] != 0.0) {
            let slope: f64 = (0..40).map(|i| x[5 * i + j] * (y[i] - eta[i])).sum();
            assert!(slope.abs() < 1e-6, "{slope}");
        }
        let half = blend(&path.fits[1], middle, Fraction::new(0.5).unwrap());
        let expected = 0.5 * (path.fits[1].coefficients[0] + middle.coefficients[0]);
        assert_eq!(half.1[0], expected);
    }

    #[test]
    fn as_many_features_as_samples_are_not_relaxed() {
        let (x, y) = sample(6, 12);
        let y: Vec<f64> = y.iter().map(|y| f64::from(u8::from(*y > 0.0))).collect();
        let problem = Problem::new(Design::from_rows(&x, 12).unwrap(), &y);
        let (settings, ridge) = (Settings::default(), Mix(Fraction::ZERO));
        let lambdas = Lambdas::List(vec![0.1]);
        let path = crate::path::fit(&problem, &Logistic, &ridge, &lambdas, &settings).unwrap();
        assert_eq!(fit(&problem, &Logistic, &path, &settings).unwrap(), [None]);
    }
}

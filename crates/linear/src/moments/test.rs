//! How well coefficients fit samples of which only sums are known.

use super::Moments;
use crate::criterion::trace;
use crate::cross_validation::{CrossValidated, Tested, together};
use crate::path::{Fit, Path};
use crate::penalty::Family;
use crate::{Error, Lambdas, Settings};
use faer::Mat;
use wellfit_core::number::Fraction;

/// A path on the samples of all sums, and its error cross-validated over them: each is tested on
/// the fits of all others.
///
/// # Errors
/// [`Error::Settings`] for fewer than two sums, and as [`Moments::path`].
pub fn cross_validate<F: Family>(
    parts: &[Moments],
    family: &F,
    lambdas: &Lambdas,
    settings: &Settings,
) -> Result<CrossValidated, Error> {
    tested(parts, lambdas, &|sums, lambdas| sums.path(family, lambdas, settings))
}

/// The same for ridge, in closed form.
///
/// # Errors
/// As [`cross_validate`] and [`Moments::ridge`].
pub fn cross_validate_ridge(
    parts: &[Moments],
    lambdas: &Lambdas,
    settings: &Settings,
) -> Result<CrossValidated, Error> {
    tested(parts, lambdas, &|sums, lambdas| sums.ridge(lambdas, settings))
}

/// A path from sums.
type Along<'a> = dyn Fn(&Moments, &Lambdas) -> Result<Path, Error> + 'a;

fn tested(
    parts: &[Moments],
    lambdas: &Lambdas,
    along: &Along<'_>,
) -> Result<CrossValidated, Error> {
    if parts.len() < 2 || parts.iter().any(|part| part.rows() == 0) {
        let found = parts.iter().filter(|part| part.rows() > 0).count();
        let why = format!("folds: expected at least 2 that hold samples, found {found}");
        return Err(Error::Settings { why });
    }
    let path = along(&all_but(parts, None), lambdas)?;
    let lambdas: Vec<f64> = path.fits.iter().map(|fit| fit.lambda).collect();
    let list = Lambdas::List(lambdas.clone());
    let test = |place: usize| {
        let others = along(&all_but(parts, Some(place)), &list)?;
        let errors = others.fits.iter().map(|fit| parts[place].mse(fit)).collect();
        let unconverged = others.unconverged().len();
        Ok(Tested { errors, weight: parts[place].weight, unconverged })
    };
    let tested: Result<Vec<Tested>, Error> = (0..parts.len()).map(test).collect();
    Ok(CrossValidated { path, curve: together(lambdas, tested?) })
}

fn all_but(parts: &[Moments], left_out: Option<usize>) -> Moments {
    let mut sums = Moments::new(parts[0].features());
    let kept = parts.iter().enumerate().filter(|(place, _)| Some(*place) != left_out);
    kept.for_each(|(_, part)| sums.merge(part));
    sums
}

impl Moments {
    /// Standard deviation of each feature, with the weight of all samples in the denominator.
    pub fn deviations(&self) -> Vec<f64> {
        let of = |j: usize| (self.products[(j, j)] / self.weight).sqrt();
        (0..self.features()).map(of).collect()
    }

    /// Weighted mean of the squared errors of a fit with as many features.
    pub fn mse(&self, fit: &Fit) -> f64 {
        let w = &fit.coefficients;
        let used: Vec<usize> = (0..w.len()).filter(|&j| w[j] != 0.0).collect();
        let mut square = self.target_square;
        for (place, &j) in used.iter().enumerate() {
            let below: f64 = used[place + 1..].iter().map(|&i| self.products[(i, j)] * w[i]).sum();
            let own = self.products[(j, j)] * w[j];
            square += w[j] * (own + 2.0 * (below - self.with_target[j]));
        }
        let moved: f64 = used.iter().map(|&j| w[j] * self.means[j]).sum();
        let bias = self.target_mean - moved - fit.intercept;
        // Rounding may step below zero where the fit is perfect.
        (square / self.weight).max(0.0) + bias * bias
    }

    /// Effective number of parameters of a fit of an elastic net, as
    /// [`crate::criterion::criteria`] counts them, without factors and bounds.
    ///
    /// # Errors
    /// [`Error::Decomposition`].
    pub fn degrees_of_freedom(
        &self,
        fit: &Fit,
        ratio: Fraction,
        settings: &Settings,
    ) -> Result<f64, Error> {
        let intercept = f64::from(u8::from(settings.intercept));
        let deviations = self.deviations();
        let scale = |j: usize| match settings.standardize && deviations[j] > 0.0 {
            true => deviations[j],
            false => 1.0,
        };
        let used: Vec<usize> =
            (0..self.features()).filter(|&j| fit.coefficients[j] != 0.0).collect();
        if used.is_empty() {
            return Ok(intercept);
        }
        let product = |a: usize, b: usize| {
            let (i, j) = (used[a.max(b)], used[a.min(b)]);
            let about_zero = if settings.intercept { 0.0 } else { self.means[i] * self.means[j] };
            (self.products[(i, j)] / self.weight + about_zero) / (scale(i) * scale(j))
        };
        let h = Mat::from_fn(used.len(), used.len(), product);
        let bend = fit.lambda * (1.0 - ratio.get());
        Ok(intercept + trace(h, &vec![bend; used.len()])?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cross_validation::Folds;
    use crate::datafit::Gaussian;
    use crate::penalty::Mix;
    use crate::{Design, Problem, criterion, cross_validation};
    use wellfit_core::number::Positive;
    use wellfit_core::seed::Seed;

    /// Sums say of a fit what its rows say.
    #[test]
    fn errors_and_degrees_of_freedom_are_those_of_the_rows() {
        let mut draw = Seed::new(9).stream("moments test").step(0);
        let x: Vec<f64> = (0..200).map(|_| 5.0 + draw.standard_normal()).collect();
        let y: Vec<f64> =
            (0..50).map(|i| x[4 * i] - x[4 * i + 1] + draw.standard_normal()).collect();
        let problem = Problem::new(Design::from_rows(&x, 4).unwrap(), &y);
        let (half, list) = (Fraction::new(0.5).unwrap(), Lambdas::List(vec![0.3, 0.01]));
        for intercept in [true, false] {
            let tolerance = Positive::new(1e-13).unwrap();
            let settings = Settings { intercept, tolerance, ..Settings::default() };
            let mut sums = Moments::new(4);
            sums.add(&problem).unwrap();
            for fit in &sums.path(&Mix(half), &list, &settings).unwrap().fits {
                let expected = cross_validation::deviance(&problem, &Gaussian, fit).unwrap();
                assert!((sums.mse(fit) - expected).abs() < 1e-11 * expected);
                let rows = criterion::criteria(
                    &problem,
                    &Gaussian,
                    &Mix(half),
                    fit,
                    &settings,
                    Fraction::ZERO,
                );
                let df = sums.degrees_of_freedom(fit, half, &settings).unwrap();
                assert!((df - rows.unwrap().df).abs() < 1e-8, "{intercept}: {df}");
            }
        }
    }

    #[test]
    fn folds_of_sums_are_folds_of_rows() {
        let mut draw = Seed::new(11).stream("moments folds").step(0);
        let x: Vec<f64> = (0..120).map(|_| draw.standard_normal()).collect();
        let y: Vec<f64> = (0..40).map(|i| x[3 * i] + 0.7 * draw.standard_normal()).collect();
        let problem = Problem::new(Design::from_rows(&x, 3).unwrap(), &y);
        let (lasso, settings) = (Mix(Fraction::new(1.0).unwrap()), Settings::default());
        let groups: Vec<usize> = (0..40).map(|row| row % 4).collect();
        let folds = Folds::Grouped(4, groups.clone());
        let expected = cross_validation::fit(
            &problem,
            &Gaussian,
            &lasso,
            &Lambdas::default(),
            &settings,
            (&folds, Seed::new(0)),
        );
        let mut parts = vec![Moments::new(3); 4];
        for row in 0..40 {
            let design = Design::from_rows(&x[3 * row..3 * row + 3], 3).unwrap();
            parts[groups[row]].add(&Problem::new(design, &y[row..=row])).unwrap();
        }
        let found = cross_validate(&parts, &lasso, &Lambdas::default(), &settings).unwrap();
        let expected = expected.unwrap();
        assert_eq!(found.curve.min, expected.curve.min);
        for (a, b) in found.curve.mean.iter().zip(&expected.curve.mean) {
            assert!((a - b).abs() < 1e-6 * b, "{a} {b}");
        }
        assert!(cross_validate(&parts[..1], &lasso, &Lambdas::default(), &settings).is_err());
    }
}

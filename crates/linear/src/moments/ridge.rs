//! Ridge regression from sums alone, in closed form.

use super::Moments;
use super::path::ROUNDING;
use crate::path::{Fit, Lambdas, Path, Solver, grid};
use crate::penalty::Mix;
use crate::{Error, Settings};
use faer::{Mat, Side};
use wellfit_core::number::Fraction;

/// Eigenvalues below this share of the largest are zero: of many solutions the smallest is taken.
const RANK: f64 = 1e-13;

impl Moments {
    /// Minimizes 1/(2n) ||y - Xw - b||² + λ/2 Σ (s_j w_j)² for each λ by one eigendecomposition of
    /// the products, as [`crate::ridge::fit`] does from rows.
    ///
    /// # Errors
    /// As [`Moments::path`]; [`Error::Settings`] for factors and bounds.
    pub fn ridge(&self, lambdas: &Lambdas, settings: &Settings) -> Result<Path, Error> {
        if settings.factors.is_some() || settings.bounds.is_some() {
            let why = "ridge from sums: expected neither penalty factors nor bounds".to_owned();
            return Err(Error::Settings { why });
        }
        if self.rows == 0 || self.features() == 0 {
            let why = "moments: expected samples and features, found none".to_owned();
            return Err(Error::Nothing { why });
        }
        let deviations = self.deviations();
        let constant = |j: usize| deviations[j] <= ROUNDING * self.largest[j];
        let used: Vec<usize> =
            (0..self.features()).filter(|&j| !settings.intercept || !constant(j)).collect();
        let scale = |j: usize| match settings.standardize && !constant(j) {
            true => deviations[j],
            false => 1.0,
        };
        let about = |i: f64, j: f64| if settings.intercept { 0.0 } else { i * j };
        let product = |a: usize, b: usize| {
            let (i, j) = (used[a.max(b)], used[a.min(b)]);
            let centred = self.products[(i, j)] / self.weight;
            (centred + about(self.means[i], self.means[j])) / (scale(i) * scale(j))
        };
        let linear = |&j: &usize| {
            let centred = self.with_target[j] / self.weight;
            (centred + about(self.means[j], self.target_mean)) / scale(j)
        };
        let h = Mat::from_fn(used.len(), used.len(), product);
        let c: Vec<f64> = used.iter().map(linear).collect();
        let norm2 = self.target_square / self.weight + about(self.target_mean, self.target_mean);
        let rules = (&vec![1.0; c.len()][..], &vec![FREE; c.len()][..]);
        let (ridge, shape) = (Mix(Fraction::ZERO), (self.rows, self.features()));
        let lambdas = grid(rules, &ridge, lambdas, f64::INFINITY, (&c, shape))?;
        let failed =
            |_| Error::Decomposition { what: "eigendecomposition", rows: c.len(), cols: c.len() };
        let spectrum = h.self_adjoint_eigen(Side::Lower).map_err(failed)?;
        let (v, d) = (spectrum.U(), spectrum.S().column_vector());
        let largest = d.iter().copied().fold(0.0, f64::max);
        let along = |k: usize| -> f64 { (0..c.len()).map(|j| v[(j, k)] * c[j]).sum() };
        let along: Vec<f64> = (0..c.len()).map(along).collect();
        let fit = |&lambda: &f64| {
            let share = |k: usize| match d[k].max(0.0) + lambda {
                weak if weak <= RANK * largest => 0.0,
                held => along[k] / held,
            };
            let shares: Vec<f64> = (0..c.len()).map(share).collect();
            let beta = |j: usize| -> f64 { (0..c.len()).map(|k| v[(j, k)] * shares[k]).sum() };
            let beta: Vec<f64> = (0..c.len()).map(beta).collect();
            let bent = |j: usize| -> f64 { (0..c.len()).map(|k| h[(j, k)] * beta[k]).sum() };
            let bent: Vec<f64> = (0..c.len()).map(bent).collect();
            let slope = |j: usize| (c[j] - bent[j] - lambda * beta[j]).abs();
            let kkt = (0..c.len()).map(slope).fold(0.0, f64::max);
            let of = |a: &[f64]| -> f64 { a.iter().zip(&beta).map(|(a, b)| a * b).sum() };
            let objective = 0.5 * (norm2 - 2.0 * of(&c) + of(&bent) + lambda * of(&beta));
            let mut coefficients = vec![0.0; self.features()];
            used.iter().zip(&beta).for_each(|(&j, beta)| coefficients[j] = beta / scale(j));
            let moved: f64 = coefficients.iter().zip(&self.means).map(|(w, m)| w * m).sum();
            let intercept = if settings.intercept { self.target_mean - moved } else { 0.0 };
            let (gap, converged, passes) = (None, true, 0);
            Fit { lambda, intercept, coefficients, objective, gap, kkt, converged, passes }
        };
        let fits = lambdas.iter().map(fit).collect();
        let (lambda_max, null_objective) = (f64::INFINITY, 0.5 * norm2);
        Ok(Path { fits, lambda_max, null_objective, solver: Solver::Moments })
    }
}

const FREE: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Design, Problem};
    use wellfit_core::seed::Seed;

    /// Also where columns depend on each other, where one is constant and where λ is 0.
    #[test]
    fn sums_and_rows_have_one_ridge() {
        let mut draw = Seed::new(13).stream("moments ridge").step(0);
        let mut x: Vec<f64> = (0..200).map(|_| 2.0 + draw.standard_normal()).collect();
        for row in x.chunks_mut(5) {
            (row[3], row[4]) = (row[0] - row[1], 7.0);
        }
        let y: Vec<f64> = (0..40).map(|i| x[5 * i] + draw.standard_normal()).collect();
        let problem = Problem::new(Design::from_rows(&x, 5).unwrap(), &y);
        for (intercept, standardize) in [(true, true), (true, false), (false, true)] {
            let settings = Settings { intercept, standardize, ..Settings::default() };
            let mut sums = Moments::new(5);
            sums.add(&problem).unwrap();
            for lambdas in [Lambdas::default(), Lambdas::List(vec![3.0, 1e-6, 0.0])] {
                let rows = crate::ridge::fit(&problem, &lambdas, &settings).unwrap();
                let found = sums.ridge(&lambdas, &settings).unwrap();
                for (a, b) in found.fits.iter().zip(&rows.fits) {
                    assert!((a.lambda - b.lambda).abs() <= 1e-12 * b.lambda);
                    for (a, b) in a.coefficients.iter().zip(&b.coefficients) {
                        assert!((a - b).abs() < 1e-8, "{intercept} {standardize}: {a} {b}");
                    }
                    assert!((a.intercept - b.intercept).abs() < 1e-8);
                    assert!(a.kkt < 1e-10, "{}", a.kkt);
                }
            }
        }
        let settings = Settings::default().positive(5);
        assert!(Moments::new(5).ridge(&Lambdas::default(), &settings).is_err());
    }
}

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
        let system = System::new(self, settings);
        let (rules, shape) = (system.rules(), (self.rows, self.features()));
        let rules = (&rules.0[..], &rules.1[..]);
        let ridge = Mix(Fraction::ZERO);
        let lambdas = grid(rules, &ridge, lambdas, f64::INFINITY, (&system.linear, shape))?;
        let size = system.linear.len();
        let failed =
            |_| Error::Decomposition { what: "eigendecomposition", rows: size, cols: size };
        let spectrum = system.matrix.self_adjoint_eigen(Side::Lower).map_err(failed)?;
        let (v, d) = (spectrum.U(), spectrum.S().column_vector());
        let along: Vec<f64> = (0..size).map(|k| dot(v.col(k).iter(), &system.linear)).collect();
        let largest = d.iter().copied().fold(0.0, f64::max);
        let fit = |&lambda: &f64| {
            let share = |k: usize| match d[k].max(0.0) + lambda {
                weak if weak <= RANK * largest => 0.0,
                held => along[k] / held,
            };
            let shares: Vec<f64> = (0..size).map(share).collect();
            let beta = (0..size).map(|j| dot(v.row(j).iter(), &shares)).collect();
            system.fit(self, lambda, beta)
        };
        let fits = lambdas.iter().map(fit).collect();
        let (lambda_max, null_objective) = (f64::INFINITY, 0.5 * system.norm2);
        Ok(Path { fits, lambda_max, null_objective, solver: Solver::Moments })
    }
}

/// (matrix + λ) β = linear, for the features that tell something, in the units of the penalty.
struct System {
    used: Vec<usize>,
    /// What each of them is divided by.
    scale: Vec<f64>,
    matrix: Mat<f64>,
    linear: Vec<f64>,
    /// Mean square of the target.
    norm2: f64,
    intercept: bool,
}

impl System {
    fn new(sums: &Moments, settings: &Settings) -> Self {
        let deviations = sums.deviations();
        let constant = |j: usize| deviations[j] <= ROUNDING * sums.largest[j];
        let used: Vec<usize> =
            (0..sums.features()).filter(|&j| !settings.intercept || !constant(j)).collect();
        let scale = |&j: &usize| match settings.standardize && !constant(j) {
            true => deviations[j],
            false => 1.0,
        };
        let scale: Vec<f64> = used.iter().map(scale).collect();
        // Without an intercept products are about zero.
        let about = |i: f64, j: f64| if settings.intercept { 0.0 } else { i * j };
        let product = |a: usize, b: usize| {
            let (i, j) = (used[a.max(b)], used[a.min(b)]);
            let centred = sums.products[(i, j)] / sums.weight;
            (centred + about(sums.means[i], sums.means[j])) / (scale[a] * scale[b])
        };
        let linear = |(a, &j): (usize, &usize)| {
            let centred = sums.with_target[j] / sums.weight;
            (centred + about(sums.means[j], sums.target_mean)) / scale[a]
        };
        Self {
            matrix: Mat::from_fn(used.len(), used.len(), product),
            linear: used.iter().enumerate().map(linear).collect(),
            norm2: sums.target_square / sums.weight + about(sums.target_mean, sums.target_mean),
            intercept: settings.intercept,
            scale,
            used,
        }
    }

    /// Factors and bounds of the features: none.
    fn rules(&self) -> (Vec<f64>, Vec<(f64, f64)>) {
        let size = self.used.len();
        (vec![1.0; size], vec![(f64::NEG_INFINITY, f64::INFINITY); size])
    }

    /// The solution β on the original scale, with its distance from the system.
    fn fit(&self, sums: &Moments, lambda: f64, beta: Vec<f64>) -> Fit {
        let size = beta.len();
        let bent: Vec<f64> = (0..size).map(|j| dot(self.matrix.col(j).iter(), &beta)).collect();
        let slope = |j: usize| (self.linear[j] - bent[j] - lambda * beta[j]).abs();
        let kkt = (0..size).map(slope).fold(0.0, f64::max);
        let of = |values: &[f64]| dot(values.iter(), &beta);
        let objective =
            0.5 * (self.norm2 - 2.0 * of(&self.linear) + of(&bent) + lambda * of(&beta));
        let mut coefficients = vec![0.0; sums.features()];
        for ((&j, beta), scale) in self.used.iter().zip(&beta).zip(&self.scale) {
            coefficients[j] = beta / scale;
        }
        let moved = dot(coefficients.iter(), &sums.means);
        let intercept = if self.intercept { sums.target_mean - moved } else { 0.0 };
        let (gap, converged, passes) = (None, true, 0);
        Fit { lambda, intercept, coefficients, objective, gap, kkt, converged, passes }
    }
}

fn dot<'a>(a: impl Iterator<Item = &'a f64>, b: &[f64]) -> f64 {
    a.zip(b).map(|(a, b)| a * b).sum()
}

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

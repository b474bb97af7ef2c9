//! Everything about one target along λ, from features that were decomposed before.

use super::decomposition::project_out;
use super::spectrum::{Method, Spectrum};
use super::{Decomposition, RidgeFit, RidgePath};
use crate::error::{check, check_len};
use crate::{Error, Lambdas};
use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatRef, Par};

/// λ over the largest eigenvalue from which on the squares of singular values are exact enough.
const SAFE: f64 = 1e-9;

impl Decomposition {
    /// Fits a target, a number for each row of the features, along λ.
    ///
    /// # Errors
    /// [`Error::Length`], [`Error::Values`] for a target that does not fit, and what
    /// [`Lambdas::values`] refuses.
    pub fn path(&self, target: &[f64], lambdas: &Lambdas) -> Result<RidgePath, Error> {
        check("target", "finite numbers below 1e150", target, |y| y.abs() < 1e150)?;
        check_len("target", self.rows, target.len())?;
        let y: Vec<f64> = self.counted.iter().map(|&row| target[row]).collect();
        let mean = if self.prepared.intercept { self.prepared.mean(&y) } else { 0.0 };
        let root = |(y, w): (&f64, &f64)| (y - mean) * w.sqrt();
        let rooted: Vec<f64> = y.iter().zip(&self.prepared.weights).map(root).collect();
        let mut left = Mat::from_fn(rooted.len(), 1, |i, _| rooted[i]);
        self.free_basis.iter().for_each(|basis| project_out(&basis.u, left.as_mut()));
        let lambdas = self.lambdas(left.as_ref(), lambdas)?;
        let exact = self.needs_svd(&lambdas).then(|| Spectrum::new(self.z.as_ref(), Method::Svd));
        let exact = exact.transpose()?;
        let spectrum = exact.as_ref().unwrap_or(&self.spectrum);
        let fits = self.fits(spectrum, &rooted, left.as_ref(), mean, &lambdas);
        Ok(RidgePath { fits, method: spectrum.method })
    }

    fn lambdas(&self, left: MatRef<'_, f64>, lambdas: &Lambdas) -> Result<Vec<f64>, Error> {
        let mut slopes = Mat::zeros(self.z.ncols(), 1);
        matmul(slopes.as_mut(), Accum::Replace, self.z.transpose(), left, 1.0, Par::Seq);
        lambdas.values(1e3 * slopes.norm_max(), self.counted.len(), self.prepared.features())
    }

    /// Whether a λ is so small that squares of singular values have lost what it would keep.
    fn needs_svd(&self, lambdas: &[f64]) -> bool {
        let largest = self.spectrum.squares.iter().copied().fold(0.0, f64::max);
        let small = lambdas.iter().any(|&lambda| lambda < SAFE * largest);
        small && !self.fixed && self.spectrum.method != Method::Svd
    }

    fn fits(
        &self,
        spectrum: &Spectrum,
        rooted: &[f64],
        left: MatRef<'_, f64>,
        mean: f64,
        lambdas: &[f64],
    ) -> Vec<RidgeFit> {
        let (rows, rank) = (rooted.len(), spectrum.squares.len());
        let mut along = Mat::zeros(rank, 1);
        matmul(along.as_mut(), Accum::Replace, spectrum.u.transpose(), left, 1.0, Par::Seq);
        let outside = self.outside(spectrum, left, &along);
        let weights = self.weights(spectrum, &along, lambdas);
        // What λ leaves of each direction: λ / (d² + λ), of the target and of each leverage.
        let kept = |k: usize, l: usize| lambdas[l] / (spectrum.squares[k] + lambdas[l]);
        let parts = Mat::from_fn(rank, lambdas.len(), |k, l| kept(k, l) * along[(k, 0)]);
        let shares = Mat::from_fn(rank, lambdas.len(), kept);
        let mut residuals = Mat::zeros(rows, lambdas.len());
        matmul(residuals.as_mut(), Accum::Replace, &spectrum.u, &parts, 1.0, Par::Seq);
        let squared = Mat::from_fn(rows, rank, |i, k| spectrum.u[(i, k)] * spectrum.u[(i, k)]);
        let mut slack = Mat::zeros(rows, lambdas.len());
        matmul(slack.as_mut(), Accum::Replace, &squared, &shares, 1.0, Par::Seq);
        let fit = |(l, &lambda): (usize, &f64)| {
            let mut fit = self.coefficients(weights.col_as_slice(l), rooted, mean);
            let (mut mse, mut leave_one_out) = (0.0, 0.0);
            for i in 0..rows {
                let residual = residuals[(i, l)] + outside.residual[i];
                let free = slack[(i, l)] + outside.slack[i];
                // The root of the weight is in the residual already.
                mse += residual * residual;
                let error = if residual == 0.0 { 0.0 } else { residual / free };
                leave_one_out += error * error;
            }
            let held: f64 = (0..rank).map(|k| 1.0 - shares[(k, l)]).sum();
            fit.df = held + self.fixed_df();
            let rest = 1.0 - fit.df / rows as f64;
            fit.gcv = if rest > 1e-12 { mse / (rest * rest) } else { f64::INFINITY };
            (fit.mse, fit.leave_one_out) = (mse, leave_one_out);
            (fit.lambda, fit.lambda_ridge) = (lambda, lambda * self.total);
            fit
        };
        lambdas.iter().enumerate().map(fit).collect()
    }

    /// Directions that no λ reaches: residual and 1 - leverage of what is neither in the spectrum
    /// nor unpenalized.
    fn outside(&self, spectrum: &Spectrum, left: MatRef<'_, f64>, along: &Mat<f64>) -> Outside {
        let mut residual = left.to_owned();
        matmul(residual.as_mut(), Accum::Add, &spectrum.u, along, -1.0, Par::Seq);
        let mut slack = vec![1.0; left.nrows()];
        if self.prepared.intercept {
            slack.iter_mut().zip(&self.prepared.weights).for_each(|(slack, w)| *slack -= w);
        }
        for basis in self.free_basis.iter().map(|basis| &basis.u).chain([&spectrum.u]) {
            for k in 0..basis.ncols() {
                let squares = basis.col_as_slice(k).iter().map(|u| u * u);
                slack.iter_mut().zip(squares).for_each(|(slack, square)| *slack -= square);
            }
        }
        // What rounding left of a full basis is nothing.
        let full = self.fixed_df() + spectrum.squares.len() as f64 >= left.nrows() as f64 - 0.5;
        slack.iter_mut().for_each(|s| *s = if full || *s < 1e-12 { 0.0 } else { *s });
        let residual = (0..left.nrows()).map(|i| if full { 0.0 } else { residual[(i, 0)] });
        Outside { residual: residual.collect(), slack }
    }

    /// Weights of the columns of `z`, for each λ.
    fn weights(&self, spectrum: &Spectrum, along: &Mat<f64>, lambdas: &[f64]) -> Mat<f64> {
        let rank = spectrum.squares.len();
        let mut weights = Mat::zeros(self.z.ncols(), lambdas.len());
        let share = |k: usize, l: usize| along[(k, 0)] / (spectrum.squares[k] + lambdas[l]);
        match &spectrum.v {
            Some(v) => {
                let scaled = |k: usize, l: usize| spectrum.squares[k].sqrt() * share(k, l);
                let shares = Mat::from_fn(rank, lambdas.len(), scaled);
                matmul(weights.as_mut(), Accum::Replace, v, &shares, 1.0, Par::Seq);
            }
            None => {
                let shares = Mat::from_fn(rank, lambdas.len(), share);
                let mut dual = Mat::zeros(self.z.nrows(), lambdas.len());
                matmul(dual.as_mut(), Accum::Replace, &spectrum.u, &shares, 1.0, Par::Seq);
                matmul(weights.as_mut(), Accum::Replace, self.z.transpose(), &dual, 1.0, Par::Seq);
            }
        }
        weights
    }
}

/// What neither the spectrum nor unpenalized features reach, for each sample.
struct Outside {
    residual: Vec<f64>,
    slack: Vec<f64>,
}

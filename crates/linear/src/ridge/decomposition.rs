//! Features decomposed once, for any number of targets and λ.

use super::RidgeFit;
use super::spectrum::{Method, Spectrum};
use crate::kernel::{add, dot};
use crate::prepared::Prepared;
use crate::{Error, Problem, Settings};
use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatMut, Par};

/// Entries of a matrix that is filled in memory at most: sparse features become dense here.
const ENTRIES: usize = 200_000_000;

/// Features decomposed for ridge regression on any number of targets.
pub struct Decomposition {
    pub(super) prepared: Prepared,
    /// Rows of the features, those of weight zero too.
    pub(super) rows: usize,
    /// Sum of the weights: the n of n λ.
    pub(super) total: f64,
    pub(super) counted: Vec<usize>,
    /// √ω x / √f for penalized features, without what the others explain.
    pub(super) z: Mat<f64>,
    penalized: Vec<usize>,
    free: Vec<usize>,
    /// √ω x of features that are not penalized.
    pub(super) free_basis: Option<Spectrum>,
    pub(super) spectrum: Spectrum,
    /// Whether the method was asked for.
    pub(super) fixed: bool,
}

impl Decomposition {
    /// Decomposes the features of `problem`; its target is not looked at.
    ///
    /// # Errors
    /// As [`super::fit`].
    pub fn new(problem: &Problem<'_>, settings: &Settings) -> Result<Self, Error> {
        Self::with(problem, settings, None)
    }

    /// The same by the method that is asked for.
    ///
    /// # Errors
    /// As [`super::fit`].
    pub fn with(
        problem: &Problem<'_>,
        settings: &Settings,
        method: Option<Method>,
    ) -> Result<Self, Error> {
        let refuse = |why: &str| Err(Error::Settings { why: why.to_owned() });
        if settings.bounds.is_some() {
            return refuse("bounds: ridge has no closed form with them; a path with ratio 0 has");
        }
        if problem.design.rows().saturating_mul(problem.design.cols()) > ENTRIES {
            return refuse("features: too many for a closed form; a path with ratio 0 copes");
        }
        let prepared = Prepared::new(problem, settings)?;
        let counted = problem.counted().0;
        let total = problem.weights.map_or(counted.len() as f64, |weights| weights.iter().sum());
        let free = prepared.unpenalized();
        let penalized: Vec<usize> = (0..prepared.features())
            .filter(|&j| prepared.factors[j] > 0.0 && !prepared.is_fixed(j))
            .collect();
        let free_basis = match free.is_empty() {
            true => None,
            false => Some(Spectrum::new(rooted(&prepared, &free).as_ref(), Method::Svd)?),
        };
        let mut z = rooted(&prepared, &penalized);
        free_basis.iter().for_each(|basis| project_out(&basis.u, z.as_mut()));
        for (k, &j) in penalized.iter().enumerate() {
            let factor = prepared.factors[j].sqrt();
            z.col_as_slice_mut(k).iter_mut().for_each(|z| *z /= factor);
        }
        let fits = if z.nrows() >= z.ncols() { Method::Primal } else { Method::Dual };
        let spectrum = Spectrum::new(z.as_ref(), method.unwrap_or(fits))?;
        let fixed = method.is_some();
        Ok(Self {
            prepared,
            rows: problem.design.rows(),
            total,
            counted,
            z,
            penalized,
            free,
            free_basis,
            spectrum,
            fixed,
        })
    }

    /// Coefficients on the original scale; the other numbers are still 0.
    pub(super) fn coefficients(&self, weights: &[f64], rooted: &[f64], mean: f64) -> RidgeFit {
        let mut beta = vec![0.0; self.prepared.features()];
        for (k, &j) in self.penalized.iter().enumerate() {
            beta[j] = weights[k] / self.prepared.factors[j].sqrt();
        }
        self.free_coefficients(&mut beta, rooted);
        let used = beta.iter().enumerate().filter(|(_, beta)| **beta != 0.0);
        let moved: f64 = used.map(|(j, beta)| beta * mean_of(&self.prepared, j)).sum();
        let (intercept, coefficients) = self.prepared.original(&beta, mean - moved);
        RidgeFit {
            lambda: 0.0,
            lambda_ridge: 0.0,
            intercept,
            coefficients,
            df: 0.0,
            mse: 0.0,
            leave_one_out: 0.0,
            gcv: 0.0,
        }
    }

    /// Least squares of what the penalized features leave on the others.
    fn free_coefficients(&self, beta: &mut [f64], rooted: &[f64]) {
        let Some(Spectrum { u, squares, v: Some(v), .. }) = &self.free_basis else { return };
        let mut left = rooted.to_vec();
        let fitted = self::rooted(&self.prepared, &self.penalized);
        for (k, &j) in self.penalized.iter().enumerate() {
            add(-beta[j], fitted.col_as_slice(k), &mut left);
        }
        for (k, square) in squares.iter().enumerate() {
            let along = dot(u.col_as_slice(k), &left) / square.sqrt();
            self.free.iter().enumerate().for_each(|(at, &j)| beta[j] += v[(at, k)] * along);
        }
    }

    /// Degrees of freedom of the intercept and of what is not penalized.
    pub(super) fn fixed_df(&self) -> f64 {
        let free = self.free_basis.as_ref().map_or(0, |basis| basis.squares.len());
        free as f64 + f64::from(u8::from(self.prepared.intercept))
    }
}

/// Columns √ω (x - mean) of some features.
fn rooted(prepared: &Prepared, features: &[usize]) -> Mat<f64> {
    let root: Vec<f64> = prepared.weights.iter().map(|w| w.sqrt()).collect();
    let mut z = Mat::zeros(root.len(), features.len());
    for (k, &j) in features.iter().enumerate() {
        let column = z.col_as_slice_mut(k);
        prepared.columns.add(j, 1.0, column);
        let mean = mean_of(prepared, j);
        column.iter_mut().zip(&root).for_each(|(z, root)| *z = (*z - mean) * root);
    }
    z
}

/// What was not subtracted from a column although there is an intercept: the mean of sparse ones.
fn mean_of(prepared: &Prepared, j: usize) -> f64 {
    let sparse = prepared.columns.sparse().filter(|_| prepared.intercept);
    sparse.map_or(0.0, |matrix| matrix.dot(j, &prepared.weights))
}

/// Takes the span of an orthonormal basis out of each column.
pub(super) fn project_out(basis: &Mat<f64>, mut columns: MatMut<'_, f64>) {
    let mut inside = Mat::zeros(basis.ncols(), columns.ncols());
    matmul(inside.as_mut(), Accum::Replace, basis.transpose(), columns.as_ref(), 1.0, Par::Seq);
    matmul(columns.as_mut(), Accum::Add, basis, &inside, -1.0, Par::Seq);
}

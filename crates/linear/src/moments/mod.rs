//! Sums from which least squares needs no rows: for data larger than memory, for folds, and for
//! machines that each see a part.

mod path;
mod ridge;
mod test;

pub use test::{cross_validate, cross_validate_ridge};

use crate::kernel::{centre, dot};
use crate::{Design, Error, Problem};
use faer::linalg::matmul::triangular::{self, BlockStructure};
use faer::{Accum, Mat, Par};

/// Entries that are multiplied at once: they stay in the cache.
const ENTRIES: usize = 1 << 16;

/// Features up to which the products of all of them are made at once.
const FEATURES: usize = 2_000;

/// Means and centred products of features and target, of any number of samples.
///
/// Products are centred before they are added up, so that large offsets cost no accuracy. Memory
/// and the time of a merge are p², whatever the number of samples.
///
/// # Paper
/// Chan, Golub & LeVeque 1983, *Algorithms for computing the sample variance*.
///
/// # Example
/// ```
/// use wellfit_core::number::Fraction;
/// use wellfit_linear::moments::Moments;
/// use wellfit_linear::{Design, Lambdas, Problem, Settings, penalty::Mix};
///
/// let mut sums = Moments::new(1);
/// for (x, y) in [([1.0, 2.0], [1.0, 2.1]), ([3.0, 4.0], [2.9, 4.0])] {
///     sums.add(&Problem::new(Design::from_rows(&x, 1)?, &y))?;
/// }
/// let lasso = Mix(Fraction::new(1.0)?);
/// let path = sums.path(&lasso, &Lambdas::default(), &Settings::default())?;
/// assert!((path.fits[99].coefficients[0] - 0.98).abs() < 1e-3);
/// # Ok::<(), wellfit_linear::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Moments {
    /// Samples of a weight above 0.
    rows: usize,
    /// Sum of the weights.
    weight: f64,
    means: Vec<f64>,
    /// Largest absolute value of each feature.
    largest: Vec<f64>,
    target_mean: f64,
    /// Centred products of features, in the lower triangle.
    products: Mat<f64>,
    /// Centred products of each feature with the target.
    with_target: Vec<f64>,
    /// Centred square of the target.
    target_square: f64,
}

impl Moments {
    /// Sums of no samples yet.
    pub fn new(features: usize) -> Self {
        Self {
            rows: 0,
            weight: 0.0,
            means: vec![0.0; features],
            largest: vec![0.0; features],
            target_mean: 0.0,
            products: Mat::zeros(features, features),
            with_target: vec![0.0; features],
            target_square: 0.0,
        }
    }

    /// Features.
    pub fn features(&self) -> usize {
        self.means.len()
    }

    /// Samples that were added and have a weight above 0.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Whether a path is found sooner from sums than from rows: not too many features, and twice
    /// as many rows. Then no check needs the data.
    pub(crate) fn pay(problem: &Problem<'_>) -> bool {
        let (rows, cols) = (problem.design.rows(), problem.design.cols());
        matches!(problem.design, Design::Dense(_)) && cols <= FEATURES && 2 * cols <= rows
    }

    /// Adds samples.
    ///
    /// # Errors
    /// As [`crate::path::fit`] for a bad problem, and [`Error::Length`] for other features.
    pub fn add(&mut self, samples: &Problem<'_>) -> Result<(), Error> {
        samples.check()?;
        crate::error::check_len("features", self.features(), samples.design.cols())?;
        let rows = samples.counted().0;
        let at_once = (ENTRIES / self.features().max(1)).clamp(256, 4_096);
        rows.chunks(at_once).for_each(|rows| self.merge(&Self::of(samples, rows)));
        Ok(())
    }

    /// Sums of some rows, which have a weight above 0.
    fn of(samples: &Problem<'_>, rows: &[usize]) -> Self {
        let mut sums = Self::new(samples.design.cols());
        let weight = |&row: &usize| samples.weights.map_or(1.0, |weights| weights[row]);
        (sums.rows, sums.weight) = (rows.len(), rows.iter().map(weight).sum());
        let shares: Vec<f64> = rows.iter().map(|row| weight(row) / sums.weight).collect();
        let root: Vec<f64> = rows.iter().map(|row| weight(row).sqrt()).collect();
        let mut target: Vec<f64> = rows.iter().map(|&row| samples.target[row]).collect();
        (sums.target_mean, _) = centre(&mut target, &shares, &root);
        sums.target_square = dot(&target, &target);
        let mut z = samples.design.columns_of(rows);
        for j in 0..sums.features() {
            let column = z.col_as_slice_mut(j);
            (sums.means[j], sums.largest[j]) = centre(column, &shares, &root);
            sums.with_target[j] = dot(column, &target);
        }
        let (out, half, full) =
            (sums.products.as_mut(), BlockStructure::TriangularLower, BlockStructure::Rectangular);
        let left = z.transpose();
        triangular::matmul(out, half, Accum::Replace, left, full, &z, full, 1.0, Par::Seq);
        sums
    }

    /// Adds the samples of other sums.
    pub fn merge(&mut self, other: &Self) {
        if other.weight == 0.0 {
            return;
        }
        let total = self.weight + other.weight;
        let share = other.weight / total;
        let cross = self.weight * share;
        let apart: Vec<f64> = other.means.iter().zip(&self.means).map(|(b, a)| b - a).collect();
        let target_apart = other.target_mean - self.target_mean;
        for j in 0..self.features() {
            let below = &mut self.products.col_as_slice_mut(j)[j..];
            let more = &other.products.col_as_slice(j)[j..];
            for ((sum, more), apart_k) in below.iter_mut().zip(more).zip(&apart[j..]) {
                *sum += more + cross * apart[j] * apart_k;
            }
            self.with_target[j] += other.with_target[j] + cross * apart[j] * target_apart;
            self.means[j] += share * apart[j];
            self.largest[j] = self.largest[j].max(other.largest[j]);
        }
        self.target_square += other.target_square + cross * target_apart * target_apart;
        self.target_mean += share * target_apart;
        (self.rows, self.weight) = (self.rows + other.rows, total);
    }
}

#[cfg(test)]
mod tests;

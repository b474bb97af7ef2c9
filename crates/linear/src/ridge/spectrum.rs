//! Z = U D V', by whichever matrix is smallest.

use crate::Error;
use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatRef, Par, Side};

/// How the features were decomposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Eigenvalues of X'X, for at least as many samples as features.
    Primal,
    /// Eigenvalues of XX', for more features than samples.
    Dual,
    /// Singular values of X, which see directions that the squares of the others lose.
    Svd,
}

/// The directions that matter: U, the squares of D, and V where it is at hand.
pub(super) struct Spectrum {
    pub u: Mat<f64>,
    pub squares: Vec<f64>,
    /// `None` for the dual, which gets weights as Z'(U ..).
    pub v: Option<Mat<f64>>,
    pub method: Method,
}

impl Spectrum {
    pub fn new(z: MatRef<'_, f64>, method: Method) -> Result<Self, Error> {
        match method {
            Method::Primal => primal(z),
            Method::Dual => dual(z),
            Method::Svd => svd(z),
        }
    }
}

/// Places of the values that are not zero by rounding, which is `rounding` of the largest.
fn kept(values: &[f64], rounding: f64) -> Vec<usize> {
    let largest = values.iter().copied().fold(0.0, f64::max);
    (0..values.len()).filter(|&k| values[k] > rounding * largest).collect()
}

fn eigen(matrix: &Mat<f64>) -> Result<(Vec<f64>, Mat<f64>), Error> {
    let failed = |_| Error::Decomposition {
        what: "eigendecomposition",
        rows: matrix.nrows(),
        cols: matrix.ncols(),
    };
    let found = matrix.self_adjoint_eigen(Side::Lower).map_err(failed)?;
    let values = found.S().column_vector().iter().copied().collect();
    Ok((values, found.U().to_owned()))
}

fn primal(z: MatRef<'_, f64>) -> Result<Spectrum, Error> {
    let (rows, cols) = (z.nrows(), z.ncols());
    let mut gram = Mat::zeros(cols, cols);
    matmul(gram.as_mut(), Accum::Replace, z.transpose(), z, 1.0, Par::Seq);
    let (values, vectors) = eigen(&gram)?;
    let places = kept(&values, f64::EPSILON * cols as f64);
    let v = Mat::from_fn(cols, places.len(), |j, k| vectors[(j, places[k])]);
    let mut u = Mat::zeros(rows, places.len());
    matmul(u.as_mut(), Accum::Replace, z, &v, 1.0, Par::Seq);
    let squares: Vec<f64> = places.iter().map(|&k| values[k]).collect();
    for (k, square) in squares.iter().enumerate() {
        let d = square.sqrt();
        u.col_as_slice_mut(k).iter_mut().for_each(|u| *u /= d);
    }
    Ok(Spectrum { u, squares, v: Some(v), method: Method::Primal })
}

fn dual(z: MatRef<'_, f64>) -> Result<Spectrum, Error> {
    let rows = z.nrows();
    let mut kernel = Mat::zeros(rows, rows);
    matmul(kernel.as_mut(), Accum::Replace, z, z.transpose(), 1.0, Par::Seq);
    let (values, vectors) = eigen(&kernel)?;
    let places = kept(&values, f64::EPSILON * rows as f64);
    let u = Mat::from_fn(rows, places.len(), |i, k| vectors[(i, places[k])]);
    let squares = places.iter().map(|&k| values[k]).collect();
    Ok(Spectrum { u, squares, v: None, method: Method::Dual })
}

fn svd(z: MatRef<'_, f64>) -> Result<Spectrum, Error> {
    let (rows, cols) = (z.nrows(), z.ncols());
    let failed = |_| Error::Decomposition { what: "singular value decomposition", rows, cols };
    let found = z.thin_svd().map_err(failed)?;
    let values: Vec<f64> = found.S().column_vector().iter().copied().collect();
    let places = kept(&values, f64::EPSILON * rows.max(cols) as f64);
    let pick = |matrix: MatRef<'_, f64>| {
        Mat::from_fn(matrix.nrows(), places.len(), |i, k| matrix[(i, places[k])])
    };
    let squares = places.iter().map(|&k| values[k] * values[k]).collect();
    Ok(Spectrum { u: pick(found.U()), squares, v: Some(pick(found.V())), method: Method::Svd })
}

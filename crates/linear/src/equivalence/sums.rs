//! Least squares as rows come by, none of them kept.

use crate::Error;
use crate::weight_space::Weights;

/// Sums of products of the features with each other and with the target.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sums {
    squares: Weights,
    across: f64,
    toward: Weights,
}

impl Sums {
    /// A row that counts `weight` times.
    pub fn add(&mut self, [u, v]: Weights, y: f64, weight: f64) {
        self.squares[0] += weight * u * u;
        self.squares[1] += weight * v * v;
        self.across += weight * u * v;
        self.toward[0] += weight * u * y;
        self.toward[1] += weight * v * y;
    }

    /// Σ x_ij² of each feature.
    pub fn squares(&self) -> Weights {
        self.squares
    }

    /// Where the squares of the residuals are least.
    ///
    /// # Errors
    /// [`Error::Nothing`] where the rows do not tell the features apart.
    pub fn least_squares(&self) -> Result<Weights, Error> {
        let ([a, b], c, [p, q]) = (self.squares, self.across, self.toward);
        let determinant = a * b - c * c;
        if !(determinant.is_finite() && determinant > f64::EPSILON * a * b) {
            return Err(Self::alike());
        }
        Ok([(b * p - c * q) / determinant, (a * q - c * p) / determinant])
    }

    /// The error about rows that do not tell the features apart.
    pub fn alike() -> Error {
        let why = "expected rows that tell two features apart, found one a multiple of the other";
        Error::Nothing { why: why.to_owned() }
    }
}

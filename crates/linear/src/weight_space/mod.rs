//! Two weights, where the mathematics of L1 and L2 can be seen whole.
//!
//! ```text
//! C(w) = C0(w) + λ (r Σ |w| + (1 - r)/2 Σ w²),   C0(w) = 1/2n Σ_i (y_i - x_i'w)²
//!      = c + ½ (w - w*)' H (w - w*) + λ P(w),     H = X'X/n, w* the least squares
//! ```
//!
//! λ here is λ/n of the textbook's λ/2n Σ w². With a bound P(w) <= t in place of the penalty the
//! answer is the same for t = P(w(λ)): that is t(λ), and why the contours of C0 touch the body of P
//! at the optimum. A corner of the L1 body lies on an axis: there a weight is exactly zero.
//!
//! Everything is exact but the trajectories, which are what gradient descent does.
//!
//! Goodfellow, Bengio and Courville 2016, "Deep Learning", 7.1 and 7.2; Hastie, Tibshirani and
//! Friedman 2009, "The Elements of Statistical Learning", 3.4.

mod body;
mod contour;
mod descent;
mod design;
mod optimum;
mod path;

pub use body::{boundary, penalty};
pub use contour::Ellipse;
pub use descent::{Descent, limit};
pub use design::Design;
pub use optimum::{optimum, optimum_within};
pub use path::{Path, lambda_max, path};

/// Two weights, or a point of their plane.
pub type Weights = [f64; 2];

/// A quadratic loss over two weights: ½ (w - w*)' H (w - w*), its least value left out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Landscape {
    /// H, symmetric and positive definite.
    hessian: [[f64; 2]; 2],
    /// w*, where the loss is least.
    best: Weights,
}

impl Landscape {
    /// The loss with this curvature, diagonal `[h1, h2]` and `across` beside it, and this optimum.
    /// None unless all numbers are finite and the curvature is above 0 in every direction.
    pub fn new(diagonal: Weights, across: f64, best: Weights) -> Option<Self> {
        let [a, b] = diagonal;
        let finite = [a, b, across, best[0], best[1]].iter().all(|number| number.is_finite());
        let hessian = [[a, across], [across, b]];
        let bowl = a > 0.0 && a * b - across * across > f64::EPSILON * a * b;
        (finite && bowl).then_some(Self { hessian, best })
    }

    /// The least squares of rows `x` on `y`, without an intercept. None where there are no rows, a
    /// number is not finite, or one feature is a multiple of the other.
    pub fn of_data(x: &[Weights], y: &[f64]) -> Option<Self> {
        let n = x.len().min(y.len()) as f64;
        let mean = |of: &dyn Fn(&Weights, f64) -> f64| {
            x.iter().zip(y).map(|(row, &y)| of(row, y)).sum::<f64>() / n
        };
        let diagonal = [mean(&|x, _| x[0] * x[0]), mean(&|x, _| x[1] * x[1])];
        let across = mean(&|x, _| x[0] * x[1]);
        let toward = [mean(&|x, y| x[0] * y), mean(&|x, y| x[1] * y)];
        let shape = Self::new(diagonal, across, [0.0; 2])?;
        Self::new(diagonal, across, solve(shape.hessian, toward))
    }

    /// w*, the optimum without a penalty.
    pub fn best(&self) -> Weights {
        self.best
    }

    /// H.
    pub fn hessian(&self) -> [[f64; 2]; 2] {
        self.hessian
    }

    /// The same valley around another optimum.
    #[must_use]
    pub fn around(&self, best: Weights) -> Self {
        Self { best, ..*self }
    }

    /// The loss above its least value.
    pub fn loss(&self, w: Weights) -> f64 {
        let [dx, dy] = [w[0] - self.best[0], w[1] - self.best[1]];
        let [[a, c], [_, b]] = self.hessian;
        0.5 * (a * dx * dx + 2.0 * c * dx * dy + b * dy * dy)
    }

    /// H (w - w*).
    pub fn gradient(&self, w: Weights) -> Weights {
        let [dx, dy] = [w[0] - self.best[0], w[1] - self.best[1]];
        let [[a, c], [_, b]] = self.hessian;
        [a * dx + c * dy, c * dx + b * dy]
    }

    /// The eigenvalues of H, the larger first, and the direction of the larger as an angle in
    /// radians.
    pub fn curvatures(&self) -> (Weights, f64) {
        let [[a, c], [_, b]] = self.hessian;
        let (middle, half) = ((a + b) / 2.0, (a - b) / 2.0);
        let radius = half.hypot(c);
        // The smaller through the determinant: the difference of two that are alike loses digits.
        let larger = middle + radius;
        ([larger, (a * b - c * c) / larger], c.atan2(half) / 2.0)
    }
}

/// The solution of a system with a symmetric matrix of full rank.
fn solve([[a, c], [_, b]]: [[f64; 2]; 2], [p, q]: Weights) -> Weights {
    let determinant = a * b - c * c;
    [(b * p - c * q) / determinant, (a * q - c * p) / determinant]
}

#[cfg(test)]
mod tests;

//! Techniques that are a penalty in other clothes, each computed in both ways.
//!
//! ```text
//! dropout on the inputs      λ_j = p/(1-p) Σ_i x_ij²     exact in expectation over the masks
//! noise on the inputs        λ   = n σ²                  exact in expectation over the noise
//! gradient descent, stopped  λ   = n α_i, α_i ≈ 1/(ηt)   exact with an α for each direction of H
//! a Gaussian prior           λ   = σ²/τ²                 exact
//! ```
//!
//! λ here is the textbook's, of ||y - Xw||² + Σ λ_j w_j², which is n times the λ of
//! [`crate::ridge::fit`]. The technique's side never sees a penalty: it adds up masks or copies,
//! goes step by step, or row by row. The penalty's side is [`crate::ridge::fit`]. Two features
//! without an intercept, so that a picture can show all of it; the laws hold for any number.

mod dropout;
mod early_stopping;
mod input_noise;
mod prior;
mod sums;

pub use dropout::dropout;
pub use early_stopping::early_stopping;
pub use input_noise::input_noise;
pub use prior::gaussian_prior;

use crate::weight_space::Weights;
use crate::{Design, Error, Lambdas, Problem, Settings, ridge};

/// Rows of two features, and their target.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    /// The features of each row.
    pub x: &'a [Weights],
    /// One number for each row.
    pub y: &'a [f64],
}

/// What the theory says of two ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// The same but for rounding.
    Exactly,
    /// The same on average over what is drawn: the difference falls with the root of the draws.
    InExpectation,
    /// Alike, and no more.
    Approximately,
}

impl Holds {
    /// Its word.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Exactly => "exactly",
            Self::InExpectation => "in expectation",
            Self::Approximately => "approximately",
        }
    }
}

/// The same weights, found twice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// What was done on the technique's side.
    pub technique: &'static str,
    /// The weights that it found.
    pub found: Weights,
    /// What the penalty is.
    pub penalty: &'static str,
    /// The weights under it.
    pub penalized: Weights,
    /// The textbook's λ, of each weight; of early stopping with an α for each direction, of the
    /// steepest direction of the loss and the one across.
    pub lambdas: Weights,
    /// What the theory says of the two.
    pub holds: Holds,
}

impl Comparison {
    /// The distance between the two, in the length of the penalized weights.
    pub fn difference(&self) -> f64 {
        let [u, v] = self.penalized;
        let length = u.hypot(v);
        let distance = (self.found[0] - u).hypot(self.found[1] - v);
        if distance == 0.0 { 0.0 } else { distance / length }
    }
}

/// The weights without any technique or penalty.
///
/// # Errors
/// [`Error::Nothing`] where the rows do not tell the features apart.
pub fn least_squares(rows: Rows<'_>) -> Result<Weights, Error> {
    let mut sums = sums::Sums::default();
    rows.x.iter().zip(rows.y).for_each(|(&x, &y)| sums.add(x, y, 1.0));
    sums.least_squares()
}

/// The ridge solution with the textbook's λ of each weight.
fn penalized(rows: Rows<'_>, lambdas: Weights) -> Result<Weights, Error> {
    let flat: Vec<f64> = rows.x.iter().flatten().copied().collect();
    let problem = Problem::new(Design::from_rows(&flat, 2)?, rows.y);
    // λ of one is split among the weights by factors.
    let most = lambdas[0].max(lambdas[1]);
    let share = |lambda: f64| if most > 0.0 { lambda / most } else { 1.0 };
    let settings = Settings {
        intercept: false,
        standardize: false,
        factors: Some(lambdas.map(share).to_vec()),
        ..Settings::default()
    };
    let lambda = most / rows.x.len().max(1) as f64;
    let path = ridge::fit(&problem, &Lambdas::List(vec![lambda]), &settings)?;
    match path.fits.first().map(|fit| fit.coefficients.as_slice()) {
        Some(&[u, v]) => Ok([u, v]),
        _ => Err(Error::Nothing { why: "expected two coefficients, found others".to_owned() }),
    }
}

#[cfg(test)]
mod tests;

//! Gradient descent that is stopped early is a ridge, with an α for each direction of the loss.

use super::sums::Sums;
use super::{Comparison, Holds, Rows, penalized};
use crate::Error;
use crate::weight_space::{Descent, Landscape, Weights};
use wellfit_core::number::{Fraction, NonNegative, Positive};

/// From weights of zero, after t = `steps` steps of rate η = `rate`, along an eigenvector of
/// H = X'X/n with eigenvalue h:
///
/// w_t = (1 - (1 - ηh)^t) w*,    which is ridge's h/(h + α) w* for α = h (1 - ηh)^t / (1 - (1 - ηh)^t)
///
/// and α ≈ 1/(ηt) where ηht is small. First with the α of each direction, then with 1/(ηt) for all.
///
/// # Errors
/// [`Error`] where the rows do not tell the features apart, for no steps, and for a rate of 1/h of the
/// steepest direction or more: descent jumps over the optimum then, and no α above 0 does.
///
/// # Book
/// Goodfellow, Bengio & Courville 2016, *Deep Learning*, 7.8.
pub fn early_stopping(
    rows: Rows<'_>,
    rate: Positive,
    steps: usize,
) -> Result<[Comparison; 2], Error> {
    let refuse = |why: String| Err(Error::Settings { why });
    let Some(landscape) = Landscape::of_data(rows.x, rows.y) else {
        return Err(Sums::alike());
    };
    let (curvatures, angle) = landscape.curvatures();
    let (eta, steep) = (rate.get(), curvatures[0]);
    if eta * steep >= 1.0 {
        return refuse(format!("rate: expected below {}, found {eta}", 1.0 / steep));
    }
    if steps == 0 {
        return refuse("steps: expected at least 1, found 0".to_owned());
    }
    let descent = Descent { rate, lambda: NonNegative::ZERO, ratio: Fraction::ZERO };
    let trace = descent.from(&landscape, [0.0; 2], steps);
    let found = trace.last().copied().unwrap_or_default();
    let n = rows.x.len() as f64;
    let own = curvatures.map(|h| {
        // (1 - ηh)^t, and what it lacks to 1 without a difference of two that are alike.
        let exponent = steps as f64 * (-eta * h).ln_1p();
        n * h * exponent.exp() / -exponent.exp_m1()
    });
    let all = [n / (eta * steps as f64); 2];
    let comparison = |penalty, penalized, lambdas, holds| Comparison {
        technique: "gradient descent, step by step",
        found,
        penalty,
        penalized,
        lambdas,
        holds,
    };
    let turned = along(rows, angle, own)?;
    Ok([
        comparison("ridge, an α for each direction", turned, own, Holds::Exactly),
        comparison("ridge, α = 1/(ηt)", penalized(rows, all)?, all, Holds::Approximately),
    ])
}

/// Ridge with a λ for the direction `angle` and one for the direction across.
fn along(rows: Rows<'_>, angle: f64, lambdas: Weights) -> Result<Weights, Error> {
    let (sin, cos) = angle.sin_cos();
    let x: Vec<Weights> =
        rows.x.iter().map(|[u, v]| [cos * u + sin * v, cos * v - sin * u]).collect();
    let [p, q] = penalized(Rows { x: &x, y: rows.y }, lambdas)?;
    Ok([cos * p - sin * q, sin * p + cos * q])
}

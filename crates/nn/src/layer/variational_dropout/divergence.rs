//! The divergence of N(θ, αθ²) from the log-uniform prior.

use crate::series::{exp, ln, within};
use burn::tensor::Tensor;
use burn::tensor::activation::{log_sigmoid, sigmoid};

/// Constants of the approximation. (Molchanov et al. 2017, arXiv 1701.05369, equation 14.)
const K: [f32; 3] = [0.635_76, 1.873_20, 1.486_95];

/// The least and the largest log α that count; beyond them the divergence is flat.
const CLAMP: [f32; 2] = [-8.0, 8.0];

/// e to [`CLAMP`].
const BOUNDS: [f32; 2] = [3.354_626_3e-4, 2_980.958];

/// KL(α) in parts, in nats: `rest` + [`LOGARITHMS`] ln `argument`; and the derivative of the whole
/// in log α.
#[derive(Debug, Clone, Copy)]
pub struct Parts {
    /// Without the logarithm.
    pub rest: f32,
    /// Of the logarithm.
    pub argument: f32,
    /// dKL / d log α.
    pub slope: f32,
}

/// KL(α) of α = σ²/θ², for log α within [`CLAMP`]:
///
/// KL = k1 - k1 σ(k2 + k3 log α) + ½ log(1 + 1/α), off by 0.0085 at most; → 0 as α → ∞
///
/// At the ends of the clamp the derivative is 0. `square` is θ², and σ² is [`variance`].
#[inline(always)]
pub fn divergence(log_alpha: f32, square: f32, variance: f32) -> Parts {
    let [k1, k2, k3] = K;
    let square = within(square, variance * BOUNDS[0], variance * BOUNDS[1]);
    let (odds, sum) = (1.0 + exp(k3.mul_add(log_alpha, k2)), variance + square);
    // One division for all: within the clamp no product is too large for it, or too small.
    let both = 1.0 / (odds * sum);
    // 1 - σ(z) = σ(-z), without cancellation.
    let (tail, of_sum) = (sum * both, odds * both);
    // 1/(1 + α) and α/(1 + α).
    let (share, argument) = (square * of_sum, variance * of_sum);
    let slope = -k1 * k3 * tail * (1.0 - tail) - 0.5 * share;
    let inside = log_alpha > CLAMP[0] && log_alpha < CLAMP[1];
    Parts { rest: k1 * tail, argument, slope: if inside { slope } else { 0.0 } }
}

/// What KL(α) has of the logarithm.
pub const LOGARITHMS: f64 = -0.5;

/// σ²; above e^60 it counts as that, so that [`divergence`] can multiply with it.
#[inline(always)]
pub fn variance(log_variance: f32) -> f32 {
    exp(if log_variance < 60.0 { log_variance } else { 60.0 })
}

/// [`divergence`] on a tensor.
pub fn of_tensor(log_alpha: Tensor<1>) -> Tensor<1> {
    let [k1, k2, k3] = K.map(f64::from);
    let tail = sigmoid(-(log_alpha.clone() * k3 + k2));
    tail * k1 - log_sigmoid(log_alpha) * 0.5
}

/// log α = log σ² - log θ², within [`CLAMP`].
#[inline(always)]
pub fn log_alpha(theta: f32, log_variance: f32) -> f32 {
    within(whole_log_alpha(theta, log_variance), CLAMP[0], CLAMP[1])
}

/// log α as it is.
#[inline(always)]
pub fn whole_log_alpha(theta: f32, log_variance: f32) -> f32 {
    log_variance - ln(square(theta))
}

/// θ², and not 0.
#[inline(always)]
pub fn square(theta: f32) -> f32 {
    theta * theta + TINY
}

/// Added to θ²: a weight of exactly 0 has the largest α.
const TINY: f32 = 1e-16;

#[cfg(test)]
mod tests {
    use super::*;

    /// Of a weight of 0.1.
    fn at(log_alpha: f32) -> Parts {
        divergence(log_alpha, 0.01, 0.01 * exp(log_alpha))
    }

    /// The formula in double precision, and the exact divergence by quadrature: see
    /// tests/golden/divergences.py.
    #[test]
    fn it_is_the_formula_and_close_to_the_exact_divergence() {
        let golden: serde_json::Value =
            serde_json::from_str(include_str!("../../../tests/golden/divergences.json")).unwrap();
        let rows = golden["log_uniform"].as_array().unwrap();
        assert!(rows.len() > 8);
        for row in rows {
            let [log_alpha, formula, slope, exact] =
                std::array::from_fn(|i| row[i].as_f64().unwrap());
            let Parts { rest, argument, slope: found_slope } = at(log_alpha as f32);
            let found = rest + LOGARITHMS as f32 * ln(argument);
            assert!((f64::from(found) - formula).abs() < 1e-6, "{log_alpha}: {found}, {formula}");
            assert!((f64::from(found_slope) - slope).abs() < 1e-6, "{log_alpha}: {found_slope}");
            assert!((f64::from(found) - exact).abs() < 1e-2, "{log_alpha}: {found}, {exact}");
        }
    }

    #[test]
    fn a_weight_of_zero_has_the_largest_alpha() {
        assert_eq!((log_alpha(0.0, -20.0), at(8.0).slope), (8.0, 0.0));
        assert_eq!((log_alpha(1.0, -20.0), at(-8.0).slope), (-8.0, 0.0));
        assert!((log_alpha(0.5, -3.0) - (-3.0 + 4f32.ln())).abs() < 1e-6);
    }

    #[test]
    fn nothing_overflows_however_large_or_small_a_weight_and_its_noise_are() {
        for theta in [0.0, 1e-30, 1.0, 1e15] {
            for spread in [-1e4, -80.0, 0.0, 59.0, 80.0, 1e4] {
                let (log_alpha, variance) = (log_alpha(theta, spread), variance(spread));
                let Parts { rest, argument, slope } =
                    divergence(log_alpha, square(theta), variance);
                let what = format!("{theta}, {spread}: {rest}, {argument}, {slope}");
                assert!((0.0..=K[0]).contains(&rest) && slope.abs() < 1.0, "{what}");
                assert!((1e-4..=1.000_001).contains(&argument), "{what}");
            }
        }
    }
}

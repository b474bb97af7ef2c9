//! The divergence of N(θ, αθ²) from the log-uniform prior.

use crate::series::{exp, ln, within};
use burn::tensor::Tensor;
use burn::tensor::activation::{log_sigmoid, sigmoid};

/// Constants of the approximation. (Molchanov et al. 2017, arXiv 1701.05369, equation 14.)
const K: [f32; 3] = [0.635_76, 1.873_20, 1.486_95];

/// The least and the largest log α that count; beyond them the divergence is flat.
const CLAMP: [f32; 2] = [-8.0, 8.0];

/// KL(α) in parts, in nats: `rest` + ½ ln `argument`; and the derivative of the whole in log α.
#[derive(Debug, Clone, Copy)]
pub struct Parts {
    /// Without the logarithm.
    pub rest: f32,
    /// Of the logarithm.
    pub argument: f32,
    /// dKL / d log α.
    pub slope: f32,
}

/// KL(α) for log α within [`CLAMP`]:
///
/// KL = k1 - k1 σ(k2 + k3 log α) + ½ log(1 + 1/α), off by 0.0085 at most; → 0 as α → ∞
///
/// At the ends of the clamp the derivative is 0.
#[inline(always)]
pub fn divergence(log_alpha: f32) -> Parts {
    let [k1, k2, k3] = K;
    let inverse = exp(-log_alpha);
    let (odds, sum) = (1.0 + exp(k2 + k3 * log_alpha), 1.0 + inverse);
    // One division for two: within the clamp no product is large.
    let both = 1.0 / (odds * sum);
    // 1 - σ(z) = σ(-z), without cancellation.
    let (tail, share) = (sum * both, inverse * odds * both);
    let slope = -k1 * k3 * tail * (1.0 - tail) - 0.5 * share;
    let inside = log_alpha > CLAMP[0] && log_alpha < CLAMP[1];
    Parts { rest: k1 * tail, argument: sum, slope: if inside { slope } else { 0.0 } }
}

/// What KL(α) has of the logarithm.
pub const LOGARITHMS: f64 = 0.5;

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
    log_variance - ln(theta * theta + TINY)
}

/// Added to θ²: a weight of exactly 0 has the largest α.
pub const TINY: f32 = 1e-16;

#[cfg(test)]
mod tests {
    use super::*;

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
            let Parts { rest, argument, slope: found_slope } = divergence(log_alpha as f32);
            let found = rest + LOGARITHMS as f32 * ln(argument);
            assert!((f64::from(found) - formula).abs() < 1e-6, "{log_alpha}: {found}, {formula}");
            assert!((f64::from(found_slope) - slope).abs() < 1e-6, "{log_alpha}: {found_slope}");
            assert!((f64::from(found) - exact).abs() < 1e-2, "{log_alpha}: {found}, {exact}");
        }
    }

    #[test]
    fn a_weight_of_zero_has_the_largest_alpha() {
        assert_eq!((log_alpha(0.0, -20.0), divergence(8.0).slope), (8.0, 0.0));
        assert_eq!((log_alpha(1.0, -20.0), divergence(-8.0).slope), (-8.0, 0.0));
        assert!((log_alpha(0.5, -3.0) - (-3.0 + 4f32.ln())).abs() < 1e-6);
    }
}

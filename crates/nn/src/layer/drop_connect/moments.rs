//! The mean of an activation over a Gaussian sum: how the paper infers.

use crate::model::activation::Activation;
use burn::tensor::Tensor;
use burn::tensor::activation::relu;
use std::f64::consts::{PI, SQRT_2};

/// Points and weights of the Gauss-Hermite rule of 16 points for N(0, 1), the positive half:
/// `numpy.polynomial.hermite_e.hermegauss(16)`, the weights divided by their sum.
const HERMITE: [[f64; 2]; 8] = [
    [0.386_760_604_500_557_4, 0.286_568_521_238_012],
    [1.163_829_100_554_964_8, 0.158_338_372_750_949_7],
    [1.951_980_345_716_333_4, 0.047_284_752_354_014_06],
    [2.760_245_047_630_701_4, 0.007_266_937_601_184_749],
    [3.600_873_624_171_548_7, 0.000_525_984_926_573_908_7],
    [4.492_955_302_520_011, 1.530_003_216_248_732e-5],
    [5.472_225_705_949_343, 1.309_473_216_286_817e-7],
    [6.630_878_198_393_129, 1.497_814_723_161_841_2e-10],
];

/// E a(u) for u ~ N(mean, variance): μΦ(μ/σ) + σφ(μ/σ) for ReLU, by quadrature to 1e-3 for the
/// others.
pub fn expected<const D: usize>(
    activation: Activation,
    mean: Tensor<D>,
    variance: Tensor<D>,
) -> Tensor<D> {
    // So small that where nothing is dropped, the activation itself is left. In front of the root,
    // whose slope at 0 is infinite.
    let std = variance.clamp_min(1e-24).sqrt();
    if activation == Activation::Relu {
        return rectified(mean, std);
    }
    let at = |point: f64| activation.apply(mean.clone() + std.clone() * point);
    let pairs = HERMITE.map(|[point, weight]| (at(point) + at(-point)) * weight);
    pairs.into_iter().fold(mean.zeros_like(), |sum, pair| sum + pair)
}

fn rectified<const D: usize>(mean: Tensor<D>, std: Tensor<D>) -> Tensor<D> {
    let z = mean.clone() / std.clone();
    let below = ((z.clone() / SQRT_2).erf() + 1.0) * 0.5;
    let density = (z.square() * -0.5).exp() / (2.0 * PI).sqrt();
    // Far below zero the two parts cancel to a rounding error of either sign.
    relu(mean * below + std * density)
}

//! The tensor penalties are core's scalar ones, and both are λ/n times the textbook's.

use super::elastic_net::ElasticNet;
use super::l1::L1;
use super::l2::L2;
use super::*;
use burn::tensor::Device;
use wellfit_core::number::{Fraction, NonNegative};
use wellfit_core::penalty::{self, Penalty};

const WEIGHTS: [f64; 6] = [1.5, -0.3, 0.0, 0.02, -4.0, 1e-3];
const N: f64 = 8.0;

fn tensor(values: &[f64]) -> Tensor<1> {
    let values: Vec<f32> = values.iter().map(|&v| v as f32).collect();
    Tensor::from_data(values.as_slice(), &Device::flex())
}

fn parameter() -> Parameter {
    Parameter { path: "head.weight".into(), shape: vec![6, 1], role: Role::Weight }
}

fn host(tensor: Tensor<1>) -> Vec<f64> {
    tensor.into_data().try_into_vec::<f32>().unwrap().into_iter().map(f64::from).collect()
}

fn assert_close(found: &[f64], expected: &[f64]) {
    for (f, e) in found.iter().zip(expected) {
        assert!((f - e).abs() <= 1e-6 * (1.0 + e.abs()), "{found:?}, expected {expected:?}");
    }
}

/// Value, gradient (where it acts) and prox (where it acts) against the scalar penalty.
fn assert_law(door: &dyn PenaltyDoor, scalar: &dyn Penalty, method: Method) {
    let parameter = parameter();
    let place = Place::of(&parameter, N);
    let w = tensor(&WEIGHTS);
    assert_close(&[door.value(&w, place)], &[scalar.value(&WEIGHTS)]);
    let gradient = host(door.add_gradient(&mut w.clone(), w.zeros_like(), place));
    let steps = [0.05, 0.5, 2.0, 1.0, 0.1, 0.3];
    let uniform = host(door.prox(w.clone(), &StepSize::Uniform(0.7), place));
    let each = host(door.prox(w, &StepSize::PerElement(tensor(&steps)), place));
    match method {
        Method::Subgradient => {
            assert_close(&gradient, &WEIGHTS.map(|w| scalar.gradient(w)));
            assert_close(&uniform, &WEIGHTS);
        }
        Method::Proximal => {
            assert_close(&gradient, &[0.0; 6]);
            assert_close(&uniform, &WEIGHTS.map(|w| scalar.prox(w, 0.7)));
            let expected: Vec<f64> =
                WEIGHTS.iter().zip(steps).map(|(&w, s)| scalar.prox(w, s)).collect();
            assert_close(&each, &expected);
            let zeros = uniform.iter().filter(|&&w| w == 0.0).count();
            assert!(zeros >= 3, "soft thresholding gives exact zeros: {uniform:?}");
        }
    }
}

#[test]
fn tensors_and_scalars_agree() {
    let lambda = NonNegative::new(0.8).unwrap();
    let ratio = Fraction::new(0.6).unwrap();
    let strength = 0.8 / N;
    assert_law(
        &L2 { lambda, layers: PerLayer::default() },
        &penalty::L2::new(strength).unwrap(),
        Method::Subgradient,
    );
    for method in [Method::Proximal, Method::Subgradient] {
        let l1 = L1 { lambda, method, layers: PerLayer::default() };
        assert_law(&l1, &penalty::L1::new(strength).unwrap(), method);
        let net = ElasticNet { lambda, ratio, method, layers: PerLayer::default() };
        assert_law(&net, &penalty::ElasticNet::from_ratio(strength, ratio).unwrap(), method);
    }
}

#[test]
fn l2_is_the_textbook_s_number() {
    // w = 0.3, λ = 5, n = 50,000: penalty λ/2n w² = 4.5e-6.
    let l2 = L2 { lambda: NonNegative::new(5.0).unwrap(), layers: PerLayer::default() };
    let parameter = parameter();
    assert!((l2.value(&tensor(&[0.3]), Place::of(&parameter, 50_000.0)) - 4.5e-6).abs() < 1e-12);
}

#[test]
fn a_layer_s_factor_multiplies_its_strength_and_zero_leaves_it_alone() {
    let lambda = NonNegative::new(0.8).unwrap();
    let parameter = parameter();
    let place = Place::of(&parameter, N);
    let factor =
        |factor: f64| -> PerLayer { toml::from_str(&format!("head = {factor:?}")).unwrap() };
    let plain = L2 { lambda, layers: PerLayer::default() }.value(&tensor(&WEIGHTS), place);
    let tripled = L2 { lambda, layers: factor(3.0) }.value(&tensor(&WEIGHTS), place);
    assert!((tripled - 3.0 * plain).abs() < 1e-9 * plain);
    let off = L1 { lambda, method: Method::Proximal, layers: factor(0.0) };
    let kept = host(off.prox(tensor(&WEIGHTS), &StepSize::Uniform(0.7), place));
    assert_eq!(kept, host(tensor(&WEIGHTS)));
    assert_eq!(off.names(), ["head"]);
}

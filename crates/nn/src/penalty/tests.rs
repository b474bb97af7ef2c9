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
    let gradient = host(door.add_gradient(&w, w.zeros_like(), place));
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
        &L2 { lambda: lambda.into(), layers: PerLayer::default() },
        &penalty::L2::new(strength).unwrap(),
        Method::Subgradient,
    );
    for method in [Method::Proximal, Method::Subgradient] {
        let l1 = L1 { lambda: lambda.into(), method, layers: PerLayer::default() };
        assert_law(&l1, &penalty::L1::new(strength).unwrap(), method);
        let net = ElasticNet { lambda: lambda.into(), ratio, method, layers: PerLayer::default() };
        assert_law(&net, &penalty::ElasticNet::from_ratio(strength, ratio).unwrap(), method);
    }
}

#[test]
fn l2_is_the_textbook_s_number() {
    // w = 0.3, λ = 5, n = 50,000: penalty λ/2n w² = 4.5e-6.
    let l2 = L2 { lambda: NonNegative::new(5.0).unwrap().into(), layers: PerLayer::default() };
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
    let plain =
        L2 { lambda: lambda.into(), layers: PerLayer::default() }.value(&tensor(&WEIGHTS), place);
    let tripled = L2 { lambda: lambda.into(), layers: factor(3.0) }.value(&tensor(&WEIGHTS), place);
    assert!((tripled - 3.0 * plain).abs() < 1e-9 * plain);
    let off = L1 { lambda: lambda.into(), method: Method::Proximal, layers: factor(0.0) };
    let kept = host(off.prox(tensor(&WEIGHTS), &StepSize::Uniform(0.7), place));
    assert_eq!(kept, host(tensor(&WEIGHTS)));
    assert_eq!(off.names(), ["head"]);
}

/// In a loop of one's own the first step of L2-SP pulls nowhere, and a later one to the start.
#[test]
fn l2_sp_is_given_its_start_in_a_loop_of_one_s_own() {
    let penalties: Vec<Box<dyn PenaltyDoor>> =
        vec![Box::new(toml::from_str::<super::l2_sp::L2Sp>("lambda = 8.0").unwrap())];
    let device = Device::flex().autodiff();
    let model = burn::nn::LinearConfig::new(6, 1).with_bias(false).init(&device);
    let starts = Starts::of(&penalties, &model);
    let parameter = parameter();
    let start = starts.get(0).unwrap().clone();
    for moved in [0.0, 3.0] {
        let value = start.clone() + moved;
        let gradient = start.zeros_like();
        let mut slots = [Slot { parameter: &parameter, index: 0, value, gradient }];
        add_gradients(&penalties, &mut slots, &starts, N);
        assert_close(&host(slots[0].gradient.clone()), &[moved; 6]);
    }
}

/// The soft threshold and then the group's operator minimize Σ (u - v)²/2s + P1(u) + P2(u): no
/// neighbour is better, with one step and with a step for every weight.
#[test]
fn l1_and_then_group_lasso_are_the_operator_of_their_sum() {
    let l1: L1 = toml::from_str("lambda = 0.8").unwrap();
    let group: super::group_lasso::GroupLasso = toml::from_str("lambda = 1.2").unwrap();
    let parameter = Parameter { path: "w".into(), shape: vec![3, 2], role: Role::Weight };
    let place = Place::of(&parameter, N);
    let v = [1.5, -0.3, -0.7, 0.02, 0.4, 0.25];
    let each = [0.5, 1.5, 2.0, 1.0, 0.7, 1.3];
    let steps = [(StepSize::Uniform(0.9), [0.9; 6]), (StepSize::PerElement(tensor(&each)), each)];
    for (step, lengths) in steps {
        let cost = |u: &[f64]| {
            let apart = |((u, v), s): ((&f64, &f64), &f64)| (u - v).powi(2) / (2.0 * s);
            let apart: f64 = u.iter().zip(&v).zip(&lengths).map(apart).sum();
            apart + l1.value(&tensor(u), place) + group.value(&tensor(u), place)
        };
        let u = host(group.prox(l1.prox(tensor(&v), &step, place), &step, place));
        assert!(u.contains(&0.0) && u.iter().any(|&u| u != 0.0), "{u:?}");
        let least = cost(&u);
        for at in 0..6 {
            for by in [-0.1, -0.01, 0.01, 0.1] {
                let mut other = u.clone();
                other[at] += by;
                assert!(cost(&other) >= least - 5e-7, "{u:?} {at} {by}");
            }
        }
        let other = host(l1.prox(group.prox(tensor(&v), &step, place), &step, place));
        assert!(cost(&other) > least + 1e-5, "the order plays a part: {other:?}");
    }
}

//! Traces of three steps, against PyTorch 2.x and hand computation.

use super::*;
use crate::parameter::{Parameter, Role, Slot};
use crate::weight::{WeightDoor, weight_decay::WeightDecay};
use burn::tensor::Device;

fn number(tensor: Tensor<1>) -> f64 {
    f64::from(tensor.into_data().try_into_vec::<f32>().unwrap()[0])
}

/// The values of one weight that starts at 1 with gradients of 0.1.
fn trace(optimizer: Optimizer, learning_rate: f64, decay: Option<f64>) -> Vec<f64> {
    let parameter = Parameter { path: "w".to_owned(), shape: vec![1], role: Role::Weight };
    let one = |value: f32| Tensor::<1>::from_data([value], &Device::flex());
    let mut slots = [Slot { parameter: &parameter, index: 0, value: one(1.0), gradient: one(0.1) }];
    let decay = decay.map(|lambda| {
        let decay = WeightDecay { lambda: NonNegative::new(lambda).unwrap() };
        Box::new(decay) as Box<dyn WeightDoor>
    });
    let weights: Vec<Box<dyn WeightDoor>> = decay.into_iter().collect();
    let mut updater = Updater::new(optimizer);
    let around = Around { weights: &weights, penalties: &[], n: 1.0 };
    let mut step = || {
        updater.update(learning_rate, &mut slots, around);
        number(slots[0].value.clone())
    };
    vec![step(), step(), step()]
}

fn assert_trace(found: &[f64], expected: [f64; 3]) {
    for (f, e) in found.iter().zip(expected) {
        assert!((f - e).abs() < 3e-7, "{found:?}, expected {expected:?}");
    }
}

#[test]
fn decoupled_decay_beside_adam() {
    // definitions.md: AdamW, w0 = 1, g = .1, lr = .01, wd = .1, eps = 1e-8.
    let expected = [0.989000001, 0.978011002, 0.967032992];
    assert_trace(&trace(Optimizer::Adam(Adam::default()), 0.01, Some(0.1)), expected);
    let adam = Adam::default();
    let adamw = AdamW {
        beta1: adam.beta1,
        beta2: adam.beta2,
        epsilon: adam.epsilon,
        weight_decay: NonNegative::new(0.1).unwrap(),
    };
    assert_trace(&trace(Optimizer::AdamW(adamw), 0.01, None), expected);
}

#[test]
fn momentum_has_no_dampening() {
    // v = .1, .19, .271; Nesterov g + .9 v = .19, .271, .3439.
    let sgd = |nesterov| Optimizer::Sgd(Sgd { momentum: Rate::new(0.9).unwrap(), nesterov });
    assert_trace(&trace(sgd(false), 1.0, None), [0.9, 0.71, 0.439]);
    assert_trace(&trace(sgd(true), 1.0, None), [0.81, 0.539, 0.1951]);
}

#[test]
fn plain_sgd_keeps_no_state() {
    let mut state = Moments::default();
    let gradient = Tensor::<1>::from_data([0.5f32], &Device::flex());
    let step = Optimizer::Sgd(Sgd::default()).step(0.1, gradient, &mut state);
    assert!((number(step) - 0.05).abs() < 1e-8 && state.first.is_none());
}

#[test]
fn burn_s_adam_takes_the_same_steps() {
    use burn::optim::{AdamConfig, Optimizer as _};
    let device = Device::flex();
    let adam = AdamConfig::new().with_epsilon(1e-8).build();
    let (mut w, mut state) = (Tensor::<1>::from_data([1.0f32, -2.0], &device), None);
    let mut ours = w.clone();
    let mut moments = Moments::default();
    for step in 0..20 {
        let gradient = Tensor::<1>::from_data([(step as f32).sin(), 0.3 - step as f32], &device);
        (w, state) = adam.step(0.05, w, gradient.clone(), state);
        ours = ours - Optimizer::Adam(Adam::default()).step(0.05, gradient, &mut moments);
    }
    let (w, ours): (Vec<f32>, Vec<f32>) =
        (w.into_data().try_into_vec().unwrap(), ours.into_data().try_into_vec().unwrap());
    for (theirs, ours) in w.iter().zip(&ours) {
        assert!((theirs - ours).abs() < 1e-5, "{theirs} {ours}");
    }
}

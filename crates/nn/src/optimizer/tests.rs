//! Traces of steps, held against PyTorch's.

use super::*;
use crate::lambda::Factors;
use crate::parameter::{Parameter, Role, Slot};
use crate::penalty::PerLayer;
use crate::penalty::Starts;
use crate::weight::{WeightDoor, weight_decay::WeightDecay};
use burn::tensor::Device;

fn golden(name: &str) -> Vec<f64> {
    let text = include_str!("../../tests/golden/optimizers.json");
    let golden: serde_json::Value = serde_json::from_str(text).unwrap();
    golden[name].as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

/// The values of one weight that starts at 1, under the golden gradients.
fn trace(optimizer: Optimizer, learning_rate: f64, decay: Option<f64>) -> Vec<f64> {
    let parameter = Parameter { path: "w".to_owned(), shape: vec![1], role: Role::Weight };
    let one = |value: f64| Tensor::<1>::from_data([value as f32], &Device::flex());
    let decay = decay.map(|lambda| {
        let lambda = NonNegative::new(lambda).unwrap();
        let decay = WeightDecay { lambda: lambda.into(), layers: PerLayer::default() };
        Box::new(decay) as Box<dyn WeightDoor>
    });
    let weights: Vec<Box<dyn WeightDoor>> = decay.into_iter().collect();
    let starts = Starts::default();
    let around = Around {
        weights: &weights,
        penalties: &[],
        starts: &starts,
        n: 1.0,
        factors: &Factors::default(),
    };
    let mut updater = Updater::new(optimizer);
    let mut value = one(1.0);
    let mut step = |gradient: f64| {
        let slot =
            Slot { parameter: &parameter, index: 0, value: value.clone(), gradient: one(gradient) };
        value = updater.update(learning_rate, slot, around);
        value.clone().into_scalar::<f64>()
    };
    golden("gradients").into_iter().map(&mut step).collect()
}

fn assert_golden(name: &str, found: &[f64]) {
    for (f, e) in found.iter().zip(golden(name)) {
        assert!((f - e).abs() < 2e-6, "{name}: {found:?}, expected {:?}", golden(name));
    }
}

fn sgd(momentum: f64, nesterov: bool) -> Optimizer {
    Optimizer::Sgd(Sgd { momentum: Rate::new(momentum).unwrap(), nesterov })
}

#[test]
fn the_steps_are_pytorch_s() {
    assert_golden("sgd", &trace(sgd(0.0, false), 0.1, None));
    assert_golden("momentum", &trace(sgd(0.9, false), 0.1, None));
    assert_golden("nesterov", &trace(sgd(0.9, true), 0.1, None));
    assert_golden("adam", &trace(Optimizer::Adam(Adam::default()), 0.05, None));
}

#[test]
fn weight_decay_beside_adam_is_adamw() {
    let Adam { beta1, beta2, epsilon } = Adam::default();
    let weight_decay = NonNegative::new(0.1).unwrap();
    let adamw = Optimizer::AdamW(AdamW { beta1, beta2, epsilon, weight_decay });
    assert_golden("adamw", &trace(adamw, 0.05, None));
    assert_golden("adamw", &trace(Optimizer::Adam(Adam::default()), 0.05, Some(0.1)));
}

#[test]
fn plain_sgd_keeps_no_state() {
    let mut state = Moments::default();
    let gradient = Tensor::<1>::from_data([0.5f32], &Device::flex());
    let value = Tensor::<1>::from_data([0.25f32], &Device::flex());
    let value = sgd(0.0, false).update(0.1, value, gradient, &mut state).into_scalar::<f64>();
    assert!((value - 0.2).abs() < 1e-7 && state.first.is_none());
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
        ours = Optimizer::Adam(Adam::default()).update(0.05, ours, gradient, &mut moments);
    }
    let largest = (w - ours).abs().max().into_scalar::<f64>();
    assert!(largest < 1e-5, "{largest}");
}

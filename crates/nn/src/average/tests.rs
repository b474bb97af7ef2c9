//! Traces of averages, held against PyTorch's, optax's and timm's.

use super::*;
use crate::average::ema::Ema;
use crate::average::lookahead::Lookahead;
use crate::average::swa::Swa;
use crate::parameter::{changed, parameters};
use crate::technique::{Doors, Technique};
use burn::module::{Module, Param};
use burn::tensor::{Device, TensorData};

#[derive(Module, Debug)]
struct Weights {
    w: Param<Tensor<1>>,
}

fn tensor(values: &[f64]) -> Tensor<1> {
    let values: Vec<f32> = values.iter().map(|&value| value as f32).collect();
    Tensor::from_data(TensorData::from(values.as_slice()), &Device::flex())
}

fn model(values: &[f64]) -> Weights {
    Weights { w: Param::from_tensor(Tensor::from_inner(tensor(values)).require_grad()) }
}

fn values(model: &Weights) -> Vec<f64> {
    model.w.val().into_data().try_into_vec_as::<f64>().unwrap()
}

/// Training and evaluated weights after every step, in epochs of `per_epoch` steps; `step` makes
/// the next weights of the present ones.
fn trace<T: Technique>(
    technique: T,
    start: &[f64],
    (steps, per_epoch): (u64, u64),
    step: impl Fn(u64, Vec<f64>) -> Vec<f64>,
) -> Vec<(Vec<f64>, Vec<f64>)> {
    let doors = Doors::default().with(technique);
    let mut trained = model(start);
    let list = parameters(&trained);
    let mut averages = Averages::begin(&doors.averages, &trained, &list);
    let mut after = |at: u64| {
        let next = tensor(&step(at, values(&trained)));
        let moved = changed(trained.clone(), &mut |_, _| Some(next.clone()));
        trained = averages.after_step(moved, Moment { step: at, per_epoch, steps });
        let evaluated = averages.averaged(&trained).unwrap_or(trained.clone());
        (values(&trained), values(&evaluated))
    };
    (1..=steps).map(&mut after).collect()
}

fn toml<T: Technique>(text: &str) -> T {
    toml::from_str(text).unwrap()
}

fn golden(name: &str) -> Vec<Vec<f64>> {
    let text = include_str!("../../tests/golden/averages.json");
    let golden: serde_json::Value = serde_json::from_str(text).unwrap();
    serde_json::from_value(golden[name].clone()).unwrap()
}

fn assert_close(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    let close = found.iter().zip(expected).all(|(f, e)| (f - e).abs() < 1e-6);
    assert!(close, "{found:?}, expected {expected:?}");
}

#[test]
fn the_moving_average_is_pytorch_s_and_training_does_not_see_it() {
    let weights = golden("weights");
    let follow = |at: u64, _| weights[at as usize].clone();
    let ema: Ema = toml("decay = 0.9\nwarm_up = false");
    let found = trace(ema, &weights[0], (12, 5), follow);
    for (step, ((trained, evaluated), expected)) in found.iter().zip(golden("ema")).enumerate() {
        assert_close(evaluated, &expected);
        assert_close(trained, &weights[step + 1]);
    }
}

#[test]
fn a_constant_is_reached_as_geometric_series_say() {
    let constant = |_, _| vec![1.0];
    let last = |text| trace(toml::<Ema>(text), &[0.0], (10, 100), constant)[9].1[0];
    assert!((last("decay = 0.9\nwarm_up = false") - 0.651_321_56).abs() < 1e-6);
    assert!((last("half_life = 10\nwarm_up = false") - 0.5).abs() < 1e-6);
    assert_eq!(last("decay = 0.9"), 1.0, "with a warm-up the first step forgets the start");
}

/// timm 1.0.31: `ModelEmaV3(model, decay=0.9, use_warmup=True).get_decay(step)`.
#[test]
fn the_warm_up_is_timm_s() {
    let ema: Ema = toml("decay = 0.9");
    let expected = [0.0, 0.370_039_475_1, 0.519_250_143_2, 0.603_149_737_0, 0.658_004_810_7];
    for (step, expected) in (1..).zip(expected) {
        assert!((ema.decay_at(step) - expected).abs() < 1e-9);
    }
    assert_eq!(ema.decay_at(1000), 0.9);
}

#[test]
fn one_of_decay_and_half_life_is_expected() {
    for text in ["", "decay = 0.9\nhalf_life = 3", "decay = 1.0", "half_life = 0"] {
        assert!(toml::from_str::<Ema>(text).is_err(), "{text}");
    }
}

/// In epochs of one step, the mean of all weights behind the start: PyTorch's `AveragedModel`
/// began with the weights at 0, ours with those at 1.
#[test]
fn the_mean_over_epochs_is_pytorch_s() {
    let weights = golden("weights");
    let shifted = |at: u64, _| weights[at as usize - 1].clone();
    let found = trace(toml::<Swa>("start = 0.0"), &[9.0; 3], (13, 1), shifted);
    for ((_, evaluated), expected) in found[1..].iter().zip(golden("swa")) {
        assert_close(evaluated, &expected);
    }
    assert_close(&found[0].1, &weights[0]);
}

#[test]
fn the_mean_waits_for_its_start_and_takes_the_ends_of_epochs_alone() {
    let count = |at: u64, _| vec![at as f64];
    let found = trace(toml::<Swa>("start = 0.5"), &[0.0], (12, 3), count);
    let evaluated: Vec<f64> = found.iter().map(|(_, evaluated)| evaluated[0]).collect();
    // Epochs end after 3, 6, 9 and 12 steps; the third and the fourth are averaged.
    let expected = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 9.0, 9.0, 10.5];
    assert_eq!(evaluated, expected);
    let always_one = trace(toml::<Swa>("start = 0.99"), &[0.0], (2, 1), count);
    assert_eq!(always_one[1].1, [2.0]);
}

/// optax 0.2.8: `lookahead(sgd(1.0), sync_period=2, slow_step_size=0.5)` on a gradient of 1 from 3:
/// 3 -> 2 -> 1 -> 2 -> 1 -> 0 -> 1, of which the third and the last are averages.
#[test]
fn looking_ahead_goes_back_half_of_the_way() {
    let down = |_, w: Vec<f64>| vec![w[0] - 1.0];
    let found = trace(toml::<Lookahead>("k = 2"), &[3.0], (5, 4), down);
    let trained: Vec<f64> = found.iter().map(|(trained, _)| trained[0]).collect();
    assert_eq!(trained, [2.0, 2.0, 1.0, 1.0, 0.0]);
    assert!(found.iter().all(|(trained, evaluated)| trained == evaluated));
}

#[test]
fn weights_that_are_not_a_number_leave_the_mean_again_only_by_a_new_start() {
    let bad = |at: u64, _| vec![if at == 2 { f64::NAN } else { 1.0 }];
    let found = trace(toml::<Ema>("decay = 0.5\nwarm_up = false"), &[0.0], (3, 9), bad);
    assert_eq!(found[0].1, [0.5]);
    assert!(found[1].1[0].is_nan() && found[2].1[0].is_nan());
}

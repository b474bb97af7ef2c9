use super::*;
use crate::chance::StepClock;
use crate::layer::golden::golden;
use burn::tensor::Device;
use std::cell::Cell;
use wellfit_core::seed::Seed;

fn layer(rate: f64, mode: Mode) -> (StochasticDepth, StepClock) {
    let clock = StepClock::new();
    let source = Source::new(Seed::new(3), "depth", &clock);
    (StochasticDepth::new(Rate::new(rate).unwrap(), mode, source), clock)
}

fn ones(rows: usize) -> Tensor<2> {
    Tensor::ones([rows, 6], &Device::flex().autodiff())
}

fn values(tensor: Tensor<2>) -> Vec<f32> {
    tensor.into_data().try_into_vec().unwrap()
}

#[test]
fn schedules_are_the_three_that_go_by_the_name_of_linear() {
    let rates = |growth: Growth, count: usize| -> Vec<f64> {
        (0..count).map(|l| growth.at(Rate::new(0.2).unwrap(), l, count).get()).collect()
    };
    let expected = [
        (Growth::Paper, [0.04, 0.08, 0.12, 0.16, 0.2]),
        (Growth::Timm, [0.0, 0.05, 0.1, 0.15, 0.2]),
        (Growth::Efficientnet, [0.0, 0.04, 0.08, 0.12, 0.16]),
        (Growth::Uniform, [0.2; 5]),
    ];
    for (growth, expected) in expected {
        for (found, expected) in rates(growth, 5).iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12, "{growth:?}: {found}, expected {expected}");
        }
    }
    for (found, expected) in rates(Growth::Timm, 9).iter().zip(golden("drops", "drop_path_rates")) {
        assert!((found - expected).abs() < 1e-7, "{found}, expected {expected}");
    }
    assert_eq!(rates(Growth::Timm, 1), [0.0]);
}

#[test]
fn a_row_is_left_out_or_scaled_as_a_whole_as_often_as_told() {
    let (layer, _) = layer(0.2, Mode::Row);
    let x = ones(5000).require_grad();
    let y = layer.around(&x, || x.clone()).unwrap();
    let found = values(y.clone());
    assert!(found.chunks(6).all(|row| row == [0.0; 6] || row == [1.25; 6]));
    let lost = found.chunks(6).filter(|row| row[0] == 0.0).count() as f64;
    assert!((lost - 1000.0).abs() < 5.0 * (5000.0 * 0.16f64).sqrt(), "{lost}");
    assert_eq!(values(x.grad(&y.sum().backward()).unwrap()), found);
}

#[test]
fn a_batch_is_left_out_as_one_and_its_branch_is_not_computed() {
    let (layer, clock) = layer(0.4, Mode::Batch);
    let (computed, x, steps) = (Cell::new(0), ones(3), 2000);
    let mut kept = 0;
    for step in 0..steps {
        clock.begin(step, 0);
        let branch = layer.around(&x, || {
            computed.set(computed.get() + 1);
            x.clone()
        });
        if let Some(branch) = &branch {
            kept += 1;
            assert!(values(branch.clone()).iter().all(|&v| v == (1.0f64 / 0.6) as f32));
        }
        // The same address leaves the same branches out.
        let left_out = branch.is_none();
        clock.begin(step, 0);
        assert_eq!(values(layer.forward(x.clone())).iter().all(|&v| v == 0.0), left_out);
    }
    assert_eq!(computed.get(), kept);
    assert!((f64::from(kept) - 1200.0).abs() < 5.0 * (2000.0 * 0.24f64).sqrt(), "{kept}");
}

#[test]
fn evaluation_computes_every_branch_as_it_is() {
    for mode in [Mode::Row, Mode::Batch] {
        let (layer, clock) = layer(0.9, mode);
        let x = ones(4).inner();
        for step in 0..50 {
            clock.begin(step, 0);
            let y = layer.valid().around(&x, || x.clone()).unwrap();
            assert_eq!(values(y), values(x.clone()));
        }
    }
}

/// Three blocks x <- x + a x in a row, and all eight ways to leave branches out: the mean over them
/// by their probabilities, and the share of each among many passes.
#[test]
fn the_ways_through_a_network_come_as_often_as_their_probabilities_say() {
    let (rate, gains, passes) = (Rate::new(0.6).unwrap(), [0.5f64, -0.25, 2.0], 20_000);
    let clock = StepClock::new();
    let rates: Vec<Rate> = (0..3).map(|l| Growth::Paper.at(rate, l, 3)).collect();
    let layer = |l: usize| {
        let source = Source::new(Seed::new(5), &format!("blocks.{l}"), &clock);
        StochasticDepth::new(rates[l], Mode::Row, source)
    };
    let layers: Vec<StochasticDepth> = (0..3).map(layer).collect();
    let x = Tensor::<2>::ones([passes, 1], &Device::flex().autodiff());
    let blocks = layers.iter().zip(gains);
    let y = blocks.fold(x, |x, (layer, gain)| x.clone() + layer.forward(x * gain));
    let found: Vec<f64> = y.into_data().try_into_vec_as().unwrap();
    let mut mean = 0.0;
    for way in 0..8u32 {
        let kept = |l: usize| way >> l & 1 == 1;
        let probability: f64 =
            (0..3).map(|l| if kept(l) { rates[l].keep() } else { rates[l].get() }).product();
        let gain = |l: usize| if kept(l) { 1.0 + gains[l] / rates[l].keep() } else { 1.0 };
        let output: f64 = (0..3).map(gain).product();
        let share = found.iter().filter(|&&y| (y - output).abs() < 1e-4).count() as f64;
        let n = passes as f64;
        let bound = 5.0 * (n * probability * (1.0 - probability)).sqrt();
        assert!((share - n * probability).abs() < bound, "{way:03b}: {share} of {passes}");
        mean += probability * output;
    }
    let all: f64 = gains.iter().map(|gain| 1.0 + gain).product();
    assert!((mean - all).abs() < 1e-12, "scaled branches keep the mean: {mean}, {all}");
}

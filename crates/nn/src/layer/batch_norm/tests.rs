use super::*;
use crate::layer::golden::{close, images};
use burn::tensor::TensorData;

fn device() -> Device {
    Device::flex().autodiff()
}

fn layer(features: usize, config: Config) -> (BatchNorm, StepClock) {
    let clock = StepClock::new();
    (BatchNorm::new(features, config, &clock, &device()), clock)
}

fn column(values: &[f32]) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values.to_vec(), [values.len(), 1]), &device())
}

fn running(layer: &BatchNorm) -> [f64; 2] {
    [&layer.running_mean, &layer.running_var].map(|state| state.value().into_scalar::<f64>())
}

#[test]
fn outputs_gradients_and_statistics_are_pytorch_s() {
    let (layer, _) = layer(6, Config::default());
    let x = images().require_grad();
    let y = layer.forward(x.clone());
    close(y.clone(), "norms", "batch_norm");
    let weight = Tensor::<1, burn::tensor::Int>::arange(0..144, &device()).float();
    let loss = (y * weight.reshape([4, 6, 2, 3])).sum();
    close(x.grad(&loss.backward()).unwrap(), "norms", "batch_norm_gradient");
    close(layer.running_mean.value(), "norms", "running_mean");
    close(layer.running_var.value(), "norms", "running_var");
    close(layer.valid().forward(images().inner()), "norms", "batch_norm_evaluated");
}

#[test]
fn the_running_variance_is_unbiased_and_a_snapshot_holds_it_at_once() {
    let (layer, _) = layer(1, Config::default());
    let y: Vec<f32> =
        layer.forward(column(&[1.0, 2.0, 3.0, 6.0])).into_data().try_into_vec().unwrap();
    for (y, expected) in y.iter().zip([-1.069_04, -0.534_52, 0.0, 1.603_57]) {
        assert!((y - expected).abs() < 1e-5, "{y}, expected {expected}");
    }
    let [mean, var] = running(&layer);
    assert!((mean - 0.3).abs() < 1e-6 && (var - 1.366_667).abs() < 1e-6, "{mean} {var}");
    // Burn's own layer shows the update to a visitor only after the next pass.
    struct Seen(Vec<f64>);
    impl burn::module::ModuleVisitor for Seen {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            self.0.push(param.val().inner().sum().into_scalar());
        }
    }
    let mut seen = Seen(Vec::new());
    layer.visit(&mut seen);
    assert_eq!(seen.0[2..], [mean, var]);
}

#[test]
fn statistics_hold_where_the_clock_says_so() {
    let (layer, clock) = layer(1, Config::default());
    let x = column(&[1.0, 2.0, 3.0, 6.0]);
    let moved = layer.forward(x.clone()).into_data();
    let before = running(&layer);
    clock.statistics(Statistics::Hold);
    assert_eq!(layer.forward(x.clone()).into_data(), moved, "by the batch's own statistics");
    assert_eq!(running(&layer), before);
    clock.statistics(Statistics::Move);
    clock.sample(true);
    let sampled = layer.forward(x.clone()).into_data();
    assert_eq!(running(&layer), before, "Monte Carlo inference moves nothing");
    assert_eq!(sampled, layer.valid().forward(x.clone().inner()).into_data());
    clock.sample(false);
    let _ = layer.forward(x);
    assert_ne!(running(&layer), before);
}

#[test]
fn one_example_has_no_variance_to_learn_from() {
    let (layer, _) = layer(1, Config::default());
    let _ = layer.forward(column(&[5.0]));
    assert_eq!(running(&layer), [0.0, 1.0]);
}

#[test]
fn recalibration_is_the_plain_mean_over_batches() {
    let (layer, clock) = layer(1, Config::default());
    for _ in 0..3 {
        let _ = layer.forward(column(&[100.0, 300.0]));
    }
    // Means 2, 10 and 3; unbiased variances 2, 8 and 3.
    let batches = [[1.0, 3.0], [8.0, 12.0]].map(|batch| column(&batch).inner());
    let third = column(&[1.0, 3.0, 5.0, 3.0, 3.0]).inner();
    let calibrated =
        recalibrate(layer.valid(), &clock, batches.into_iter().chain([third]), |layer, x| {
            let _ = layer.forward(x);
        });
    let [mean, var] = running(&calibrated);
    assert!((mean - 5.0).abs() < 1e-5 && (var - 4.0).abs() < 1e-5, "{mean} {var}");
    assert_eq!(clock.tick().statistics, Statistics::Move);
    assert!(calibrated.train().gamma.unwrap().is_require_grad(), "it can be trained again");
}

#[test]
fn ghost_batches_are_normalized_each_by_itself() {
    let config = Config { ghost: NonZeroUsize::new(2), ..Config::default() };
    let (ghost, _) = layer(1, config);
    let y: Vec<f32> =
        ghost.forward(column(&[0.0, 2.0, 10.0, 50.0])).into_data().try_into_vec().unwrap();
    for pair in y.chunks(2) {
        assert!((pair[0] + 1.0).abs() < 1e-4 && (pair[1] - 1.0).abs() < 1e-4, "{y:?}");
    }
    // Means 1 and 30, variances 2 and 800, one after the other at momentum 0.1.
    let [mean, var] = running(&ghost);
    assert!((mean - (0.9 * 0.1 + 3.0)).abs() < 1e-5, "{mean}");
    assert!((var - (0.9 * (0.9 + 0.2) + 80.0)).abs() < 1e-4, "{var}");
    let (whole, _) = layer(1, Config { ghost: NonZeroUsize::new(4), ..config });
    let (plain, _) = layer(1, Config::default());
    let x = column(&[0.0, 2.0, 10.0, 50.0]);
    assert_eq!(whole.forward(x.clone()).into_data(), plain.forward(x).into_data());
}

#[test]
fn frozen_statistics_stay_in_training_and_without_affine_there_is_nothing_to_train() {
    let (layer, _) = layer(1, Config { frozen: true, affine: false, ..Config::default() });
    let x = column(&[1.0, 2.0, 3.0, 6.0]);
    let y: Vec<f32> = layer.forward(x.clone()).into_data().try_into_vec().unwrap();
    assert!((y[3] - 6.0 / (1.0f32 + 1e-5).sqrt()).abs() < 1e-6, "{y:?}");
    assert_eq!(running(&layer), [0.0, 1.0]);
    let trained = crate::parameter::parameters(&layer);
    assert!(trained.iter().all(|p| p.role == crate::parameter::Role::Fixed), "{trained:?}");
}

#[test]
fn the_scale_of_the_weights_does_not_matter() {
    let (layer, _) =
        layer(6, Config { epsilon: Positive::new(1e-12).unwrap(), ..Config::default() });
    let small: Vec<f32> = layer.forward(images()).into_data().try_into_vec().unwrap();
    let large: Vec<f32> = layer.forward(images() * 1000.0).into_data().try_into_vec().unwrap();
    assert!(small.iter().zip(&large).all(|(a, b)| (a - b).abs() < 1e-4));
}

#[test]
fn recalibration_weighs_all_ghost_batches_alike_however_many_a_batch_has() {
    let config = Config { ghost: NonZeroUsize::new(16), ..Config::default() };
    let (mut layer, clock) = layer(1, config);
    let values: Vec<f32> = (0..98).map(|i| (i as f32 * 0.7).sin() * (i as f32)).collect();
    // Of 33 examples three ghost batches of 11, of 16 one, and of 1 none.
    let batches = [33, 16, 1, 33, 15].iter().scan(0, |start, &length| {
        *start += length;
        Some(column(&values[*start - length..*start]).inner())
    });
    // A second time, from the first again.
    for _ in 0..2 {
        layer = recalibrate(layer.valid(), &clock, batches.clone(), |layer, x| {
            let _ = layer.forward(x);
        });
    }
    let ghosts = [0..11, 11..22, 22..33, 33..49, 50..61, 61..72, 72..83, 83..98];
    let moments = ghosts.map(|ghost| {
        let part: Vec<f64> = values[ghost].iter().map(|&x| f64::from(x)).collect();
        let count = part.len() as f64;
        let mean = part.iter().sum::<f64>() / count;
        [mean, part.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (count - 1.0)]
    });
    for (at, found) in running(&layer).into_iter().enumerate() {
        let expected = moments.iter().map(|of_ghost| of_ghost[at]).sum::<f64>() / 8.0;
        let error = (found - expected).abs();
        assert!(error < 1e-5 * expected.abs().max(1.0), "{found}, expected {expected}");
    }
}

#[test]
fn no_ghost_batch_of_numbers_has_one_example_alone() {
    let ghost = |most: usize| Config { ghost: NonZeroUsize::new(most), ..Config::default() };
    for (most, count) in [(2, 3), (2, 5), (2, 33), (3, 4), (1, 7)] {
        let (layer, _) = layer(1, ghost(most));
        let values: Vec<f32> = (0..count).map(|i| (i * i) as f32).collect();
        let y: Vec<f32> = layer.forward(column(&values)).into_data().try_into_vec().unwrap();
        // Each has a mean of its own, and what is alone would become 0.
        assert!(y.iter().all(|&y| y != 0.0), "{count} in parts of {most}: {y:?}");
    }
    let plain: Vec<f32> =
        layer(1, ghost(2)).0.forward(column(&[5.0])).into_data().try_into_vec().unwrap();
    assert_eq!(plain, [0.0]);
}

#[test]
fn a_broken_batch_leaves_the_statistics_alone() {
    let (layer, clock) = layer(1, Config::default());
    // The second has a finite mean, and squares beyond single precision.
    let broken = [[1.0, f32::INFINITY], [-1e30, 1e30], [f32::NAN, 1.0]];
    for batch in &broken {
        let _ = layer.forward(column(batch));
        assert_eq!(running(&layer), [0.0, 1.0], "{batch:?}");
    }
    let batches = [broken[1], [1.0, 3.0], broken[0], [8.0, 12.0]].map(|x| column(&x).inner());
    let calibrated = recalibrate(layer.valid(), &clock, batches, |layer, x| {
        let _ = layer.forward(x);
    });
    assert_eq!(running(&calibrated), [6.0, 5.0]);
}

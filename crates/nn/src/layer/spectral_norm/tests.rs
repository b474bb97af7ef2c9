use super::*;
use crate::layer::golden::{close, golden, tensor};

fn over(weight: Tensor<4>, iterations: usize) -> (SpectralNorm, StepClock) {
    let clock = StepClock::new();
    let matrix: Tensor<2> = weight.reshape([4, 12]);
    let u = tensor("weights", "u", [4, 1]);
    (SpectralNorm::new(NonZeroUsize::new(iterations).unwrap(), matrix, u, &clock), clock)
}

fn filters() -> Tensor<4> {
    tensor("weights", "filters", [4, 3, 2, 2])
}

fn largest(weight: &Tensor<4>, by: &SpectralNorm) -> f64 {
    // Of W / c the largest singular value is that of W, which NumPy gives, over c.
    let w: Vec<f32> = weight.clone().into_data().try_into_vec().unwrap();
    let scaled: Vec<f32> = by.weight(weight.clone()).into_data().try_into_vec().unwrap();
    golden("weights", "sigma")[0] * f64::from(scaled[0]) / f64::from(w[0])
}

#[test]
fn the_largest_singular_value_is_one() {
    let (norm, _) = over(filters(), 1);
    assert!((largest(&filters(), &norm) - 1.0).abs() < 1e-3);
    assert!((largest(&filters(), &norm.valid()) - 1.0).abs() < 1e-3);
}

#[test]
fn weights_and_gradients_after_three_passes_are_pytorch_s() {
    // From the bare vector: at the fixed point that the layer begins with, order would not matter.
    let (mut norm, _) = over(filters(), 1);
    norm.u =
        RunningState::new(unit(tensor("weights", "u", [4, 1]), tensor("weights", "u", [4, 1])));
    let w = filters().require_grad();
    for _ in 0..2 {
        let _ = norm.weight(w.clone());
    }
    let scaled = norm.weight(w.clone());
    close(scaled.clone(), "weights", "spectral_norm");
    let places = Tensor::<1, burn::tensor::Int>::arange(0..48, &w.device()).float();
    let gradients = (scaled * places.reshape([4, 3, 2, 2])).sum().backward();
    close(w.grad(&gradients).unwrap(), "weights", "spectral_norm_gradient");
    close(norm.valid().weight(filters().inner() * 2.0), "weights", "spectral_norm");
}

#[test]
fn evaluation_a_held_pass_and_monte_carlo_do_not_iterate() {
    let (norm, clock) = over(filters(), 1);
    let other = filters() + 0.5;
    let before = norm.u.value().into_data();
    let _ = norm.valid().weight(other.clone().inner());
    clock.statistics(Statistics::Hold);
    let _ = norm.weight(other.clone());
    clock.statistics(Statistics::Move);
    clock.sample(true);
    let _ = norm.weight(other.clone());
    clock.sample(false);
    assert_eq!(norm.u.value().into_data(), before);
    let _ = norm.weight(other);
    assert_ne!(norm.u.value().into_data(), before);
}

#[test]
fn a_linear_layer_is_the_one_with_the_divided_weights() {
    let matrix: Tensor<2> = filters().reshape([4, 12]);
    let ones = Tensor::<2>::eye(4, &matrix.device());
    let [behind, before] = [0, 1].map(|_| over(filters(), 1).0);
    let found = behind.linear(matrix.clone(), None, ones).into_data();
    let expected: Vec<f32> = before.weight(matrix).into_data().try_into_vec().unwrap();
    for (found, expected) in found.iter::<f32>().zip(expected) {
        assert!((found - expected).abs() < 1e-6, "{found}, expected {expected}");
    }
}

#[test]
fn three_iterations_are_three_passes() {
    let other = filters() + 0.5;
    let [one, three] = [1, 3].map(|iterations| over(filters(), iterations).0);
    for _ in 0..3 {
        let _ = one.weight(other.clone());
    }
    let _ = three.weight(other);
    assert_eq!(one.u.value().into_data(), three.u.value().into_data());
}

#[test]
fn weights_of_length_zero_stay_and_are_no_nan_and_later_ones_find_their_value() {
    let (norm, _) = over(filters(), 1);
    let zeros = filters().zeros_like().require_grad();
    for _ in 0..2 {
        let w = norm.weight(zeros.clone());
        let gradient = zeros.grad(&w.clone().sum().backward()).unwrap();
        assert!(w.into_data().iter::<f32>().all(|w| w == 0.0));
        assert!(gradient.into_data().iter::<f32>().all(|g| g.is_finite()));
    }
    for _ in 0..50 {
        let _ = norm.weight(filters());
    }
    let found = largest(&filters(), &norm);
    assert!((found - 1.0).abs() < 1e-3, "{found}");
}

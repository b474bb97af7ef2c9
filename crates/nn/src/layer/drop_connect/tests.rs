use super::*;
use crate::chance::StepClock;
use burn::tensor::{Device, TensorData};
use wellfit_core::seed::Seed;

/// The example of the definitions: W by rows of outputs, x, half of the weights kept.
const W: [[f64; 3]; 2] = [[0.5, -1.0, 2.0], [1.5, 0.3, -0.7]];
const X: [f64; 3] = [1.0, 2.0, -1.0];

fn layer(more: &str) -> (DropConnect, StepClock) {
    let config = toml::from_str(&format!("rate = 0.5\n{more}")).unwrap();
    let clock = StepClock::new();
    (DropConnect::new(config, Source::new(Seed::new(4), "drop", &clock)), clock)
}

fn tensor<const D: usize>(values: &[f64], shape: [usize; D]) -> Tensor<D> {
    let values: Vec<f32> = values.iter().map(|&v| v as f32).collect();
    Tensor::from_data(TensorData::new(values, shape), &Device::flex().autodiff())
}

/// W as [in, out], times `scale`.
fn weight(scale: f64) -> Tensor<2> {
    let columns: Vec<f64> = (0..3).flat_map(|i| W.map(|row| row[i] * scale)).collect();
    tensor(&columns, [3, 2])
}

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor.into_data().try_into_vec_as().unwrap()
}

/// E f(Σ m_i w_i x_i) over all masks, each element 0 or `kept` with the same probability.
fn enumerated(row: &[f64; 3], kept: f64, f: impl Fn(f64) -> f64) -> f64 {
    let sum = |mask: usize| (0..3).map(|i| ((mask >> i) & 1) as f64 * kept * row[i] * X[i]).sum();
    (0..8).map(|mask| f(sum(mask))).sum::<f64>() / 8.0
}

#[test]
fn samples_have_the_moments_of_all_masks() {
    for (mask, shared) in [("example", false), ("batch", true)] {
        let (layer, clock) = layer(&format!("mask = \"{mask}\""));
        let n = 4_000;
        let samples: Vec<Vec<f64>> = (0..n)
            .map(|step| {
                clock.begin(step, 0);
                numbers(layer.linear(weight(1.0), None, tensor(&[X, X].concat(), [2, 3])))
            })
            .collect();
        let n = n as f64;
        for (output, row) in W.iter().enumerate() {
            let mean = enumerated(row, 2.0, |u| u);
            let moment = |power| enumerated(row, 2.0, |u| (u - mean).powi(power));
            let found =
                |power| samples.iter().map(|y| (y[output] - mean).powi(power)).sum::<f64>() / n;
            assert!(found(1).abs() < 5.0 * (moment(2) / n).sqrt(), "{mask}");
            let bound = 5.0 * ((moment(4) - moment(2).powi(2)) / n).sqrt();
            assert!((found(2) - moment(2)).abs() < bound, "{mask}: {} {}", found(2), moment(2));
        }
        let differ = samples.iter().filter(|y| y[..2] != y[2..]).count();
        assert_eq!(differ == 0, shared, "{mask}");
    }
}

#[test]
fn the_moments_of_the_sums_are_those_of_all_masks() {
    let input = tensor::<2>(&X, [1, 3]).inner();
    let found = layer("").0.moments(&Matrix, weight(1.0).inner(), None, input).map(numbers);
    // The numbers of the definitions.
    let definitions = [(-3.5, 8.25), (2.8, 3.1)];
    for ((row, output), (mean, variance)) in W.iter().zip(0..).zip(definitions) {
        let all = enumerated(row, 2.0, |u| u);
        for (found, expected) in [
            (found[0][output], mean),
            (found[0][output], all),
            (found[1][output], variance),
            (found[1][output], enumerated(row, 2.0, |u| (u - all).powi(2))),
        ] {
            assert!((found - expected).abs() < 1e-5, "{found}, expected {expected}");
        }
    }
}

/// With weights of half the size, doubled when kept: E relu = .0775542 and 1.4209338 by moments,
/// 0 and 1.4 by the mean net.
#[test]
fn gaussian_inference_is_not_the_mean_net() {
    use burn::module::Module;
    let input = || tensor::<2>(&X, [1, 3]).inner();
    let active = |layer: &DropConnect| {
        let weight = weight(0.5).inner();
        numbers(layer.activated(&Matrix, weight, None, input(), Activation::Relu))
    };
    let (gaussian, _) = layer("");
    let gaussian = gaussian.valid();
    assert!(gaussian.matches_moments(&input()));
    for (found, expected) in active(&gaussian).into_iter().zip([0.077_554_2, 1.420_933_8]) {
        assert!((found - expected).abs() < 1e-5, "{found}, expected {expected}");
    }
    let (mean, _) = layer("inference = \"mean\"");
    assert!(!mean.valid().matches_moments(&input()));
    let plain = numbers(gaussian.linear(weight(0.5).inner(), None, input()));
    for (found, expected) in plain.into_iter().zip([-1.75, 1.4]) {
        assert!((found - expected).abs() < 1e-6, "{found}");
    }
}

#[test]
fn the_variance_of_a_dropped_bias_counts() {
    use burn::module::Module;
    let input = || tensor::<2>(&[0.0], [1, 1]).inner();
    let active = |more| {
        let bias = tensor::<1>(&[-1.0], [1]).inner();
        let weight = tensor::<2>(&[3.0], [1, 1]).inner();
        let layer = layer(more).0.valid();
        numbers(layer.activated(&Matrix, weight, Some(bias), input(), Activation::Relu))[0]
    };
    // u ~ N(-1, 1): φ(1) - Φ(-1).
    assert!((active("") - 0.083_315_47).abs() < 1e-6, "{}", active(""));
    assert_eq!(active("bias = false"), 0.0);
}

/// Numbers by quadrature: see tests/golden/divergences.py.
#[test]
fn means_of_activations_are_those_of_quadrature() {
    let golden: serde_json::Value =
        serde_json::from_str(include_str!("../../../tests/golden/divergences.json")).unwrap();
    let rows = golden["activations"].as_array().unwrap();
    assert_eq!(rows.len(), 20);
    for row in rows {
        let activation: Activation = serde_json::from_value(row[0].clone()).unwrap();
        let [mean, variance, expected] = [1, 2, 3].map(|i| row[i].as_f64().unwrap());
        let at = |value| tensor(&[value], [1, 1]);
        let found = numbers(super::expected(activation, at(mean), at(variance)))[0];
        assert!((found - expected).abs() < 1e-3, "{row}: {found}");
        // Without variance the activation itself.
        let found = numbers(super::expected(activation, at(mean), at(0.0)));
        assert!((found[0] - numbers(activation.apply(at(mean)))[0]).abs() < 1e-6);
    }
}

/// The product that makes its masks on the way, against the same masks as tensors.
#[test]
fn the_product_and_its_gradients_are_those_of_the_masks() {
    let (batch, inputs, outputs) = (37, 5, 3);
    let wave = |len: usize, speed: f64| (0..len).map(|i| (i as f64 * speed).sin()).collect();
    let [x, w]: [Vec<f64>; 2] = [wave(batch * inputs, 0.7), wave(inputs * outputs, 1.3)];
    let masks = Masks::new(Rate::new(0.3).unwrap(), &mut Seed::new(1).stream("m").step(0));
    let run = |product: &dyn Fn(Tensor<2>, Tensor<2>) -> Tensor<2>| {
        let x = tensor(&x, [batch, inputs]).require_grad();
        let w = tensor(&w, [inputs, outputs]).require_grad();
        let y = product(x.clone(), w.clone());
        let gradients = y.clone().powi_scalar(3).sum().backward();
        let [of_x, of_w] = [x, w].map(|of| numbers(of.grad(&gradients).unwrap()));
        [numbers(y), of_x, of_w]
    };
    let found = run(&|x, w| product(x, w, masks));
    let all = masks.all([batch, inputs, outputs]);
    let all: Vec<f64> = all.into_iter().map(f64::from).collect();
    let expected = run(&|x, w| {
        let each = w.unsqueeze::<3>() * tensor(&all, [batch, inputs, outputs]);
        x.unsqueeze_dim::<3>(1).matmul(each).squeeze_dim(1)
    });
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-4, "{found}, expected {expected}");
        }
    }
}

#[test]
fn every_example_meets_filters_of_its_own() {
    let wave = |len: usize| (0..len).map(|i| (i as f64).sin()).collect::<Vec<_>>();
    let (image, filters) = (wave(2 * 5 * 4), wave(3 * 2 * 3 * 3));
    let input = || tensor::<4>(&[image.clone(), image.clone()].concat(), [2, 2, 5, 4]);
    let filters = || tensor::<4>(&filters, [3, 2, 3, 3]);
    let bias = || Some(tensor::<1>(&[0.5, -0.5, 1.0], [3]));
    let options = || ConvOptions::new([2, 1], [1, 1], [1, 1], 1);
    let plain = numbers(options().of(input(), filters(), bias()));
    let rate = |rate: f64| {
        let config: Config = toml::from_str(&format!("rate = {rate:?}")).unwrap();
        DropConnect::new(config, Source::new(Seed::new(4), "drop", &StepClock::new()))
    };
    // So rare that nothing is dropped: the layer itself, example by example.
    let found = numbers(rate(1e-9).convolution(filters(), bias(), input(), options()));
    assert_eq!(found.len(), plain.len());
    for (found, plain) in found.iter().zip(&plain) {
        assert!((found - plain).abs() < 1e-5, "{found}, {plain}");
    }
    let found = numbers(rate(0.5).convolution(filters(), bias(), input(), options()));
    let (first, second) = found.split_at(found.len() / 2);
    assert_ne!(first, second);
}

/// A frozen layer over a trained one: its inputs have a gradient, and none of them may be active.
#[test]
fn where_nothing_varies_the_gradient_is_that_of_the_activation() {
    for activation in [Activation::Relu, Activation::Tanh, Activation::Gelu] {
        let slope = |mean: &dyn Fn(Tensor<2>) -> Tensor<2>| {
            let x = tensor::<2>(&[1.5, -0.5, 0.25], [1, 3]).require_grad();
            numbers(x.grad(&mean(x.clone()).sum().backward()).unwrap())
        };
        let found = slope(&|x| super::expected(activation, x.clone(), x * 0.0));
        let plain = slope(&|x| activation.apply(x));
        for (found, plain) in found.into_iter().zip(plain) {
            assert!((found - plain).abs() < 1e-5, "{activation:?}: {found}, {plain}");
        }
    }
}

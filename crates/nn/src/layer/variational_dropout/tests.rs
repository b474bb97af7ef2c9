use super::*;
use crate::chance::StepClock;
use burn::tensor::Device;
use wellfit_core::seed::Seed;

/// A layer over weights [inputs, 1].
fn layer(text: &str, inputs: usize) -> (VariationalDropout, StepClock) {
    let (clock, device) = (StepClock::new(), Device::flex().autodiff());
    let site = WeightSite {
        path: "layer".to_owned(),
        shape: vec![inputs, 1],
        weights: Tensor::zeros([inputs], &device),
        is_head: false,
        device: &device,
        seed: Seed::new(9),
        clock: &clock,
    };
    (VariationalDropout::new(&toml::from_str(text).unwrap(), &site), clock)
}

fn tensor<const D: usize>(values: &[f32], shape: [usize; D]) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), &Device::flex().autodiff())
}

fn with_spread(mut layer: VariationalDropout, values: &[f32]) -> VariationalDropout {
    layer.spread = Param::from_tensor(tensor(values, [values.len()]));
    layer
}

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().unwrap()
}

/// y = x θ + sqrt(x² αθ²) ε, for every example by itself.
#[test]
fn outputs_have_the_moments_of_the_noisy_weights() {
    // σ² = (.01, .04); the logit of α = .25 is ln(1/3): αθ² = .25 (.25, 1).
    let sparse = [0.01f32.ln(), 0.04f32.ln()];
    let gaussian = [(1.0f32 / 3.0).ln()];
    for (text, spread, variance) in [
        ("", &sparse[..], 0.01 + 4.0 * 0.04),
        ("kind = \"gaussian\"", &gaussian[..], 0.25 * (0.25 + 4.0)),
    ] {
        let (layer, clock) = layer(text, 2);
        let layer = with_spread(layer, spread);
        let n = 4_000;
        let samples: Vec<[f64; 2]> = (0..n)
            .map(|step| {
                clock.begin(step, 0);
                let input = tensor(&[1.0, 2.0, 1.0, 2.0], [2, 2]);
                let output = numbers(layer.linear(tensor(&[0.5, -1.0], [2, 1]), None, input));
                [output[0], output[1]].map(|y| f64::from(y) + 1.5)
            })
            .collect();
        let n = n as f64;
        let mean = |of: &dyn Fn(&[f64; 2]) -> f64| samples.iter().map(of).sum::<f64>() / n;
        assert!(mean(&|y| y[0]).abs() < 5.0 * (variance / n).sqrt());
        assert!(mean(&|y| y[0] * y[1]).abs() < 5.0 * variance / n.sqrt());
        let found = mean(&|y| y[0] * y[0]);
        assert!((found - variance).abs() < 5.0 * variance * (2.0 / n).sqrt(), "{text}: {found}");
    }
}

#[test]
fn the_gradient_of_the_divergence_is_its_finite_difference() {
    let sparse = ("kl_weight = 0.5", vec![-3.0f32, -1.0]);
    for (text, spread) in [sparse, ("kind = \"gaussian\"", vec![-0.7])] {
        let divergence = |weight: &[f32], spread: &[f32]| {
            let (layer, clock) = layer(text, 2);
            let layer = with_spread(layer, spread);
            let weight = tensor(weight, [2, 1]).require_grad();
            let _ = layer.linear(weight.clone(), None, tensor(&[1.0, 2.0], [1, 2]));
            (clock.take_terms().unwrap(), weight, layer)
        };
        let weight = [0.5f32, -0.3];
        let (term, tracked, layer) = divergence(&weight, &spread);
        let gradients = term.backward();
        let mut found = numbers(layer.spread.val().grad(&gradients).unwrap());
        // One α for a layer does not depend on its weights.
        found.extend(tracked.grad(&gradients).map(numbers).unwrap_or_default());
        for (index, &found) in found.iter().enumerate() {
            let at = |step: f32| {
                let (mut weight, mut spread) = (weight, spread.clone());
                match index.checked_sub(spread.len()) {
                    None => spread[index] += step,
                    Some(index) => weight[index] += step,
                }
                divergence(&weight, &spread).0.into_scalar::<f64>()
            };
            let expected = (at(1e-2) - at(-1e-2)) / 2e-2;
            assert!((f64::from(found) - expected).abs() < 2e-3, "{text} {index}: {found}");
        }
    }
}

#[test]
fn the_divergence_of_one_alpha_counts_every_weight() {
    let term = |inputs: usize| {
        let (layer, clock) = layer("kind = \"gaussian\"", inputs);
        let ones = vec![1.0; inputs];
        let _ = layer.linear(tensor(&ones, [inputs, 1]), None, tensor(&ones, [1, inputs]));
        clock.take_terms().unwrap().into_scalar::<f64>()
    };
    let (log_alpha, one) = (0.1f32.ln(), term(1));
    let Parts { rest, argument, .. } = divergence::divergence(log_alpha, 1.0, 0.1);
    let expected = rest + divergence::LOGARITHMS as f32 * argument.ln();
    assert!((one - f64::from(expected)).abs() < 1e-5, "{one}");
    assert!((term(5) - 5.0 * one).abs() < 1e-5);
}

#[test]
fn an_alpha_that_stays_has_no_divergence() {
    let (layer, clock) = layer("kind = \"gaussian\"\nlearned = false", 2);
    let output = layer.linear(tensor(&[1.0, 1.0], [2, 1]), None, tensor(&[1.0, 2.0], [1, 2]));
    assert!(clock.take_terms().is_none() && !layer.spread.is_require_grad());
    assert_ne!(numbers(output), [3.0]);
}

#[test]
fn weights_that_are_noise_are_zero_and_evaluation_stays_the_same() {
    // log α = log σ² - log θ²: 2.9, 3.1, and of a weight of 0 the largest.
    let weights = [1.0f32, -1.0, 0.0];
    let spread = [2.9f32, 3.1, -9.0];
    let (layer, clock) = layer("", 3);
    let layer = with_spread(layer, &spread).valid();
    let forward = |weights: &[f32]| {
        let input = tensor::<2>(&[1.0, 2.0, 3.0], [1, 3]).inner();
        numbers(layer.linear(tensor::<2>(weights, [3, 1]).inner(), None, input))
    };
    assert_eq!(forward(&weights), [1.0]);
    let mut model = Snapshot::default();
    model.insert("blocks.0.weight".to_owned(), TensorData::new(weights.to_vec(), [3, 1]));
    let path = "blocks.0.over.VariationalDropout.spread";
    model.insert(path.to_owned(), TensorData::new(spread.to_vec(), [3]));
    prune(&mut model, Positive::THREE);
    let pruned = model.tensors()["blocks.0.weight"].clone().try_into_vec::<f32>().unwrap();
    assert_eq!(pruned, [1.0, 0.0, 0.0]);
    assert_eq!(forward(&pruned), forward(&weights));
    // Noise that was pruned is no noise of samples either: σ of the first weight alone is left.
    clock.sample(true);
    let samples: Vec<f32> = (0..4000)
        .map(|pass| {
            clock.begin(0, pass);
            forward(&pruned)[0] - 1.0
        })
        .collect();
    let variance = samples.iter().map(|y| f64::from(y * y)).sum::<f64>() / 4000.0;
    let expected = 2.9f64.exp();
    assert!((variance - expected).abs() < 5.0 * expected * (2.0f64 / 4000.0).sqrt(), "{variance}");
}

#[test]
fn a_threshold_beyond_the_clamp_prunes_what_lies_beyond_it() {
    // log α = log σ² - log θ²: 12.0, 9.0 and 0.
    let (weights, spreads) = ([(-6.0f32).exp(), (-4.5f32).exp(), 1.0], [0.0; 3]);
    let threshold = |value| Positive::new(value).unwrap();
    assert_eq!(kept(&weights, &spreads, threshold(10.0)), [0.0, 1.0, 1.0]);
    assert_eq!(kept(&weights, &spreads, threshold(8.0)), [0.0, 0.0, 1.0]);
}

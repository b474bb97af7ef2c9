use super::*;
use crate::chance::StepClock;
use crate::layer::reparameterization::Matrix;
use burn::tensor::{Device, TensorData};
use wellfit_core::number::Fraction;
use wellfit_core::seed::Seed;

fn golden(key: &str) -> Vec<Vec<f64>> {
    let golden: serde_json::Value =
        serde_json::from_str(include_str!("../../../tests/golden/divergences.json")).unwrap();
    let rows = golden[key].as_array().unwrap().iter();
    rows.map(|row| row.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()).collect()
}

fn settings(text: &str) -> Settings {
    toml::from_str(text).unwrap()
}

/// A layer over weights [2, 1], alone on its clock.
fn layer(text: &str) -> (Bayes, StepClock) {
    let (clock, device) = (StepClock::new(), Device::flex().autodiff());
    let site = WeightSite {
        path: "layer".to_owned(),
        shape: vec![2, 1],
        weights: Tensor::zeros([2], &device),
        is_head: false,
        device: &device,
        seed: Seed::new(9),
        clock: &clock,
    };
    (Bayes::new(settings(text), "bayes_linear", &site), clock)
}

fn tensor<const D: usize>(values: &[f64], shape: [usize; D]) -> Tensor<D> {
    let values: Vec<f32> = values.iter().map(|&v| v as f32).collect();
    Tensor::from_data(TensorData::new(values, shape), &Device::flex().autodiff())
}

fn with_rho(mut layer: Bayes, rho: [f64; 2]) -> Bayes {
    layer.rho = Param::from_tensor(tensor(&rho, [2]));
    layer
}

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor.into_data().try_into_vec_as().unwrap()
}

fn close(found: f64, expected: f64, what: &str) {
    let error = (found - expected).abs();
    assert!(error < 1e-5 * expected.abs().max(1.0), "{what}: {found}, expected {expected}");
}

#[test]
fn the_divergence_from_a_gaussian_is_pytorch_s_and_a_sum_over_weights() {
    for row in golden("gaussian") {
        let [mean, rho, prior, kl, by_mean, by_rho] = row[..] else { panic!("{row:?}") };
        let (layer, clock) = layer(&format!("prior_std = {prior:?}"));
        let layer = with_rho(layer, [rho, rho]);
        let weight = tensor(&[mean, mean], [2, 1]).require_grad();
        let _ = layer.forward(&Matrix, weight.clone(), None, tensor(&[1.0, 2.0], [1, 2]));
        let term = clock.take_terms().unwrap();
        close(term.clone().into_scalar(), 2.0 * kl, "divergence");
        let gradients = term.backward();
        let found = numbers(weight.grad(&gradients).unwrap());
        found.iter().for_each(|&found| close(found, by_mean, "in the mean"));
        let found = numbers(layer.rho.val().grad(&gradients).unwrap());
        found.iter().for_each(|&found| close(found, by_rho, "in rho"));
    }
}

#[test]
fn divergences_are_those_of_the_formula_by_hand() {
    // ln(s/σ) + (σ² + μ²) / 2s² - ½ for N(μ, σ²) from N(0, s²).
    let (half, tenth, fifth) = (0.5f64, 0.1f64, 0.2f64);
    for (mean, std, prior, expected) in [
        (0.0, half.sqrt(), 1.0, 0.5 * 2f64.ln() - 0.25),
        (0.3, tenth, 1.0, 10f64.ln() + 0.05 - 0.5),
        (-0.7, fifth, half, 2.5f64.ln() + 1.06 - 0.5),
    ] {
        let (layer, clock) = layer(&format!("prior_std = {prior:?}"));
        let layer = with_rho(layer, [inverse_softplus(std); 2]);
        let _ = layer.forward(&Matrix, tensor(&[mean; 2], [2, 1]), None, tensor(&[1.0; 2], [1, 2]));
        close(clock.take_terms().unwrap().into_scalar(), 2.0 * expected, "by hand");
    }
}

#[test]
fn the_cross_entropy_with_a_mixture_is_pytorch_s() {
    for row in golden("mixture") {
        let [mean, std, normal, first, second, share, value, by_mean, by_std] = row[..] else {
            panic!("{row:?}")
        };
        let number = |value| Positive::new(value).unwrap();
        let part = Mixture { share: Fraction::new(share).unwrap(), std: number(second) };
        let Prior::Mixture(prior) = Prior::new(number(first), Some(part)) else { panic!() };
        let found = prior.at(mean as f32, std as f32, normal as f32);
        for (found, expected) in found.into_iter().zip([value, by_mean, by_std]) {
            close(f64::from(found), expected, &format!("{row:?}"));
        }
    }
}

/// A mixture of two equal parts is a Gaussian, whose divergence is known in closed form.
#[test]
fn the_sampled_divergence_has_the_closed_one_as_its_mean() {
    let divergence = |text: &str, step: u64| {
        let (layer, clock) = layer(text);
        let layer = with_rho(layer, [-0.4, 0.3]);
        clock.begin(step, 0);
        let weight = tensor(&[0.8, -0.2], [2, 1]);
        let _ = layer.forward(&Matrix, weight, None, tensor(&[1.0, 2.0], [1, 2]));
        clock.take_terms().unwrap().into_scalar::<f64>()
    };
    let closed = divergence("prior_std = 0.7", 0);
    let mixture = "prior_std = 0.7\nmixture = { share = 0.3, std = 0.7 }";
    let samples: Vec<f64> = (0..4_000).map(|step| divergence(mixture, step)).collect();
    assert_moments(&samples, closed, None);
}

/// Mean within five standard errors; so the variance, where one is expected.
fn assert_moments(samples: &[f64], mean: f64, variance: Option<f64>) {
    let n = samples.len() as f64;
    let moment =
        |power: i32, about: f64| samples.iter().map(|x| (x - about).powi(power)).sum::<f64>() / n;
    let (found, spread) = (moment(1, 0.0), moment(2, mean));
    assert!((found - mean).abs() < 5.0 * (spread / n).sqrt(), "mean {found}, expected {mean}");
    if let Some(variance) = variance {
        let error = ((moment(4, mean) - spread * spread) / n).sqrt();
        assert!((spread - variance).abs() < 5.0 * error, "variance {spread}, expected {variance}");
    }
}

/// x = (1, 2), μ = (.5, -1), σ = (.1, .2): mean -1.5, variance .17, whoever draws.
#[test]
fn outputs_have_the_moments_of_the_posterior() {
    let rho = [0.1, 0.2].map(inverse_softplus);
    for (estimator, shared) in [("local", false), ("flipout", false), ("shared", true)] {
        let (layer, clock) = layer(&format!("estimator = \"{estimator}\""));
        let layer = with_rho(layer, rho);
        let (mut first, mut both) = (Vec::new(), Vec::new());
        for step in 0..4_000 {
            clock.begin(step, 0);
            let input = tensor(&[1.0, 2.0, 1.0, 2.0], [2, 2]);
            let found = layer.forward(&Matrix, tensor(&[0.5, -1.0], [2, 1]), None, input);
            let found = numbers(found);
            clock.take_terms();
            first.push(found[0]);
            both.push((found[0] + 1.5) * (found[1] + 1.5));
        }
        assert_moments(&first, -1.5, Some(0.17));
        // Rows of a batch are independent, unless they share the weights; of flipout at least
        // uncorrelated.
        assert_moments(&both, if shared { 0.17 } else { 0.0 }, None);
    }
}

#[test]
fn the_gradient_is_the_finite_difference() {
    let mixture = "mixture = { std = 0.1 }";
    for text in ["", "estimator = \"flipout\"", "estimator = \"shared\"", mixture] {
        let run = |weight: [f64; 2], rho: [f64; 2]| {
            let (layer, clock) = layer(text);
            let layer = with_rho(layer, rho);
            clock.begin(3, 0);
            let weight = tensor(&weight, [2, 1]).require_grad();
            let input = tensor(&[1.0, 2.0, -0.5, 0.3], [2, 2]);
            let output = layer.forward(&Matrix, weight.clone(), None, input);
            let loss = output.square().sum() + clock.take_terms().unwrap();
            (loss, weight, layer)
        };
        let (weight, rho) = ([0.5, -1.0], [-0.5, 0.2]);
        let (loss, tracked, layer) = run(weight, rho);
        let gradients = loss.backward();
        let found = [
            numbers(tracked.grad(&gradients).unwrap()),
            numbers(layer.rho.val().grad(&gradients).unwrap()),
        ]
        .concat();
        for (index, found) in found.into_iter().enumerate() {
            let at = |step: f64| {
                let (mut weight, mut rho) = (weight, rho);
                let values: &mut [f64] = if index < 2 { &mut weight } else { &mut rho };
                values[index % 2] += step;
                run(weight, rho).0.into_scalar::<f64>()
            };
            let expected = (at(1e-2) - at(-1e-2)) / 2e-2;
            let error = (found - expected).abs();
            assert!(error < 5e-3 * expected.abs().max(1.0), "{text} {index}: {found}, {expected}");
        }
    }
}

#[test]
fn a_rho_far_out_gives_no_infinity() {
    for rho in [-1e4, -80.0, 80.0, 1e4] {
        let (layer, clock) = layer("");
        let layer = with_rho(layer, [rho, rho]);
        let weight = tensor(&[0.5, 0.5], [2, 1]).require_grad();
        let output = layer.forward(&Matrix, weight, None, tensor(&[0.0, 2.0], [1, 2]));
        let gradients = (output.sum() + clock.take_terms().unwrap()).backward();
        let found = numbers(layer.rho.val().grad(&gradients).unwrap());
        assert!(found.iter().all(|found| found.is_finite()), "{rho}: {found:?}");
    }
}

#[test]
fn evaluation_uses_the_means_and_monte_carlo_adds_no_term() {
    use burn::module::Module;
    let (layer, clock) = layer("");
    let layer = layer.valid();
    let forward = || {
        let input = tensor::<2>(&[1.0, 2.0], [1, 2]).inner();
        layer.forward(&Matrix, tensor::<2>(&[0.5, -1.0], [2, 1]).inner(), None, input)
    };
    let plain = numbers(forward());
    assert_eq!(plain, [-1.5]);
    clock.sample(true);
    assert_ne!(numbers(forward()), plain);
    clock.sample(false);
    assert!(clock.take_terms().is_none());
}

#[test]
fn the_divergence_warms_up_in_a_straight_line() {
    let number = |value| NonNegative::new(value).unwrap();
    let strength = Strength { weight: number(0.5), warm_up_epochs: number(4.0) };
    assert_eq!([0.0, 1.0, 4.0, 9.0].map(|epoch| strength.at(epoch)), [0.0, 0.125, 0.5, 0.5]);
    assert_eq!(Strength { warm_up_epochs: NonNegative::ZERO, ..strength }.at(0.0), 0.5);
}

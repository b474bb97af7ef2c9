use super::*;
use burn::tensor::Device;
use std::sync::Arc;
use wellfit_core::seed::{Address, Seed};

/// E|(x + ε)w|² - |xw|² = std² |w|² per example: the identity behind "noise is ridge".
#[test]
fn the_expected_squared_output_grows_by_std_squared_times_the_weights() {
    let (rows, std) = (200_000, NonNegative::new(0.5).unwrap());
    let x = || Tensor::<2>::zeros([rows, 2], &Device::flex());
    let draw = || Seed::new(1).stream("input_noise").step(0);
    let uniform = uniform_like(&x(), std, &mut draw());
    // Mean of squares of s times a sum of independent numbers: variances of z² for z = 3a + 4b
    // of variance 25 are 2 · 25², and less for uniform a, b.
    for (kind, noisy) in [("gaussian", input_noise(x(), std, &mut draw())), ("uniform", uniform)] {
        let w = Tensor::<2>::from_data([[3.0], [4.0]], &Device::flex());
        let squared = noisy.matmul(w).square().mean().into_scalar::<f64>();
        let expected = 0.25 * 25.0;
        let error = expected * (2.0 / rows as f64).sqrt();
        assert!((squared - expected).abs() < 5.0 * error, "{kind}: {squared}");
    }
}

fn read(text: &str) -> InputNoise {
    toml::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// What it makes of three columns of zeros, column by column.
fn columns(noise: &InputNoise, pixels: Option<PixelScale>) -> [Vec<f32>; 3] {
    let rows = 40_000;
    let moments = Moments { mean: vec![5.0; 3], std: vec![1.0, 10.0, 0.0] };
    let batch = Batch {
        inputs: Tensor::<2>::zeros([rows, 3], &Device::flex()),
        shape: vec![3, 1, 1],
        pixels,
        moments: Some(Arc::new(moments)),
        embedded: Vec::new(),
        cells: None,
        targets: Tensor::ones([rows, 1], &Device::flex()),
        classes: false,
    };
    let chance = Chance { seed: Seed::new(1), address: Address::default(), epoch: 0.0 };
    let inputs = noise.apply(batch, &chance).inputs;
    [0, 1, 2].map(|j| inputs.clone().narrow(1, j, 1).into_data().try_into_vec().unwrap())
}

fn variance(values: &[f32]) -> f64 {
    values.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>() / values.len() as f64
}

#[test]
fn the_unit_is_that_of_the_inputs_or_each_feature_s_own() {
    for kind in ["gaussian", "uniform"] {
        for (unit, stds) in [("input", [0.2, 0.2, 0.2]), ("feature", [0.2, 2.0, 0.0])] {
            let text = format!("kind = \"{kind}\"\nstd = 0.2\nunit = \"{unit}\"");
            for (column, std) in columns(&read(&text), None).iter().zip(stds) {
                let (found, expected) = (variance(column), std * std);
                let bound = 5.0 * expected * (2.0 / column.len() as f64).sqrt();
                assert!((found - expected).abs() <= bound, "{text}: {found}");
            }
        }
    }
    let reach = 0.2 * 3f32.sqrt();
    let uniform = &columns(&read("kind = \"uniform\"\nstd = 0.2"), None)[0];
    assert!(uniform.iter().all(|x| x.abs() <= reach), "bounded, unlike a Gaussian");
}

#[test]
fn salt_is_white_and_pepper_black_on_the_scale_of_the_inputs() {
    let noise = read("kind = \"salt_and_pepper\"\nrate = 0.3");
    let scale = PixelScale { mean: vec![0.5, 0.25, 0.5], std: vec![0.5, 0.25, 2.0] };
    let shades = [[-1.0, 1.0], [-1.0, 3.0], [-0.25, 0.25]];
    for (column, shades) in columns(&noise, Some(scale)).iter().zip(shades) {
        let n = column.len() as f64;
        for shade in shades {
            let found = column.iter().filter(|&&x| x == shade).count() as f64;
            let bound = 5.0 * (n * 0.15 * 0.85).sqrt();
            assert!((found - 0.15 * n).abs() < bound, "{shade}: {found}");
        }
        assert!(column.iter().all(|x| *x == 0.0 || shades.contains(x)));
    }
}

#[test]
fn each_kind_has_its_own_key() {
    let old = read("std = 0.1");
    assert_eq!(old, InputNoise::gaussian(NonNegative::new(0.1).unwrap()));
    for text in ["kind = \"uniform\"\nstd = 0.1", "kind = \"salt_and_pepper\"\nrate = 0.1"] {
        assert_eq!(read(&toml::to_string(&read(text)).unwrap()), read(text));
    }
    for (text, told) in [
        ("", "expected a std"),
        ("rate = 0.1", "expected a std"),
        ("kind = \"uniform\"\nstd = 0.1\nrate = 0.1", "expected a std and no rate"),
        ("kind = \"salt_and_pepper\"\nstd = 0.1", "expected a rate"),
        ("kind = \"salt_and_pepper\"\nrate = 0.1\nunit = \"feature\"", "expected a rate"),
        ("kind = \"speckle\"\nstd = 0.1", "unknown variant `speckle`"),
    ] {
        let error = toml::from_str::<InputNoise>(text).unwrap_err().to_string();
        assert!(error.contains(told), "{text}: {error}");
    }
}

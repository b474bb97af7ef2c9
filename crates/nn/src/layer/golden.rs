//! Numbers of other programs that the tests of layers read: `tests/golden/*.json`, each with the
//! script that made it.

use burn::tensor::{Device, Tensor, TensorData};

/// The numbers called `name` in `tests/golden/{file}.json`.
pub fn golden(file: &str, name: &str) -> Vec<f64> {
    let text = match file {
        "norms" => include_str!("../../tests/golden/norms.json"),
        "drops" => include_str!("../../tests/golden/drops.json"),
        "weights" => include_str!("../../tests/golden/weights.json"),
        _ => panic!("no golden file {file}"),
    };
    let all: serde_json::Value = serde_json::from_str(text).unwrap();
    all[name].as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

/// Asserts that a tensor holds the golden numbers, in single precision.
pub fn close<const D: usize>(found: Tensor<D>, file: &str, name: &str) {
    let found: Vec<f64> = found.into_data().try_into_vec_as().unwrap();
    let expected = golden(file, name);
    assert_eq!(found.len(), expected.len(), "{name}");
    let largest = expected.iter().fold(1.0f64, |largest, value| largest.max(value.abs()));
    for (found, expected) in found.iter().zip(&expected) {
        let near = (found - expected).abs() < 2e-6 * largest;
        assert!(near, "{name}: {found}, expected {expected}");
    }
}

/// A golden tensor.
pub fn tensor<const D: usize>(file: &str, name: &str, shape: [usize; D]) -> Tensor<D> {
    let values: Vec<f32> = golden(file, name).into_iter().map(|value| value as f32).collect();
    Tensor::from_data(TensorData::new(values, shape), &Device::flex().autodiff())
}

/// Four images of six channels, 2x3 pixels each.
pub fn images() -> Tensor<4> {
    tensor("norms", "input", [4, 6, 2, 3])
}

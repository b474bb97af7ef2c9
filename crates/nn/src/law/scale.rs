//! Laws of layers that hold the scale of their weights.

use super::bench::host;
use super::measured::largest;
use super::placed::{INPUTS, OUTPUTS, Place, Placed};
use super::{Bench, Law, Measured};
use crate::Error;
use crate::technique::Shelved;
use burn::module::Param;
use burn::tensor::Tensor;

pub(super) const LAWS: &[Law] = &[
    Law {
        id: "scale_free",
        says: "three times the weights give the same outputs",
        about: &["weight_norm", "spectral_norm", "weight_standardization"],
        measure: scale_free,
    },
    Law {
        id: "largest_singular_value",
        says: "the largest singular value of the weights in use is 1",
        about: &["spectral_norm"],
        measure: singular_value,
    },
];

/// The same layer with weights three times as large.
fn larger(place: &Place) -> Place {
    fn thrice<const D: usize>(weight: &Param<Tensor<D>>) -> Param<Tensor<D>> {
        weight.clone().map(|w| Tensor::from_inner(w.inner() * 3.0).require_grad())
    }
    match place.clone() {
        Place::Dense(mut layer) => {
            layer.weight = thrice(&layer.weight);
            Place::Dense(layer)
        }
        Place::Convolution(mut layer) => {
            layer.weight = thrice(&layer.weight);
            Place::Convolution(layer)
        }
        other => other,
    }
}

/// Passes of training, in which a power iteration comes to rest.
fn rested(bench: &Bench, place: &Place) {
    (0..200).for_each(|_| drop(place.trained(bench, &place.ones())));
}

fn scale_free(bench: &Bench, Shelved { card, .. }: Shelved) -> Result<Option<Measured>, Error> {
    let value = match card.id {
        // Beside which the variance of weights is large.
        "weight_standardization" => "{ epsilon = 1e-12 }",
        _ => card.example,
    };
    let Placed { places, .. } = Placed::alone(bench, card.id, value)?;
    let of = |place: &Place| {
        rested(bench, place);
        let inputs = place.noise(bench, "inputs");
        let expected = place.trained(bench, &inputs);
        let larger = larger(place);
        rested(bench, &larger);
        Measured::apart(1e-3, &larger.trained(bench, &inputs), &expected)
    };
    Ok(Measured::worst(places.iter().map(of)))
}

/// The rows of the identity bring the weights in use; their largest singular value is found by
/// iterating W'W.
fn singular_value(bench: &Bench, Shelved { card, .. }: Shelved) -> Result<Option<Measured>, Error> {
    let Placed { places, .. } = Placed::alone(bench, card.id, "{ iterations = 1 }")?;
    let of = |place: &Place| {
        let Place::Dense(layer) = place else { return None };
        rested(bench, place);
        let mut unit = vec![0.0; INPUTS * INPUTS];
        (0..INPUTS).for_each(|i| unit[i * INPUTS + i] = 1.0);
        let outputs = host(layer.forward(bench.leaf(&unit, [INPUTS, INPUTS])));
        let zero = host(layer.forward(bench.leaf(&[0.0; INPUTS], [1, INPUTS])));
        let weight: Vec<f64> =
            outputs.iter().zip(zero.iter().cycle()).map(|(y, b)| y - b).collect();
        Some(Measured::within(1e-3, (norm(&weight) - 1.0).abs()))
    };
    Ok(Measured::worst(places.iter().filter_map(of)))
}

fn norm(weight: &[f64]) -> f64 {
    let mut v = vec![1.0, -0.5, 0.25, 0.7];
    let mut value = 0.0;
    for _ in 0..5000 {
        let rows = weight.chunks(OUTPUTS);
        let u: Vec<f64> = rows.map(|row| row.iter().zip(&v).map(|(w, v)| w * v).sum()).collect();
        let column = |k: usize| (0..INPUTS).map(|i| weight[i * OUTPUTS + k] * u[i]).sum::<f64>();
        let next: Vec<f64> = (0..OUTPUTS).map(column).collect();
        let length = next.iter().map(|x| x * x).sum::<f64>().sqrt();
        v = next.iter().map(|x| x / length).collect();
        value = length.sqrt();
    }
    largest([value])
}

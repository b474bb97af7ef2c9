//! Laws of Bayesian layers: the divergence is that of the definition, summed over the weights.

use super::bench::host;
use super::measured::largest;
use super::placed::{Place, Placed};
use super::{Bench, Law, Measured};
use crate::Error;
use crate::technique::Shelved;

pub(super) const LAWS: &[Law] = &[
    Law {
        id: "divergence",
        says: "KL(q ‖ p) is the sum over the weights of its integral",
        about: &["bayes_linear", "bayes_conv"],
        measure: gaussian,
    },
    Law {
        id: "divergence_of_log_uniform",
        says: "the published fit of KL(q ‖ p) is within 0.01 a weight of its integral",
        about: &["variational_dropout"],
        measure: log_uniform,
    },
];

const SPREAD: f64 = 0.2;
const PRIOR: f64 = 0.7;

/// ∫ f(z) N(z; 0, 1) dz by the midpoint rule over [-10, 10].
fn expected(f: impl Fn(f64) -> f64) -> f64 {
    const CELLS: usize = 100_000;
    let step = 20.0 / CELLS as f64;
    let density = |z: f64| (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let at = |cell: usize| -10.0 + (cell as f64 + 0.5) * step;
    (0..CELLS).map(at).map(|z| f(z) * density(z) * step).sum()
}

/// The means of the weights of a place, and the divergence that one pass of training adds.
fn pass(bench: &Bench, placed: &Placed, place: &Place) -> Option<(Vec<f64>, f64)> {
    let weights = match place {
        Place::Dense(layer) => host(layer.weight.val()),
        Place::Convolution(layer) => host(layer.weight.val()),
        Place::Vectors(_) | Place::Images(_) => return None,
    };
    let _ = placed.clock.take_terms();
    let _ = place.trained(bench, &place.ones());
    let term = placed.clock.take_terms()?;
    Some((weights, term.into_scalar::<f64>()))
}

fn measured(
    bench: &Bench,
    placed: &Placed,
    bound: f64,
    of_weight: impl Fn(f64) -> f64,
) -> Option<Measured> {
    let of = |place: &Place| {
        let (weights, found) = pass(bench, placed, place)?;
        let exact: f64 = weights.iter().map(|&mean| of_weight(mean)).sum();
        let count = weights.len() as f64;
        Some(Measured::within(bound, largest([(found - exact).abs() / count])))
    };
    Measured::worst(placed.places.iter().filter_map(of))
}

fn gaussian(bench: &Bench, Shelved { card, .. }: Shelved) -> Result<Option<Measured>, Error> {
    let value = format!("{{ initial_std = {SPREAD}, prior_std = {PRIOR} }}");
    let placed = Placed::alone(bench, card.id, &value)?;
    let entropy = (SPREAD * (2.0 * std::f64::consts::PI * std::f64::consts::E).sqrt()).ln();
    // -E ln p as an integral, so that no closed form proves itself.
    let cross = |mean: f64| {
        expected(|z| 0.5 * ((mean + SPREAD * z) / PRIOR).powi(2))
            + (PRIOR * (2.0 * std::f64::consts::PI).sqrt()).ln()
    };
    Ok(measured(bench, &placed, 1e-4, |mean| cross(mean) - entropy))
}

/// KL = E ln |1 + sqrt(α) z| - ½ ln α + (γ + ln 2) / 2, with α = σ² / mean².
fn log_uniform(bench: &Bench, Shelved { card, .. }: Shelved) -> Result<Option<Measured>, Error> {
    const EULER: f64 = 0.577_215_664_901_532_9;
    let placed = Placed::alone(bench, card.id, &format!("{{ initial_std = {SPREAD} }}"))?;
    let exact = |mean: f64| {
        let root = SPREAD / mean.abs();
        expected(|z| (1.0 + root * z).abs().ln()) - root.ln() + 0.5 * (EULER + 2f64.ln())
    };
    Ok(measured(bench, &placed, 1e-2, exact))
}

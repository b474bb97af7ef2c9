//! Laws of normalizations.

use super::measured::largest;
use super::placed::{COUNT, FEATURES, Place, Placed, SIDE};
use super::{Bench, Law, Measured};
use crate::Error;
use crate::technique::Shelved;

pub(super) const LAWS: &[Law] = &[
    Law {
        id: "standardized",
        says: "over what is normalized together, the mean is 0 and the variance 1",
        about: &["batch_norm", "layer_norm", "group_norm", "instance_norm"],
        measure: standardized,
    },
    Law {
        id: "mean_square",
        says: "the mean square of an example's features is 1",
        about: &["rms_norm"],
        measure: mean_square,
    },
    Law {
        id: "apart",
        says: "other examples of the batch matter to nobody, but to batch norm in training",
        about: NORMS,
        measure: apart,
    },
    Law {
        id: "running_statistics",
        says: "in training they go the share `momentum` of the way to the batch's",
        about: &["batch_norm"],
        measure: running_statistics,
    },
];

const NORMS: &[&str] = &["batch_norm", "layer_norm", "group_norm", "instance_norm", "rms_norm"];
const GROUPS: usize = 4;

fn at_groups(id: &str) -> String {
    match id {
        "group_norm" => format!("{{ groups = {GROUPS} }}"),
        _ => "{}".to_owned(),
    }
}

/// The values that a normalization takes together, out of flat outputs [batch, features, ...].
fn together(id: &str, outputs: &[f64]) -> Vec<Vec<f64>> {
    let pixels = outputs.len() / (COUNT * FEATURES);
    let group_of = |at: usize| {
        let (example, feature) = (at / (FEATURES * pixels), at / pixels % FEATURES);
        match id {
            "batch_norm" => feature,
            "instance_norm" => example * FEATURES + feature,
            "group_norm" => example * GROUPS + feature / (FEATURES / GROUPS),
            _ => example,
        }
    };
    let mut groups = vec![Vec::new(); COUNT * FEATURES];
    outputs.iter().enumerate().for_each(|(at, &y)| groups[group_of(at)].push(y));
    groups.retain(|group| !group.is_empty());
    groups
}

fn mean(values: &[f64], of: impl Fn(f64) -> f64) -> f64 {
    values.iter().map(|&y| of(y)).sum::<f64>() / values.len() as f64
}

fn standardized(bench: &Bench, Shelved { card, .. }: Shelved) -> Result<Option<Measured>, Error> {
    let Placed { places, .. } = Placed::alone(bench, card.id, &at_groups(card.id))?;
    let of = |place: &Place| {
        let outputs = place.trained(bench, &spread_out(place, bench));
        let off = |group: Vec<f64>| {
            let middle = mean(&group, |y| y);
            largest([middle.abs(), (mean(&group, |y| (y - middle).powi(2)) - 1.0).abs()])
        };
        Measured::within(1e-3, largest(together(card.id, &outputs).into_iter().map(off)))
    };
    Ok(Measured::worst(places.iter().map(of)))
}

/// Inputs of variance 9, beside which the ε of a norm is small.
fn spread_out(place: &Place, bench: &Bench) -> Vec<f32> {
    place.noise(bench, "inputs").into_iter().map(|x| 3.0 * x).collect()
}

fn mean_square(bench: &Bench, Shelved { card, .. }: Shelved) -> Result<Option<Measured>, Error> {
    let Placed { places, .. } = Placed::alone(bench, card.id, "{}")?;
    let of = |place: &Place| {
        let outputs = place.trained(bench, &spread_out(place, bench));
        let off = |group: Vec<f64>| (mean(&group, |y| y * y) - 1.0).abs();
        Measured::within(1e-3, largest(together(card.id, &outputs).into_iter().map(off)))
    };
    Ok(Measured::worst(places.iter().map(of)))
}

fn apart(bench: &Bench, Shelved { card, .. }: Shelved) -> Result<Option<Measured>, Error> {
    let Placed { places, .. } = Placed::alone(bench, card.id, &at_groups(card.id))?;
    let exceptions = |place: &Place| {
        let inputs = place.noise(bench, "inputs");
        let first = inputs.len() / COUNT;
        let others = inputs.iter().enumerate().map(|(i, &x)| if i < first { x } else { 2.0 * x });
        let others: Vec<f32> = others.collect();
        let [now, then] = [&inputs, &others].map(|inputs| place.evaluates(bench, inputs));
        let evaluated = now[..first] != then[..first];
        let [now, then] = [&inputs, &others].map(|inputs| place.trained(bench, inputs));
        let trained = (now[..first] != then[..first]) != (card.id == "batch_norm");
        usize::from(evaluated) + usize::from(trained)
    };
    Ok(Some(Measured::none_of(places.iter().map(exceptions).sum())))
}

/// After one step from mean 0 and variance 1: y = (x - m μ) / sqrt(1 - m + m s²), s² the unbiased
/// variance.
fn running_statistics(bench: &Bench, shelved: Shelved) -> Result<Option<Measured>, Error> {
    let momentum = 0.25;
    let value = format!("{{ momentum = {momentum} }}");
    let Placed { places, .. } = Placed::alone(bench, shelved.card.id, &value)?;
    let of = |place: &Place| {
        let inputs = spread_out(place, bench);
        let _ = place.trained(bench, &inputs);
        let exact: Vec<f64> = inputs.iter().map(|&x| f64::from(x)).collect();
        let moved: Vec<[f64; 2]> = together("batch_norm", &exact)
            .iter()
            .map(|channel| {
                let middle = mean(channel, |x| x);
                let squares: f64 = channel.iter().map(|x| (x - middle).powi(2)).sum();
                let variance = squares / (channel.len() - 1) as f64;
                [momentum * middle, 1.0 - momentum + momentum * variance]
            })
            .collect();
        let pixels = if matches!(place, Place::Images(_)) { SIDE * SIDE } else { 1 };
        let expected = exact.iter().enumerate().map(|(at, x)| {
            let [middle, variance] = moved[at / pixels % FEATURES];
            (x - middle) / (variance + 1e-5).sqrt()
        });
        let expected: Vec<f64> = expected.collect();
        Measured::apart(1e-4, &place.evaluates(bench, &inputs), &expected)
    };
    Ok(Measured::worst(places.iter().map(of)))
}

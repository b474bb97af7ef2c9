//! Laws of penalties: proximal operators are argmins, gradients finite differences, n is told.

use super::bench::host;
use super::measured::largest;
use super::{Bench, Law, Measured};
use crate::Error;
use crate::parameter::{Parameter, Role};
use crate::penalty::{PenaltyDoor, Place, StepSize};
use crate::technique::Shelved;
use burn::tensor::Tensor;

pub(super) const LAWS: &[Law] = &[
    Law {
        id: "proximal",
        says: "the proximal operator is the argmin: no neighbour has a smaller |u - v|²/2s + P(u)",
        about: &[],
        measure: proximal,
    },
    Law {
        id: "gradient_of_weights",
        says: "where it acts by its gradient, that is the finite difference of its value",
        about: &[],
        measure: gradient,
    },
    Law {
        id: "shares_of_n",
        says: "the value falls as 1/n with the number of training examples",
        about: &[],
        measure: shares_of_n,
    },
    Law {
        id: "textbook_lambda",
        says: "λ/2n Σ w², λ/n Σ |w|, and between them",
        about: &["l1", "l2", "elastic_net"],
        measure: textbook,
    },
];

const LEN: usize = 12;
const N: f64 = 50.0;
const LAMBDA: f64 = 30.0;

/// The penalty at λ = 30, and by the subgradient where it can act so.
fn doors(bench: &Bench, shelved: Shelved) -> Result<Vec<Box<dyn PenaltyDoor>>, Error> {
    let id = shelved.card.id;
    if bench.doors(&[(id, shelved.card.example)])?.penalties.is_empty() {
        return Ok(Vec::new());
    }
    let more = if id == "elastic_net" { ", ratio = 0.4" } else { "" };
    let mut doors = bench.doors(&[(id, &format!("{{ lambda = {LAMBDA}{more} }}"))])?.penalties;
    let other = format!("{{ lambda = {LAMBDA}{more}, method = \"subgradient\" }}");
    if let Ok(other) = bench.doors(&[(id, &other)]) {
        doors.extend(other.penalties);
    }
    Ok(doors)
}

fn parameter() -> Parameter {
    Parameter { path: "w".into(), shape: vec![4, 3], role: Role::Weight }
}

/// Weights of a linear layer, none of them near zero or near a threshold.
fn weights(bench: &Bench) -> Vec<f32> {
    let away = |w: f32| w + 0.2 * w.signum();
    bench.normals("weights", LEN).into_iter().map(away).collect()
}

struct Scene<'a> {
    bench: &'a Bench,
    parameter: &'a Parameter,
    start: &'a Tensor<1>,
}

impl Scene<'_> {
    fn place(&self, n: f64) -> Place<'_> {
        Place { parameter: self.parameter, start: Some(self.start), n, factor: 1.0 }
    }

    fn value(&self, door: &dyn PenaltyDoor, weights: &[f64], n: f64) -> f64 {
        let weights: Vec<f32> = weights.iter().map(|&w| w as f32).collect();
        door.value(&self.bench.tensor(&weights, [LEN]), self.place(n))
    }
}

/// The worst of what `of` measures of each way in which the penalty acts.
fn each(
    bench: &Bench,
    shelved: Shelved,
    of: impl Fn(&Scene<'_>, &dyn PenaltyDoor, &[f64]) -> Option<Measured>,
) -> Result<Option<Measured>, Error> {
    let start = bench.tensor(&bench.normals("start", LEN), [LEN]);
    let scene = Scene { bench, parameter: &parameter(), start: &start };
    let weights: Vec<f64> = weights(bench).into_iter().map(f64::from).collect();
    let doors = doors(bench, shelved)?;
    Ok(Measured::worst(doors.iter().filter_map(|door| of(&scene, &**door, &weights))))
}

fn single(weights: &[f64]) -> Vec<f32> {
    weights.iter().map(|&w| w as f32).collect()
}

fn proximal(bench: &Bench, shelved: Shelved) -> Result<Option<Measured>, Error> {
    each(bench, shelved, |scene, door, weights| {
        door.is_proximal().then_some(())?;
        let step = 0.5;
        let v = bench.tensor(&single(weights), [LEN]);
        let u = host(door.prox(v, &StepSize::Uniform(step), scene.place(N)));
        let cost = |u: &[f64]| {
            let apart: f64 = u.iter().zip(weights).map(|(u, v)| (u - v).powi(2)).sum();
            apart / (2.0 * step) + scene.value(door, u, N)
        };
        let least = cost(&u);
        let neighbours = (0..LEN).flat_map(|at| [-0.1, -0.01, 0.01, 0.1].map(|by| (at, by)));
        let better = neighbours.map(|(at, by)| {
            let mut other = u.clone();
            other[at] += by;
            (least - cost(&other)).max(0.0)
        });
        // By as much as single precision may hide.
        Some(Measured::within(5e-6, largest(better)))
    })
}

fn gradient(bench: &Bench, shelved: Shelved) -> Result<Option<Measured>, Error> {
    each(bench, shelved, |scene, door, weights| {
        // What is left to the operator is no part of the gradient.
        if door.is_proximal() {
            return None;
        }
        let zeros = bench.tensor(&[0.0; LEN], [LEN]);
        let lent = bench.tensor(&single(weights), [LEN]);
        let found = host(door.add_gradient(&lent, zeros, scene.place(N)));
        let slope = |at: usize| {
            let beside = |by: f64| {
                let mut other = weights.to_vec();
                other[at] += by;
                scene.value(door, &other, N)
            };
            (beside(0.05) - beside(-0.05)) / 0.1
        };
        let expected: Vec<f64> = (0..LEN).map(slope).collect();
        Some(Measured::apart(1e-4, &found, &expected))
    })
}

fn shares_of_n(bench: &Bench, shelved: Shelved) -> Result<Option<Measured>, Error> {
    each(bench, shelved, |scene, door, weights| {
        let [few, many] = [N, 4.0 * N].map(|n| scene.value(door, weights, n));
        Some(Measured::within(1e-6, largest([(few / many - 4.0).abs()])))
    })
}

fn textbook(bench: &Bench, shelved: Shelved) -> Result<Option<Measured>, Error> {
    let ratio = match shelved.card.id {
        "l1" => 1.0,
        "l2" => 0.0,
        _ => 0.4,
    };
    each(bench, shelved, |scene, door, weights| {
        let of = |w: &f64| ratio * w.abs() + (1.0 - ratio) * w * w / 2.0;
        let expected = LAMBDA / N * weights.iter().map(of).sum::<f64>();
        let found = scene.value(door, weights, N);
        Some(Measured::within(1e-6, largest([(found / expected - 1.0).abs()])))
    })
}

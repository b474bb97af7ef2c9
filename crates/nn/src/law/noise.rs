//! Laws of noise on inputs, weights and gradients: its mean is zero and its variance the told one.

use super::bench::host;
use super::{Bench, Law, Measured};
use crate::Error;
use crate::batch::Batch;
use crate::parameter::{Parameter, Role, Slot};
use crate::penalty::Place;
use crate::technique::{Doors, Shelved};

pub(super) const LAWS: &[Law] = &[
    Law {
        id: "noise_of_inputs",
        says: "x' - x has mean 0 and variance σ², Gaussian and uniform",
        about: &["input_noise"],
        measure: of_inputs,
    },
    Law {
        id: "noise_of_weights",
        says: "w' - w has mean 0 and variance σ², or (σ |w|)²",
        about: &["weight_noise"],
        measure: of_weights,
    },
    Law {
        id: "noise_of_gradients",
        says: "the variance at step t is η / (1 + t)^γ",
        about: &["gradient_noise"],
        measure: of_gradients,
    },
    Law {
        id: "share_of_cells",
        says: "the share of the cells that change is the rate; others stay bit for bit",
        about: &["swap_noise", "feature_mask"],
        measure: share_of_cells,
    },
    Law {
        id: "own_column",
        says: "what comes into a cell stood in the same column",
        about: &["swap_noise"],
        measure: own_column,
    },
];

const LEN: usize = 40_000;

/// Mean zero and this variance, the worse of both.
fn noise(found: &[f64], variance: f64) -> Measured {
    let squares: Vec<f64> = found.iter().map(|e| e * e).collect();
    Measured::mean(found, 0.0).or(Measured::mean(&squares, variance))
}

/// A table of 200 columns.
fn table(bench: &Bench, value: impl Fn(usize) -> f32) -> Batch {
    let inputs: Vec<f32> = (0..LEN).map(value).collect();
    Batch {
        inputs: bench.tensor(&inputs, [LEN / 200, 200]),
        shape: vec![200],
        pixels: None,
        moments: None,
        embedded: Vec::new(),
        cells: None,
        targets: bench.tensor(&vec![0.0; LEN / 200], [LEN / 200, 1]),
        classes: false,
    }
}

fn through(bench: &Bench, doors: &Doors, batch: Batch) -> Vec<f64> {
    let chance = bench.chance(3);
    host(doors.batch.iter().fold(batch, |batch, door| door.apply(batch, &chance)).inputs)
}

fn of_inputs(bench: &Bench, shelved: Shelved) -> Result<Option<Measured>, Error> {
    let mut found = Vec::new();
    for kind in ["gaussian", "uniform"] {
        let value = format!("{{ std = 0.3, kind = \"{kind}\" }}");
        let doors = bench.doors(&[(shelved.card.id, &value)])?;
        let added: Vec<f64> =
            through(bench, &doors, table(bench, |_| 1.0)).iter().map(|x| x - 1.0).collect();
        found.push(noise(&added, 0.09));
    }
    Ok(Measured::worst(found))
}

fn of_weights(bench: &Bench, shelved: Shelved) -> Result<Option<Measured>, Error> {
    let parameter = Parameter { path: "w".into(), shape: vec![200, 200], role: Role::Weight };
    let mut found = Vec::new();
    for (relative, std) in [("none", 0.1), ("weight", 0.1 * 3.0)] {
        let value = format!("{{ std = 0.1, relative = \"{relative}\" }}");
        let doors = bench.doors(&[(shelved.card.id, &value)])?;
        for door in &doors.weights {
            let weights = bench.tensor(&vec![-3.0; LEN], [LEN]);
            let noisy = host(door.before(weights, Place::of(&parameter, 1.0), &bench.chance(3)));
            let added: Vec<f64> = noisy.iter().map(|w| w + 3.0).collect();
            found.push(noise(&added, std * std));
        }
    }
    Ok(Measured::worst(found))
}

fn of_gradients(bench: &Bench, shelved: Shelved) -> Result<Option<Measured>, Error> {
    let doors = bench.doors(&[(shelved.card.id, "{ eta = 0.5, gamma = 0.8 }")])?;
    let parameter = Parameter { path: "w".into(), shape: vec![200, 200], role: Role::Weight };
    let mut found = Vec::new();
    for (step, door) in [0, 9].into_iter().flat_map(|t| doors.gradients.iter().map(move |d| (t, d)))
    {
        let zeros = || bench.tensor(&vec![0.0; LEN], [LEN]);
        let slot = Slot { parameter: &parameter, index: 0, value: zeros(), gradient: zeros() };
        let mut slots = [slot];
        door.apply(&mut slots, &bench.chance(step));
        let [slot] = slots;
        found.push(noise(&host(slot.gradient), 0.5 / (1.0 + step as f64).powf(0.8)));
    }
    Ok(Measured::worst(found))
}

fn share_of_cells(bench: &Bench, shelved: Shelved) -> Result<Option<Measured>, Error> {
    let doors = bench.doors(&[(shelved.card.id, "{ rate = 0.3 }")])?;
    // No two cells are equal, so that a changed one is seen.
    let before = |i: usize| i as f32 + 0.5;
    let after = through(bench, &doors, table(bench, before));
    let changed = after.iter().enumerate().map(|(i, &x)| x != f64::from(before(i)));
    let changed: Vec<f64> = changed.map(|changed| f64::from(u8::from(changed))).collect();
    Ok(Some(Measured::mean(&changed, 0.3)))
}

fn own_column(bench: &Bench, shelved: Shelved) -> Result<Option<Measured>, Error> {
    let doors = bench.doors(&[(shelved.card.id, "{ rate = 0.3 }")])?;
    let after = through(bench, &doors, table(bench, |i| i as f32));
    let wrong = after.iter().enumerate().filter(|&(i, &x)| x as usize % 200 != i % 200);
    Ok(Some(Measured::none_of(wrong.count())))
}

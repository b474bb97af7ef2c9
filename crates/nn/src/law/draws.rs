//! Laws of chance: what one technique draws no other can change, and every step draws anew.

use super::placed::{Place, Placed};
use super::{Bench, Law, Measured};
use crate::Error;
use crate::batch::{Batch, Moments};
use crate::technique::{Doors, Shelved, shelf};
use burn::tensor::TensorData;
use std::sync::Arc;
use wellfit_core::card::Door;
use wellfit_data::PixelScale;

pub(super) const LAWS: &[Law] = &[
    Law {
        id: "own_draws",
        says: "another technique beside it, before or behind, changes none of its draws",
        about: &[],
        measure: own_draws,
    },
    Law {
        id: "fresh_draws",
        says: "a layer draws anew in each step, and the same at the same step",
        about: &[],
        measure: fresh_draws,
    },
    Law {
        id: "still_in_evaluation",
        says: "in evaluation nothing is drawn, and a layer that drops or shakes nothing else passes",
        about: &[],
        measure: still,
    },
];

fn own_draws(bench: &Bench, shelved: Shelved) -> Result<Option<Measured>, Error> {
    match shelved.card.door {
        Door::Layer => of_layers(bench, shelved),
        Door::Batch => of_batches(bench, shelved).map(Some),
        _ => Ok(None),
    }
}

fn at_seventh_step(bench: &Bench, placed: &Placed) -> Vec<Vec<f64>> {
    placed.clock.begin(7, 0);
    placed.places.iter().map(|place| place.trained(bench, &place.ones())).collect()
}

fn of_layers(bench: &Bench, Shelved { card, .. }: Shelved) -> Result<Option<Measured>, Error> {
    let own = (card.id, card.example);
    let alone = Placed::alone(bench, card.id, card.example)?;
    let expected = at_seventh_step(bench, &alone);
    let (mut changed, mut met) = (0, 0);
    for other in shelf().map(|other| other.card).filter(|other| other.id != card.id) {
        let beside = (other.id, other.example);
        for order in [[own, beside], [beside, own]] {
            let placed = Placed::of(bench, card.id, &order)?;
            let found = at_seventh_step(bench, &placed);
            // Two that are refused at one place are no pair.
            let is_there = |place: &Place| placed.places.iter().any(|found| found.is_like(place));
            let here = alone.places.iter().zip(&expected).filter(|(place, _)| is_there(place));
            let expected: Vec<&Vec<f64>> = here.map(|(_, outputs)| outputs).collect();
            changed += usize::from(!found.iter().eq(expected));
            met += usize::from(!found.is_empty());
        }
    }
    Ok((met > 0).then(|| Measured::none_of(changed)))
}

fn of_batches(bench: &Bench, Shelved { card, .. }: Shelved) -> Result<Measured, Error> {
    let doors = |card: &wellfit_core::card::Card| bench.doors(&[(card.id, card.example)]);
    let own = doors(card)?;
    let alone = through(bench, &[&own]);
    let mut changed = 0;
    for other in shelf().map(|other| other.card).filter(|other| other.door == Door::Batch) {
        let other = doors(other)?;
        // The other's result is thrown away: only its draws could matter.
        let _ = through(bench, &[&other]);
        changed += usize::from(through(bench, &[&own]) != alone);
    }
    Ok(Measured::none_of(changed))
}

/// What techniques make of a batch of images.
fn through(bench: &Bench, all: &[&Doors]) -> [TensorData; 2] {
    let chance = bench.chance(7);
    let doors = all.iter().flat_map(|doors| &doors.batch);
    let changed = doors.fold(batch(bench), |batch, door| door.apply(batch, &chance));
    [changed.inputs.into_data(), changed.targets.into_data()]
}

/// Four images of 3 by 8 by 4.
fn batch(bench: &Bench) -> Batch {
    let numbers: Vec<f32> = (0..4 * 96).map(|i| 0.5 + 0.5 * (i as f32).sin()).collect();
    let moments = Moments { mean: vec![0.1; 96], std: vec![1.0; 96] };
    Batch {
        inputs: bench.tensor(&numbers, [4, 96]),
        shape: vec![3, 8, 4],
        pixels: Some(PixelScale::default()),
        moments: Some(Arc::new(moments)),
        embedded: Vec::new(),
        cells: None,
        targets: bench.tensor(&[1.0 / 3.0; 12], [4, 3]),
        classes: true,
    }
}

/// The layers of a technique that draws, or none.
pub fn stochastic(bench: &Bench, shelved: Shelved) -> Result<Option<Placed>, Error> {
    let card = shelved.card;
    let doors = bench.doors(&[(card.id, card.example)])?;
    match doors.layers.iter().any(|door| door.is_stochastic()) {
        true => Placed::alone(bench, card.id, card.example).map(Some),
        false => Ok(None),
    }
}

fn fresh_draws(bench: &Bench, shelved: Shelved) -> Result<Option<Measured>, Error> {
    let Some(Placed { clock, places }) = stochastic(bench, shelved)? else { return Ok(None) };
    let wrong = places.iter().filter(|place| {
        let at = |step: u64, pass: u64| {
            clock.begin(step, pass);
            place.trained(bench, &place.ones())
        };
        // Two of so few masks may be equal; not all of them.
        let first = at(0, 0);
        let stale = (1..64).all(|step| at(step, 0) == first);
        let one_pass = (1..64).all(|pass| at(0, pass) == first);
        stale || one_pass || at(0, 0) != first
    });
    Ok(Some(Measured::none_of(wrong.count())))
}

fn still(bench: &Bench, shelved: Shelved) -> Result<Option<Measured>, Error> {
    let Some(Placed { clock, places }) = stochastic(bench, shelved)? else { return Ok(None) };
    let wrong = places.iter().filter(|place| {
        let inputs = place.noise(bench, "inputs");
        let at = |step| {
            clock.begin(step, 0);
            place.evaluates(bench, &inputs)
        };
        let changes = match place {
            Place::Vectors(_) | Place::Images(_) => {
                let same = inputs.iter().zip(at(0)).all(|(&x, y)| f64::from(x) == y);
                !same
            }
            Place::Dense(_) | Place::Convolution(_) => false,
        };
        changes || at(0) != at(1)
    });
    Ok(Some(Measured::none_of(wrong.count())))
}

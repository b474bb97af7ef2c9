//! Laws of targets: probabilities stay probabilities, and smoothing is that of the paper.

use super::bench::host;
use super::measured::largest;
use super::{Bench, Law, Measured};
use crate::Error;
use crate::batch::{Batch, BatchDoor, Moments};
use crate::technique::Shelved;
use std::sync::Arc;
use wellfit_data::PixelScale;

pub(super) const LAWS: &[Law] = &[
    Law {
        id: "probabilities",
        says: "targets stay probabilities: none is negative and their sum is 1",
        about: &[],
        measure: probabilities,
    },
    Law {
        id: "smoothing",
        says: "t' = (1 - ε) t + ε/K for every class, the right one too",
        about: &["label_smoothing"],
        measure: smoothing,
    },
];

const CLASSES: usize = 4;
const COUNT: usize = 7;

/// Seven images of 2 by 6 by 6, each of a class.
fn batch(bench: &Bench) -> Batch {
    let hot = |i: usize| (0..CLASSES).map(move |k| if k == i * i % CLASSES { 1.0 } else { 0.0 });
    let targets: Vec<f32> = (0..COUNT).flat_map(hot).collect();
    let moments = Moments { mean: vec![0.0; 72], std: vec![1.0; 72] };
    Batch {
        inputs: bench.tensor(&bench.normals("images", COUNT * 72), [COUNT, 72]),
        shape: vec![2, 6, 6],
        pixels: Some(PixelScale::default()),
        moments: Some(Arc::new(moments)),
        embedded: Vec::new(),
        cells: None,
        targets: bench.tensor(&targets, [COUNT, CLASSES]),
        classes: true,
    }
}

fn probabilities(bench: &Bench, shelved: Shelved) -> Result<Option<Measured>, Error> {
    let doors = bench.doors(&[(shelved.card.id, shelved.card.example)])?;
    let of = |step| {
        let chance = bench.chance(step);
        let changed =
            doors.batch.iter().fold(batch(bench), |batch, door| door.apply(batch, &chance));
        let targets = host(changed.targets);
        let negative = targets.iter().map(|t| (-t).max(0.0));
        let sums = targets.chunks(CLASSES).map(|row| (row.iter().sum::<f64>() - 1.0).abs());
        Measured::within(1e-6, largest(negative.chain(sums)))
    };
    Ok(if doors.batch.is_empty() { None } else { Measured::worst((0..20).map(of)) })
}

fn smoothing(bench: &Bench, shelved: Shelved) -> Result<Option<Measured>, Error> {
    let doors = bench.doors(&[(shelved.card.id, "{ epsilon = 0.3 }")])?;
    let expected: Vec<f64> =
        host(batch(bench).targets).iter().map(|t| 0.7 * t + 0.3 / CLASSES as f64).collect();
    let of = |door: &dyn BatchDoor| {
        let found = host(door.apply(batch(bench), &bench.chance(0)).targets);
        Measured::apart(1e-6, &found, &expected)
    };
    Ok(Measured::worst(doors.batch.iter().map(|door| of(&**door))))
}

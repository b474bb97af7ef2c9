//! Laws of mixup and CutMix: the share of a label is the share of its inputs.

use super::bench::host;
use super::measured::largest;
use super::{Bench, Law, Measured};
use crate::Error;
use crate::batch::Batch;
use crate::batch::cutmix::CutMix;
use crate::batch::mixing::Mode;
use crate::batch::mixup::Mixup;
use crate::model::ImageShape;
use crate::technique::Shelved;
use wellfit_core::number::NonNegative;

pub(super) const LAWS: &[Law] = &[
    Law {
        id: "share_of_label",
        says: "the share of a label is the share of its example in the inputs, also where a box is clipped",
        about: &["mixup", "cutmix"],
        measure: share_of_label,
    },
    Law {
        id: "mean_kept",
        says: "where one weight is shared, the batch keeps its mean, whatever its size",
        about: &["mixup"],
        measure: mean_kept,
    },
    Law {
        id: "law_of_lambda",
        says: "Var λ = 1 / (4 (2α + 1)) for λ ~ Beta(α, α)",
        about: &["mixup"],
        measure: law_of_lambda,
    },
    Law {
        id: "clipped_area",
        says: "boxes of U(0, 1) of the area paste 1/2 - 1/5 + 1/48 of it when they are clipped",
        about: &["cutmix"],
        measure: clipped_area,
    },
];

const MODES: [&str; 3] = ["batch", "pair", "element"];
const SIDE: usize = 12;

/// Image i is i everywhere, and its class is i: pixels and targets tell where they come from.
fn told_apart(bench: &Bench, count: usize) -> Batch {
    let width = 2 * SIDE * SIDE;
    let inputs: Vec<f32> = (0..count).flat_map(|i| vec![i as f32; width]).collect();
    let hot = |i| (0..count).map(move |k| if i == k { 1.0 } else { 0.0 });
    let targets: Vec<f32> = (0..count).flat_map(hot).collect();
    Batch {
        inputs: bench.tensor(&inputs, [count, width]),
        shape: vec![2, SIDE, SIDE],
        pixels: None,
        moments: None,
        embedded: Vec::new(),
        cells: None,
        targets: bench.tensor(&targets, [count, count]),
        classes: true,
    }
}

/// Inputs and targets behind a technique with α = 1, at a step.
fn mixed(bench: &Bench, id: &str, mode: &str, count: usize, step: u64) -> Result<Batch, Error> {
    let doors = bench.doors(&[(id, &format!("{{ alpha = 1.0, mode = \"{mode}\" }}"))])?;
    let chance = bench.chance(step);
    Ok(doors.batch.iter().fold(told_apart(bench, count), |batch, door| door.apply(batch, &chance)))
}

fn share_of_label(bench: &Bench, shelved: Shelved) -> Result<Option<Measured>, Error> {
    let (count, mut apart) = (9, Vec::new());
    for mode in MODES {
        for step in 0..40 {
            let Batch { inputs, targets, .. } = mixed(bench, shelved.card.id, mode, count, step)?;
            let mean = |row: &[f64]| row.iter().sum::<f64>() / row.len() as f64;
            let by_label = |row: &[f64]| row.iter().enumerate().map(|(k, t)| k as f64 * t).sum();
            let found: Vec<f64> = host(inputs).chunks(2 * SIDE * SIDE).map(mean).collect();
            let expected: Vec<f64> = host(targets).chunks(count).map(by_label).collect();
            apart.push(Measured::apart(1e-5, &found, &expected));
        }
    }
    Ok(Measured::worst(apart))
}

fn mean_kept(bench: &Bench, shelved: Shelved) -> Result<Option<Measured>, Error> {
    let mut apart = Vec::new();
    for (count, mode) in [1, 2, 7, 32].into_iter().flat_map(|n| [(n, "batch"), (n, "pair")]) {
        let found = mixed(bench, shelved.card.id, mode, count, 1)?;
        let means = |batch: Batch| {
            [host(batch.inputs.mean_dim(0)), host(batch.targets.mean_dim(0))].concat()
        };
        apart.push(Measured::apart(1e-4, &means(found), &means(told_apart(bench, count))));
    }
    Ok(Measured::worst(apart))
}

fn law_of_lambda(bench: &Bench, _: Shelved) -> Result<Option<Measured>, Error> {
    let of = |a: f64| {
        let mixup = Mixup { mode: Mode::Element, ..Mixup::new(NonNegative::new(a)?) };
        let kept = mixup.mix(50_000, &bench.chance(0)).map(|mix| mix.kept).unwrap_or_default();
        let squares: Vec<f64> = kept.iter().map(|&l| (f64::from(l) - 0.5).powi(2)).collect();
        Ok(Measured::mean(&squares, 1.0 / (4.0 * (2.0 * a + 1.0))))
    };
    let all = [0.2, 1.0].into_iter().map(of).collect::<Result<Vec<_>, wellfit_core::Error>>()?;
    Ok(Measured::worst(all))
}

fn clipped_area(bench: &Bench, _: Shelved) -> Result<Option<Measured>, Error> {
    let cutmix = CutMix { mode: Mode::Element, ..CutMix::new(NonNegative::ONE) };
    let shape = ImageShape { channels: 1, height: 400, width: 300 };
    let kept = cutmix.paste(50_000, shape, &bench.chance(0)).map(|paste| paste.mix.kept);
    let pasted: Vec<f64> = kept.iter().flatten().map(|&kept| 1.0 - f64::from(kept)).collect();
    let n = pasted.len() as f64;
    let mean = pasted.iter().sum::<f64>() / n;
    let spread = (pasted.iter().map(|p| (p - mean).powi(2)).sum::<f64>() / n).sqrt();
    // Whole pixels move a mean by less than one of 300.
    let bound = 5.0 * spread / n.sqrt() + 5e-4;
    let apart = largest([(mean - (0.5 - 0.2 + 1.0 / 48.0)).abs()]);
    Ok(Some(Measured::within(bound, apart)))
}

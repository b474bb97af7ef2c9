//! Laws of averages of weights.

use super::bench::host;
use super::measured::largest;
use super::{Bench, Law, Measured};
use crate::Error;
use crate::average::{AverageDoor, Moment, blend};
use crate::technique::Shelved;

pub(super) const LAWS: &[Law] = &[
    Law {
        id: "constant_weights",
        says: "the average of weights that stay is these weights",
        about: &[],
        measure: constant,
    },
    Law {
        id: "forgetting",
        says: "after ten equal weights, 1 - 0.9^10 of the average is theirs",
        about: &["ema"],
        measure: forgetting,
    },
    Law {
        id: "plain_mean",
        says: "it is the mean of the weights at the ends of the last epochs",
        about: &["swa"],
        measure: plain_mean,
    },
    Law {
        id: "slow_and_fast",
        says: "every k steps both stand α of the way from the slow to the fast weights",
        about: &["lookahead"],
        measure: slow_and_fast,
    },
];

/// The average after weights that are one number each, from `begin`; `per_epoch` steps an epoch.
fn average(
    bench: &Bench,
    door: &dyn AverageDoor,
    begin: f32,
    weights: &[f32],
    per_epoch: u64,
) -> f64 {
    let steps = weights.len() as u64;
    let mut average = bench.tensor(&[begin], [1]);
    for (step, &w) in (1..).zip(weights) {
        if let Some(keep) = door.keep(Moment { step, per_epoch, steps }) {
            average = blend(average, &bench.tensor(&[w], [1]), keep);
        }
    }
    largest(host(average))
}

/// Asks a law about every average of a recipe.
fn each(
    bench: &Bench,
    id: &str,
    value: &str,
    of: impl Fn(&dyn AverageDoor) -> Measured,
) -> Result<Option<Measured>, Error> {
    let doors = bench.doors(&[(id, value)])?;
    Ok(Measured::worst(doors.averages.iter().map(|door| of(&**door))))
}

fn constant(bench: &Bench, Shelved { card, .. }: Shelved) -> Result<Option<Measured>, Error> {
    each(bench, card.id, card.example, |door| {
        let found = average(bench, door, 0.7, &[0.7; 40], 4);
        Measured::apart(1e-6, &[found], &[f64::from(0.7f32)])
    })
}

fn forgetting(bench: &Bench, Shelved { card, .. }: Shelved) -> Result<Option<Measured>, Error> {
    each(bench, card.id, "{ decay = 0.9, warm_up = false }", |door| {
        let found = average(bench, door, 0.0, &[1.0; 10], 1);
        Measured::apart(1e-6, &[found], &[1.0 - 0.9f64.powi(10)])
    })
}

fn plain_mean(bench: &Bench, Shelved { card, .. }: Shelved) -> Result<Option<Measured>, Error> {
    each(bench, card.id, "{ start = 0.5 }", |door| {
        let weights: Vec<f32> = (1..=16).map(|step| (step * step) as f32).collect();
        let found = average(bench, door, -1e3, &weights, 2);
        // Eight epochs of two steps: the ends of the last four.
        let expected =
            [10.0, 12.0, 14.0, 16.0f64].map(|step| step * step).iter().sum::<f64>() / 4.0;
        Measured::apart(1e-4, &[found], &[expected])
    })
}

/// Each step adds 1 to the fast weights: w1 = 1, w2 = 2 -> 1, 2, 3 -> 2, ...
fn slow_and_fast(bench: &Bench, Shelved { card, .. }: Shelved) -> Result<Option<Measured>, Error> {
    each(bench, card.id, "{ k = 2, alpha = 0.5 }", |door| {
        let (mut fast, mut slow) = (0.0f64, 0.0f64);
        let mut seen = Vec::new();
        for step in 1..=6 {
            fast += 1.0;
            if let Some(keep) = door.keep(Moment { step, per_epoch: 3, steps: 6 }) {
                let before = bench.tensor(&[slow as f32], [1]);
                slow = largest(host(blend(before, &bench.tensor(&[fast as f32], [1]), keep)));
                fast = slow;
            }
            seen.push(fast);
        }
        Measured::apart(1e-6, &seen, &[1.0, 1.0, 2.0, 2.0, 3.0, 3.0])
    })
}

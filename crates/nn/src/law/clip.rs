//! Laws of gradients: bounds hold, directions stay, and what is small enough keeps its bits.

use super::bench::host;
use super::measured::largest;
use super::weight::{LEN, UNITS, parameter};
use super::{Bench, Law, Measured};
use crate::Error;
use crate::gradient::{Effect, GradientDoor};
use crate::parameter::Slot;
use crate::technique::Shelved;

pub(super) const LAWS: &[Law] = &[
    Law {
        id: "bound",
        says: "no clipped gradient is longer than its bound, and what was longer has just that length",
        about: &["clip_value", "clip_norm", "clip_global_norm"],
        measure: bound,
    },
    Law {
        id: "direction",
        says: "all tensors are scaled by one number, so that the direction stays",
        about: &["clip_global_norm"],
        measure: direction,
    },
    Law {
        id: "bound_of_units",
        says: "the gradient of a unit is at most `ratio` of its weights",
        about: &["clip_adaptive"],
        measure: bound_of_units,
    },
    Law {
        id: "short_gradients",
        says: "a gradient within the bound stays bit for bit, and nothing is said to be clipped",
        about: &[],
        measure: short_gradients,
    },
    Law {
        id: "twice_is_once",
        says: "clipping again changes nothing but by rounding",
        about: &[],
        measure: twice,
    },
    Law {
        id: "broken_gradients",
        says: "a step with NaN or infinity is skipped, and no other",
        about: &["skip_non_finite"],
        measure: broken,
    },
];

/// What doors make of the gradients of two linear layers.
fn through(
    bench: &Bench,
    doors: &[Box<dyn GradientDoor>],
    gradients: [Vec<f32>; 2],
) -> ([Vec<f64>; 2], Effect) {
    let parameter = parameter();
    let [first, second] = gradients;
    let slot = |index: usize, gradient: Vec<f32>| Slot {
        parameter: &parameter,
        index,
        value: bench.tensor(&bench.normals("weights", LEN), [LEN]),
        gradient: bench.tensor(&gradient, [LEN]),
    };
    let mut slots = [slot(0, first), slot(1, second)];
    let mut effect = Effect::default();
    doors.iter().for_each(|door| effect = door.apply(&mut slots, &bench.chance(0)));
    (slots.map(|slot| host(slot.gradient)), effect)
}

/// Gradients of length `length` each but for chance.
fn gradients(bench: &Bench, length: f32) -> [Vec<f32>; 2] {
    ["first", "second"].map(|name| {
        bench.normals(name, LEN).into_iter().map(|g| g * length / (LEN as f32).sqrt()).collect()
    })
}

fn length<'a>(values: impl IntoIterator<Item = &'a f64>) -> f64 {
    values.into_iter().map(|g| g * g).sum::<f64>().sqrt()
}

fn bound(bench: &Bench, Shelved { card, .. }: Shelved) -> Result<Option<Measured>, Error> {
    let key = if card.id == "clip_value" { "max" } else { "max_norm" };
    let doors = bench.doors(&[(card.id, &format!("{{ {key} = 0.5 }}"))])?;
    let ([first, second], _) = through(bench, &doors.gradients, gradients(bench, 4.0));
    let lengths = match card.id {
        "clip_value" => vec![largest(first.iter().chain(&second).map(|g| g.abs()))],
        "clip_norm" => vec![length(&first), length(&second)],
        _ => vec![length(first.iter().chain(&second))],
    };
    Ok(Some(Measured::within(1e-6, largest(lengths.iter().map(|length| (length - 0.5).abs())))))
}

fn direction(bench: &Bench, Shelved { card, .. }: Shelved) -> Result<Option<Measured>, Error> {
    let doors = bench.doors(&[(card.id, "{ max_norm = 0.5 }")])?;
    let before = gradients(bench, 4.0);
    let ([first, second], _) = through(bench, &doors.gradients, before.clone());
    let before: Vec<f64> = before.concat().into_iter().map(f64::from).collect();
    let after = [first, second].concat();
    let factor = length(&after) / length(&before);
    let expected: Vec<f64> = before.iter().map(|g| g * factor).collect();
    Ok(Some(Measured::apart(1e-6, &after, &expected)))
}

fn bound_of_units(bench: &Bench, Shelved { card, .. }: Shelved) -> Result<Option<Measured>, Error> {
    let doors = bench.doors(&[(card.id, "{ ratio = 0.1 }")])?;
    let (after, _) = through(bench, &doors.gradients, gradients(bench, 4.0));
    let weights: Vec<f64> = bench.normals("weights", LEN).into_iter().map(f64::from).collect();
    let column = |values: &[f64], unit: usize| length(values.iter().skip(unit).step_by(UNITS));
    let off = |(gradient, unit): (&Vec<f64>, usize)| {
        (column(gradient, unit) - 0.1 * column(&weights, unit)).abs()
    };
    let units = after.iter().flat_map(|gradient| (0..UNITS).map(move |unit| (gradient, unit)));
    Ok(Some(Measured::within(1e-6, largest(units.map(off)))))
}

fn short_gradients(bench: &Bench, shelved: Shelved) -> Result<Option<Measured>, Error> {
    let card = shelved.card;
    let doors = bench.doors(&[(card.id, card.example)])?;
    let before = gradients(bench, 1e-6);
    let (after, Effect { clipped, .. }) = through(bench, &doors.gradients, before.clone());
    let Some(clipped) = clipped else { return Ok(None) };
    let same = before.map(|values| values.into_iter().map(f64::from).collect::<Vec<_>>()) == after;
    Ok(Some(Measured::none_of(usize::from(clipped) + usize::from(!same))))
}

fn twice(bench: &Bench, Shelved { card, .. }: Shelved) -> Result<Option<Measured>, Error> {
    let doors = bench.doors(&[(card.id, card.example)])?;
    let (once, effect) = through(bench, &doors.gradients, gradients(bench, 40.0));
    if effect.clipped.is_none() {
        return Ok(None);
    }
    let single = |values: &Vec<f64>| values.iter().map(|&g| g as f32).collect();
    let (again, _) = through(bench, &doors.gradients, [single(&once[0]), single(&once[1])]);
    Ok(Some(Measured::apart(1e-6, &again.concat(), &once.concat())))
}

fn broken(bench: &Bench, Shelved { card, .. }: Shelved) -> Result<Option<Measured>, Error> {
    let doors = bench.doors(&[(card.id, card.example)])?;
    let skips = |value: f32| {
        let mut gradients = gradients(bench, 1.0);
        gradients[1][3] = value;
        through(bench, &doors.gradients, gradients).1.skip.is_some()
    };
    let missed = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY].into_iter().filter(|&x| !skips(x));
    Ok(Some(Measured::none_of(missed.count() + usize::from(skips(1.0)))))
}

//! Laws of what acts on weights beside the optimizer.

use super::bench::host;
use super::measured::largest;
use super::{Bench, Law, Measured};
use crate::Error;
use crate::parameter::{Parameter, Role, Slot};
use crate::technique::Shelved;
use crate::weight::AscentDoor;

pub(super) const LAWS: &[Law] = &[
    Law {
        id: "decay",
        says: "without a gradient, t steps shrink weights by (1 - ηλ)^t",
        about: &["weight_decay"],
        measure: decay,
    },
    Law {
        id: "ball",
        says: "the weights into a unit end within the ball, and those within it keep their bits",
        about: &["max_norm"],
        measure: ball,
    },
    Law {
        id: "ascent",
        says: "the ascent goes along the gradient and has the length ρ, over all tensors jointly",
        about: &["sam"],
        measure: ascent,
    },
];

pub(super) const INPUTS: usize = 5;
pub(super) const UNITS: usize = 3;
pub(super) const LEN: usize = INPUTS * UNITS;

/// A linear layer from five inputs to three units.
pub(super) fn parameter() -> Parameter {
    Parameter { path: "w".into(), shape: vec![INPUTS, UNITS], role: Role::Weight }
}

fn exact(values: &[f32]) -> Vec<f64> {
    values.iter().copied().map(f64::from).collect()
}

fn decay(bench: &Bench, Shelved { card, .. }: Shelved) -> Result<Option<Measured>, Error> {
    let doors = bench.doors(&[(card.id, "{ lambda = 0.3 }")])?;
    let start = bench.normals("weights", LEN);
    let shrunk =
        |weights| doors.weights.iter().fold(weights, |w, door| door.shrink(w, 0.1, &parameter()));
    let found = host((0..10).fold(bench.tensor(&start, [LEN]), |weights, _| shrunk(weights)));
    let factor = (1.0f64 - 0.1 * 0.3).powi(10);
    let expected: Vec<f64> = exact(&start).iter().map(|w| w * factor).collect();
    Ok(Some(Measured::apart(2e-6, &found, &expected)))
}

fn ball(bench: &Bench, Shelved { card, .. }: Shelved) -> Result<Option<Measured>, Error> {
    let doors = bench.doors(&[(card.id, "{ max_norm = 1.0 }")])?;
    // One unit is small, the others are long.
    let sizes = [0.01, 3.0, 5.0];
    let start: Vec<f32> = bench
        .normals("weights", LEN)
        .into_iter()
        .enumerate()
        .map(|(at, w)| w * sizes[at % UNITS])
        .collect();
    let weights = bench.tensor(&start, [LEN]);
    let after = host(doors.weights.iter().fold(weights, |w, door| door.after(w, &parameter())));
    let start = exact(&start);
    let norm = |values: &[f64], unit: usize| {
        values.iter().skip(unit).step_by(UNITS).map(|w| w * w).sum::<f64>().sqrt()
    };
    let factor = |unit: usize| if unit == 0 { 1.0 } else { 1.0 / norm(&start, unit) };
    let expected: Vec<f64> =
        start.iter().enumerate().map(|(at, w)| w * factor(at % UNITS)).collect();
    let kept = (0..INPUTS).all(|i| after[i * UNITS] == start[i * UNITS]);
    Ok(Some(Measured::apart(1e-6, &after, &expected).or(Measured::none_of(usize::from(!kept)))))
}

fn ascent(bench: &Bench, Shelved { card, .. }: Shelved) -> Result<Option<Measured>, Error> {
    let doors = bench.doors(&[(card.id, "{ rho = 0.05 }")])?;
    let parameter = parameter();
    let names = ["first", "second"];
    let gradients = names.map(|name| bench.normals(name, LEN));
    let slot = |index: usize| Slot {
        parameter: &parameter,
        index,
        value: bench.tensor(&[0.0; LEN], [LEN]),
        gradient: bench.tensor(&gradients[index], [LEN]),
    };
    let of = |door: &dyn AscentDoor| {
        let found: Vec<f64> =
            door.ascend(vec![slot(0), slot(1)]).into_iter().flat_map(host).collect();
        let gradient = exact(&gradients.concat());
        let norm = gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
        let off = found.iter().zip(&gradient).map(|(e, g)| (e - 0.05 * g / norm).abs());
        let missing = found.len() != 2 * LEN;
        Measured::within(1e-7, largest(off)).or(Measured::none_of(usize::from(missing)))
    };
    Ok(Measured::worst(doors.ascents.iter().map(|door| of(&**door))))
}

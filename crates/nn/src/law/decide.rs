//! Laws of decisions at the end of an epoch.

use super::{Bench, Law, Measured};
use crate::Error;
use crate::control::ControlDoor;
use crate::technique::Shelved;
use wellfit_core::control::Decision;
use wellfit_core::run::{Part, Run};

pub(super) const LAWS: &[Law] = &[Law {
    id: "patience",
    says: "it stops at the epoch of the table of patience and least improvement, strictly better",
    about: &["early_stopping"],
    measure: patience,
}];

const LOSSES: [f64; 10] = [1.0, 0.8, 0.79, 0.795, 0.7899, 0.81, 0.6, 0.9, 0.9, 0.9];

/// Patience, least improvement and the epoch of the stop, from 1.
const TABLE: [(u64, f64, Option<usize>); 6] = [
    (1, 0.0, Some(4)),
    (2, 0.0, Some(9)),
    (3, 0.0, Some(10)),
    (3, 0.001, Some(6)),
    (3, 0.05, Some(5)),
    (5, 0.05, None),
];

fn patience(bench: &Bench, Shelved { card, .. }: Shelved) -> Result<Option<Measured>, Error> {
    let mut wrong = 0;
    for (patience, min_delta, expected) in TABLE {
        let value = format!("{{ patience = {patience}, min_delta = {min_delta:?} }}");
        for door in &bench.doors(&[(card.id, &value)])?.controls {
            wrong += usize::from(stop(&**door)? != expected);
        }
    }
    Ok(Some(Measured::none_of(wrong)))
}

/// The epoch, from 1, at whose end the run stops.
fn stop(door: &dyn ControlDoor) -> Result<Option<usize>, Error> {
    let mut run = Run::default();
    for (epoch, loss) in (1..).zip(LOSSES) {
        run.push(Part::Validation, "loss", epoch as f64, loss);
        if matches!(door.decide(&run, "validation.loss")?, Decision::Stop(_)) {
            return Ok(Some(epoch));
        }
    }
    Ok(None)
}

//! What counts the points of a run: epochs, or steps.

use super::log::Axis;
use super::name::Role;
use super::place::{Place, Placed};
use std::collections::{BTreeMap, HashSet};
use wellfit_core::run::Part;

/// Epochs where the log has them, unless they tell its points apart less well than steps do, as in
/// a long first epoch or where they are rounded. The second value is a sentence for the report.
pub(super) fn axis(placed: &Placed<'_>, rows: &[u32]) -> (Axis, Option<String>) {
    let measured = |part: Part| -> BTreeMap<usize, Place> {
        let of = |column: u32| match &placed.roles[column as usize] {
            Role::Series(series) => series.part == part,
            _ => false,
        };
        let cells = placed.cells(rows).filter(|(_, _, cell)| of(cell.column));
        cells.map(|(row, place, _)| (row, place)).collect()
    };
    let mut places = measured(Part::Validation);
    if places.is_empty() {
        places = measured(Part::Train);
    }
    let epochs: Vec<f64> = places.values().filter_map(|place| place.epoch).collect();
    let steps: Vec<f64> = places.values().filter_map(|place| place.step).collect();
    let fractional = epochs.iter().any(|epoch| epoch.fract() != 0.0);
    let (epochs, steps) = (distinct(&epochs), distinct(&steps));
    if epochs > 0 && (steps <= epochs || epochs >= 3 && !fractional) {
        return (Axis::Epoch, None);
    }
    if steps > 0 {
        let note = "the log counts steps, not epochs: all epochs named here are steps";
        return (Axis::Step, Some(note.to_owned()));
    }
    (Axis::Epoch, Some("the log numbers no epochs: they are counted from 1".to_owned()))
}

fn distinct(values: &[f64]) -> usize {
    values.iter().map(|value| value.to_bits()).collect::<HashSet<u64>>().len()
}

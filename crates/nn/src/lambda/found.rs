//! Which λ a run finds: one for each technique with `"auto"` and each tensor that it acts on.

use crate::parameter::Parameter;
use crate::penalty::acts_on;
use crate::technique::{Doors, shelf};
use std::collections::BTreeMap;

/// What λ is multiplied by, for each technique and position of a tensor: λ itself where the recipe
/// says `"auto"`, and 1 elsewhere.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Factors(BTreeMap<(&'static str, usize), f64>);

impl Factors {
    /// The factor of the technique `id` on the tensor at `index`.
    pub fn of(&self, id: &'static str, index: usize) -> f64 {
        self.0.get(&(id, index)).copied().unwrap_or(1.0)
    }

    /// The λ of each of `found`.
    pub(super) fn new(found: &[Found], lambdas: &[f64]) -> Self {
        let each = found.iter().zip(lambdas);
        Self(each.map(|(found, &lambda)| ((found.id, found.index), lambda)).collect())
    }
}

/// A λ that is found in the run.
pub(super) struct Found {
    pub id: &'static str,
    pub index: usize,
    /// Where it stays: the card's range.
    pub low: f64,
    pub high: f64,
    /// The recipe's own factor for this layer; 0 leaves it alone.
    pub layer: f64,
}

impl Found {
    /// Where λ begins: the middle of its range.
    pub fn middle(&self) -> f64 {
        (self.low * self.high).sqrt()
    }
}

/// Every technique with `lambda = "auto"`, on every tensor that it acts on.
pub(super) fn found(doors: &Doors, parameters: &[Parameter]) -> Vec<Found> {
    let weights = || parameters.iter().enumerate().filter(|(_, parameter)| acts_on(parameter));
    let penalties = doors.penalties.iter().flat_map(|door| {
        weights().filter_map(|(i, p)| Some((door.id(), i, door.found_at(&p.path)?)))
    });
    let decays = doors.weights.iter().flat_map(|door| {
        weights().filter_map(|(i, p)| Some((door.id(), i, door.found_at(&p.path)?)))
    });
    let found = |(id, index, layer): (&'static str, usize, f64)| {
        let shelved = shelf().find(|shelved| shelved.card.id == id)?;
        let range = shelved.card.search.iter().find(|range| range.key == "lambda")?;
        Some(Found { id, index, low: range.low, high: range.high, layer })
    };
    penalties.chain(decays).filter_map(found).collect()
}

//! What a technique is told about the weights that it acts on, and strengths by layer.

use super::PenaltyDoor;
use crate::parameter::{Parameter, each};
use burn::module::Module;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use wellfit_core::number::NonNegative;

/// The weights that a technique acts on.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Name, shape and role.
    pub parameter: &'a Parameter,
    /// Their values, flat, before the first step, where a technique asked for them.
    pub start: Option<&'a Tensor<1>>,
    /// Number of training examples.
    pub n: f64,
    /// What the run has found λ to be where it is `"auto"`, and 1 elsewhere.
    pub factor: f64,
}

impl<'a> Place<'a> {
    /// Weights of a model in a training loop of your own.
    pub const fn of(parameter: &'a Parameter, n: f64) -> Self {
        Self { parameter, start: None, n, factor: 1.0 }
    }
}

/// The weights before the first step, by position, for techniques that need them.
#[derive(Debug, Clone, Default)]
pub struct Starts(BTreeMap<usize, Tensor<1>>);

impl Starts {
    /// Those of `model` before its first step; none where no penalty needs them.
    pub fn of<M: Module>(penalties: &[Box<dyn PenaltyDoor>], model: &M) -> Self {
        Self::where_needed(penalties.iter().any(|penalty| penalty.needs_start()), model)
    }

    /// Those of `model` before its first step; none unless `needed`.
    pub fn where_needed<M: Module>(needed: bool, model: &M) -> Self {
        let mut starts = BTreeMap::new();
        if needed {
            each(model, &mut |index, value| {
                // A copy of its own, so that the model's tensors can be changed in place.
                let data = value.to_data();
                starts.insert(index, Tensor::from_data(data, &value.device()));
            });
        }
        Self(starts)
    }

    /// The start of the tensor at `index`.
    pub fn get(&self, index: usize) -> Option<&Tensor<1>> {
        self.0.get(&index)
    }
}

/// Factors on a strength by the name of a layer, as `{ "blocks.0" = 2.0, head = 0.0 }`: 1 for
/// layers without a name here, and 0 leaves a layer alone. A name is whole steps of a path, as in
/// [`freeze`](crate::fine_tune::freeze); of two names that fit, the longer one counts.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PerLayer(BTreeMap<String, NonNegative>);

impl PerLayer {
    /// Whether all layers have the same strength.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The factor of the parameter at `path`.
    pub fn factor(&self, path: &str) -> f64 {
        let fitting = self.0.iter().filter(|(name, _)| crate::fine_tune::matches(name, path));
        let longest = fitting.max_by_key(|(name, _)| name.split('.').count());
        longest.map_or(1.0, |(_, factor)| factor.get())
    }

    /// The names, for a check that the model has such parts.
    pub fn names(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }

    /// Words about the factors, to append to a description.
    pub(crate) fn words(&self) -> String {
        let each = self.0.iter().map(|(name, factor)| format!("{name} times {}", factor.get()));
        match self.0.is_empty() {
            true => String::new(),
            false => format!(" ({})", each.collect::<Vec<_>>().join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_name_counts_and_others_have_one() {
        let factors: PerLayer =
            toml::from_str("\"blocks\" = 2.0\n\"blocks.1\" = 0.0\nhead = 0.5\n").unwrap();
        assert_eq!(factors.factor("Mlp.blocks.0.linear.weight"), 2.0);
        assert_eq!(factors.factor("Mlp.blocks.1.linear.weight"), 0.0);
        assert_eq!(factors.factor("Mlp.blocks.10.linear.weight"), 2.0);
        assert_eq!(factors.factor("Mlp.head.weight"), 0.5);
        assert_eq!(factors.factor("Mlp.stem.weight"), 1.0);
    }
}

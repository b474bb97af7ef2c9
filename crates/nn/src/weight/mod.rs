//! The weight door: techniques that change weights beside the optimizer's own update.
//!
//! ```text
//! before: the weights that one forward and backward pass sees; back: their gradient becomes that of
//!         the clean ones
//! ascend: the weights of a second pass, from the gradient of the first
//! shrink: beside the update        after: behind it
//! ```

pub mod max_norm;
pub mod mixout;
pub mod sam;
pub mod weight_decay;
pub mod weight_noise;

use crate::batch::Chance;
use crate::parameter::{Parameter, Slot, changed};
use crate::penalty::Place;
use crate::technique::Shelved;
use burn::module::Module;
use burn::tensor::Tensor;
use std::collections::BTreeMap;

/// The techniques of this door.
pub const SHELF: &[Shelved] = &[
    Shelved::of::<max_norm::MaxNorm>(),
    Shelved::of::<mixout::Mixout>(),
    Shelved::of::<sam::Sam>(),
    Shelved::of::<weight_decay::WeightDecay>(),
    Shelved::of::<weight_noise::WeightNoise>(),
];

/// A technique that changes weights. It is shown weights alone: no bias, no norm, no statistic.
pub trait WeightDoor: Send + Sync {
    /// The technique's id.
    fn id(&self) -> &'static str;

    /// Whether [`Self::before`] changes anything; it is not called otherwise.
    fn acts_before(&self) -> bool {
        false
    }

    /// The weights, flat, that this pass sees in place of `weights`.
    fn before(&self, weights: Tensor<1>, place: Place<'_>, chance: &Chance) -> Tensor<1> {
        let _ = (place, chance);
        weights
    }

    /// The gradient of the weights, flat, from that of what [`Self::before`] made of them with the
    /// same chance.
    fn back(&self, gradient: Tensor<1>, place: Place<'_>, chance: &Chance) -> Tensor<1> {
        let _ = (place, chance);
        gradient
    }

    /// Whether it needs [`Place::start`].
    fn needs_start(&self) -> bool {
        false
    }

    /// Changes one tensor of weights, flat, in a step of length `learning_rate`; the optimizer's
    /// update is added to the result.
    fn shrink(&self, weights: Tensor<1>, learning_rate: f64, parameter: &Parameter) -> Tensor<1> {
        let _ = (learning_rate, parameter);
        weights
    }

    /// Changes the weights, flat, that the update and the proximal operators gave.
    fn after(&self, weights: Tensor<1>, parameter: &Parameter) -> Tensor<1> {
        let _ = parameter;
        weights
    }

    /// Whether it is a weight decay, of which a run takes one.
    fn is_decay(&self) -> bool {
        false
    }

    /// The recipe's factor for the tensor at `path` where λ is found in the run; none where λ is
    /// given.
    fn found_at(&self, path: &str) -> Option<f64> {
        let _ = path;
        None
    }

    /// How the weights behind a step that began at `before` change with ln λ, to first order, where
    /// `learning_rate` is what [`Self::shrink`] was given; wanted where λ is found in the run.
    fn response(
        &self,
        before: &Tensor<1>,
        learning_rate: f64,
        parameter: &Parameter,
    ) -> Option<Tensor<1>> {
        let _ = (before, learning_rate, parameter);
        None
    }

    /// Parts of the model that it names, which must be there.
    fn names(&self) -> Vec<&str> {
        Vec::new()
    }

    /// What it does, with its numbers, as `explain` shows it.
    fn describe(&self) -> String;
}

/// A technique whose gradient is taken at other weights than those it moves: a first pass finds
/// them, a second one, with the same examples and the same masks, brings the gradient.
pub trait AscentDoor: Send + Sync {
    /// The technique's id.
    fn id(&self) -> &'static str;

    /// Whether it takes its second pass in this step.
    fn acts_at(&self, step: u64) -> bool {
        let _ = step;
        true
    }

    /// The flat value of every slot in the second pass, in their order.
    fn ascend(&self, slots: Vec<Slot<'_>>) -> Vec<Tensor<1>>;

    /// What it does, with its numbers, as `explain` shows it.
    fn describe(&self) -> String;
}

/// `model` with the weights of its second pass, from the slots of the first. Their gradients are
/// those of the same parameters of `model`, which they move.
pub fn ascended<M: Module>(model: &M, slots: Vec<Slot<'_>>, door: &dyn AscentDoor) -> M {
    let indices: Vec<usize> = slots.iter().map(|slot| slot.index).collect();
    let mut values: BTreeMap<_, _> = indices.into_iter().zip(door.ascend(slots)).collect();
    changed(model.clone(), &mut |index, _| values.remove(&index))
}

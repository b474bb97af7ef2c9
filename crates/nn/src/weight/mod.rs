//! The weight door: techniques that change weights beside the optimizer's own update.

pub mod weight_decay;

use crate::technique::Shelved;
use burn::tensor::Tensor;

/// The techniques of this door.
pub const SHELF: &[Shelved] = &[Shelved::of::<weight_decay::WeightDecay>()];

/// A technique that changes weights.
pub trait WeightDoor: Send + Sync {
    /// Changes one tensor of weights, flat, in a step of length `learning_rate`; the optimizer's
    /// update is added to the result.
    fn shrink(&self, weights: Tensor<1>, learning_rate: f64) -> Tensor<1>;

    /// Whether it is a weight decay, of which a run takes one.
    fn is_decay(&self) -> bool {
        false
    }

    /// What it does, with its numbers, as `explain` shows it.
    fn describe(&self) -> String;
}

//! The loss door: techniques that add a term of the outputs to the loss.

use super::Loss;
use crate::batch::{Batch, Chance};
use burn::tensor::Tensor;

/// What one step has seen: all that a term may be made of.
pub struct Seen<'a> {
    /// Logits or values, [batch, outputs], of each pass; every pass has masks and noise of its own.
    pub outputs: &'a [Tensor<2>],
    /// The same of other views of the examples, where a technique makes some, in the first pass.
    pub views: &'a [Tensor<2>],
    /// What a teacher makes of the same inputs, where one is given; no gradient flows to it.
    pub teacher: Option<&'a Tensor<2>>,
    /// Soft targets, [batch, outputs].
    pub targets: &'a Tensor<2>,
    /// The data loss.
    pub loss: Loss,
}

/// A technique that adds a term of the outputs to the loss of training. Evaluated losses never
/// hold it.
pub trait LossDoor: Send + Sync {
    /// The technique's id.
    fn id(&self) -> &'static str;

    /// Whether it works on classes only.
    fn needs_classes(&self) -> bool {
        true
    }

    /// Whether it works on probabilities, which squared error does not read from outputs.
    fn needs_probabilities(&self) -> bool {
        false
    }

    /// Whether it works on images only, of which it knows where black and white are.
    fn needs_images(&self) -> bool {
        false
    }

    /// How many other views of the examples go through the model beside them. A run takes one
    /// technique that makes some.
    fn views(&self) -> u64 {
        0
    }

    /// View `number`, from 0, of what the batch door has left.
    fn view(&self, batch: Batch, chance: &Chance, number: u64) -> Batch {
        let _ = (chance, number);
        batch
    }

    /// How many passes over the same inputs it compares. The data losses of all passes are added.
    fn passes(&self) -> u64 {
        1
    }

    /// Whether it compares passes, so that a layer has to draw anew in each.
    fn compares_passes(&self) -> bool {
        false
    }

    /// The stored model that it learns from: the folder of a run.
    fn teacher(&self) -> Option<&str> {
        None
    }

    /// What the data loss is multiplied by.
    fn data_share(&self) -> f64 {
        1.0
    }

    /// The term, a mean over the batch.
    fn term(&self, seen: &Seen<'_>) -> Tensor<1>;
}

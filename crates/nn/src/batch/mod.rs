//! The batch door: techniques that change inputs and targets before the forward pass.

pub mod input_noise;
pub mod label_smoothing;

use crate::technique::Shelved;
use burn::tensor::Tensor;
use wellfit_core::seed::{Address, Draw, Seed};

/// The techniques of this door.
pub const SHELF: &[Shelved] =
    &[Shelved::of::<input_noise::InputNoise>(), Shelved::of::<label_smoothing::LabelSmoothing>()];

/// Training examples on their way to the model.
#[derive(Debug, Clone)]
pub struct Batch {
    /// One row per example.
    pub inputs: Tensor<2>,
    /// Shape of one example, as `[channels, height, width]` for images.
    pub shape: Vec<usize>,
    /// Probabilities of the classes, or values, one row per example.
    pub targets: Tensor<2>,
    /// Whether the targets are probabilities of classes.
    pub classes: bool,
}

/// The chance that a batch technique may use: its own stream, at this step.
#[derive(Debug, Clone, Copy)]
pub struct Chance {
    /// The recipe's seed.
    pub seed: Seed,
    /// The step and pass.
    pub address: Address,
}

impl Chance {
    /// The numbers of the technique with this id.
    pub fn draw(&self, id: &str) -> Draw {
        self.seed.stream(id).at(self.address)
    }
}

/// A technique that changes a batch.
pub trait BatchDoor: Send + Sync {
    /// Whether it works on classes only.
    fn needs_classes(&self) -> bool {
        false
    }

    /// Changes `batch`, drawing from `chance` alone.
    fn apply(&self, batch: Batch, chance: &Chance) -> Batch;
}

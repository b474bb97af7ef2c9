//! The batch door: techniques that change inputs and targets before the forward pass.

pub mod augment;
pub mod mixing;
mod moments;

pub mod cutmix;
pub mod feature_mask;
pub mod input_noise;
pub mod label_smoothing;
pub mod mixup;
pub mod swap_noise;

pub use moments::Moments;

use crate::technique::Shelved;
use burn::tensor::Tensor;
use std::sync::Arc;
use wellfit_core::number::Fraction;
use wellfit_core::seed::{Address, Draw, Seed};
use wellfit_data::{Cells, Embedded, PixelScale};

/// The techniques of this door.
pub const SHELF: &[Shelved] = &[
    Shelved::of::<cutmix::CutMix>(),
    Shelved::of::<feature_mask::FeatureMask>(),
    Shelved::of::<input_noise::InputNoise>(),
    Shelved::of::<label_smoothing::LabelSmoothing>(),
    Shelved::of::<mixup::Mixup>(),
    Shelved::of::<swap_noise::SwapNoise>(),
];

/// Training examples on their way to the model.
#[derive(Debug, Clone)]
pub struct Batch {
    /// One row per example.
    pub inputs: Tensor<2>,
    /// Shape of one example, as `[channels, height, width]` for images.
    pub shape: Vec<usize>,
    /// Where black and white are, for inputs that are known to be pixels.
    pub pixels: Option<PixelScale>,
    /// Mean and standard deviation of each input over the training examples, where a technique
    /// needs them.
    pub moments: Option<Arc<Moments>>,
    /// The inputs that hold the number of a level. A technique leaves them as they are, see
    /// [`Batch::map_inputs`], or puts another level in their place.
    pub embedded: Vec<Embedded>,
    /// Which inputs a cell of a table became, where that is known.
    pub cells: Option<Arc<Cells>>,
    /// Probabilities of the classes, or values, one row per example.
    pub targets: Tensor<2>,
    /// Whether the targets are probabilities of classes.
    pub classes: bool,
}

impl Batch {
    /// Changes the inputs that are quantities; the numbers of levels stay, for between two levels
    /// there is nothing.
    ///
    /// # Shapes
    /// inputs [batch, features] -> the same
    #[must_use]
    pub fn map_inputs(self, change: impl FnOnce(Tensor<2>) -> Tensor<2>) -> Self {
        if self.embedded.is_empty() {
            return Self { inputs: change(self.inputs), ..self };
        }
        let changed = change(self.inputs.clone());
        let [count, _] = changed.dims();
        let inputs = self.embedded.iter().fold(changed, |inputs, &Embedded { column, .. }| {
            let levels = self.inputs.clone().narrow(1, column, 1);
            inputs.slice_assign([0..count, column..column + 1], levels)
        });
        Self { inputs, ..self }
    }
}

/// The chance that a batch technique may use: its own stream, at this step.
#[derive(Debug, Clone, Copy)]
pub struct Chance {
    /// The recipe's seed.
    pub seed: Seed,
    /// The step and pass.
    pub address: Address,
    /// Epochs done, a fraction within an epoch: steps done by steps of an epoch.
    pub epoch: f64,
}

impl Chance {
    /// The numbers of the technique with this id.
    pub fn draw(&self, id: &str) -> Draw {
        self.seed.stream(id).at(self.address)
    }

    /// The numbers of the technique with this id for the tensor at `path`.
    pub fn draw_at(&self, id: &str, path: &str) -> Draw {
        self.draw(&format!("{id} at {path}"))
    }

    /// The numbers of the technique with this id for one example of the batch, whose number stands
    /// for the call: what other examples draw changes nothing for it.
    pub fn draw_for(&self, id: &str, example: usize) -> Draw {
        self.seed.stream(id).at(Address { call: example as u64, ..self.address })
    }
}

/// A technique that changes a batch.
pub trait BatchDoor: Send + Sync {
    /// The technique's id.
    fn id(&self) -> &'static str;

    /// Whether it works on classes only.
    fn needs_classes(&self) -> bool {
        false
    }

    /// Whether it works on images only: examples of shape `[channels, height, width]`.
    fn needs_images(&self) -> bool {
        false
    }

    /// Whether it must know which inputs are black and white.
    fn needs_pixels(&self) -> bool {
        false
    }

    /// Whether it must know mean and standard deviation of each input over the training examples.
    fn needs_moments(&self) -> bool {
        false
    }

    /// The share of the batches that it takes from mixup where both stand in one recipe.
    fn share_beside_mixup(&self) -> Option<Fraction> {
        None
    }

    /// Meets another technique of the same run, before the run begins.
    fn meet(&mut self, _other: &dyn BatchDoor) {}

    /// Changes `batch`, drawing from `chance` alone.
    fn apply(&self, batch: Batch, chance: &Chance) -> Batch;
}

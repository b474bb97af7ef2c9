//! The gradient door: techniques that change gradients before the optimizer sees them.
//!
//! They act on ∇C0, the gradient of the data loss, of all trained tensors, biases included.

pub mod clip_adaptive;
pub mod clip_global_norm;
pub mod clip_norm;
pub mod clip_value;
pub mod gradient_noise;
pub mod skip_non_finite;

use crate::batch::Chance;
use crate::parameter::Slot;
use crate::technique::Shelved;
use std::num::NonZeroU64;

/// The techniques of this door.
pub const SHELF: &[Shelved] = &[
    Shelved::of::<clip_adaptive::ClipAdaptive>(),
    Shelved::of::<clip_global_norm::ClipGlobalNorm>(),
    Shelved::of::<clip_norm::ClipNorm>(),
    Shelved::of::<clip_value::ClipValue>(),
    Shelved::of::<gradient_noise::GradientNoise>(),
    Shelved::of::<skip_non_finite::SkipNonFinite>(),
];

/// A technique that changes gradients.
pub trait GradientDoor: Send + Sync {
    /// The technique's id.
    fn id(&self) -> &'static str;

    /// Changes the gradients of one step, drawing from `chance` alone, and says what it saw.
    fn apply(&self, slots: &mut [Slot<'_>], chance: &Chance) -> Effect;

    /// Parts of the model that it names, which must be there.
    fn names(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// What a gradient technique saw in one step.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Effect {
    /// Norm of all gradients jointly as they came, where it was computed anyway.
    pub norm: Option<f64>,
    /// Whether anything was clipped; none for what does not clip.
    pub clipped: Option<bool>,
    /// Whether the step is to be skipped, and how many in a row mean divergence.
    pub skip: Option<NonZeroU64>,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::parameter::{Parameter, Role};
    use burn::tensor::{Device, Tensor};
    use wellfit_core::seed::{Address, Seed};

    /// What a door makes of these gradients, and what it saw.
    fn run(door: &dyn GradientDoor, gradients: &[&[f32]]) -> (Vec<Vec<f32>>, Effect) {
        let parameter = Parameter { path: "w".to_owned(), shape: vec![], role: Role::Weight };
        let tensor = |values: &[f32]| Tensor::<1>::from_data(values, &Device::flex());
        let slot = |(index, values): (usize, &&[f32])| Slot {
            parameter: &parameter,
            index,
            value: tensor(values),
            gradient: tensor(values),
        };
        let mut slots: Vec<Slot<'_>> = gradients.iter().enumerate().map(slot).collect();
        let chance = Chance { seed: Seed::new(1), address: Address::default(), epoch: 0.0 };
        let effect = door.apply(&mut slots, &chance);
        let gradients = slots.into_iter().map(|s| s.gradient.into_data().try_into_vec().unwrap());
        (gradients.collect(), effect)
    }

    /// The gradients that a door leaves.
    pub fn clipped(door: &dyn GradientDoor, gradients: &[&[f32]]) -> Vec<Vec<f32>> {
        run(door, gradients).0
    }

    /// What a door says of gradients.
    pub fn effect(door: &dyn GradientDoor, gradients: &[&[f32]]) -> Effect {
        run(door, gradients).1
    }
}

//! The gradient door: techniques that change gradients before the optimizer sees them.
//!
//! They act on ∇C0, the gradient of the data loss, of all trained tensors, biases included.

pub mod clip_adaptive;
pub mod clip_global_norm;
pub mod clip_norm;
pub mod clip_value;

use crate::parameter::Slot;
use crate::technique::Shelved;

/// The techniques of this door.
pub const SHELF: &[Shelved] = &[
    Shelved::of::<clip_adaptive::ClipAdaptive>(),
    Shelved::of::<clip_global_norm::ClipGlobalNorm>(),
    Shelved::of::<clip_norm::ClipNorm>(),
    Shelved::of::<clip_value::ClipValue>(),
];

/// A technique that changes gradients.
pub trait GradientDoor: Send + Sync {
    /// Changes the gradients of one step.
    fn apply(&self, slots: &mut [Slot<'_>]);
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::parameter::{Parameter, Role};
    use burn::tensor::{Device, Tensor};

    /// Runs a door on the pinned example: gradients [3, 4] and [12].
    pub fn clipped(door: &dyn GradientDoor, gradients: &[&[f32]]) -> Vec<Vec<f32>> {
        let parameter = Parameter { path: "w".to_owned(), shape: vec![], role: Role::Weight };
        let tensor = |values: &[f32]| Tensor::<1>::from_data(values, &Device::flex());
        let slot = |(index, values): (usize, &&[f32])| Slot {
            parameter: &parameter,
            index,
            value: tensor(values),
            gradient: tensor(values),
        };
        let mut slots: Vec<Slot<'_>> = gradients.iter().enumerate().map(slot).collect();
        door.apply(&mut slots);
        slots.into_iter().map(|s| s.gradient.into_data().try_into_vec().unwrap()).collect()
    }
}

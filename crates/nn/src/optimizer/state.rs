//! The update of all trained tensors in one step, and the state that it keeps.

use super::Optimizer;
use crate::Error;
use crate::parameter::{Parameter, Slot};
use crate::penalty::{PenaltyDoor, acts_on};
use crate::weight::WeightDoor;
use burn::tensor::{Device, Tensor};
use std::collections::BTreeMap;

/// What an optimizer remembers of one tensor.
#[derive(Debug, Clone, Default)]
pub struct Moments {
    /// Velocity of SGD, first moment of Adam.
    pub first: Option<Tensor<1>>,
    /// Second moment of Adam.
    pub second: Option<Tensor<1>>,
    /// Steps that Adam has made.
    pub steps: u64,
}

/// An optimizer with its state for every tensor, by the tensor's path.
#[derive(Debug, Clone)]
pub struct Updater {
    optimizer: Optimizer,
    state: BTreeMap<String, Moments>,
}

/// The techniques that act around the optimizer's update.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// Shrink weights beside the update.
    pub weights: &'a [Box<dyn WeightDoor>],
    /// Act through their proximal operators.
    pub penalties: &'a [Box<dyn PenaltyDoor>],
    /// Number of training examples.
    pub n: f64,
}

impl Updater {
    /// An optimizer that has seen nothing.
    pub fn new(optimizer: Optimizer) -> Self {
        Self { optimizer, state: BTreeMap::new() }
    }

    /// An optimizer that goes on with the state of an earlier one for the tensors `list`.
    ///
    /// # Errors
    /// [`Error::Stored`] when a moment has another length than its tensor.
    pub fn resumed(
        optimizer: Optimizer,
        mut state: BTreeMap<String, Moments>,
        list: &[Parameter],
        device: &Device,
    ) -> Result<Self, Error> {
        let device = device.clone().without_autodiff();
        for (path, moments) in &mut state {
            let parameter = list.iter().find(|parameter| &parameter.path == path);
            let expected = parameter.map_or(0, |p| p.shape.iter().product());
            for moment in [&mut moments.first, &mut moments.second] {
                *moment = moment.take().map(|moment| moment.to_device(&device));
                let found = moment.as_ref().map_or(expected, |moment| moment.dims()[0]);
                if found != expected {
                    let message =
                        format!("moment of `{path}`: expected {expected} numbers, found {found}");
                    return Err(Error::Stored { what: "checkpoint".to_owned(), message });
                }
            }
        }
        Ok(Self { optimizer, state })
    }

    /// The state by path, for a checkpoint.
    pub fn state(&self) -> &BTreeMap<String, Moments> {
        &self.state
    }

    /// Updates the values of all slots: weights shrink, the step is subtracted, then the proximal
    /// operators act, in the recipe's order.
    pub fn update(&mut self, learning_rate: f64, slots: &mut [Slot<'_>], around: Around<'_>) {
        for slot in slots {
            let path = &slot.parameter.path;
            if !self.state.contains_key(path) {
                self.state.insert(path.clone(), Moments::default());
            }
            if let Some(state) = self.state.get_mut(path) {
                slot.value = updated(self.optimizer, learning_rate, slot, state, around);
            }
        }
    }
}

fn updated(
    optimizer: Optimizer,
    learning_rate: f64,
    slot: &Slot<'_>,
    state: &mut Moments,
    around: Around<'_>,
) -> Tensor<1> {
    let value = slot.value.clone();
    let gradient = slot.gradient.clone();
    if !acts_on(slot.parameter) {
        return value - optimizer.step(learning_rate, gradient, state);
    }
    let mut value = match optimizer.weight_decay() {
        0.0 => value,
        decay => value * (1.0 - learning_rate * decay),
    };
    for weight in around.weights {
        value = weight.shrink(value, learning_rate);
    }
    value = value - optimizer.step(learning_rate, gradient, state);
    if around.penalties.is_empty() {
        return value;
    }
    let step = optimizer.step_size(learning_rate, state);
    around.penalties.iter().fold(value, |value, penalty| penalty.prox(value, &step, around.n))
}

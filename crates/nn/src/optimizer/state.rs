//! The update of all trained tensors in one step, and the state that it keeps.

use super::Optimizer;
use crate::Error;
use crate::elementwise::map;
use crate::lambda::{Factors, Response};
use crate::parameter::{Parameter, Slot};
use crate::penalty::{PenaltyDoor, Place, Reach, Starts, acts_on};
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
    /// Shrink weights beside the update, or change them behind it.
    pub weights: &'a [Box<dyn WeightDoor>],
    /// Act through their gradients or their proximal operators.
    pub penalties: &'a [Box<dyn PenaltyDoor>],
    /// Values before the first step by position, where a penalty asked for them.
    pub starts: &'a Starts,
    /// Number of training examples.
    pub n: f64,
    /// What λ is where the run finds it.
    pub factors: &'a Factors,
}

impl Around<'_> {
    /// How the weights `after` a step of `rate` change with every λ that the run finds; `moments`
    /// are what the step left.
    pub fn responses(
        &self,
        (before, after): (&Tensor<1>, &Tensor<1>),
        (parameter, index): (&Parameter, usize),
        rate: f64,
        reach: &Reach,
    ) -> Vec<Response> {
        let place = Place { start: self.starts.get(index), ..Place::of(parameter, self.n) };
        let found = |factor: Option<f64>| factor.is_some_and(|factor| factor > 0.0);
        let penalties = self.penalties.iter().filter(|door| found(door.found_at(&parameter.path)));
        let penalties = penalties.filter_map(|door| {
            let place = Place { factor: self.factors.of(door.id(), index), ..place };
            Some((door.id(), door.response(before, after, reach, place)?))
        });
        let decays = self.weights.iter().filter(|door| found(door.found_at(&parameter.path)));
        let decays = decays.filter_map(|door| {
            let rate = rate * self.factors.of(door.id(), index);
            Some((door.id(), door.response(before, rate, parameter)?))
        });
        penalties.chain(decays).map(|(id, change)| Response { id, index, change }).collect()
    }
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

    /// How far the last step of the tensor at `path` moved, see [`Optimizer::reach`].
    pub fn reach(&self, rate: f64, path: &str) -> Option<Reach> {
        Some(self.optimizer.reach(rate, self.state.get(path)?))
    }

    /// The state by path, for a checkpoint.
    pub fn state(&self) -> &BTreeMap<String, Moments> {
        &self.state
    }

    /// The value of a slot after a step: gradients of penalties are added, weights shrink, the step
    /// is made, then the proximal operators act, then constraints, in the recipe's order.
    pub fn update(&mut self, rate: f64, slot: Slot<'_>, around: Around<'_>) -> Tensor<1> {
        let path = &slot.parameter.path;
        if !self.state.contains_key(path) {
            self.state.insert(path.clone(), Moments::default());
        }
        match self.state.get_mut(path) {
            Some(kept) => updated(self.optimizer, rate, slot, kept, around),
            None => slot.value,
        }
    }
}

fn updated(
    optimizer: Optimizer,
    rate: f64,
    slot: Slot<'_>,
    kept: &mut Moments,
    around: Around<'_>,
) -> Tensor<1> {
    let Slot { parameter, index, mut value, mut gradient } = slot;
    if !acts_on(parameter) {
        return optimizer.update(rate, value, gradient, kept);
    }
    let start = around.starts.get(index);
    let place = |id| Place { parameter, start, n: around.n, factor: around.factors.of(id, index) };
    for penalty in around.penalties {
        gradient = penalty.add_gradient(&value, gradient, place(penalty.id()));
    }
    match optimizer.weight_decay() {
        0.0 => {}
        decay => {
            let factor = (1.0 - rate * decay) as f32;
            value = map(value, move |w| w * factor);
        }
    }
    for weight in around.weights {
        value = weight.shrink(value, rate * around.factors.of(weight.id(), index), parameter);
    }
    value = optimizer.update(rate, value, gradient, kept);
    if around.penalties.iter().any(|penalty| penalty.is_proximal()) {
        let step = optimizer.step_size(rate, kept);
        for penalty in around.penalties {
            value = penalty.prox(value, &step, place(penalty.id()));
        }
    }
    for weight in around.weights {
        value = weight.after(value, parameter);
    }
    value
}

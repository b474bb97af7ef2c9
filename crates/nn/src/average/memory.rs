//! The averages of a run: what is remembered, and the model that it makes.

use super::{AverageDoor, Moment, Use, blend};
use crate::Error;
use crate::elementwise::taken;
use crate::parameter::{Parameter, Role, changed};
use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Device, Tensor};
use std::collections::BTreeMap;

/// The averages of all techniques of a run.
///
/// ```text
/// model = averages.after_step(model, moment);     after every step
/// let evaluated = averages.averaged(&model);      where a technique's average is evaluated
/// ```
pub struct Averages<'a> {
    doors: &'a [Box<dyn AverageDoor>],
    /// What [`parameters`](crate::parameter::parameters) gave for the model.
    list: Vec<Parameter>,
    /// By id and path, `ema/head.weight`, flat.
    memory: BTreeMap<String, Tensor<1>>,
}

impl<'a> Averages<'a> {
    /// Averages that begin at `model`, which is in training and whose tensors are `list`.
    pub fn begin<M: Module>(
        doors: &'a [Box<dyn AverageDoor>],
        model: &M,
        list: &[Parameter],
    ) -> Self {
        let mut memory = BTreeMap::new();
        for door in doors.iter().filter(|door| door.begins_with_initial()) {
            changed(model.clone(), &mut |index, weights| {
                memory.insert(key(&**door, list.get(index)?), copy(&weights));
                None
            });
        }
        Self { doors, list: list.to_vec(), memory }
    }

    /// Averages that go on with what was remembered of the tensors `list`.
    ///
    /// # Errors
    /// [`Error::Stored`] when an average has another length than its tensor.
    pub fn resumed(
        doors: &'a [Box<dyn AverageDoor>],
        mut memory: BTreeMap<String, Tensor<1>>,
        list: &[Parameter],
        device: &Device,
    ) -> Result<Self, Error> {
        let device = device.clone().without_autodiff();
        for (key, average) in &mut memory {
            let path = key.split_once('/').map_or("", |(_, path)| path);
            let parameter = list.iter().find(|parameter| parameter.path == path);
            let expected = parameter.map_or(0, |parameter| parameter.shape.iter().product());
            let found = average.dims()[0];
            if found != expected {
                let message =
                    format!("average of `{path}`: expected {expected} numbers, found {found}");
                return Err(Error::Stored { what: "checkpoint".to_owned(), message });
            }
            *average = taken(average).to_device(&device);
        }
        Ok(Self { doors, list: list.to_vec(), memory })
    }

    /// What is remembered, for a checkpoint.
    pub fn memory(&self) -> &BTreeMap<String, Tensor<1>> {
        &self.memory
    }

    /// Takes in the weights of `model` after a step; gives the model with which training goes on.
    pub fn after_step<M: Module>(&mut self, model: M, at: Moment) -> M {
        let acting = self.doors.iter().filter_map(|door| Some((&**door, door.keep(at)?)));
        let acting: Vec<(&dyn AverageDoor, f64)> = acting.collect();
        if acting.is_empty() {
            return model;
        }
        let memory = &mut self.memory;
        let take_in = &mut |parameter: &Parameter, mut weights: Tensor<1>| {
            for (door, keep) in &acting {
                let key = key(*door, parameter);
                let average = match memory.get_mut(&key) {
                    Some(average) if *keep > 0.0 => blend(taken(average), &weights, *keep),
                    _ => copy(&weights),
                };
                if door.purpose() == Use::Training {
                    weights = copy(&average);
                }
                memory.insert(key, average);
            }
            weights
        };
        each_trained(model, &self.list, take_in)
    }

    /// The technique whose average is evaluated, once it has one.
    fn evaluated(&self) -> Option<&'a dyn AverageDoor> {
        let mut evaluated = self.doors.iter().filter(|door| door.purpose() != Use::Training);
        let door = evaluated.next()?;
        let has_begun = |key: &String| key.split_once('/').is_some_and(|(id, _)| id == door.id());
        self.memory.keys().any(has_begun).then_some(&**door)
    }

    /// Whether the running statistics of the evaluated average have to be collected anew.
    pub fn wants_recalibration(&self) -> bool {
        self.evaluated().is_some_and(|door| door.purpose() == Use::RecalibratedEvaluation)
    }

    /// `model` with averaged weights, where a technique's average is evaluated and has begun. Its
    /// running statistics are those of `model`, shared with it.
    pub fn averaged<M: Module>(&self, model: &M) -> Option<M> {
        let door = self.evaluated()?;
        let mut change = |index: usize, _| {
            let parameter = self.list.get(index)?;
            self.memory.get(&key(door, parameter)).cloned()
        };
        Some(changed(model.clone(), &mut change))
    }
}

fn key(door: &dyn AverageDoor, parameter: &Parameter) -> String {
    format!("{}/{}", door.id(), parameter.path)
}

/// A tensor that shares no memory with `weights`, which are about to be changed in place.
fn copy(weights: &Tensor<1>) -> Tensor<1> {
    Tensor::from_data(weights.clone().into_data(), (&weights.device(), weights.dtype()))
}

/// Shows every trained tensor, flat, to `change` and gives it the value that comes back.
fn each_trained<M: Module>(
    model: M,
    list: &[Parameter],
    change: &mut dyn FnMut(&Parameter, Tensor<1>) -> Tensor<1>,
) -> M {
    model.map(&mut Each { list, next: 0, change })
}

struct Each<'a> {
    list: &'a [Parameter],
    next: usize,
    change: &'a mut dyn FnMut(&Parameter, Tensor<1>) -> Tensor<1>,
}

impl ModuleMapper for Each<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let parameter = self.list.get(self.next).filter(|found| found.role != Role::Fixed);
        self.next += 1;
        let Some(parameter) = parameter else { return param };
        param.map(|old| {
            let shape = old.shape();
            let new = (self.change)(parameter, old.inner().flatten(0, D - 1));
            Tensor::from_inner(new.reshape(shape)).set_require_grad(true)
        })
    }
}

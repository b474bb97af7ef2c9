//! One training step, door by door.

use super::Job;
use crate::batch::{Batch, Chance};
use crate::loss::Weighted;
use crate::model::Network;
use crate::optimizer::{Around, Updater};
use crate::parameter::{Parameter, Slot, slots, update};
use crate::penalty::acts_on;
use burn::module::{ModuleVisitor, Param};
use burn::tensor::Tensor;
use wellfit_core::seed::Address;

/// What one step needs to know.
pub struct Corridor<'a, M> {
    /// Techniques, loss, seed.
    pub job: &'a Job<'a, M>,
    /// The model's tensors.
    pub parameters: &'a [Parameter],
    /// How much each class counts, where they do not count the same.
    pub class_weights: Option<&'a [f64]>,
    /// Learning rate of this step.
    pub learning_rate: f64,
    /// Number of this step, from 0.
    pub step: u64,
    /// Epochs done, a fraction within an epoch.
    pub epoch: f64,
}

impl<M: Network> Corridor<'_, M> {
    /// Walks a batch through all doors; gives the updated model and the batch's data loss.
    pub fn walk(&self, model: M, mut batch: Batch, updater: &mut Updater) -> (M, f64) {
        let (job, doors) = (self.job, self.job.doors);
        let address = Address { step: self.step, pass: 0, call: 0 };
        job.clock.begin(address.step, address.pass);
        let weighted = self.class_weights.map(|weights| Weighted::new(&batch.targets, weights));
        for door in &doors.batch {
            batch = door.apply(batch, &Chance { seed: job.seed, address, epoch: self.epoch });
        }
        let outputs = model.forward(batch.inputs);
        let loss = match weighted {
            Some(weighted) => weighted.mean(job.loss, outputs, batch.targets),
            None => job.loss.mean(outputs, batch.targets),
        };
        let value = loss.clone().into_scalar::<f64>();
        let mut slots = slots(&model, self.parameters, &mut loss.backward());
        for door in &doors.gradients {
            door.apply(&mut slots);
        }
        let n = job.train.len() as f64;
        let around = Around { weights: &doors.weights, penalties: &doors.penalties, n };
        let mut change = |slot: Slot<'_>| updater.update(self.learning_rate, slot, around);
        (update(model, slots, &mut change), value)
    }
}

/// The value of all penalties on all weights.
pub fn penalty<M: Network>(model: &M, parameters: &[Parameter], job: &Job<'_, M>) -> f64 {
    let mut sum = Sum { job, parameters, next: 0, value: 0.0 };
    model.visit(&mut sum);
    sum.value
}

struct Sum<'a, M> {
    job: &'a Job<'a, M>,
    parameters: &'a [Parameter],
    next: usize,
    value: f64,
}

impl<M> ModuleVisitor for Sum<'_, M> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let parameter = self.parameters.get(self.next);
        self.next += 1;
        if parameter.is_some_and(acts_on) {
            let weights: Tensor<1> = param.val().inner().flatten(0, D - 1);
            let n = self.job.train.len() as f64;
            self.value +=
                self.job.doors.penalties.iter().map(|p| p.value(&weights, n)).sum::<f64>();
        }
    }
}

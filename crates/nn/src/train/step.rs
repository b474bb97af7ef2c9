//! One training step, door by door.

use super::Job;
use crate::batch::{Batch, Chance};
use crate::elementwise::CHUNK;
use crate::loss::Weighted;
use crate::model::Network;
use crate::optimizer::{Around, Updater};
use crate::parameter::{Parameter, take_slots, update};
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
}

impl<M: Network> Corridor<'_, M> {
    /// Walks a batch through all doors; gives the updated model and the batch's data loss.
    pub fn walk(&self, model: M, mut batch: Batch, updater: &mut Updater) -> (M, f64) {
        let (job, doors) = (self.job, self.job.doors);
        let address = Address { step: self.step, pass: 0, call: 0 };
        job.clock.begin(address.step, address.pass);
        let weighted = self.class_weights.map(|weights| Weighted::new(&batch.targets, weights));
        for door in &doors.batch {
            batch = door.apply(batch, &Chance { seed: job.seed, address });
        }
        let outputs = model.forward(batch.inputs);
        let loss = match weighted {
            Some(weighted) => weighted.mean(job.loss, outputs, batch.targets),
            None => job.loss.mean(outputs, batch.targets),
        };
        let value = loss.clone().into_scalar::<f64>();
        let mut gradients = loss.backward();
        let n = job.train.len() as f64;
        let around = Around { weights: &doors.weights, penalties: &doors.penalties, n };
        let (parameters, rate) = (self.parameters, self.learning_rate);
        let model = in_pool(parameters, || {
            let (model, mut slots) = take_slots(model, parameters, &mut gradients);
            for door in &doors.gradients {
                door.apply(&mut slots);
            }
            update(model, slots, &mut |slot| updater.update(rate, slot, around))
        });
        (model, value)
    }
}

/// Does `work` on tensors of these shapes in the thread pool, if any is worth several threads: each
/// pass over one would otherwise enter the pool and be woken again.
fn in_pool<T: Send>(parameters: &[Parameter], work: impl FnOnce() -> T + Send) -> T {
    let large = |parameter: &Parameter| parameter.shape.iter().product::<usize>() > CHUNK;
    if parameters.iter().any(large) { rayon::scope(|_| work()) } else { work() }
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

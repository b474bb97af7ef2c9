//! The batches of a run: which examples, in which order, as tensors.

use crate::Error;
use crate::batch::Batch;
use crate::chance::rows;
use crate::loss::Loss;
use burn::tensor::Device;
use wellfit_core::seed::{Seed, Stream};
use wellfit_data::{Dataset, Target};

/// Cuts the training examples into batches, in an order of its own for every epoch.
pub struct Batches<'a> {
    data: &'a Dataset,
    size: usize,
    order: Stream,
    /// The order of the epoch that was asked for last.
    current: Option<(u64, Vec<usize>)>,
    classes: bool,
}

impl<'a> Batches<'a> {
    /// Batches of `size` examples of `data`.
    pub fn new(data: &'a Dataset, size: usize, seed: Seed, loss: Loss) -> Result<Self, Error> {
        if data.is_empty() {
            return Err(Error::Mismatch("there are no training examples".to_owned()));
        }
        let classes = data.target.classes().is_some();
        if loss.classifies() && !classes {
            let message = format!("loss {loss:?} needs classes, but the target is a number");
            return Err(Error::Mismatch(message));
        }
        let order = seed.stream("order of examples");
        Ok(Self { data, size, order, current: None, classes })
    }

    /// Steps of an epoch.
    pub fn per_epoch(&self) -> u64 {
        self.data.len().div_ceil(self.size) as u64
    }

    /// The batch of `step`.
    pub fn at(&mut self, step: u64, device: &Device) -> Batch {
        let (epoch, index) = (step / self.per_epoch(), (step % self.per_epoch()) as usize);
        if self.current.as_ref().is_none_or(|(current, _)| *current != epoch) {
            self.current = Some((epoch, self.order.step(epoch).permutation(self.data.len())));
        }
        let order = self.current.as_ref().map_or(&[][..], |(_, order)| order);
        let end = order.len().min((index + 1) * self.size);
        batch(self.data, &order[index * self.size..end], self.classes, device)
    }
}

/// The examples `indices` as tensors.
fn batch(data: &Dataset, indices: &[usize], classes: bool, device: &Device) -> Batch {
    let mut inputs = Vec::with_capacity(indices.len() * data.width());
    for &index in indices {
        inputs.extend_from_slice(data.row(index));
    }
    let targets = targets(&data.target, indices.iter().copied());
    Batch {
        inputs: rows(inputs, data.width(), device),
        shape: data.shape.clone(),
        targets: rows(targets, outputs(&data.target), device),
        classes,
    }
}

/// Number of outputs that a target asks for.
pub fn outputs(target: &Target) -> usize {
    target.classes().unwrap_or(1)
}

/// One-hot rows for classes, one number a row for values.
pub fn targets(target: &Target, indices: impl Iterator<Item = usize>) -> Vec<f32> {
    match target {
        Target::Values(values) => indices.map(|i| values[i] as f32).collect(),
        Target::Classes { labels, names } => {
            let hot = |i: usize| {
                (0..names.len()).map(move |k| f32::from(u8::from(labels[i] as usize == k)))
            };
            indices.flat_map(hot).collect()
        }
    }
}

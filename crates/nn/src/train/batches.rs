//! The batches of a run: which examples, in which order, as tensors.

use super::sampling::{Order, Sampling};
use crate::batch::{Batch, Moments};
use crate::chance::rows;
use burn::tensor::Device;
use std::sync::Arc;
use wellfit_core::seed::Seed;
use wellfit_data::{Dataset, Target};

/// Cuts the training examples into batches, in an order of its own for every epoch.
///
/// The batches of an epoch differ by one example at most. So none is a remainder of a few examples,
/// which would weigh as much as a full batch and give batch norm nothing to average.
pub struct Batches<'a> {
    data: &'a Dataset,
    size: usize,
    order: Order,
    /// The order of the epoch that was asked for last.
    current: Option<(u64, Vec<usize>)>,
    classes: bool,
    moments: Option<Arc<Moments>>,
}

impl<'a> Batches<'a> {
    /// Batches of `size` examples of `data`.
    pub fn new(data: &'a Dataset, size: usize, sampling: Sampling, seed: Seed) -> Self {
        let classes = data.target.classes().is_some();
        let order = Order::new(&data.target, sampling, seed);
        Self { data, size, order, current: None, classes, moments: None }
    }

    /// The same batches, which know mean and standard deviation of each input if `known`.
    pub fn with_moments(self, known: bool) -> Self {
        let moments = known.then(|| Arc::new(Moments::of(self.data)));
        Self { moments, ..self }
    }

    /// Steps of an epoch.
    pub fn per_epoch(&self) -> u64 {
        per_epoch(self.data.len(), self.size)
    }

    /// The batch of `step`.
    pub fn at(&mut self, step: u64, device: &Device) -> Batch {
        let (epoch, index) = (step / self.per_epoch(), (step % self.per_epoch()) as usize);
        if self.current.as_ref().is_none_or(|(current, _)| *current != epoch) {
            self.current = Some((epoch, self.order.of_epoch(epoch)));
        }
        let order = self.current.as_ref().map_or(&[][..], |(_, order)| order);
        let cut = |index: usize| index * order.len() / self.per_epoch() as usize;
        self.batch(&order[cut(index)..cut(index + 1)], device)
    }

    /// The examples `indices` as tensors.
    fn batch(&self, indices: &[usize], device: &Device) -> Batch {
        let data = self.data;
        let mut inputs = Vec::with_capacity(indices.len() * data.width());
        for &index in indices {
            inputs.extend_from_slice(data.row(index));
        }
        let targets = targets(&data.target, indices.iter().copied());
        Batch {
            inputs: rows(inputs, data.width(), device),
            shape: data.shape.clone(),
            pixels: data.pixels.clone(),
            moments: self.moments.clone(),
            embedded: data.embedded.clone(),
            cells: data.cells.clone(),
            targets: rows(targets, target_width(&data.target), device),
            classes: self.classes,
        }
    }
}

/// Steps of an epoch of `examples` in batches of at most `size`.
pub fn per_epoch(examples: usize, size: usize) -> u64 {
    examples.div_ceil(size) as u64
}

/// Examples in the smallest batch of an epoch of `examples` in batches of at most `size`.
pub fn smallest_batch(examples: usize, size: usize) -> usize {
    examples / per_epoch(examples, size).max(1) as usize
}

/// Number of outputs that a target asks for.
pub fn target_width(target: &Target) -> usize {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_comes_once_an_epoch_in_batches_of_nearly_one_size() {
        let inputs: Vec<f32> = (0..33u8).map(f32::from).collect();
        let target = Target::Values(vec![0.0; 33]);
        let data = Dataset::new(inputs.clone(), vec![1], target, Vec::new()).unwrap();
        let mut batches = Batches::new(&data, 16, Sampling::Shuffled, Seed::new(1));
        assert_eq!(batches.per_epoch(), 3);
        let mut epochs: Vec<Vec<f32>> = Vec::new();
        for epoch in 0..2 {
            let mut seen = Vec::new();
            for step in 0..3 {
                let batch = batches.at(epoch * 3 + step, &Device::flex()).inputs;
                assert_eq!(batch.dims(), [11, 1]);
                seen.extend(batch.into_data().try_into_vec::<f32>().unwrap());
            }
            epochs.push(seen);
        }
        assert_ne!(epochs[0], epochs[1]);
        for mut seen in epochs {
            seen.sort_by(f32::total_cmp);
            assert_eq!(seen, inputs);
        }
    }
}

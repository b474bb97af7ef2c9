//! What the training examples say about the weights: their loss, and a sketch of its curvature.
//!
//! The generalized Gauss-Newton matrix is Σ_i J_iᵀ Λ_i J_i, J_i the Jacobian of an example's outputs
//! and Λ_i = S_i S_iᵀ the curvature of its loss there. The gradient of Σ_i (S_i ξ_i)·f_i, ξ of signs,
//! is a signed sum of rows under its root; a [`Sketch`] says of which.
//!
//! Martens 2020, JMLR 21.

use super::kernel::Kernel;
use super::sketch::Sketch;
use crate::chance::{Statistics, rows};
use crate::host::Numbers;
use crate::model::Network;
use crate::parameter::{Parameter, Slot, slots};
use crate::train::{Job, target_width, targets};
use burn::tensor::Tensor;
use wellfit_core::seed::Draw;

/// What the training examples say about the weights of the moment.
pub(super) struct Seen {
    /// Sum of the losses.
    pub loss: f64,
    /// The curvature of that sum.
    pub kernel: Kernel,
    /// Sum of squared weights of each tensor.
    pub squares: Vec<f64>,
}

/// Looks at all training examples, clean; at the tensors at the places of `wanted`. Every look of a
/// run has the same sums with the same signs, so that its evidences compare.
pub(super) fn look<M: Network>(
    model: &M,
    parameters: &[Parameter],
    wanted: &[usize],
    job: &Job<'_, M>,
) -> Seen {
    let before = job.clock.tick().statistics;
    job.clock.statistics(Statistics::Hold);
    job.clock.hush(true);
    let draw = job.seed.stream("evidence").step(0);
    let seen = Look { model, parameters, wanted, job, draw }.seen();
    job.clock.hush(false);
    job.clock.statistics(before);
    // A layer's divergence is no part of the likelihood.
    job.clock.take_terms();
    seen
}

struct Look<'a, M> {
    model: &'a M,
    parameters: &'a [Parameter],
    wanted: &'a [usize],
    job: &'a Job<'a, M>,
    draw: Draw,
}

impl<M: Network> Look<'_, M> {
    fn seen(mut self) -> Seen {
        let of = |index: &usize| self.parameters.get(*index);
        let weights = self.wanted.iter().filter_map(of).map(|p| p.shape.iter().product::<usize>());
        let weights = weights.sum();
        let data = self.job.train;
        let outputs = target_width(&data.target);
        let sketch = Sketch::new(data.len(), outputs, weights, &mut self.draw);
        let mut sums = vec![Vec::with_capacity(sketch.rows()); self.wanted.len()];
        let (mut loss, mut squares) = (0.0, vec![0.0; self.wanted.len()]);
        for chunk in sketch.chunks() {
            loss += self.chunk(chunk, &sketch, &mut sums, &mut squares);
        }
        let parts = sums.into_iter().map(|sums| products(sums, sketch.rows())).collect();
        let kernel = Kernel { outputs: sketch.outputs(), rows: sketch.rows(), parts };
        Seen { loss, kernel, squares }
    }

    /// Adds the sums of a chunk; gives its loss.
    fn chunk(
        &mut self,
        chunk: &[usize],
        sketch: &Sketch,
        sums: &mut [Vec<Tensor<1>>],
        squares: &mut [f64],
    ) -> f64 {
        let (data, device) = (self.job.train, self.job.device);
        let plain = device.clone().without_autodiff();
        let width = target_width(&data.target);
        let inputs = chunk.iter().flat_map(|&row| data.row(row).iter().copied()).collect();
        let inputs: Tensor<2> = rows(inputs, data.width(), device);
        let targets = rows(targets(&data.target, chunk.iter().copied()), width, &plain);
        let mut loss = None;
        for signs in sketch.signs(chunk.len(), &mut self.draw) {
            let found = self.model.forward(inputs.clone());
            let values = found.clone().inner();
            let losses = || self.job.loss.per_example(values.clone(), targets.clone());
            loss.get_or_insert_with(|| losses().sum().into_scalar::<f64>());
            let signs = rows(signs, width, &plain);
            let direction = self.job.loss.curvature_direction(values.clone(), signs);
            let product = (found * Tensor::from_inner(direction)).sum();
            let slots = slots(self.model, self.parameters, &mut product.backward());
            self.keep(slots, sums, squares);
        }
        loss.unwrap_or(0.0)
    }

    fn keep(&self, slots: Vec<Slot<'_>>, sums: &mut [Vec<Tensor<1>>], squares: &mut [f64]) {
        for (place, index) in self.wanted.iter().enumerate() {
            let Some(slot) = slots.iter().find(|slot| slot.index == *index) else { continue };
            if sums[place].is_empty() {
                let numbers = Numbers::of(&slot.value);
                squares[place] = numbers.values().iter().map(|&w| f64::from(w).powi(2)).sum();
            }
            sums[place].push(slot.gradient.clone());
        }
    }
}

/// G Gᵀ of the rows; zeros where no gradient came.
fn products(sums: Vec<Tensor<1>>, rows: usize) -> Vec<f64> {
    if sums.len() != rows {
        return vec![0.0; rows * rows];
    }
    let matrix: Tensor<2> = Tensor::stack(sums, 0);
    let products = matrix.clone().matmul(matrix.transpose());
    Numbers::of(&products).values().iter().copied().map(f64::from).collect()
}

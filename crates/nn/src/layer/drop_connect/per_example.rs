//! A linear layer in which every example has a mask of its own over the weights.
//!
//! y_e = Σ_i x_ei (m_ei ∘ W_i), m_ei the mask of row i of the weights for example e
//!
//! As tensors, the masks would be batch times weights numbers, kept for the backward pass. Here a
//! row of a mask is made where it is used and made again in the backward pass, since chance has
//! addresses; nothing of it is kept.

use super::host::Host;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, backend_extension};
use burn::tensor::Tensor;
use rayon::iter::{IndexedParallelIterator, ParallelIterator};
use rayon::slice::{ParallelSlice, ParallelSliceMut};
use wellfit_core::number::Rate;
use wellfit_core::seed::{Address, Draw, Seed, Stream};

/// The masks of a batch: where their numbers come from.
#[derive(Debug, Clone, Copy)]
pub struct Masks {
    rate: Rate,
    stream: Stream,
}

impl Masks {
    /// Masks that drop with `rate`.
    pub fn new(rate: Rate, draw: &mut Draw) -> Self {
        Self { rate, stream: Seed::new(draw.below(u64::MAX)).stream("masks by example") }
    }

    /// 0 or 1 / (1 - rate) for each of the `len` weights in row `row`, for one example.
    fn row(self, example: usize, row: usize, len: usize) -> Vec<f32> {
        let address = Address { step: example as u64, pass: row as u64, call: 0 };
        self.stream.at(address).mask(len, self.rate)
    }

    /// All masks of a batch, as numbers [batch, in, out].
    #[cfg(test)]
    pub fn all(self, [batch, inputs, outputs]: [usize; 3]) -> Vec<f32> {
        let places = (0..batch).flat_map(|example| (0..inputs).map(move |row| (example, row)));
        places.flat_map(|(example, row)| self.row(example, row, outputs)).collect()
    }
}

/// The sums of a linear layer under the masks.
///
/// # Shapes
/// input [batch, in], weight [in, out] -> [batch, out]
pub fn product(input: Tensor<2>, weight: Tensor<2>, masks: Masks) -> Tensor<2> {
    let layer = Layer { masks, inputs: weight.dims()[0].max(1), outputs: weight.dims()[1].max(1) };
    let (input, weight) = (input.into_dispatch(), weight.into_dispatch());
    Tensor::from_dispatch(<Dispatch as Masked>::masked(input, weight, layer))
}

/// Examples whose shares of a gradient are added up together, so that the sum does not depend on
/// the threads.
const PART: usize = 16;

/// The layer, on host numbers.
#[derive(Debug, Clone, Copy)]
struct Layer {
    masks: Masks,
    inputs: usize,
    outputs: usize,
}

impl Layer {
    /// y_e = Σ_i x_ei (m_ei ∘ W_i)
    fn forward(self, input: &[f32], weight: &[f32]) -> Vec<f32> {
        let mut sums = vec![0.0; input.len() / self.inputs * self.outputs];
        let examples = sums.par_chunks_mut(self.outputs).zip(input.par_chunks(self.inputs));
        examples.enumerate().for_each(|(example, (sums, input))| {
            let rows = input.iter().zip(weight.chunks(self.outputs)).enumerate();
            // Black pixels and silent units have no part in the sum, whatever their mask.
            for (row, (&x, weight)) in rows.filter(|(_, (x, _))| **x != 0.0) {
                let mask = self.masks.row(example, row, self.outputs);
                for ((sum, &weight), mask) in sums.iter_mut().zip(weight).zip(mask) {
                    *sum += x * mask * weight;
                }
            }
        });
        sums
    }

    /// Gradients of input and weight from that of the output:
    /// x'_ei = (m_ei ∘ W_i) · y'_e and W'_i = Σ_e x_ei (m_ei ∘ y'_e).
    fn backward(self, input: &[f32], weight: &[f32], gradient: &[f32]) -> [Vec<f32>; 2] {
        let mut of_input = vec![0.0; input.len()];
        let parts = of_input
            .par_chunks_mut(PART * self.inputs)
            .zip(input.par_chunks(PART * self.inputs))
            .zip(gradient.par_chunks(PART * self.outputs))
            .enumerate();
        let of_weight = parts.map(|(part, ((of_input, input), gradient))| {
            let examples = of_input.chunks_mut(self.inputs).zip(input.chunks(self.inputs));
            let mut of_weight = vec![0.0; weight.len()];
            for (index, ((of_input, input), gradient)) in
                examples.zip(gradient.chunks(self.outputs)).enumerate()
            {
                let example = part * PART + index;
                self.backward_of(example, [input, weight, gradient], of_input, &mut of_weight);
            }
            of_weight
        });
        let of_weight = of_weight.collect::<Vec<_>>().into_iter().reduce(|mut sum, part| {
            sum.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
            sum
        });
        [of_input, of_weight.unwrap_or_else(|| vec![0.0; weight.len()])]
    }

    /// One example's gradients; that of the weight is added.
    fn backward_of(
        self,
        example: usize,
        [input, weight, gradient]: [&[f32]; 3],
        of_input: &mut [f32],
        of_weight: &mut [f32],
    ) {
        let weights = weight.chunks(self.outputs).zip(of_weight.chunks_mut(self.outputs));
        for (row, ((&x, of_x), (weight, of_weight))) in
            input.iter().zip(of_input).zip(weights).enumerate()
        {
            let mask = self.masks.row(example, row, self.outputs);
            let masked = || mask.iter().zip(gradient).map(|(mask, gradient)| mask * gradient);
            *of_x = masked().zip(weight).map(|(gradient, weight)| gradient * weight).sum();
            if x != 0.0 {
                of_weight.iter_mut().zip(masked()).for_each(|(sum, gradient)| *sum += x * gradient);
            }
        }
    }
}

#[backend_extension(Flex, Autodiff)]
trait Masked: Backend {
    fn masked(
        input: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        layer: Layer,
    ) -> FloatTensor<Self>;
}

impl Masked for Flex {
    fn masked(
        input: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        layer: Layer,
    ) -> FloatTensor<Self> {
        let sums = layer.forward(&Self::numbers(input.clone()), &Self::numbers(weight));
        Self::tensor(sums, layer.outputs, &input)
    }
}

#[derive(Debug)]
struct Product;

impl<B: Host> Backward<B, 2> for Product {
    type State = (B::FloatTensorPrimitive, B::FloatTensorPrimitive, Layer);

    fn backward(self, ops: Ops<Self::State, 2>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let (input, weight, layer) = ops.state;
        let gradient = B::numbers(gradients.consume::<B>(&ops.node));
        let numbers = (B::numbers(input.clone()), B::numbers(weight.clone()));
        let [of_input, of_weight] = layer.backward(&numbers.0, &numbers.1, &gradient);
        let [for_input, for_weight] = ops.parents;
        if let Some(node) = for_input {
            gradients.register::<B>(node.id, B::tensor(of_input, layer.inputs, &input));
        }
        if let Some(node) = for_weight {
            gradients.register::<B>(node.id, B::tensor(of_weight, layer.outputs, &weight));
        }
    }
}

impl<B: Host + Masked, C: CheckpointStrategy> Masked for Autodiff<B, C> {
    fn masked(
        input: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        layer: Layer,
    ) -> FloatTensor<Self> {
        let prepared = Product.prepare::<C>([input.node(), weight.node()]).compute_bound();
        let (input, weight) = (input.into_primitive(), weight.into_primitive());
        let output = B::masked(input.clone(), weight.clone(), layer);
        match prepared.stateful() {
            OpsKind::Tracked(prepared) => prepared.finish((input, weight, layer), output),
            OpsKind::UnTracked(prepared) => prepared.finish(output),
        }
    }
}

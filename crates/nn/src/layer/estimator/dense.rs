//! Local reparameterization of a linear layer, as one node of Burn's autodiff.
//!
//! y = x M + sqrt(x² V) ε, element by element but for the products. The two products of each
//! direction do not wait for each other: side by side, either thread works through one of them
//! without meeting the other.

use super::scaled;
use crate::chance::PART;
use crate::elementwise::wide;
use crate::host::Changed;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, backend_extension};
use burn::tensor::Tensor;
use rayon::iter::{IndexedParallelIterator, ParallelIterator};
use rayon::slice::{ParallelSlice, ParallelSliceMut};
use wellfit_core::number::NonNegative;
use wellfit_core::seed::{Draw, Normals};

/// Outputs of weights N(mean, variance), drawn for every example.
///
/// # Shapes
/// input [batch, in], mean and variance [in, out] -> [batch, out]
pub fn outputs(
    input: Tensor<2>,
    mean: Tensor<2>,
    variance: Tensor<2>,
    draw: &mut Draw,
) -> Tensor<2> {
    let normals = draw.normals(NonNegative::ONE);
    let [input, mean, variance] = [input, mean, variance].map(Tensor::into_dispatch);
    Tensor::from_dispatch(<Dispatch as Local>::local(input, mean, variance, normals))
}

#[backend_extension(Flex, Autodiff)]
trait Local: Backend {
    fn local(
        input: FloatTensor<Self>,
        mean: FloatTensor<Self>,
        variance: FloatTensor<Self>,
        normals: Normals,
    ) -> FloatTensor<Self>;
}

impl Local for Flex {
    fn local(
        input: FloatTensor<Self>,
        mean: FloatTensor<Self>,
        variance: FloatTensor<Self>,
        normals: Normals,
    ) -> FloatTensor<Self> {
        forward::<Self>([input, mean, variance], &normals).0
    }
}

/// The outputs; and for the backward pass the squares x² and the derivatives in the sums x² V.
fn forward<B: Changed>(
    [input, mean, variance]: [FloatTensor<B>; 3],
    normals: &Normals,
) -> (FloatTensor<B>, [FloatTensor<B>; 2]) {
    let squared = || {
        let squares = B::float_mul(input.clone(), input.clone());
        (B::float_matmul(squares.clone(), variance), squares)
    };
    let (means, (variances, squares)) =
        rayon::join(|| B::float_matmul(input.clone(), mean), squared);
    let [outputs, slopes] =
        B::changed([means, variances], |[means, variances]| add_noise(means, variances, normals));
    (outputs, [squares, slopes])
}

/// Adds sqrt(v) ε for every variance v, in whose place its derivative comes.
fn add_noise(means: &mut [f32], variances: &mut [f32], normals: &Normals) {
    let parts = means.par_chunks_mut(PART).zip(variances.par_chunks_mut(PART)).enumerate();
    parts.for_each(|(index, (means, variances))| {
        let mut noise = [0.0; PART];
        let noise = &mut noise[..means.len()];
        normals.fill(index * PART, noise);
        wide(
            #[inline(always)]
            |(means, variances, noise): (&mut [f32], &mut [f32], &[f32])| {
                for ((mean, variance), normal) in means.iter_mut().zip(variances).zip(noise) {
                    let (noise, slope) = scaled(*normal, *variance);
                    (*mean, *variance) = (*mean + noise, slope);
                }
            },
            (means, variances, &*noise),
        );
    });
}

/// gradient <- gradient + 2 x s, where s is the gradient in x².
fn add_squared<B: Changed>(
    gradient: FloatTensor<B>,
    input: FloatTensor<B>,
    squared: FloatTensor<B>,
) -> FloatTensor<B> {
    let [input, squared] = [input, squared].map(B::numbers);
    let read = input.values().par_chunks(PART).zip(squared.values().par_chunks(PART));
    let [gradient] = B::changed([gradient], |[gradient]| {
        gradient.par_chunks_mut(PART).zip(read).for_each(|(gradient, (input, squared))| {
            wide(
                #[inline(always)]
                |(gradient, input, squared): (&mut [f32], &[f32], &[f32])| {
                    for ((gradient, x), s) in gradient.iter_mut().zip(input).zip(squared) {
                        *gradient += x * s * 2.0;
                    }
                },
                (gradient, input, squared),
            );
        });
    });
    gradient
}

#[derive(Debug)]
struct Outputs;

impl<B: Backend + Changed> Backward<B, 3> for Outputs {
    /// Input, mean, variance, x², and the derivatives in the sums x² V.
    type State = [FloatTensor<B>; 5];

    fn backward(self, ops: Ops<Self::State, 3>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let [input, mean, variance, squares, slopes] = ops.state;
        let [for_input, for_mean, for_variance] = ops.parents;
        let gradient = gradients.consume::<B>(&ops.node);
        let below = B::float_mul(gradient.clone(), slopes);
        let by_weight = |node: &Option<_>, input: FloatTensor<B>, gradient: FloatTensor<B>| {
            node.is_some().then(|| B::float_matmul(B::float_transpose(input), gradient))
        };
        let (by_mean, by_variance) = rayon::join(
            || by_weight(&for_mean, input.clone(), gradient.clone()),
            || by_weight(&for_variance, squares, below.clone()),
        );
        let by_input = for_input.is_some().then(|| {
            let back = |gradient, weight| B::float_matmul(gradient, B::float_transpose(weight));
            let (plain, squared) = rayon::join(|| back(gradient, mean), || back(below, variance));
            add_squared::<B>(plain, input, squared)
        });
        let all = [(for_input, by_input), (for_mean, by_mean), (for_variance, by_variance)];
        for (node, gradient) in all.into_iter().filter_map(|(node, by)| node.zip(by)) {
            gradients.register::<B>(node.id, gradient);
        }
    }
}

impl<B: Backend + Changed, C: CheckpointStrategy> Local for Autodiff<B, C> {
    fn local(
        input: FloatTensor<Self>,
        mean: FloatTensor<Self>,
        variance: FloatTensor<Self>,
        normals: Normals,
    ) -> FloatTensor<Self> {
        let nodes = [input.node(), mean.node(), variance.node()];
        let prepared = Outputs.prepare::<C>(nodes).compute_bound();
        let [input, mean, variance] = [input, mean, variance].map(|x| x.into_primitive());
        let parts = [input.clone(), mean.clone(), variance.clone()];
        let (outputs, [squares, slopes]) = forward::<B>(parts, &normals);
        match prepared.stateful() {
            OpsKind::Tracked(prepared) => {
                prepared.finish([input, mean, variance, squares, slopes], outputs)
            }
            OpsKind::UnTracked(prepared) => prepared.finish(outputs),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::gaussian;
    use super::*;
    use burn::tensor::{Device, Int, TensorData};
    use wellfit_core::seed::Seed;

    fn draw() -> Draw {
        Seed::new(4).stream("noise").step(0)
    }

    /// sin of whole numbers, so that nothing is alike.
    fn waves(shape: [usize; 2], step: f64) -> Tensor<2> {
        let device = Device::flex().autodiff();
        let count = (shape[0] * shape[1]) as i64;
        let x = Tensor::<1, Int>::arange(0..count, &device).float();
        (x * step).sin().reshape(shape).detach().require_grad()
    }

    fn data(tensor: &Tensor<2>) -> TensorData {
        tensor.to_data()
    }

    /// The law in operations of Burn, and what its autodiff makes of them.
    #[test]
    fn outputs_and_gradients_are_those_of_single_operations() {
        let leaves = || [waves([150, 7], 0.3), waves([7, 130], 0.7), waves([7, 130], 1.1)];
        let weights = waves([150, 130], 0.9).detach();
        let found = |outputs: Tensor<2>, leaves: [Tensor<2>; 3]| {
            let gradients = (outputs.clone() * weights.clone()).sum().backward();
            let of_leaves = leaves.map(|leaf| data(&leaf.grad(&gradients).unwrap()));
            (data(&outputs), of_leaves)
        };
        let [x, mean, root] = leaves();
        let ours = outputs(x.clone(), mean.clone(), root.clone().square(), &mut draw());
        let ours = found(ours, [x, mean, root]);
        let [x, mean, root] = leaves();
        let sums = x.clone().square().matmul(root.clone().square());
        let theirs = x.clone().matmul(mean.clone()) + gaussian(sums, &mut draw());
        let theirs = found(theirs, [x, mean, root]);
        assert_eq!(ours.0, theirs.0);
        for (ours, theirs) in ours.1.iter().zip(&theirs.1) {
            ours.assert_approx_eq::<f32>(theirs, burn::tensor::Tolerance::relative(1e-5));
        }
    }

    #[test]
    fn without_variance_no_gradient_is_infinite() {
        let (x, mean, variance) = (waves([3, 2], 0.3), waves([2, 4], 0.7), waves([2, 4], 0.0));
        let outputs = outputs(x.clone(), mean.clone(), variance.clone(), &mut draw());
        assert_eq!(data(&outputs), data(&x.clone().matmul(mean)));
        let gradients = outputs.sum().backward();
        let zeros = TensorData::zeros::<f32, _>([2, 4]);
        assert_eq!(data(&variance.grad(&gradients).unwrap()), zeros);
        let of_input = data(&x.grad(&gradients).unwrap());
        assert!(of_input.iter::<f32>().all(f32::is_finite));
    }
}

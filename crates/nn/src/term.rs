//! Terms of the loss that are functions of a layer's weights, as divergences from a prior.
//!
//! As nodes of their own, such a term's gradients in the weights would be made, scaled and added to
//! those of the layer's outputs, each in a pass over memory. Here the term's backward pass only tells
//! the layer's how much the term counts, and that adds all in the one pass that it makes anyway. The
//! term's node stands behind the outputs, so that it is the first of both.

mod combine;

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind, unary};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, TensorMetadata, backend_extension};
use burn::tensor::{Shape, Tensor};
use combine::Combine;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// The gradient of the loss in a term, once the term's backward pass knows it; until then 0.
#[derive(Debug, Clone, Default)]
pub struct Weight(Arc<AtomicU32>);

impl Weight {
    fn get(&self) -> f32 {
        f32::from_bits(self.0.load(Ordering::Acquire))
    }

    fn set(&self, weight: f32) {
        self.0.store(weight.to_bits(), Ordering::Release);
    }
}

/// `value`, element by element a function of `of` with the derivative `slope`; the term of this `weight`
/// has the derivatives `by_term` in `of`.
///
/// # Shapes
/// all the same
pub fn with_slope_and_term<const D: usize>(
    of: Tensor<D>,
    value: Tensor<D>,
    slope: Tensor<D>,
    (by_term, weight): (Tensor<D>, &Weight),
) -> Tensor<D> {
    let [of, value, slope, by_term] = [of, value, slope, by_term].map(Tensor::into_dispatch);
    Tensor::from_dispatch(<Dispatch as Terms>::sloped(of, value, slope, by_term, weight.clone()))
}

/// `of` as it is; the term of this `weight` has the derivatives `by_term` in it.
///
/// # Shapes
/// both the same
pub fn with_term<const D: usize>(
    of: Tensor<D>,
    (by_term, weight): (Tensor<D>, &Weight),
) -> Tensor<D> {
    let [of, by_term] = [of, by_term].map(Tensor::into_dispatch);
    Tensor::from_dispatch(<Dispatch as Terms>::passed(of, by_term, weight.clone()))
}

/// The term of this `weight`, a number; `outputs` are computed from all tensors of which it is a
/// function.
pub fn term<const D: usize>(outputs: &Tensor<D>, value: f64, weight: &Weight) -> Tensor<1> {
    let value = Tensor::<D>::full([1; D], value, (&outputs.device(), outputs.dtype()));
    let [of, value] = [outputs.clone(), value].map(Tensor::into_dispatch);
    let term = <Dispatch as Terms>::term(of, value, weight.clone());
    Tensor::<D>::from_dispatch(term).reshape([1])
}

// A device of another kind needs its name in this list.
#[backend_extension(Flex, Autodiff)]
trait Terms: Backend {
    /// See [`with_slope_and_term`].
    fn sloped(
        of: FloatTensor<Self>,
        value: FloatTensor<Self>,
        slope: FloatTensor<Self>,
        by_term: FloatTensor<Self>,
        weight: Weight,
    ) -> FloatTensor<Self>;

    /// See [`with_term`].
    fn passed(
        of: FloatTensor<Self>,
        by_term: FloatTensor<Self>,
        weight: Weight,
    ) -> FloatTensor<Self>;

    /// See [`term`].
    fn term(of: FloatTensor<Self>, value: FloatTensor<Self>, weight: Weight) -> FloatTensor<Self>;
}

impl Terms for Flex {
    fn sloped(
        _: FloatTensor<Self>,
        value: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: Weight,
    ) -> FloatTensor<Self> {
        value
    }

    fn passed(of: FloatTensor<Self>, _: FloatTensor<Self>, _: Weight) -> FloatTensor<Self> {
        of
    }

    fn term(_: FloatTensor<Self>, value: FloatTensor<Self>, _: Weight) -> FloatTensor<Self> {
        value
    }
}

impl<B: Backend + Combine, C: CheckpointStrategy> Terms for Autodiff<B, C> {
    fn sloped(
        of: FloatTensor<Self>,
        value: FloatTensor<Self>,
        slope: FloatTensor<Self>,
        by_term: FloatTensor<Self>,
        weight: Weight,
    ) -> FloatTensor<Self> {
        match Sloped.prepare::<C>([of.node()]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => {
                let state = (slope.into_primitive(), by_term.into_primitive(), weight);
                prepared.finish(state, value.into_primitive())
            }
            OpsKind::UnTracked(prepared) => prepared.finish(value.into_primitive()),
        }
    }

    fn passed(
        of: FloatTensor<Self>,
        by_term: FloatTensor<Self>,
        weight: Weight,
    ) -> FloatTensor<Self> {
        match Passed.prepare::<C>([of.node()]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => {
                prepared.finish((by_term.into_primitive(), weight), of.into_primitive())
            }
            OpsKind::UnTracked(prepared) => prepared.finish(of.into_primitive()),
        }
    }

    fn term(of: FloatTensor<Self>, value: FloatTensor<Self>, weight: Weight) -> FloatTensor<Self> {
        match Told.prepare::<C>([of.node()]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => {
                let shape = of.shape();
                prepared.finish((weight, shape), value.into_primitive())
            }
            OpsKind::UnTracked(prepared) => prepared.finish(value.into_primitive()),
        }
    }
}

#[derive(Debug)]
struct Sloped;

impl<B: Backend + Combine> Backward<B, 1> for Sloped {
    type State = (B::FloatTensorPrimitive, B::FloatTensorPrimitive, Weight);

    fn backward(self, ops: Ops<Self::State, 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let (slope, by_term, weight) = ops.state;
        unary::<B, _>(ops.parents, ops.node, gradients, |gradient| {
            B::combine(gradient, Some(slope), by_term, weight.get())
        });
    }
}

#[derive(Debug)]
struct Passed;

impl<B: Backend + Combine> Backward<B, 1> for Passed {
    type State = (B::FloatTensorPrimitive, Weight);

    fn backward(self, ops: Ops<Self::State, 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let (by_term, weight) = ops.state;
        unary::<B, _>(ops.parents, ops.node, gradients, |gradient| {
            B::combine(gradient, None, by_term, weight.get())
        });
    }
}

#[derive(Debug)]
struct Told;

impl<B: Backend + Combine> Backward<B, 1> for Told {
    type State = (Weight, Shape);

    fn backward(self, ops: Ops<Self::State, 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let (weight, shape) = ops.state;
        unary::<B, _>(ops.parents, ops.node, gradients, |gradient| {
            let (place, dtype) = (gradient.device(), gradient.dtype());
            let zero = B::float_zeros(gradient.shape(), &place, dtype.into());
            weight.set(B::number(gradient));
            // The outputs may have no other gradient, and have to have one.
            B::float_expand(zero, shape)
        });
    }
}

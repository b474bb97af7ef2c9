//! Terms of the loss that are functions of a layer's weights, as divergences from a prior.
//!
//! As nodes of their own, such a term's gradients in the weights would be made, scaled and added to
//! those of the layer's outputs, each in a pass over memory. Here the term's backward pass only tells
//! the layer's how much the term counts, and that adds all in the one pass that it makes anyway. The
//! term's node stands behind the outputs, so that it is the first of both.

use crate::host::Changed;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind, unary};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, TensorMetadata, backend_extension};
use burn::tensor::{Shape, Tensor};
use std::fmt::Debug;
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

/// What the backward pass of a value makes of its gradient.
pub trait Derivatives: Send + Sync + Debug {
    /// The gradient of a value becomes that of the tensor of which it is a function, element by
    /// element; the derivative of the term, times `weight`, is added.
    fn chain(&self, gradient: &mut [f32], weight: f32);
}

/// `value`, element by element a function of `of`, as is the term of this `weight`.
///
/// # Shapes
/// both the same
pub fn with_term<const D: usize>(
    of: Tensor<D>,
    value: Tensor<D>,
    derivatives: Arc<dyn Derivatives>,
    weight: &Weight,
) -> Tensor<D> {
    let [of, value] = [of, value].map(Tensor::into_dispatch);
    let state = (derivatives, weight.clone());
    Tensor::from_dispatch(<Dispatch as Terms>::with_term(of, value, state))
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
    /// See [`with_term`].
    fn with_term(
        of: FloatTensor<Self>,
        value: FloatTensor<Self>,
        state: (Arc<dyn Derivatives>, Weight),
    ) -> FloatTensor<Self>;

    /// See [`term`].
    fn term(of: FloatTensor<Self>, value: FloatTensor<Self>, weight: Weight) -> FloatTensor<Self>;
}

impl Terms for Flex {
    fn with_term(
        _: FloatTensor<Self>,
        value: FloatTensor<Self>,
        _: (Arc<dyn Derivatives>, Weight),
    ) -> FloatTensor<Self> {
        value
    }

    fn term(_: FloatTensor<Self>, value: FloatTensor<Self>, _: Weight) -> FloatTensor<Self> {
        value
    }
}

impl<B: Backend + Changed, C: CheckpointStrategy> Terms for Autodiff<B, C> {
    fn with_term(
        of: FloatTensor<Self>,
        value: FloatTensor<Self>,
        state: (Arc<dyn Derivatives>, Weight),
    ) -> FloatTensor<Self> {
        match WithTerm.prepare::<C>([of.node()]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish(state, value.into_primitive()),
            OpsKind::UnTracked(prepared) => prepared.finish(value.into_primitive()),
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
struct WithTerm;

impl<B: Backend + Changed> Backward<B, 1> for WithTerm {
    type State = (Arc<dyn Derivatives>, Weight);

    fn backward(self, ops: Ops<Self::State, 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let (derivatives, weight) = ops.state;
        unary::<B, _>(ops.parents, ops.node, gradients, |gradient| {
            let chain = |[gradient]: [&mut [f32]; 1]| derivatives.chain(gradient, weight.get());
            let [gradient] = B::changed([gradient], chain);
            gradient
        });
    }
}

#[derive(Debug)]
struct Told;

impl<B: Backend + Changed> Backward<B, 1> for Told {
    type State = (Weight, Shape);

    fn backward(self, ops: Ops<Self::State, 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let (weight, shape) = ops.state;
        unary::<B, _>(ops.parents, ops.node, gradients, |gradient| {
            let (place, dtype) = (gradient.device(), gradient.dtype());
            weight.set(B::numbers(gradient).values().first().copied().unwrap_or_default());
            // The outputs may have no other gradient, and have to have one.
            B::float_zeros(shape, &place, dtype.into())
        });
    }
}

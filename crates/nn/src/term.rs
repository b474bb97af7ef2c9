//! Terms of the loss that are functions of a layer's weights, as divergences from a prior.
//!
//! As nodes of their own, such a term's gradients in the weights would be made, scaled and added to
//! those of the layer's outputs, each in a pass over memory. Here the term's backward pass only tells
//! the layer's how much the term counts, and that adds all in the one pass that it makes anyway. The
//! term's node stands behind the outputs, so that it is the first of both.

use crate::elementwise::{CHUNK, wide};
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind, unary};
use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, TensorMetadata, backend_extension};
use burn::tensor::{Shape, Tensor};
use rayon::iter::{IndexedParallelIterator, ParallelIterator};
use rayon::slice::{ParallelSlice, ParallelSliceMut};
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

/// What backward passes need of a backend beyond its operations.
trait Combine: Backend {
    /// gradient slope + weight by_term, element by element; without a slope it is 1.
    fn combine(
        gradient: FloatTensor<Self>,
        slope: Option<FloatTensor<Self>>,
        by_term: FloatTensor<Self>,
        weight: f32,
    ) -> FloatTensor<Self>;

    /// The number of a tensor of one.
    fn number(of: FloatTensor<Self>) -> f32;
}

impl Combine for Flex {
    fn combine(
        gradient: FloatTensor<Self>,
        slope: Option<FloatTensor<Self>>,
        by_term: FloatTensor<Self>,
        weight: f32,
    ) -> FloatTensor<Self> {
        let mut made = gradient.into_data();
        let read = (slope.as_ref().map(FloatTensor::<Self>::as_slice), by_term.as_slice::<f32>());
        match (made.as_mut_slice::<f32>(), read) {
            (Ok(g), (None, Some(t))) => {
                in_chunks(g, t, t, move |g, _, t| g + weight * t);
            }
            (Ok(g), (Some(Some(s)), Some(t))) => {
                in_chunks(g, s, t, move |g, s, t| g * s + weight * t);
            }
            // Another precision.
            _ => return combined(FloatTensor::<Self>::from_data(made), slope, by_term, weight),
        }
        FloatTensor::<Self>::from_data(made)
    }

    fn number(of: FloatTensor<Self>) -> f32 {
        of.into_data().iter::<f32>().next().unwrap_or_default()
    }
}

/// The same as operations on tensors.
fn combined(
    gradient: FloatTensor<Flex>,
    slope: Option<FloatTensor<Flex>>,
    by_term: FloatTensor<Flex>,
    weight: f32,
) -> FloatTensor<Flex> {
    let scaled = match slope {
        Some(slope) => Flex::float_mul(gradient, slope),
        None => gradient,
    };
    Flex::float_add(scaled, Flex::float_mul_scalar(by_term, weight.into()))
}

/// g <- f(g, s, t), element by element.
fn in_chunks(g: &mut [f32], s: &[f32], t: &[f32], f: impl Fn(f32, f32, f32) -> f32 + Sync + Copy) {
    let read = s.par_chunks(CHUNK).zip(t.par_chunks(CHUNK));
    g.par_chunks_mut(CHUNK).zip(read).for_each(|(g, (s, t))| {
        wide(
            #[inline(always)]
            move |(g, (s, t)): (&mut [f32], (&[f32], &[f32]))| {
                g.iter_mut().zip(s).zip(t).for_each(|((g, &s), &t)| *g = f(*g, s, t));
            },
            (g, (s, t)),
        );
    });
}

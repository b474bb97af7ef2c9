//! Values whose derivative is known already, as nodes of Burn's autodiff.
//!
//! A formula of ten operations on every weight is read and written twenty times by autodiff. Where
//! one pass over memory gives value and derivative together, this makes a single node of both.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind, unary};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, backend_extension};
use burn::tensor::Tensor;

/// `value`, element by element a function of `of` with the derivative `slope`.
///
/// # Shapes
/// all the same
pub fn with_slope<const D: usize>(of: Tensor<D>, value: Tensor<D>, slope: Tensor<D>) -> Tensor<D> {
    let [of, value, slope] = [of, value, slope].map(Tensor::into_dispatch);
    Tensor::from_dispatch(<Dispatch as Known>::known(of, value, slope))
}

// A device of another kind needs its name in this list.
#[backend_extension(Flex, Autodiff)]
trait Known: Backend {
    /// `value`; where gradients are asked for, that of `of` is the output's times `slope`.
    fn known(
        of: FloatTensor<Self>,
        value: FloatTensor<Self>,
        slope: FloatTensor<Self>,
    ) -> FloatTensor<Self>;
}

impl Known for Flex {
    fn known(
        _: FloatTensor<Self>,
        value: FloatTensor<Self>,
        _: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        value
    }
}

#[derive(Debug)]
struct TimesSlope;

impl<B: Backend> Backward<B, 1> for TimesSlope {
    type State = B::FloatTensorPrimitive;

    fn backward(self, ops: Ops<Self::State, 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let slope = ops.state;
        unary::<B, _>(ops.parents, ops.node, gradients, |gradient| B::float_mul(slope, gradient));
    }
}

impl<B: Backend, C: CheckpointStrategy> Known for Autodiff<B, C> {
    fn known(
        of: FloatTensor<Self>,
        value: FloatTensor<Self>,
        slope: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        match TimesSlope.prepare::<C>([of.node()]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => {
                prepared.finish(slope.into_primitive(), value.into_primitive())
            }
            OpsKind::UnTracked(prepared) => prepared.finish(value.into_primitive()),
        }
    }
}

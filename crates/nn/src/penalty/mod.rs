//! The penalty door: terms that are added to the loss.
//!
//! Each is one of `wellfit_core::penalty` on tensors, tied to it by a law in the tests. λ means
//! what the textbook says, C = C0 + λ/2n Σw², n the number of training examples. A penalty is
//! never part of the autodiff graph: its gradient is known in closed form and is added to the
//! gradient of C0 once a step, behind the gradient door, so that clipping acts on ∇C0 alone and
//! accumulated micro-batches do not count it twice.

pub mod elastic_net;
pub mod group_lasso;
pub mod l1;
pub mod l2;
pub mod l2_sp;
mod place;

pub use place::{PerLayer, Place, Starts};

use crate::elementwise::{map, taken, zip};
use crate::parameter::{Parameter, Role, Slot};
use crate::technique::Shelved;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// The techniques of this door.
pub const SHELF: &[Shelved] = &[
    Shelved::of::<elastic_net::ElasticNet>(),
    Shelved::of::<group_lasso::GroupLasso>(),
    Shelved::of::<l1::L1>(),
    Shelved::of::<l2::L2>(),
    Shelved::of::<l2_sp::L2Sp>(),
];

/// How a penalty with a kink at zero is minimized.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A gradient step on C0, then the proximal operator: weights become exactly zero.
    #[default]
    Proximal,
    /// The subgradient, with sgn 0 = 0: weights hover around zero.
    Subgradient,
}

/// Length of the step that the optimizer takes along a constant gradient: what a proximal step
/// has to be scaled by to have its fixed point at the minimum of C.
#[derive(Debug, Clone)]
#[allow(clippy::large_enum_variant, reason = "made once per tensor and step")]
pub enum StepSize {
    /// The same for all weights: the learning rate over (1 - momentum).
    Uniform(f64),
    /// One per weight: the learning rate over (sqrt(v) + ε) of Adam.
    PerElement(Tensor<1>),
}

/// How far a step moves a weight, for each unit of what pulls at it.
#[derive(Debug, Clone)]
pub struct Reach {
    /// Of gradient in this step: the learning rate for plain SGD, without what the momentum makes
    /// of it later.
    pub gradient: StepSize,
    /// Of threshold in a proximal operator.
    pub proximal: StepSize,
}

/// A term of the loss.
pub trait PenaltyDoor: Send + Sync {
    /// The technique's id.
    fn id(&self) -> &'static str;

    /// The term's value for one tensor of weights, flat.
    fn value(&self, weights: &Tensor<1>, place: Place<'_>) -> f64;

    /// Adds the term's gradient, where the gradient is how it acts.
    fn add_gradient(
        &self,
        weights: &Tensor<1>,
        gradient: Tensor<1>,
        place: Place<'_>,
    ) -> Tensor<1> {
        let _ = (weights, place);
        gradient
    }

    /// Applies the term's proximal operator after a step, where that is how it acts.
    fn prox(&self, weights: Tensor<1>, step: &StepSize, place: Place<'_>) -> Tensor<1> {
        let _ = (step, place);
        weights
    }

    /// Whether it acts through its proximal operator. Two operators in a row are not the operator
    /// of the sum, so that a run takes one at most.
    fn is_proximal(&self) -> bool {
        false
    }

    /// Whether it needs [`Place::start`].
    fn needs_start(&self) -> bool {
        false
    }

    /// The recipe's factor for the tensor at `path` where λ is found in the run; none where λ is
    /// given.
    fn found_at(&self, path: &str) -> Option<f64> {
        let _ = path;
        None
    }

    /// How the weights `after` a step that began at `before` change with ln λ, to first order:
    /// ∂w'/∂ ln λ. None where no closed form is known; wanted where λ is found in the run.
    fn response(
        &self,
        before: &Tensor<1>,
        after: &Tensor<1>,
        reach: &Reach,
        place: Place<'_>,
    ) -> Option<Tensor<1>> {
        let _ = (before, after, reach, place);
        None
    }

    /// Parts of the model that it names, which must be there.
    fn names(&self) -> Vec<&str> {
        Vec::new()
    }

    /// The term with its numbers, as `explain` shows it.
    fn describe(&self, n: f64) -> String;
}

/// Whether penalties, decay and proximal steps act on this tensor: on weights alone.
pub fn acts_on(parameter: &Parameter) -> bool {
    parameter.role == Role::Weight
}

/// Adds the gradients of all penalties to the penalized slots, for `n` training examples. `starts`
/// were taken of the model before its first step.
pub fn add_gradients(
    penalties: &[Box<dyn PenaltyDoor>],
    slots: &mut [Slot<'_>],
    starts: &Starts,
    n: f64,
) {
    for slot in slots.iter_mut().filter(|slot| acts_on(slot.parameter)) {
        for penalty in penalties {
            let gradient = taken(&mut slot.gradient);
            let start = starts.get(slot.index);
            let place = Place { start, ..Place::of(slot.parameter, n) };
            slot.gradient = penalty.add_gradient(&slot.value, gradient, place);
        }
    }
}

/// sgn(w), 0 at zero.
#[inline(always)]
pub(crate) fn sign(w: f32) -> f32 {
    f32::from(i8::from(w > 0.0) - i8::from(w < 0.0))
}

/// `formula` of every weight and the threshold that is `strength` times its step.
pub(crate) fn with_step(
    weights: Tensor<1>,
    step: &StepSize,
    strength: f64,
    formula: impl Fn(f32, f32) -> f32 + Sync + Copy,
) -> Tensor<1> {
    match step {
        StepSize::Uniform(step) => {
            let threshold = (step * strength) as f32;
            map(weights, move |w| formula(w, threshold))
        }
        StepSize::PerElement(steps) => {
            let strength = strength as f32;
            zip(weights, steps, move |w, step| formula(w, step * strength))
        }
    }
}

/// sgn(v) max(|v| - t, 0), as v less v cut to [-t, t]: exactly zero within.
#[inline(always)]
pub(crate) fn soft_threshold(v: f32, t: f32) -> f32 {
    v - v.max(-t).min(t)
}

/// A tensor's one number on the host.
pub(crate) fn number(value: Tensor<1>) -> f64 {
    value.into_scalar::<f64>()
}

#[cfg(test)]
mod tests;

//! λ found inside the run: `lambda = "auto"`.
//!
//! The weights descend the training loss; every few steps ln λ of each technique and each tensor of
//! weights descends the validation loss, by the derivative of that loss behind one training step:
//!
//! ```text
//! dV/d ln λ = <∇V(w'), ∂w'/∂ ln λ>
//! ```
//!
//! The second factor is known in closed form at the doors
//! ([`response`](crate::penalty::PenaltyDoor::response)), so that a step of λ costs one pass over a
//! few validation examples. The λ of a run are their geometric means over the later half of its
//! epochs up to the best one; a model trained on all rows with them is what the run is for.
//!
//! Luketina, Berglund, Greff and Raiko 2016, arXiv 1511.06727 (T1-T2).
//!
//! With `train.lambda_from = "evidence"` λ comes from the training examples alone, see
//! [`evidence`].

mod chosen;
pub mod evidence;
mod found;
mod source;
mod state;
mod strength;
mod tuner;

pub use chosen::{Chosen, assignments, chosen, trajectory};
pub(crate) use evidence::Evidence;
pub use found::Factors;
pub use source::LambdaFrom;
pub use state::LambdaState;
pub use strength::Lambda;
pub use tuner::Response;
pub(crate) use tuner::Tuner;

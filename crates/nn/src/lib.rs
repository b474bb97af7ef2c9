//! Regularization for Burn: every technique at its door of the training step, and the loop that
//! joins them.
//!
//! ```text
//! examples -> [batch] -> forward through [layer]s -> loss on soft targets, C0
//!       -> backward -> [gradient] -> + gradient of [penalty] -> [weight] shrinks -> optimizer
//!       -> proximal [penalty] -> [average] ; at the end of an epoch -> [control]
//! ```
//!
//! Each door is also a plain function that works inside a training loop of your own: the loop in
//! [`train`] is one client, not a cage.

pub mod average;
pub mod batch;
pub mod chance;
mod clock;
pub mod control;
mod elementwise;
mod error;
pub mod fine_tune;
pub mod gradient;
mod groups;
mod host;
mod known;
pub mod lambda;
pub mod law;
pub mod layer;
pub mod loss;
pub mod model;
pub mod monte_carlo;
pub mod optimizer;
pub mod own_loop;
pub mod parameter;
pub mod penalty;
mod series;
pub mod snapshot;
pub mod technique;
mod term;
pub mod train;
pub mod uncertainty;
pub mod weight;

pub use burn;
pub use burn::tensor::Device;
pub use error::{Error, Subject};

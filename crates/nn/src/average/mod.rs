//! The average door: techniques that average the weights over the steps of a run.
//!
//! ```text
//! after a step:  average <- keep average + (1 - keep) w        EMA, SWA: evaluated and stored
//!                w <- average                                  Lookahead: training goes on from it
//! ```
//!
//! All trained tensors are averaged, biases and norms too. Running statistics are no weights: an
//! evaluated average takes those of the training model, or collects its own.

pub mod ema;
pub mod lookahead;
mod memory;
pub mod swa;

pub use memory::Averages;

use crate::elementwise::zip;
use crate::technique::Shelved;
use burn::tensor::Tensor;

/// The techniques of this door.
pub const SHELF: &[Shelved] =
    &[Shelved::of::<ema::Ema>(), Shelved::of::<lookahead::Lookahead>(), Shelved::of::<swa::Swa>()];

/// Where a run stands after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Steps done, from 1.
    pub step: u64,
    /// Steps of one epoch.
    pub per_epoch: u64,
    /// Steps of all epochs.
    pub steps: u64,
}

/// What an average is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// It is evaluated and stored in place of the weights, with their running statistics. A run
    /// has one such average at most.
    Evaluation,
    /// The same with running statistics that are collected anew in a pass over the training
    /// examples.
    RecalibratedEvaluation,
    /// Training goes on from it.
    Training,
}

/// A technique that averages weights.
pub trait AverageDoor: Send + Sync {
    /// The technique's id.
    fn id(&self) -> &'static str;

    /// What its average is for.
    fn purpose(&self) -> Use;

    /// The share of the average that stays after this step, in [0, 1], while the rest comes from
    /// the weights; none where the average rests.
    fn keep(&self, at: Moment) -> Option<f64>;

    /// Whether the average begins with the weights before the first step. Otherwise it begins with
    /// the first weights that it takes in.
    fn begins_with_initial(&self) -> bool {
        true
    }
}

/// keep average + (1 - keep) w, element by element; `keep` 0 gives the weights to the last bit.
pub fn blend(average: Tensor<1>, weights: &Tensor<1>, keep: f64) -> Tensor<1> {
    let (kept, rest) = (keep as f32, (1.0 - keep) as f32);
    zip(average, weights, move |average, w| kept * average + rest * w)
}

#[cfg(test)]
mod tests;

//! Who proposes the next configuration.
//!
//! A draw depends on the study's seed, the number of the trial and the name of the dimension, and
//! on nothing else: not on the clock, the order in which trials end, or what was drawn before.

mod parzen;
mod random;
mod tpe;

pub use random::Random;
pub use tpe::Tpe;

use crate::space::{Configuration, Space};
use wellfit_core::seed::{Draw, Seed};

/// A trial that has ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// What was tried.
    pub configuration: Configuration,
    /// How it did; less is better, and NaN is the worst.
    pub value: f64,
    /// Epochs after which it was given up; none for one that ran to its end.
    pub given_up: Option<u64>,
}

/// What a sampler may know: the trials before this one, in the order of their numbers.
#[derive(Debug, Clone, Copy, Default)]
pub struct History<'a> {
    /// Those that have ended.
    pub ended: &'a [Observation],
    /// Those that are under way, whose values nobody knows yet.
    pub running: &'a [Configuration],
}

/// Proposes configurations.
pub trait Sampler {
    /// The configuration of trial `trial` of the study with this seed.
    fn sample(&self, space: &Space, seed: Seed, trial: u64, history: History<'_>) -> Configuration;
}

/// The numbers of one dimension in one trial. The prefix keeps them apart from those of training.
fn draw(seed: Seed, trial: u64, dimension: &str) -> Draw {
    seed.stream(&format!("tune.{dimension}")).step(trial)
}

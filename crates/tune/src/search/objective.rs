//! What a search asks of others: to train, and to know techniques.

use crate::space::Configuration;
use crate::study::Attributes;
use wellfit_core::seed::Draw;

/// A stretch of training.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Job<'a> {
    /// Number of the trial, from 0.
    pub trial: u64,
    /// What is tried.
    pub configuration: &'a Configuration,
    /// Epochs that it was trained for already; at 0 it begins.
    pub from: u64,
    /// Epochs after which it is judged.
    pub to: u64,
}

/// Trains configurations, several at the same time if the search has several workers.
pub trait Objective: Sync {
    /// Trains on from one rung to the next and returns how the trial does: NaN if it broke, none
    /// if it was interrupted, which ends the search.
    ///
    /// The answer must depend on the job alone, so that it is the same after an interruption: then
    /// the stretch that was under way is asked for again.
    fn run(&self, job: &Job<'_>) -> Option<f64>;
}

/// What a search has to know of the techniques that it mixes.
pub trait Rules {
    /// Makes a configuration make sense; chance comes from `draw` alone.
    fn settle(&self, configuration: Configuration, _draw: &mut Draw) -> Configuration {
        configuration
    }

    /// How heavily a configuration restrains. See [`crate::halving`].
    fn heaviness(&self, _configuration: &Configuration) -> f64 {
        0.0
    }

    /// What to note about a trial in the study file, as its recipe.
    fn note(&self, _configuration: &Configuration) -> Attributes {
        Attributes::new()
    }
}

/// Every configuration makes sense, and none restrains more than another.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoRules;

impl Rules for NoRules {}

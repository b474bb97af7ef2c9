//! The method card: what a technique is, told once, and shown by the command line, the page and
//! the documentation.

use serde::Serialize;

/// Where in the training step a technique stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// Changes a batch before the forward pass.
    Batch,
    /// Is a layer of the model.
    Layer,
    /// Adds a term of the outputs to the loss.
    Loss,
    /// Adds a term of the weights to the loss.
    Penalty,
    /// Changes weights before the forward pass or after the update.
    Weight,
    /// Changes gradients before the update.
    Gradient,
    /// Averages the weights over steps.
    Average,
    /// Decides at the end of an epoch.
    Control,
}

/// The shelf of the textbooks on which a reader looks for a technique.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Penalties and constraints on weights.
    WeightBased,
    /// Layers that restrain or normalize.
    ArchitectureBased,
    /// Changed inputs and targets.
    DataBased,
    /// Stopping, clipping, schedules.
    TrainingControl,
    /// Noise on inputs, weights or gradients.
    NoiseBased,
    /// Distributions over weights.
    Bayesian,
}

/// How a search walks through a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Equal differences.
    Linear,
    /// Equal ratios.
    Log,
}

/// The values of one key that are worth searching.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Range {
    /// Key in the technique's table.
    pub key: &'static str,
    /// Smallest value.
    pub low: f64,
    /// Largest value.
    pub high: f64,
    /// Linear or logarithmic.
    pub scale: Scale,
}

/// Everything that a person wants to know of a technique before switching it on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Card {
    /// Key in a recipe, word on the command line, name of the file.
    pub id: &'static str,
    /// Name in the literature.
    pub name: &'static str,
    /// Where it stands in a training step.
    pub door: Door,
    /// Shelf of the textbooks.
    pub family: Family,
    /// What it does, in one sentence.
    pub one_line: &'static str,
    /// The formula with its factors.
    pub formula: &'static str,
    /// First source.
    pub paper: &'static str,
    /// When to reach for it.
    pub when: &'static str,
    /// What goes wrong with it.
    pub watch_out: &'static str,
    /// A value to begin with, as TOML.
    pub example: &'static str,
    /// The value that switches it off, as TOML, where one exists.
    pub off: Option<&'static str>,
    /// What a search may try.
    pub search: &'static [Range],
}

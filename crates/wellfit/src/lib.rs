//! **wellfit tells whether a model overfits, finds the regularization that cures it, and proves
//! that the cure worked.**
//!
//! This crate is the one to depend on. It joins the rooms of the house:
//!
//! * [`core`]: seeds, recipes, method cards, metrics, penalties and stopping rules on plain numbers;
//! * [`data`]: tables and images in;
//! * [`linear`]: ridge, lasso and their kin along the whole path of strengths;
//! * [`nn`]: every technique at its door of the training step, for Burn;
//! * [`diagnose`]: anyone's training log in, a verdict and a prescription out;
//! * [`tune`]: which techniques fight;
//! * [`plot`]: learning curves as SVG, PNG and text;
//!
//! and adds what needs several of them: an [`Experiment`] from a recipe to files and a verdict.
//!
//! ```no_run
//! use wellfit::prelude::*;
//!
//! let recipe = Recipe::parse("inline", "
//!     [data]
//!     digits = {}
//!     [model]
//!     mlp = { widths = [64] }
//!     [train]
//!     epochs = 20
//!     batch_size = 32
//!     learning_rate = 0.1
//!     [[regularize]]
//!     dropout = { rate = 0.2 }
//! ")?;
//! let experiment = Experiment::new(recipe, std::path::Path::new("."))?;
//! let trained = experiment.train(None, &mut ())?;
//! println!("{}", experiment.diagnose(&trained.log).sentence());
//! # Ok::<(), wellfit::Error>(())
//! ```

mod absolute;
mod bare_table;
mod conflict;
pub mod cure;
mod diagnosed;
pub mod equivalence;
mod error;
mod evaluation;
mod event_file;
mod event_folder;
mod experiment;
mod explain;
mod fine_tune;
mod folder;
mod found;
mod linear_evaluation;
pub mod linear_model;
pub mod linear_path;
mod memory;
mod model_file;
mod prediction;
mod refit;
mod report;
mod saving;
mod seen;
mod stored_model;
mod summary;
mod teacher;
mod threshold;
mod uncertainty;
mod verdict;
pub mod weight_space;

pub use diagnosed::{Diagnosed, SeriesName, whole};
pub use error::Error;
pub use evaluation::{ClassReport, Evaluation};
pub use experiment::Experiment;
pub use explain::{Explained, ExplainedParameter};
pub use folder::Folder;
pub use linear_model::LinearModel;
pub use prediction::Prediction;
pub use refit::{Again, Refitted, Told};
pub use saving::Saving;
pub use stored_model::StoredModel;
pub use summary::{Metrics, Number, Parts, Ruin, Summary};
pub use uncertainty::{Spread, Uncertainty};

pub use wellfit_core as core;
pub use wellfit_data as data;
pub use wellfit_diagnose as diagnose;
pub use wellfit_linear as linear;
pub use wellfit_nn as nn;
pub use wellfit_plot as plot;
pub use wellfit_tune as tune;

/// What most programs need.
pub mod prelude {
    pub use crate::{Experiment, StoredModel};
    pub use wellfit_core::card::Card;
    pub use wellfit_core::number::{Fraction, NonNegative, Positive, Rate};
    pub use wellfit_core::recipe::Recipe;
    pub use wellfit_core::run::{Part, Run, Series};
    pub use wellfit_core::seed::Seed;
    pub use wellfit_nn::chance::StepClock;
    pub use wellfit_nn::model::Network;
    pub use wellfit_nn::technique::{Doors, Technique, shelf};
    pub use wellfit_nn::train::{Trained, Watch, Wish};
}

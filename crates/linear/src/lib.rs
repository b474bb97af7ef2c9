//! Linear models, exact and whole.

mod error;
mod kernel;
mod prepared;
mod problem;
mod solver;

pub mod criterion;
pub mod cross_validation;
pub mod datafit;
pub mod design;
pub mod estimator;
pub mod grouped;
pub mod path;
pub mod penalty;
pub mod relaxed;
pub mod ridge;

pub use design::{Csc, Design};
pub use error::Error;
pub use path::{Fit, Lambdas, Path};
pub use problem::{Problem, Settings};

//! Linear models, exact and whole.

mod error;
mod kernel;
mod prepared;
mod problem;
mod solver;

pub mod datafit;
pub mod design;
pub mod path;
pub mod penalty;

pub use design::{Csc, Design};
pub use error::Error;
pub use path::{Fit, Lambdas, Path};
pub use problem::{Problem, Settings};

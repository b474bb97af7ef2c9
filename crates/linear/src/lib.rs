//! Linear models, exact and whole: least squares, ridge, lasso, elastic net, groups, logistic,
//! Poisson and multinomial regression, along the whole path of strengths, with proofs.
//!
//! One objective, always with its factors:
//!
//! ```text
//! Σ_i ω_i ℓ(y_i, x_i'w + b) + λ Σ_j f_j (r |s_j w_j| + (1 - r)/2 (s_j w_j)²)
//! ```
//!
//! ω are the sample weights, divided by their sum: for least squares and equal weights the first
//! part is 1/(2n) ||y - Xw - b||². f are penalty factors, and s the standard deviations of the
//! features (1 if they are not to be standardized). The textbook's ridge λ is n times this λ.
//!
//! Datafit, penalty and solver are rooms of their own:
//!
//! ```text
//! datafit x penalty -> solver: working set -> Gram or proximal Newton -> certificate (gap, KKT)
//! ```
//!
//! | to | go to |
//! |---|---|
//! | fit, predict, score | [`estimator`] |
//! | follow λ | [`path`]; [`ridge`] in closed form; [`grouped`] for groups, outputs, classes |
//! | choose λ | [`cross_validation`], [`ridge`] (leave-one-out, GCV), [`criterion`] (AIC, BIC, EBIC) |
//! | undo the shrinkage | [`relaxed`] |
//! | see what λ does to two weights | [`weight_space`] |
//! | fit data larger than memory | [`moments`] |
//! | add a loss or a penalty | [`datafit::Datafit`]; `Penalty` of `wellfit-core` and [`penalty::Family`] |
//!
//! Features, off by default: `ndarray` makes designs of ndarray's views; `linfa` gives the
//! estimators linfa's `Fit` and `Predict`.
//!
//! Every fit tells its duality gap and its distance from the optimality conditions; not having
//! reached the tolerance is a fact in the result. Nothing here prints or panics on data.

mod error;
mod kernel;
#[cfg(feature = "linfa")]
mod linfa;
#[cfg(feature = "ndarray")]
mod ndarray;
mod prepared;
mod problem;
mod solver;

pub mod criterion;
pub mod cross_validation;
pub mod datafit;
pub mod design;
pub mod equivalence;
pub mod estimator;
pub mod grouped;
pub mod moments;
pub mod path;
pub mod penalty;
pub mod relaxed;
pub mod ridge;
pub mod weight_space;

pub use design::{Csc, Design};
pub use error::Error;
pub use path::{Fit, Lambdas, Path};
pub use problem::{Problem, Settings};

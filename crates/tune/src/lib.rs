//! Choosing techniques: which of them fight, and the search for the best mix.
//!
//! This room knows techniques by id and by the values that a recipe gives them, and never sees a
//! tensor.

pub mod conflict;
pub mod engine;
pub mod error;
pub mod halving;
pub mod portfolio;
pub mod sampler;
pub mod search;
pub mod space;
pub mod statistics;
pub mod study;

pub use error::Error;

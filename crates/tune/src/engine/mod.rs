//! Where trials run beside this process.
//!
//! An engine carries lines of text: a specification each, and an answer each. What they say is
//! between the objective that writes them and `wellfit trial` that reads them.

mod package;
mod ray;

pub use ray::Ray;

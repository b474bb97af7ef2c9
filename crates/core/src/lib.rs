//! Words that all of wellfit shares: seeds, recipes, cards, metrics, penalties, stopping rules.
//!
//! No tensor library and no input or output live here: everything is plain numbers, so that the
//! same code judges a run of ours and replays on a log that another framework wrote.

pub mod card;
pub mod control;
pub mod error;
pub mod metric;
pub mod number;
pub mod penalty;
pub mod recipe;
pub mod run;
pub mod seed;

pub use error::Error;

//! A network that trains live.
//!
//! ```text
//! POST /api/live/start            { recipe, beside, paused, speed } -> { id, recipe, ... }
//! GET  /api/live/{id}/events      moments of its runs, ten a second at most, as server-sent events
//! POST /api/live/{id}/change      { recipe }: other strengths, from the next epoch on
//! POST /api/live/{id}/speed       { epochs }: a second, at most
//! POST /api/live/{id}/pause, /resume, /stop
//! GET  /api/live/{id}/table       the examples as the CSV that the recipe names
//! POST /api/live/upload           a table of the user's own -> { id, columns, rows }
//! GET  /api/live/techniques       the shelf: every card with the keys of its example
//! ```
//!
//! The runs of a page end when it leaves.

mod answer;
mod control;
mod event;
mod histogram;
mod pace;
mod recipe;
mod registry;
mod run;
mod session;
mod shape;
mod snapshot;
mod surface;
mod teacher;
mod technique;
mod turn;
mod upload;

#[cfg(test)]
mod served;
#[cfg(test)]
mod tests;

pub use answer::routes;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A panic elsewhere leaves what stands behind these locks whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

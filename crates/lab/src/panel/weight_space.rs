//! Lambda in weight space.
//!
//! ```text
//! GET /api/weight-space?design=..&lambda=..&ratio=..   what `wellfit plot weight-space --json` prints
//! ```

use crate::refusal::{Asked, Refusal};
use axum::routing::get;
use axum::{Json, Router};
use wellfit::weight_space::{Question, WeightSpace};

/// The routes of the panel.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/api/weight-space", get(answer))
}

async fn answer(Asked(question): Asked<Question>) -> Result<Json<WeightSpace>, Refusal> {
    // Ten thousand rows take a millisecond.
    question.answer().map(Json).map_err(|error| error.to_string().into())
}

//! A technique beside the penalty that it is.
//!
//! ```text
//! GET /api/equivalence?kind=dropout&rate=0.5&..   both sides' weights, and how far they differ
//! ```

use crate::apart::apart;
use crate::refusal::{Asked, Refusal};
use axum::routing::get;
use axum::{Json, Router};
use wellfit::equivalence::{Equivalence, Question};

/// The routes of the panel.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/api/equivalence", get(answer))
}

async fn answer(Asked(question): Asked<Question>) -> Result<Json<Equivalence>, Refusal> {
    // A million draws take some hundredths of a second: others are answered meanwhile.
    apart(move || question.answer().map(Json).map_err(|error| error.to_string().into())).await
}

//! Work that takes a while, apart from the threads that answer.

use crate::refusal::Refusal;
use axum::http::StatusCode;
use tokio::task::spawn_blocking;

/// Does it in a thread of its own; others are answered meanwhile.
pub async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let broken = |_| Refusal(StatusCode::UNPROCESSABLE_ENTITY, "wellfit breaks on this".to_owned());
    spawn_blocking(work).await.map_err(broken)?
}

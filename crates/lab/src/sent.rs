//! The body of a request: a few at a time, so that together they stay small, and none for long.

use crate::refusal::Refusal;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

/// Bodies that are held at the same time; who comes later waits.
static FREE: Semaphore = Semaphore::const_new(4);
/// So long a body may take to come.
const PATIENCE: Duration = Duration::from_secs(60);

/// What was sent, and the turn that it has; whoever works on the first keeps the second.
pub struct Sent(pub Bytes, pub Option<SemaphorePermit<'static>>);

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let turn = FREE.acquire().await.ok();
        let slow = |_| {
            let message = format!("expected the file within {} s", PATIENCE.as_secs());
            Refusal(StatusCode::REQUEST_TIMEOUT, message)
        };
        let body = timeout(PATIENCE, Bytes::from_request(request, state)).await.map_err(slow)?;
        body.map(|bytes| Self(bytes, turn)).map_err(|rejection| {
            let status = rejection.into_response().status();
            let message = match status {
                StatusCode::PAYLOAD_TOO_LARGE => "this is larger than what is taken here",
                _ => "expected a file, and the connection broke before its end",
            };
            Refusal(status, message.to_owned())
        })
    }
}

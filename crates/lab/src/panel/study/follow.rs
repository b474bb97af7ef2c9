//! A study file, looked at again and again while it grows.

use super::told::told;
use super::{FOLLOWERS, Files};
use crate::refusal::{Placed, Refusal};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_core::Stream;
use serde_json::Value;
use std::convert::Infallible;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::spawn_blocking;
use wellfit::tune::study::Journal;

/// Between two looks.
const LOOK: Duration = Duration::from_millis(500);

/// Sends what the file holds at the start and whenever it has changed, until nobody listens: a
/// message with the studies, or `refused` with a sentence while it cannot be read.
pub async fn follow(
    State(files): State<Files>,
    Placed(id): Placed<usize>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refusal> {
    let path = files.path(id)?;
    let many = |_| {
        let message = format!("{FOLLOWERS} pages follow a study already: close one");
        Refusal(StatusCode::TOO_MANY_REQUESTS, message)
    };
    let permit = Arc::clone(&files.followers).try_acquire_owned().map_err(many)?;
    let (sender, receiver) = channel(1);
    tokio::spawn(send(Followed { path, journal: None, length: 0 }, sender));
    Ok(Sse::new(Told { receiver, _permit: permit }).keep_alive(KeepAlive::default()))
}

async fn send(mut followed: Followed, sender: Sender<Event>) {
    let mut before = None;
    while !sender.is_closed() {
        let looked = spawn_blocking(move || {
            let seen = followed.look();
            (followed, seen)
        });
        let Ok((same, seen)) = looked.await else { return };
        followed = same;
        if before.as_ref() != Some(&seen) {
            let event = match &seen {
                Ok(studies) => Event::default().json_data(studies),
                Err(message) => Event::default().event("refused").json_data(message),
            };
            let Ok(event) = event else { return };
            if sender.send(event).await.is_err() {
                return;
            }
            before = Some(seen);
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// A file that may not be there yet, and may be another one the next time.
struct Followed {
    path: PathBuf,
    journal: Option<Journal>,
    length: u64,
}

impl Followed {
    fn look(&mut self) -> Result<Value, String> {
        let length = std::fs::metadata(&self.path).map_or(0, |file| file.len());
        // Study files grow: a shorter one is a new one, and a missing one may come back.
        if length < self.length {
            self.journal = None;
        }
        self.length = length;
        let mut journal = match self.journal.take() {
            Some(journal) => journal,
            None => Journal::view(&self.path).map_err(|error| error.to_string())?,
        };
        journal.refresh().map_err(|error| error.to_string())?;
        let seen = told(&journal);
        self.journal = Some(journal);
        Ok(seen)
    }
}

/// What comes from the looks, as a stream.
struct Told {
    receiver: Receiver<Event>,
    _permit: OwnedSemaphorePermit,
}

impl Stream for Told {
    type Item = Result<Event, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.receiver.poll_recv(context).map(|event| event.map(Ok))
    }
}

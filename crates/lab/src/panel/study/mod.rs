//! Studies of a search, live while it runs.
//!
//! ```text
//! GET  /api/study               the files that the program was started with -> [{ id, name }]
//! GET  /api/study/{id}          what one of them holds -> [{ name, direction, trials, best }]
//! GET  /api/study/{id}/events   the same whenever it has grown, as server-sent events
//! POST /api/study               a file of the user's own -> what it holds
//! ```
//!
//! A page names a file by its place in the list: no path ever comes from it.

mod follow;
mod told;

use crate::apart::apart;
use crate::refusal::{Placed, Refusal};
use crate::scratch::Scratch;
use crate::sent::Sent;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use follow::follow;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::Semaphore;
use told::told;
use wellfit::tune::study::Journal;

/// Bytes of a study file of the user's own, at most.
const FILE: usize = 32 << 20;
/// Pages that follow a file at the same time.
const FOLLOWERS: usize = 32;

/// A study file in the folder of a search, and what one that was sent is called.
const NAME: &str = "study.log";

/// The files that may be read.
#[derive(Clone)]
struct Files {
    paths: Arc<[PathBuf]>,
    followers: Arc<Semaphore>,
}

/// The routes of the panel, on these study files or folders of a search.
pub fn routes<S: Clone + Send + Sync + 'static>(paths: &[PathBuf]) -> Router<S> {
    let file = |path: &PathBuf| if path.is_dir() { path.join(NAME) } else { path.clone() };
    let paths = paths.iter().map(file).collect();
    let files = Files { paths, followers: Arc::new(Semaphore::new(FOLLOWERS)) };
    Router::new()
        .route("/api/study", get(list).post(show_sent))
        .route("/api/study/{id}", get(show))
        .route("/api/study/{id}/events", get(follow))
        .layer(DefaultBodyLimit::max(FILE))
        .with_state(files)
}

async fn list(State(files): State<Files>) -> Json<Vec<Value>> {
    let shown =
        |(id, path): (usize, &PathBuf)| json!({ "id": id, "name": path.display().to_string() });
    Json(files.paths.iter().enumerate().map(shown).collect())
}

async fn show(
    State(files): State<Files>,
    Placed(id): Placed<usize>,
) -> Result<Json<Value>, Refusal> {
    let path = files.path(id)?;
    apart(move || {
        let journal = Journal::view(&path).map_err(|error| error.to_string())?;
        Ok(Json(told(&journal)))
    })
    .await
}

async fn show_sent(Sent(file, _turn): Sent) -> Result<Json<Value>, Refusal> {
    apart(move || {
        let scratch = Scratch::with(NAME, &file)?;
        let opened = Journal::view(&scratch.file(NAME));
        let opened = opened.map_err(|error| scratch.hide(&error.to_string()))?;
        Ok(Json(told(&opened)))
    })
    .await
}

impl Files {
    fn path(&self, id: usize) -> Result<PathBuf, Refusal> {
        let unknown = || {
            let message = format!("there is no study {id}: start with `wellfit lab --study FILE`");
            Refusal(StatusCode::NOT_FOUND, message)
        };
        self.paths.get(id).cloned().ok_or_else(unknown)
    }
}

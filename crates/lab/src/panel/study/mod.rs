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

use crate::refusal::{Placed, Refusal};
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
use tokio::task::spawn_blocking;
use told::told;
use wellfit::tune::study::Journal;

/// Bytes of a study file of the user's own, at most.
const FILE: usize = 32 << 20;
/// Pages that follow a file at the same time.
const FOLLOWERS: usize = 32;

/// The files that may be read.
#[derive(Clone)]
struct Files {
    paths: Arc<[PathBuf]>,
    followers: Arc<Semaphore>,
}

/// The routes of the panel, on these study files or folders of a search.
pub fn routes<S: Clone + Send + Sync + 'static>(paths: &[PathBuf]) -> Router<S> {
    let file = |path: &PathBuf| if path.is_dir() { path.join("study.log") } else { path.clone() };
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
        let full = |_| {
            let message = "there is no room in the folder for temporary files".to_owned();
            Refusal(StatusCode::INSUFFICIENT_STORAGE, message)
        };
        let folder = tempfile::tempdir().map_err(full)?;
        let path = folder.path().join("study.log");
        std::fs::write(&path, &file).map_err(full)?;
        let opened = Journal::view(&path).map_err(|error| {
            let message = error.to_string().replace(&path.display().to_string(), "the file");
            Refusal::from(message)
        })?;
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

async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let broken = |_| Refusal(StatusCode::UNPROCESSABLE_ENTITY, "this cannot be read".into());
    spawn_blocking(work).await.map_err(broken)?
}

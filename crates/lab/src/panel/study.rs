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

use crate::refusal::{Placed, Refusal};
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::get;
use axum::{Json, Router};
use futures_core::Stream;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;
use wellfit::tune::study::{Direction, Durability, Journal, State as Of, Study, Trial};

/// Bytes of a study file of the user's own, at most.
const FILE: usize = 32 << 20;
/// Between two looks at a file that is followed.
const LOOK: Duration = Duration::from_millis(500);
/// Pages that follow a file at the same time.
const FOLLOWERS: usize = 32;
/// Trials of a study that are shown: the newest.
const TRIALS: usize = 2000;

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
    apart(move || Ok(Json(told(&open(path)?)))).await
}

async fn show_sent(file: Bytes) -> Result<Json<Value>, Refusal> {
    apart(move || {
        let full = |_| {
            let message = "there is no room in the folder for temporary files".to_owned();
            Refusal(StatusCode::INSUFFICIENT_STORAGE, message)
        };
        let folder = tempfile::tempdir().map_err(full)?;
        let path = folder.path().join("study.log");
        std::fs::write(&path, &file).map_err(full)?;
        let opened = Journal::open(&path, Durability::Cached).map_err(|error| {
            let message = error.to_string().replace(&path.display().to_string(), "the file");
            Refusal::from(message)
        })?;
        Ok(Json(told(&opened)))
    })
    .await
}

async fn follow(
    State(files): State<Files>,
    Placed(id): Placed<usize>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refusal> {
    let path = files.path(id)?;
    let many = |_| {
        let message = format!("{FOLLOWERS} pages follow a study already: close one");
        Refusal(StatusCode::TOO_MANY_REQUESTS, message)
    };
    let permit = Arc::clone(&files.followers).try_acquire_owned().map_err(many)?;
    let journal = apart(move || open(path)).await?;
    let (sender, receiver) = channel(1);
    tokio::spawn(look(journal, sender));
    Ok(Sse::new(Told { receiver, _permit: permit }).keep_alive(KeepAlive::default()))
}

/// Sends what the file holds at the start and whenever it has grown, until nobody listens.
async fn look(mut journal: Journal, sender: Sender<Event>) {
    let mut before = Value::Null;
    while !sender.is_closed() {
        let looked = spawn_blocking(move || {
            // A file that is gone for a moment is looked at again.
            let _ = journal.refresh();
            let now = told(&journal);
            (journal, now)
        });
        let Ok((same, now)) = looked.await else { return };
        journal = same;
        if now != before {
            let Ok(event) = Event::default().json_data(&now) else { return };
            if sender.send(event).await.is_err() {
                return;
            }
            before = now;
        }
        tokio::time::sleep(LOOK).await;
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

impl Files {
    fn path(&self, id: usize) -> Result<PathBuf, Refusal> {
        let unknown = || {
            let message = format!("there is no study {id}: start with `wellfit lab --study FILE`");
            Refusal(StatusCode::NOT_FOUND, message)
        };
        self.paths.get(id).cloned().ok_or_else(unknown)
    }
}

/// A file that is there: opening a journal would make it.
fn open(path: PathBuf) -> Result<Journal, Refusal> {
    if !path.is_file() {
        let message = format!("there is no study file {}", path.display());
        return Err(Refusal(StatusCode::NOT_FOUND, message));
    }
    Journal::open(&path, Durability::Cached).map_err(|error| error.to_string().into())
}

async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let broken = |_| Refusal(StatusCode::UNPROCESSABLE_ENTITY, "this cannot be read".into());
    spawn_blocking(work).await.map_err(broken)?
}

fn told(journal: &Journal) -> Value {
    journal.studies().all().map(study).collect()
}

fn study(study: &Study) -> Value {
    let larger = study.directions.first() == Some(&Direction::Maximize);
    let sign = if larger { -1.0 } else { 1.0 };
    let whole = study.trials.iter().filter(|trial| trial.state == Of::Complete);
    let whole = whole.filter_map(|trial| Some((trial.number, trial.value()?)));
    let best = whole.min_by(|a, b| (sign * a.1).total_cmp(&(sign * b.1)));
    let skipped = study.trials.len().saturating_sub(TRIALS);
    json!({
        "name": study.name,
        "direction": if larger { "maximize" } else { "minimize" },
        "count": study.trials.len(),
        "trials": study.trials.iter().skip(skipped).map(trial).collect::<Vec<_>>(),
        "best": best.map(|(number, _)| number),
    })
}

fn trial(trial: &Trial) -> Value {
    let state = match trial.state {
        Of::Complete => "whole",
        Of::Pruned => "given up",
        Of::Fail => "broke",
        Of::Running => "running",
        Of::Waiting => "waiting",
    };
    let recipe = trial.attributes.get("recipe").and_then(|recipe| recipe.as_str());
    let parameters = || {
        let of = trial.parameters.iter().map(|(name, (value, _))| format!("{name} = {value}"));
        of.collect::<Vec<_>>().join("\n")
    };
    json!({
        "number": trial.number,
        "state": state,
        "value": trial.value(),
        "steps": trial.intermediate.iter().map(|(&at, &value)| (at, value)).collect::<Vec<_>>(),
        "recipe": recipe.map_or_else(parameters, str::to_owned),
    })
}

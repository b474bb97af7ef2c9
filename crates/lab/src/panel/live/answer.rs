//! The endpoints: what a page asks and what it is answered.

use super::control::{GRACE, Order};
use super::event::follow;
use super::registry::Registry;
use super::session::Session;
use super::surface::Plane;
use super::technique::{Shown, techniques};
use super::turn::Turns;
use super::upload::{self, Upload};
use crate::apart::apart;
use crate::refusal::{Placed, Refusal};
use crate::sent::Sent;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::sse::{KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use wellfit::data::{Dataset, Target};

/// Bytes of a recipe, at most.
const RECIPE: usize = 64 << 10;

/// The routes of the panel, with runs of their own.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    routes_of(Arc::new(Registry::new(Turns::of_machine(), GRACE)))
}

/// The routes to the runs of `registry`.
pub fn routes_of<S: Clone + Send + Sync + 'static>(registry: Arc<Registry>) -> Router<S> {
    let upload = post(take_in).layer(DefaultBodyLimit::max(upload::BYTES));
    Router::new()
        .route("/api/live/start", post(start))
        .route("/api/live/techniques", get(shelf))
        .route("/api/live/{id}/events", get(events))
        .route("/api/live/{id}/change", post(change))
        .route("/api/live/{id}/speed", post(speed))
        .route("/api/live/{id}/table", get(table))
        .route("/api/live/{id}/{order}", post(order))
        .layer(DefaultBodyLimit::max(RECIPE))
        .route("/api/live/upload", upload)
        .with_state(registry)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Start {
    recipe: Value,
    /// Whether the same runs beside it without any technique.
    #[serde(default)]
    beside: bool,
    /// Whether it waits for `resume` before its first step.
    #[serde(default)]
    paused: bool,
    /// Epochs a second at most; as fast as it goes without.
    #[serde(default)]
    speed: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    recipe: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Speed {
    /// Epochs a second at most; as fast as it goes without.
    epochs: Option<f64>,
}

type Runs = State<Arc<Registry>>;

async fn shelf() -> Json<Vec<Shown>> {
    Json(techniques())
}

async fn start(State(runs): Runs, Sent(body, _turn): Sent) -> Result<Json<Value>, Refusal> {
    let Start { recipe, beside, paused, speed } = read(&body)?;
    let order = if paused { Order::Wait } else { Order::Train };
    let begin = move || {
        let begun = runs.start(recipe, beside, order)?;
        begun.1.control.slow_down(speed);
        Ok(begun)
    };
    let (id, session) = apart(begin).await?;
    Ok(Json(told(id, &session)))
}

async fn change(
    State(runs): Runs,
    Placed(id): Placed<u64>,
    Sent(body, _turn): Sent,
) -> Result<Json<Value>, Refusal> {
    let Change { recipe } = read(&body)?;
    let recipe = apart(move || runs.change(id, recipe)).await?;
    Ok(Json(json!({ "recipe": recipe })))
}

async fn speed(
    State(runs): Runs,
    Placed(id): Placed<u64>,
    Sent(body, _turn): Sent,
) -> Result<StatusCode, Refusal> {
    let Speed { epochs } = read(&body)?;
    runs.session(id)?.control.slow_down(epochs);
    Ok(StatusCode::NO_CONTENT)
}

async fn order(
    State(runs): Runs,
    Placed((id, order)): Placed<(u64, String)>,
) -> Result<StatusCode, Refusal> {
    let order = match order.as_str() {
        "pause" => Order::Wait,
        "resume" => Order::Train,
        "stop" => Order::End,
        other => {
            let message = format!("expected pause, resume, stop or change, found {other}");
            return Err(Refusal(StatusCode::NOT_FOUND, message));
        }
    };
    runs.session(id)?.control.give(order);
    Ok(StatusCode::NO_CONTENT)
}

async fn events(State(runs): Runs, Placed(id): Placed<u64>) -> Result<Response, Refusal> {
    let session = runs.session(id)?;
    // A page that is gone shows when something is written to it.
    let alive = KeepAlive::new().interval(Duration::from_secs(1));
    Ok(Sse::new(follow(&session)).keep_alive(alive).into_response())
}

async fn table(State(runs): Runs, Placed(id): Placed<u64>) -> Result<Response, Refusal> {
    let asked = runs.session(id)?.asked();
    let none = || Refusal(StatusCode::NOT_FOUND, "these data come with the program".to_owned());
    let (name, text) = asked.file().ok_or_else(none)?;
    let names = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((names, text.to_owned()).into_response())
}

async fn take_in(State(runs): Runs, Sent(body, _turn): Sent) -> Result<Json<Upload>, Refusal> {
    apart(move || runs.upload(&body)).await.map(Json)
}

/// Reads the body of a request.
fn read<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body)
        .map_err(|error| Refusal(StatusCode::BAD_REQUEST, format!("the request: {error}")))
}

/// What a page is told of runs that begin.
fn told(id: u64, session: &Session) -> Value {
    let experiment = &session.sides[0].experiment;
    let data = &experiment.data;
    let plane = Plane::of(experiment);
    let points = plane.as_ref().map(|_| [points(&data.train), points(&data.validation)]);
    let classes = match &data.train.target {
        Target::Classes { names, .. } => names.as_slice(),
        Target::Values(_) => &[],
    };
    json!({
        "id": id,
        "recipe": experiment.canonical,
        "file": session.asked().file().map(|(name, _)| name),
        "parameters": experiment.parameter_count().unwrap_or_default(),
        "examples": [data.train.len(), data.validation.len()],
        "inputs": experiment.inputs(),
        "features": data.train.features,
        "classes": classes,
        "metric": experiment.metric(),
        "range": plane.map(|plane| plane.range),
        "points": points,
        "findings": experiment.findings.iter().map(|finding| finding.sentence()).collect::<Vec<_>>(),
        "warnings": data.warnings,
    })
}

/// Two inputs and the class or value of each example.
fn points(data: &Dataset) -> Vec<[f64; 3]> {
    let target = |index: usize| match &data.target {
        Target::Classes { labels, .. } => f64::from(labels[index]),
        Target::Values(values) => values[index],
    };
    let pairs = data.inputs.chunks_exact(2).enumerate();
    pairs.map(|(index, pair)| [f64::from(pair[0]), f64::from(pair[1]), target(index)]).collect()
}

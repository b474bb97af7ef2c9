//! Linear models along the whole path of strengths, on a table of the program or the user's own.
//!
//! ```text
//! GET  /api/linear?sample=..&penalty=..   a table of the program
//! POST /api/linear?target=..&penalty=..   the table in the body: plain CSV
//! GET  /api/linear/sample?sample=..       a table of the program as CSV
//! ```
//!
//! The answer is what `wellfit path --json` prints, and what the page draws of it.

mod drawn;
mod question;
mod sample;

use crate::apart::apart;
use crate::refusal::{Asked, Refusal};
use crate::scratch::{Scratch, plain_table};
use crate::sent::Sent;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use question::Question;
use serde_json::Value;
use tokio::sync::Semaphore;
use wellfit::data::Frame;
use wellfit::linear_path::{Source, json, solve};

/// Bytes of a table, at most.
const TABLE: usize = 16 << 20;
/// Cells of a table, at most: its path takes seconds.
const CELLS: usize = 400_000;
/// Paths that are solved at the same time; who comes later waits.
static FREE: Semaphore = Semaphore::const_new(2);

/// The routes of the panel.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/api/linear", get(bundled).post(own))
        .route("/api/linear/sample", get(table))
        .layer(DefaultBodyLimit::max(TABLE))
}

async fn bundled(Asked(question): Asked<Question>) -> Result<Json<Value>, Refusal> {
    path(question, None).await
}

async fn own(
    Asked(question): Asked<Question>,
    Sent(table, _turn): Sent,
) -> Result<Json<Value>, Refusal> {
    path(question, Some(table)).await
}

async fn table(Asked(question): Asked<Question>) -> Result<Response, Refusal> {
    let text = apart(move || Ok(sample(&question)?)).await?;
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], text).into_response())
}

async fn path(question: Question, table: Option<Bytes>) -> Result<Json<Value>, Refusal> {
    let turn = FREE.acquire().await;
    apart(move || {
        // Kept to the end of the work, whether or not its page still waits.
        let _turn = turn;
        match table {
            Some(table) => solved(&question, plain_table(&table)?),
            None => solved(&question, &sample(&question)?),
        }
    })
    .await
    .map(Json)
}

fn sample(question: &Question) -> Result<String, String> {
    question.sample.csv().map_err(|error| error.to_string())
}

/// What `wellfit path --json` says of these bytes, and what is drawn of it.
fn solved(question: &Question, table: &str) -> Result<Value, Refusal> {
    let ask = question.ask()?;
    // What errors call it.
    let scratch = Scratch::with("the table", table.as_bytes())?;
    let path = scratch.file("the table");
    let told = |error: &dyn std::fmt::Display| scratch.hide(&error.to_string());
    let frame = Frame::read(&path, &[]).map_err(|error| told(&error))?;
    let columns: Vec<String> = frame.columns.iter().map(|column| column.name.clone()).collect();
    let target = question.target.clone().or_else(|| columns.last().cloned()).unwrap_or_default();
    let source = Source::read(std::slice::from_ref(&path), &target, question.family())
        .map_err(|error| told(&error))?;
    within(source.rows().saturating_mul(columns.len()))?;
    let table = source.whole().map_err(|error| told(&error))?;
    let outputs = table.classes.len().max(2) - 1;
    within(source.rows().saturating_mul(table.features.len()).saturating_mul(outputs))?;
    let solved = solve(&table, &ask).map_err(|error| told(&error))?;
    let mut object = json(&table.features, &table.classes, &solved);
    object["page"] = drawn::page(&table, &solved, (&columns, &target, &source.notes));
    Ok(object)
}

fn within(cells: usize) -> Result<(), Refusal> {
    match cells > CELLS {
        true => Err(Refusal::from(format!(
            "expected at most {CELLS} cells on this page, found {cells}; `wellfit path` takes more"
        ))),
        false => Ok(()),
    }
}

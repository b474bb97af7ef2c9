//! A log, dropped on the page, gets the report of `wellfit diagnose`.
//!
//! ```text
//! POST /api/diagnose?name=history.csv   the file -> { schema, runs, errors, curves }
//! ```
//!
//! The first three are what `wellfit diagnose --json` prints for the file.

use crate::apart::apart;
use crate::refusal::{Asked, Refusal};
use crate::scratch::Scratch;
use crate::sent::Sent;
use axum::extract::DefaultBodyLimit;
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use wellfit::Diagnosed;
use wellfit::diagnose::read::read;

/// Bytes of a log, at most.
const LOG: usize = 64 << 20;
/// Runs of one log that are shown.
const RUNS: usize = 50;
/// Letters of a name.
const LETTERS: usize = 120;

/// The routes of the panel.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/api/diagnose", post(diagnose)).layer(DefaultBodyLimit::max(LOG))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
}

async fn diagnose(
    Asked(Named { name }): Asked<Named>,
    Sent(log, _turn): Sent,
) -> Result<Json<Value>, Refusal> {
    apart(move || report(&name, &log).map(Json)).await
}

/// What `wellfit diagnose` says of a file with this name and these bytes.
fn report(name: &str, log: &[u8]) -> Result<Value, Refusal> {
    let name = plain(name);
    // The readers tell formats apart by name as well, and some read more than once.
    let scratch = Scratch::with(&name, log)?;
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    for log in read(&scratch.file(&name), None).into_iter().take(RUNS) {
        match log {
            Ok(log) => found.push(Diagnosed::of(log, false)),
            // Nobody shall see where the file was put.
            Err(error) => errors.push(scratch.hide(&error.to_string())),
        }
    }
    if let (true, Some(message)) = (found.is_empty(), errors.first()) {
        return Err(message.clone().into());
    }
    found.iter_mut().for_each(|one| one.diagnosis.path = Some(name.clone()));
    let error = |message: &String| json!({ "path": name, "message": message });
    let errors: Vec<Value> = errors.iter().map(error).collect();
    let runs: Vec<Value> = found.iter().map(Diagnosed::json).collect();
    let curves: Vec<Value> = found.iter().map(curves).collect();
    Ok(json!({ "schema": 1, "runs": runs, "errors": errors, "curves": curves }))
}

/// The last part of a path, of letters that any system takes.
fn plain(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let fits = |letter: &char| letter.is_alphanumeric() || " ._-+()".contains(*letter);
    let kept: String = last.chars().filter(fits).take(LETTERS).collect();
    match kept.trim_matches(['.', ' ']) {
        "" => "log".to_owned(),
        kept => kept.to_owned(),
    }
}

/// What the page draws of a run, and its words.
fn curves(found: &Diagnosed) -> Value {
    json!({
        "headline": found.headline(),
        "sentence": found.diagnosis.sentence(),
        "advice": found.diagnosis.advice,
        "chart": found.chart(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_nowhere() {
        assert_eq!(plain("../../etc/passwd"), "passwd");
        assert_eq!(plain("C:\\logs\\run 1.csv"), "run 1.csv");
        assert_eq!(plain(".."), "log");
        assert_eq!(plain("a\0b\n.json"), "ab.json");
        assert_eq!(plain(&"x".repeat(500)).len(), LETTERS);
    }

    #[test]
    fn an_error_does_not_tell_where_the_file_was_put() {
        let Err(Refusal(_, message)) = report("a.csv", b"\x00\x01\x02") else { panic!("a log") };
        assert!(!message.contains("tmp") && message.contains("a.csv"), "{message}");
    }
}

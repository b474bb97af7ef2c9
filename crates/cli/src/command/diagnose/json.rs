//! The diagnoses as one JSON object.

use super::found::Found;
use super::input::Input;
use crate::error::Failure;
use serde_json::{Value, json};

/// All runs and all errors.
pub fn document(input: &Input) -> Result<String, Failure> {
    let runs: Vec<Value> = input.found.iter().map(run).collect::<Result<_, _>>()?;
    let error = |refused: &super::Refused| json!({ "path": refused.path.display().to_string(), "message": refused.message });
    let errors: Vec<Value> = input.refused.iter().map(error).collect();
    text(&json!({ "schema": 1, "runs": runs, "errors": errors }))
}

/// A JSON value on one line.
pub fn text(value: &Value) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(failed)
}

/// An epoch as a whole number where it is one, as the log wrote it.
pub fn epoch(epoch: Option<f64>) -> Value {
    match epoch {
        Some(whole) if whole.fract() == 0.0 && whole.abs() < 1e15 => json!(whole as i64),
        other => json!(other),
    }
}

fn run(found: &Found) -> Result<Value, Failure> {
    let diagnosis = &found.diagnosis;
    let mut run = serde_json::to_value(diagnosis).map_err(failed)?;
    run["series"] = serde_json::to_value(&found.columns).map_err(failed)?;
    run["best_epoch"] = epoch(diagnosis.best_epoch);
    run["onset_epoch"] = epoch(diagnosis.onset_epoch);
    Ok(run)
}

fn failed(error: serde_json::Error) -> Failure {
    Failure::new(error.to_string(), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn epochs_are_numbered_as_in_the_log() {
        let written = [Some(5.0), Some(2.5), None, Some(f64::NAN)].map(|e| epoch(e).to_string());
        assert_eq!(written, ["5", "2.5", "null", "null"]);
    }
}

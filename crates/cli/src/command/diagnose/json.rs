//! The diagnoses as one JSON object.

use super::input::Input;
use crate::error::Failure;
use serde_json::{Value, json};
use wellfit::Diagnosed;

/// All runs and all errors.
pub fn document(input: &Input) -> Result<String, Failure> {
    let runs: Vec<Value> = input.found.iter().map(Diagnosed::json).collect();
    let error = |refused: &super::Refused| json!({ "path": refused.path.display().to_string(), "message": refused.message });
    let errors: Vec<Value> = input.refused.iter().map(error).collect();
    text(&json!({ "schema": 1, "runs": runs, "errors": errors }))
}

/// A JSON value on one line.
pub fn text(value: &Value) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::new(error.to_string(), None))
}

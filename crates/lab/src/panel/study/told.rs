//! What a study file holds, as the page shows it.

use serde_json::{Value, json};
use wellfit::tune::study::{Direction, Journal, State, Study, Trial};

/// Trials of a study that are shown: the newest.
const TRIALS: usize = 2000;

/// All studies of a file.
pub fn told(journal: &Journal) -> Value {
    journal.studies().all().map(study).collect()
}

fn study(study: &Study) -> Value {
    let larger = study.directions.first() == Some(&Direction::Maximize);
    let sign = if larger { -1.0 } else { 1.0 };
    let skipped = study.trials.len().saturating_sub(TRIALS);
    let mut best: Option<(u64, f64)> = None;
    let mut trials = Vec::new();
    for (at, one) in study.trials.iter().enumerate() {
        let value = one.value().filter(|value| one.state == State::Complete && !value.is_nan());
        if let Some(value) = value
            && best.is_none_or(|(_, least)| sign * value < sign * least)
        {
            best = Some((one.number, value));
        }
        if at >= skipped {
            trials.push(trial(one, best.map(|(_, value)| value)));
        }
    }
    json!({
        "name": study.name,
        "direction": if larger { "maximize" } else { "minimize" },
        "count": study.trials.len(),
        "running": study.trials.iter().filter(|trial| trial.state == State::Running).count(),
        "trials": trials,
        "best": best.map(|(number, _)| number),
    })
}

/// A trial, and the best value that was known when it was at its place in the list.
fn trial(trial: &Trial, best: Option<f64>) -> Value {
    let state = match trial.state {
        State::Complete => "whole",
        State::Pruned => "given up",
        State::Fail => "broke",
        State::Running => "running",
        State::Waiting => "waiting",
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
        "best": best,
        "steps": trial.intermediate.iter().map(|(&at, &value)| (at, value)).collect::<Vec<_>>(),
        "recipe": recipe.map_or_else(parameters, str::to_owned),
    })
}

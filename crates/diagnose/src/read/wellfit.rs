//! `metrics.jsonl` of wellfit: an epoch a line, with a map of metrics for each part of the data.

use super::json::{Json, parse};
use super::log::Axis;
use super::number::{Field, field};
use super::runs::Draft;
use wellfit_core::run::{Part, Run};

const PARTS: [Part; 4] = [Part::Online, Part::Train, Part::Validation, Part::Test];

/// Whether a line is one of ours.
pub(super) fn fits(line: &Json) -> bool {
    line.get("epoch").is_some()
        && [Part::Online, Part::Train, Part::Validation]
            .iter()
            .all(|part| matches!(line.get(part.name()), Some(Json::Map(_))))
}

/// The run in the lines.
pub(super) fn run(text: &str) -> Draft {
    let mut run = Run::default();
    let mut warnings = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let parsed = parse(line);
        let Some(&Json::Number(epoch)) = parsed.value.get("epoch") else {
            warnings.push(format!("line {}: no epoch, left out", number + 1));
            continue;
        };
        if let Some(broken) = parsed.broken {
            warnings.push(format!("line {}: {broken}; left out", number + 1));
            continue;
        }
        for part in PARTS {
            let Some(Json::Map(metrics)) = parsed.value.get(part.name()) else { continue };
            for (metric, value) in metrics {
                match value {
                    Json::Number(value) => run.push(part, metric, epoch, *value),
                    Json::Text(text) => {
                        if let Field::Number(value) = field(text) {
                            run.push(part, metric, epoch, value);
                        }
                    }
                    _ => {}
                }
            }
        }
    }
    let columns = run.series.iter().map(|series| series.name()).collect();
    Draft { name: String::new(), run, axis: Axis::Epoch, columns, warnings }
}

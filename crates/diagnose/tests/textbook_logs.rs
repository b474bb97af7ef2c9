//! Every row of the textbook, by the real libraries: each metric on a log that overfits and on one
//! that does not. `logs/makers/textbook*.py` trained the models, and say of each log what happened.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails, in its helpers too")]
#![allow(clippy::print_stderr, reason = "the table is shown")]

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use wellfit_core::run::Run;
use wellfit_diagnose::read::{Log, read};
use wellfit_diagnose::{Diagnosis, Verdict, diagnose};

/// Metrics of the textbook; a loss is its validation loss.
const TEXTBOOK: [&str; 8] = ["accuracy", "f1", "precision", "recall", "mse", "mae", "r2", "loss"];

fn logs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/logs")
}

/// What the makers say of each log.
fn labels() -> Vec<Value> {
    let entries = std::fs::read_dir(logs().join("textbook/labels")).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
        .iter()
        .map(|p| serde_json::from_str(&std::fs::read_to_string(p).unwrap()).unwrap())
        .collect()
}

fn log_of(label: &Value) -> Log {
    let mut found = read(&logs().join(label["log"].as_str().unwrap()), None);
    assert_eq!(found.len(), 1, "{label}");
    let log = found.remove(0).unwrap();
    assert_eq!(log.format.name(), label["format"], "{label}");
    log
}

fn names(label: &Value, key: &str) -> Vec<String> {
    label[key].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

/// The run as if it had logged one metric only.
fn alone(run: &Run, metric: &str) -> Diagnosis {
    let mut only = run.clone();
    let prefixed = format!("_{metric}"); // LightGBM's `binary_error`.
    only.series.retain(|series| series.metric == metric || series.metric.ends_with(&prefixed));
    assert_eq!(only.series.len(), 2, "{metric}: training and validation");
    diagnose(&only)
}

#[test]
fn whole_logs() {
    let mut wrong = Vec::new();
    for label in labels() {
        let found = diagnose(&log_of(&label).run);
        let overfit = label["overfit"].as_bool().unwrap();
        let has = |id: &str| found.symptoms.iter().any(|symptom| symptom.id == id);
        eprintln!("{}: {} ({:.2})", label["log"], found.verdict, found.confidence);
        let worse = names(&label, "worse");
        let is_worse = |metric: &str| worse.iter().any(|name| name == metric);
        let loss_rose = ["loss", "logloss", "mse"].iter().any(|loss| is_worse(loss));
        for (asked, expected, shown) in [
            ("overfit", overfit, found.verdict == Verdict::Overfit),
            ("gap", overfit && !names(&label, "apart").is_empty(), has("gap")),
            ("val_loss_rising", loss_rose, has("val_loss_rising")),
        ] {
            if expected != shown {
                wrong.push(format!("{}: {asked} is {shown}", label["log"]));
            }
        }
        if is_worse("f1") && !has("metric_drop") {
            wrong.push(format!("{}: F1 fell and no metric_drop", label["log"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_metric_by_itself() {
    let (mut wrong, mut rows) = (Vec::new(), BTreeMap::<String, [usize; 2]>::new());
    for label in labels() {
        let (run, overfit) = (log_of(&label).run, label["overfit"].as_bool().unwrap());
        let (apart, worse) = (names(&label, "apart"), names(&label, "worse"));
        for metric in names(&label, "metrics") {
            let found = alone(&run, &metric);
            // The size of a cross-entropy says nothing: apart alone is no overfitting.
            let cross_entropy = metric == "logloss" || metric == "loss" && run_classifies(&run);
            let shows = worse.contains(&metric) || apart.contains(&metric) && !cross_entropy;
            if !overfit || shows {
                rows.entry(metric.clone()).or_default()[usize::from(overfit)] += 1;
                if (found.verdict == Verdict::Overfit) != overfit {
                    wrong.push(format!("{}: {metric} alone is {}", label["log"], found.verdict));
                }
            }
        }
    }
    for (metric, [held, overfit]) in &rows {
        eprintln!("{metric}: {overfit} overfit, {held} not");
    }
    for metric in TEXTBOOK {
        assert!(rows[metric].iter().all(|&count| count > 0), "{metric}: {:?}", rows[metric]);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn run_classifies(run: &Run) -> bool {
    run.series.iter().any(|series| series.metric == "accuracy")
}

//! What a run writes: the line of JSON, the log, the files.

use crate::desk::{Desk, entries, timeless};
use crate::tables;
use serde_json::Value;

const KEYS: [&str; 15] = [
    "schema",
    "seed",
    "epochs",
    "best_epoch",
    "stopped_by",
    "threshold",
    "train",
    "validation",
    "test",
    "final",
    "verdict",
    "confidence",
    "onset_epoch",
    "seconds",
    "out",
];
const CLASSES: [&str; 5] = ["loss", "accuracy", "precision", "recall", "f1"];
const VALUES: [&str; 4] = ["loss", "mse", "mae", "r2"];
const CSV: &str = "data={ csv = { path = \"t.csv\", target = \"y\" } }";

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// Keys as a sorted list: the order of JSON keys is nobody's promise.
fn sorted(mut keys: Vec<&str>) -> Vec<&str> {
    keys.sort_unstable();
    keys
}

fn assert_metrics(value: &Value, expected: &[&str]) {
    assert_eq!(sorted(keys(value)), sorted(expected.to_vec()));
    assert!(value.as_object().unwrap().values().all(Value::is_number), "{value}");
}

#[test]
fn the_last_line_of_json_has_its_keys_and_the_files_are_there() {
    let desk = Desk::with_recipe();
    let ended = desk.done(&["train", "recipe.toml", "--out", "o", "--json"]);
    let json = ended.json();
    assert_eq!(ended.out.lines().count(), 1, "the report goes to standard error: {}", ended.out);
    assert_eq!(sorted(keys(&json)), sorted(KEYS.to_vec()));
    assert_eq!(sorted(keys(&json["final"])), ["test", "train", "validation"]);
    for part in ["train", "validation", "test"] {
        assert_metrics(&json[part], &CLASSES);
        assert_metrics(&json["final"][part], &CLASSES);
    }
    assert_eq!(
        (&json["schema"], &json["seed"], &json["epochs"]),
        (&1.into(), &1.into(), &3.into())
    );
    assert_eq!((&json["stopped_by"], &json["out"]), (&"epochs".into(), &"o".into()));
    assert!(json["seconds"].as_f64().unwrap() > 0.0);
    let file: Value = serde_json::from_str(&desk.text("o/summary.json")).unwrap();
    assert_eq!(file, json, "summary.json is the same object");

    let svg = desk.text("o/curves.svg");
    let document = roxmltree::Document::parse(&svg).unwrap();
    assert_eq!(document.root_element().tag_name().name(), "svg");
    assert!(desk.read("o/curves.png").starts_with(b"\x89PNG\r\n\x1a\n"));
    for name in ["model.safetensors", "model.toml", "recipe.toml", "checkpoint.safetensors"] {
        assert!(!desk.read(&format!("o/{name}")).is_empty(), "{name}");
    }
    let report = desk.text("o/report.html");
    for text in
        ["<h1>recipe</h1>", "class=\"verdict\"", "<svg ", "best model, epoch", "head.weight"]
    {
        assert!(report.contains(text), "no {text:?} in the report");
    }
    let temporary = |path: &std::path::PathBuf| path.extension().is_some_and(|e| e == "part");
    assert!(!entries(&desk.path("o")).iter().any(temporary));
}

#[test]
fn the_log_has_a_line_per_epoch_and_the_summary_agrees_to_the_last_bit() {
    let desk = Desk::with_recipe();
    let set = ["--set", "train.epochs=20", "--set", "train.learning_rate=1.0"];
    let json = desk.done(&[&["train", "recipe.toml", "--out", "o", "--json"][..], &set].concat());
    let (json, log) = (json.json(), desk.log("o"));
    assert_eq!(log.len(), 20);
    for (epoch, line) in (1..).zip(&log) {
        assert_eq!(line["epoch"], epoch);
        assert_metrics(&line["train"], &CLASSES);
        assert_metrics(&line["validation"], &CLASSES);
        assert_metrics(&line["online"], &["loss", "learning_rate"]);
    }
    let loss = |line: &Value| line["validation"]["loss"].as_f64().unwrap();
    let best = json["best_epoch"].as_u64().unwrap() as usize;
    let lowest = log.iter().map(loss).fold(f64::INFINITY, f64::min);
    assert_eq!(loss(&log[best - 1]).to_bits(), lowest.to_bits());
    for part in ["train", "validation"] {
        // Evaluated again from the restored model: equal in every metric and every bit.
        assert_eq!(json[part], log[best - 1][part], "{part} at the best epoch");
        assert_eq!(json["final"][part], log[19][part], "{part} at the last epoch");
    }
}

#[test]
fn a_table_of_numbers_logs_the_metrics_of_regression() {
    let desk = Desk::with_recipe();
    desk.write("t.csv", tables::regression());
    let json = desk.done(&["train", "recipe.toml", "--out", "o", "--json", "--set", CSV]).json();
    for part in ["train", "validation", "test"] {
        assert_metrics(&json[part], &VALUES);
    }
    // The loss is half the squared error, in units of the target's spread: one factor for all.
    let factor = |line: &Value| line["mse"].as_f64().unwrap() / line["loss"].as_f64().unwrap();
    let log = desk.log("o");
    let variance = factor(&log[0]["validation"]) / 2.0;
    for part in ["train", "validation"] {
        let other = factor(&log[2][part]) / 2.0;
        assert!((other - variance).abs() < 1e-6 * variance, "{part}: {other}, {variance}");
    }
    assert!(variance > 1.1, "the target must not be standard already: {variance}");
    let plain = ["--set", CSV, "--set", "train.standardize_target=false"];
    desk.done(&[&["train", "recipe.toml", "--out", "p"][..], &plain].concat());
    let half = factor(&desk.log("p")[2]["validation"]);
    assert!((half - 2.0).abs() < 1e-6, "{half}");
}

#[test]
fn without_test_examples_test_is_null() {
    let desk = Desk::with_recipe();
    let json = desk.done(&["train", "recipe.toml", "--out", "o", "--json", "--set", "data.test=0"]);
    let json = json.json();
    assert_eq!((&json["test"], &json["final"]["test"]), (&Value::Null, &Value::Null));
}

#[test]
fn another_monitor_chooses_another_best_epoch() {
    let desk = Desk::with_recipe();
    let set = ["--set", "train.epochs=30", "--set", "train.monitor=validation.f1", "--json"];
    let json = desk.done(&[&["train", "recipe.toml", "--out", "o"][..], &set].concat()).json();
    let f1 = |line: &Value| line["validation"]["f1"].as_f64().unwrap();
    let log = desk.log("o");
    let highest = log.iter().map(f1).fold(f64::NEG_INFINITY, f64::max);
    let first = log.iter().position(|line| f1(line) == highest).unwrap() as u64 + 1;
    assert_eq!(json["best_epoch"], first, "the first epoch with the highest F1");
}

#[test]
fn early_stopping_ends_the_run_its_patience_behind_the_best_epoch() {
    let desk = Desk::with_recipe();
    let set = ["--set", "train.epochs=500", "--set", "train.learning_rate=1.0"];
    let stop = ["--set", "regularize.early_stopping.patience=3", "--json"];
    let json =
        desk.done(&[&["train", "recipe.toml", "--out", "o"][..], &set, &stop].concat()).json();
    assert_eq!(json["stopped_by"], "early_stopping");
    let (best, epochs) = (json["best_epoch"].as_u64().unwrap(), json["epochs"].as_u64().unwrap());
    assert_eq!((epochs - best, epochs as usize), (3, desk.log("o").len()));
}

#[test]
fn a_run_that_diverges_within_its_first_epoch_says_so() {
    let desk = Desk::with_recipe();
    let skip = ["--set", "regularize.skip_non_finite.limit=2", "--set", "train.learning_rate=1e30"];
    let ended = desk.run(&[&["train", "recipe.toml", "--json"], &skip[..]].concat());
    assert_eq!(ended.code, Some(1), "{}", ended.err);
    assert!(ended.err.contains("the run diverged within its first epoch"), "{}", ended.err);
    let json = ended.json();
    assert_eq!((&json["verdict"], &json["stopped_by"]), (&"diverged".into(), &"diverged".into()));
    assert_eq!((&json["epochs"], &json["best_epoch"]), (&0.into(), &Value::Null));
    let out = json["out"].as_str().unwrap();
    let summary: Value = serde_json::from_str(&desk.text(&format!("{out}/summary.json"))).unwrap();
    assert_eq!(summary, json);
    // What the steps before saw is kept.
    let log = desk.log(out);
    assert_eq!((log.len(), &log[0]["epoch"]), (1, &1.into()));
    assert!(log[0]["online"]["skipped_steps"].as_f64().unwrap() >= 2.0, "{log:?}");
}

#[test]
fn a_diverged_run_ends_in_order_and_its_json_is_valid() {
    let desk = Desk::with_recipe();
    let set = ["--set", "train.learning_rate=1e30", "--json"];
    let json = desk.done(&[&["train", "recipe.toml", "--out", "o"][..], &set].concat()).json();
    assert_eq!((&json["verdict"], &json["stopped_by"]), (&"diverged".into(), &"diverged".into()));
    assert_eq!(json["best_epoch"], Value::Null);
    for loss in [&json["train"]["loss"], &json["test"]["loss"], &desk.log("o")[0]["train"]["loss"]]
    {
        assert!(["nan", "inf"].contains(&loss.as_str().unwrap()), "{loss}");
    }
    roxmltree::Document::parse(&desk.text("o/curves.svg")).unwrap();
}

#[test]
fn the_seed_decides_every_file() {
    let desk = Desk::with_recipe();
    let noise = ["--set", "regularize.dropout.rate=0.3", "--json"];
    let mut left = Vec::new();
    for (out, seed) in [("a", "7"), ("b", "7"), ("c", "8")] {
        let args = [&["train", "recipe.toml", "--out", out, "--seed", seed][..], &noise].concat();
        let json = desk.done(&args).json();
        assert_eq!(json["seed"].to_string(), seed);
        let log: Vec<Value> = desk.log(out).into_iter().map(timeless).collect();
        let file = |name: &str| desk.read(&format!("{out}/{name}"));
        let files = ["model.safetensors", "model.toml", "recipe.toml"].map(file);
        left.push((timeless(json), log, files));
    }
    assert_eq!(left[0], left[1]);
    assert_ne!(left[0].1, left[2].1);
    assert_ne!(left[0].2[0], left[2].2[0]);
}

#[test]
#[cfg(unix)]
fn a_folder_whose_name_is_no_unicode_is_no_error() {
    use std::os::unix::ffi::OsStrExt;
    let desk = Desk::with_recipe();
    let mut command = desk.command(&["train", "recipe.toml", "--json", "--out"]);
    let output = command.arg(std::ffi::OsStr::from_bytes(b"n\xff")).output().unwrap();
    let ended = crate::desk::Ended::from(output);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert_eq!(ended.json()["out"], "n\u{fffd}");
}

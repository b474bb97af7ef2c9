//! λ from the training rows, and none held back.

use crate::desk::Desk;
use crate::tables;
use serde_json::json;

const RECIPE: &str = "\
data = { table = { path = \"t.csv\", target = \"y\" }, validation = 0 }
model = { mlp = { widths = [6] } }
train = { epochs = 8, batch_size = 8, learning_rate = 0.1, lambda_from = \"evidence\" }
[[regularize]]
l2 = { lambda = \"auto\" }
";

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("t.csv", tables::classes());
    desk.write("r.toml", RECIPE);
    desk
}

#[test]
fn a_run_without_validation_rows_is_whole() {
    let desk = desk();
    let ended = desk.done(&["train", "r.toml", "--out", "run", "--json"]);
    assert!(!ended.err.contains("NaN"), "{}", ended.err);
    let summary = ended.json();
    assert_eq!(summary["epochs"], 8);
    assert_eq!(summary["validation"], json!({}));
    assert!(summary.get("refit").is_none() && summary["test"]["accuracy"].is_number());
    assert_eq!(summary["lambda"].as_array().unwrap().len(), 2, "two layers, no bias");
    let page = desk.text("run/report.html");
    assert!(page.contains("found by the evidence") && page.contains("by train.evidence"));
    // With numbers in place of "auto" the recipe trains as well.
    let again = desk.done(&["train", "run/chosen.toml", "--out", "again", "--json"]).json();
    assert_eq!(again["epochs"], 8);
    let explained = desk.done(&["explain", "--recipe", "r.toml"]);
    assert!(explained.out.contains("from the evidence"), "{}", explained.out);
}

#[test]
fn what_needs_validation_rows_is_refused_with_its_place() {
    let desk = desk();
    for (set, says) in [
        ("train.lambda_from=\"validation\"", "write train.lambda_from = \"evidence\""),
        ("train.refit=\"with_validation\"", "no validation rows that a last training could add"),
        ("train.monitor=\"validation.loss\"", "at least one validation example"),
        ("train.threshold=\"f1\"", "chosen on validation examples, and there are none"),
        ("regularize.early_stopping.patience=3", "early_stopping watches validation examples"),
        ("regularize.batch_norm={}", "in front of a batch norm have no evidence"),
    ] {
        let ended = desk.run(&["train", "r.toml", "--out", "no", "--set", set]);
        assert_eq!(ended.code, Some(1), "{set}: {}", ended.err);
        assert!(ended.err.contains(says), "{set}: {}", ended.err);
    }
    for command in ["tune", "compare"] {
        let ended = desk.run(&[command, "r.toml", "--out", "no"]);
        assert_eq!(ended.code, Some(1), "{command}: {}", ended.err);
        assert!(ended.err.contains("compared on validation rows"), "{command}: {}", ended.err);
    }
}

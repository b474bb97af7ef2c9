//! A table without a recipe, and the last training on the rows that were held back.

use crate::desk::Desk;
use crate::tables;
use serde_json::Value;

const RECIPE: &str = "\
data = { table = { path = \"t.csv\", target = \"y\", test_file = \"more.csv\" } }
model = { mlp = { widths = [6] } }
train = { epochs = 6, batch_size = 8, learning_rate = 0.1, optimizer = { sgd = { momentum = 0.9 } } }
[[regularize]]
early_stopping = { patience = 2 }
";
const REFIT: [&str; 2] = ["--set", "train.refit=\"with_validation\""];

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("t.csv", tables::classes());
    desk.write("more.csv", tables::classes());
    desk.write("r.toml", RECIPE);
    desk
}

fn train(desk: &Desk, out: &str, more: &[&str]) -> Value {
    desk.done(&[&["train", "r.toml", "--out", out, "--json"], more].concat()).json()
}

#[test]
fn the_stored_model_has_seen_the_validation_rows_and_is_judged_on_the_test_rows() {
    let desk = desk();
    let (plain, refit) = (train(&desk, "plain", &[]), train(&desk, "refit", &REFIT));
    for key in ["train", "validation", "test", "final", "best_epoch", "epochs"] {
        assert_eq!(plain[key], refit[key], "what was chosen is chosen as before: {key}");
    }
    assert!(plain.get("refit").is_none());
    assert_eq!(refit["refit"]["rows"], 60, "48 training and 12 validation rows");
    assert_eq!(refit["refit"]["epochs"], refit["best_epoch"]);
    let page = |out: &str| desk.text(&format!("{out}/report.html"));
    assert!(page("refit").contains("trained again with the validation examples: 60 rows"));
    assert!(!page("plain").contains("stored model"));
    let model = |out: &str| desk.read(&format!("{out}/model.safetensors"));
    assert_ne!(model("plain"), model("refit"));
    let judged = desk.done(&["evaluate", "refit", "more.csv", "--json"]).json();
    for metric in ["accuracy", "precision", "recall", "f1"] {
        assert_eq!(judged["metrics"][metric], refit["refit"]["test"][metric], "{metric}");
    }
    // A finished run is resumed at its end, and its last training made again.
    let before = model("refit");
    train(&desk, "refit", &[&REFIT[..], &["--resume"]].concat());
    assert_eq!(model("refit"), before);
}

#[test]
fn trained_on_all_rows_nothing_is_left_to_judge_it() {
    let desk = desk();
    let all = ["--set", "train.refit=\"with_all\""];
    let ended = desk.done(&[&["train", "r.toml", "--out", "all", "--json"], &all[..]].concat());
    assert_eq!(ended.json()["refit"]["rows"], 120);
    assert_eq!(ended.json()["refit"]["test"], Value::Null);
    assert!(ended.err.contains("none is left to judge it: 120 rows"), "{}", ended.err);
}

#[test]
fn a_refit_that_did_not_happen_says_why() {
    let desk = desk();
    let set = [&REFIT[..], &["--set", "train.learning_rate=1e30"]].concat();
    let json = train(&desk, "wild", &set);
    assert!(json.get("refit").is_none());
    let why = "no epoch was best: no monitored value was finite";
    assert_eq!(json["refit_not_done"], why);
    assert!(desk.text("wild/report.html").contains(why));
}

#[test]
fn a_bare_table_and_the_recipe_that_is_shown_for_it_give_the_same_model() {
    let desk = desk();
    let short = ["--set", "train.epochs=3"];
    let table = [&["train", "t.csv", "--target", "y"], &short[..]].concat();
    let shown = desk.done(&[&table[..], &["--show-recipe"]].concat());
    assert!(shown.out.contains("refit = \"with_all\""), "{}", shown.out);
    assert!(!desk.path("runs").exists(), "showing trains nothing");
    desk.write("shown.toml", &shown.out);
    let bare = desk.done(&table);
    assert!(bare.err.contains("wrote runs/t: "), "{}", bare.err);
    desk.done(&["train", "shown.toml", "--out", "shown"]);
    assert_eq!(desk.read("runs/t/model.safetensors"), desk.read("shown/model.safetensors"));
}

#[test]
fn a_table_without_its_target_is_refused_with_a_hint() {
    let desk = desk();
    let ended = desk.run(&["train", "t.csv"]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.err.contains("t.csv is a table and no recipe"), "{}", ended.err);
    assert!(ended.err.contains("--target COLUMN"), "{}", ended.err);
    let ended = desk.run(&["train", "t.csv", "--target", "z"]);
    assert!(ended.code == Some(1) && ended.err.contains("`z`"), "{}", ended.err);
}

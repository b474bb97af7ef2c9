//! `tune`, `compare`, `trial` and `study` as a person or a script uses them.

use crate::desk::{Desk, timeless};
use serde_json::{Value, json};
use std::time::Duration;

const RECIPE: &str = "\
seed = 3
[data]
digits = {}
first = 200
label_noise = 0.3
[model]
mlp = { widths = [24] }
[train]
epochs = 8
batch_size = 32
learning_rate = 0.01
optimizer = \"adam\"
[tune]
trials = 24
cohort = 6
seeds = 4
[[regularize]]
dropout = { rate = 0.3 }
";

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("r.toml", RECIPE);
    desk
}

/// All but the time.
fn answer(desk: &Desk, args: &[&str]) -> Value {
    let mut answer = timeless(desk.done(&[&["tune", "r.toml", "--json"], args].concat()).json());
    answer["study"] = Value::Null;
    answer
}

#[test]
fn a_search_ends_with_a_recipe_that_trains_and_a_study_that_can_be_read() {
    let desk = desk();
    let found = answer(&desk, &["--out", "a"]);
    for key in ["schema", "baseline", "chosen", "difference", "test", "trials"] {
        assert!(!found[key].is_null(), "{key} in {found}");
    }
    assert_eq!(found["baseline"]["per_seed"].as_array().unwrap().len(), 4);
    assert!(
        ["better", "worse", "inconclusive"]
            .contains(&found["difference"]["verdict"].as_str().unwrap())
    );
    let trained = desk.done(&["train", "a/chosen.toml", "--out", "run", "--json"]).json();
    assert_eq!(trained["epochs"], 8);
    let shown = desk.done(&["study", "show", "a"]);
    assert!(shown.out.contains("study    r; smaller is better"), "{}", shown.out);
    let csv = desk.done(&["study", "export", "a/study.log"]).out;
    let trials = found["trials"].as_u64().unwrap() as usize;
    assert_eq!(csv.lines().count(), 1 + trials, "{csv}");
    assert!(csv.starts_with("number,state,value,epochs,"));
    // What is best in the study trains as well.
    let best = desk.done(&["study", "best", "a"]).out;
    desk.write("best.toml", RECIPE.split("[[").next().unwrap().to_owned() + &best);
    desk.done(&["train", "best.toml", "--out", "best"]);
    assert!(String::from_utf8(desk.read("a/report.html")).unwrap().contains("The race"));
}

#[test]
fn a_search_that_is_killed_at_any_moment_goes_on_to_the_same_answer() {
    let desk = desk();
    let expected = answer(&desk, &["--out", "whole"]);
    let mut kills = 0;
    for round in 1..200 {
        let resume = desk.path("cut/recipe.toml").exists();
        let mut args = vec!["tune", "r.toml", "--out", "cut"];
        args.extend(resume.then_some("--resume"));
        let mut child = desk.command(&args).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(15 * round));
        if child.try_wait().unwrap().is_some() {
            break;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
    }
    assert!(kills >= 3, "{kills}");
    assert_eq!(answer(&desk, &["--out", "cut", "--resume"]), expected);
    let export = |folder| desk.done(&["study", "export", folder]).out;
    assert_eq!(export("cut"), export("whole"));
}

#[test]
fn techniques_are_compared_with_their_cost() {
    let desk = desk();
    let args = ["compare", "r.toml", "--techniques", "dropout,l1", "--out", "c", "--json"];
    let found = desk.done(&args).json();
    let rows = found["added"]["rows"].as_array().unwrap();
    let names: Vec<&Value> = rows.iter().map(|row| &row["name"]).collect();
    assert_eq!(names, ["dropout", "l1"]);
    assert!(rows.iter().all(|row| row["cost"].as_f64().unwrap() > 0.0));
    assert!(rows.iter().all(|row| row["difference"]["detectable"].is_number()));
    let ended = desk.run(&["compare", "r.toml", "--techniques", "spam", "--out", "d"]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.err.contains("there is no technique `spam`"), "{}", ended.err);
    assert!(!desk.path("d").exists());
}

#[test]
fn a_trial_says_the_same_each_time() {
    let desk = desk();
    let spec = json!({"schema": 1, "id": 9, "recipe": RECIPE, "epochs": 3, "pair": 2});
    desk.write("spec.json", spec.to_string());
    let run = || timeless(desk.done(&["trial", "--spec", "spec.json"]).json());
    let outcome = run();
    assert_eq!((&outcome["id"], &outcome["epochs"]), (&json!(9), &json!(3)));
    assert_eq!(outcome["value"], outcome["validation"]["loss"]);
    assert_eq!(run(), outcome);
    desk.write("spec.json", "{\"schema\": 2, \"recipe\": \"\"}");
    let ended = desk.run(&["trial", "--spec", "spec.json"]);
    assert!(ended.err.contains("expected schema 1, found 2"), "{}", ended.err);
    desk.write("spec.json", "{\"schema\": 1, \"recipe\": \"\", \"spam\": 1}");
    assert_eq!(desk.run(&["trial", "--spec", "spec.json"]).code, Some(1));
}

#[test]
fn bad_input_is_refused_before_anything_is_made() {
    let desk = desk();
    for (args, told) in [
        (vec!["--set", "tune.trails=5"], "did you mean `trials`?"),
        (vec!["--set", "tune.metric=validation.f2"], "expected a series of the validation part"),
        (vec!["--set", "tune.techniques=[\"spam\"]"], "found `spam`"),
        (vec!["--resume"], "there is no search to resume"),
    ] {
        let ended = desk.run(&[&["tune", "r.toml", "--out", "o"], &args[..]].concat());
        assert_eq!(ended.code, Some(1), "{args:?}");
        assert!(ended.err.contains(told), "{}", ended.err);
        assert!(!desk.path("o").exists(), "{args:?}");
    }
    desk.done(&["tune", "r.toml", "--out", "o", "--set", "tune.trials=4"]);
    let again = desk.run(&["tune", "r.toml", "--out", "o"]);
    assert!(again.err.contains("holds a run already"), "{}", again.err);
    let other = desk.run(&["tune", "r.toml", "--out", "o", "--resume", "--seed", "4"]);
    assert!(other.err.contains("begun with another recipe"), "{}", other.err);
    assert!(desk.run(&["study", "show", "r.toml"]).err.contains("r.toml, line 1"));
    assert!(desk.run(&["study", "show", "nowhere"]).err.contains("there is no study file"));
    assert!(!desk.path("nowhere").exists());
}

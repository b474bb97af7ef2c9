//! Method cards, the explanation of a recipe, and the help.

use crate::desk::Desk;
use std::path::Path;
use wellfit::prelude::shelf;

const FIELDS: [&str; 12] = [
    "door",
    "example",
    "family",
    "formula",
    "id",
    "name",
    "off",
    "one_line",
    "paper",
    "search",
    "watch_out",
    "when",
];

#[test]
fn the_list_has_every_technique_with_its_card() {
    let ended = Desk::new().done(&["techniques", "--json"]);
    let json = ended.json();
    let cards = json["techniques"].as_array().unwrap();
    let ids: Vec<&str> = cards.iter().map(|card| card["id"].as_str().unwrap()).collect();
    assert_eq!(ids, shelf().map(|shelved| shelved.card.id).collect::<Vec<_>>());
    for id in ["dropout", "l1", "l2", "elastic_net", "batch_norm", "early_stopping"] {
        assert!(ids.contains(&id), "{id} is missing");
    }
    for card in cards {
        let mut keys: Vec<&String> = card.as_object().unwrap().keys().collect();
        keys.sort();
        assert_eq!(keys, FIELDS);
        let texts = FIELDS.iter().filter(|field| !["off", "search"].contains(field));
        let empty = |field: &str| card[field].as_str().is_none_or(|text| text.trim().is_empty());
        assert!(texts.clone().all(|field| !empty(field)), "{card}");
    }
    let plain = Desk::new().done(&["techniques"]).out;
    assert!(ids.iter().all(|id| plain.lines().any(|line| line.starts_with(id))), "{plain}");
}

const LEVELS: &str = "table = { path = 't.csv', target = 'y', categories = 'embedding' }";

#[test]
fn every_card_is_explained_and_its_example_trains() {
    let desk = Desk::with_recipe();
    let rows = (0..90).map(|i| format!("{},l{},{}\n", i % 7, i % 4, ["x", "y", "z"][i % 3]));
    desk.write("t.csv", format!("a,c,y\n{}", rows.collect::<String>()));
    // Some learn from a stored model.
    desk.done(&["train", "recipe.toml", "--out", "runs/teacher"]);
    for shelved in shelf() {
        let card = shelved.card;
        let text = desk.done(&["explain", card.id]).out;
        let example = format!("[[regularize]]\n{} = {}\n", card.id, card.example);
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let unwrapped = words(&text);
        for part in [card.name, card.one_line, card.formula, card.when, card.watch_out, &example] {
            assert!(unwrapped.contains(&words(part)), "{}: no {part:?} in {text}", card.id);
        }
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
        // One that compares passes needs a layer that draws.
        let beside = match card.id {
            "r_drop" => "[[regularize]]\ndropout = { rate = 0.5 }\n",
            _ => "",
        };
        let with =
            |recipe: &str| desk.write("example.toml", format!("{recipe}\n{beside}{example}"));
        let out = format!("o/{}", card.id);
        let train = ["train", "example.toml", "--out", &out, "--set", "train.epochs=1"];
        with(crate::desk::RECIPE);
        if desk.run(&train).code != Some(0) {
            // Some need channels or branches.
            with(&crate::desk::RECIPE.replace("mlp = { widths = [16] }", "resnet = { depth = 8 }"));
            if desk.run(&train).code != Some(0) {
                // Or levels of a category.
                with(&crate::desk::RECIPE.replace("digits = {}", LEVELS));
                desk.done(&train);
            }
        }
    }
}

#[test]
fn an_unknown_technique_brings_a_suggestion() {
    let desk = Desk::new();
    let ended = desk.run(&["explain", "dropuot"]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.err.contains("unknown technique `dropuot`, expected one of"), "{}", ended.err);
    assert!(ended.err.contains("hint: did you mean `dropout`?"), "{}", ended.err);
    let ended = desk.run(&["explain", "nope"]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.err.contains("early_stopping"), "all ids are told: {}", ended.err);
}

#[test]
fn a_recipe_is_explained_parameter_by_parameter() {
    let desk = Desk::with_recipe();
    let more = "\n[[regularize]]\nl2 = { lambda = 0.5 }\n[[regularize]]\nbatch_norm = {}\n\
                [[regularize]]\ndropout = { rate = 0.0 }\n";
    desk.write("recipe.toml", crate::desk::RECIPE.to_owned() + more);
    let text = desk.done(&["explain", "--recipe", "recipe.toml"]).out;
    let lines: Vec<&str> = text.lines().collect();
    let is = |name: &str| {
        let at = lines.iter().position(|line| line.contains(name));
        let at = at.unwrap_or_else(|| panic!("no {name} in {text}"));
        lines.get(at + 1).is_some_and(|next| next.trim_start().starts_with("<- "))
    };
    let penalized = ["blocks.0.linear.weight", "head.weight"];
    assert!(penalized.iter().all(|name| is(name)), "{text}");
    let never = ["linear.bias", "head.bias", ".gamma", ".beta", ".running_mean", ".running_var"];
    assert!(!never.iter().any(|name| is(name)), "{text}");
    // 64 x 16 and 16 x 10 weights; 16 + 10 biases and 4 x 16 numbers of the normalization beside them.
    let total = "1274 numbers, of which 1184 are penalized or decayed";
    assert!(text.contains(total), "{text}");
    assert!(lines.iter().any(|l| l.contains(" dropout ") && l.ends_with("(off)")), "{text}");
    assert!(!desk.path("runs").exists(), "explaining trains nothing");
}

/// The help is read by people: a change of it is seen in review. UPDATE_GOLDEN=1 writes it anew.
#[test]
fn the_help_is_as_it_was_reviewed() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/program/golden");
    for (name, args) in [
        ("help.txt", &["--help"][..]),
        ("help-diagnose.txt", &["diagnose", "--help"]),
        ("help-train.txt", &["train", "--help"]),
        ("help-tune.txt", &["tune", "--help"]),
        ("help-compare.txt", &["compare", "--help"]),
        ("help-trial.txt", &["trial", "--help"]),
        ("help-study.txt", &["study", "--help"]),
        ("help-lab.txt", &["lab", "--help"]),
        ("help-path.txt", &["path", "--help"]),
        ("help-predict.txt", &["predict", "--help"]),
        ("help-evaluate.txt", &["evaluate", "--help"]),
        ("help-explain.txt", &["explain", "--help"]),
        ("help-completions.txt", &["completions", "--help"]),
        ("help-man.txt", &["man", "--help"]),
        ("help-prove.txt", &["prove", "--help"]),
    ] {
        let found = Desk::new().done(args).out;
        let file = golden.join(name);
        if std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
            std::fs::write(&file, &found).unwrap();
        }
        let expected = std::fs::read_to_string(&file).unwrap();
        assert_eq!(found, expected, "{name}: UPDATE_GOLDEN=1 accepts the new text");
    }
}

#[test]
fn the_version_is_one_line() {
    let out = Desk::new().done(&["--version"]).out;
    assert_eq!(out, format!("wellfit {}\n", env!("CARGO_PKG_VERSION")));
}

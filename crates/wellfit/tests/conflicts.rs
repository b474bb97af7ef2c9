//! Every rule about techniques that fight has a recipe that it speaks about, and one that mends it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails")]

use std::path::Path;
use wellfit::prelude::{Experiment, Recipe, shelf};
use wellfit::tune::conflict::{Rule, Severity, rules};

const PLAIN: &str = "
[data]
digits = {}
[model]
mlp = { widths = [32, 32] }
[train]
epochs = 60
batch_size = 32
learning_rate = 0.1
";

fn recipe(assignments: &[&str]) -> Recipe {
    let mut recipe = Recipe::parse("test", PLAIN).unwrap();
    assignments.iter().for_each(|assignment| recipe.set(assignment).unwrap());
    recipe
}

/// Whether the rule speaks, and for an error whether it stops the recipe in its own words.
fn speaks(rule: &Rule, assignments: &[&str]) -> bool {
    match Experiment::new(recipe(assignments), Path::new(".")) {
        Ok(experiment) => experiment.findings.iter().any(|finding| finding.rule == rule.id),
        Err(error) => {
            let told = error.to_string();
            let own = rule.severity == Severity::Error && told.contains(rule.why);
            assert!(own, "{}: {assignments:?}: {told}", rule.id);
            true
        }
    }
}

#[test]
fn every_rule_speaks_and_falls_silent_when_its_advice_is_taken() {
    // Others need a stored model or a table, which a recipe on bundled data cannot name.
    let rules: Vec<&Rule> = rules().filter(|rule| !rule.fires.is_empty()).collect();
    assert!(rules.len() >= 48, "only {} rules", rules.len());
    for rule in rules {
        assert!(speaks(rule, rule.fires), "{} is silent about its own recipe", rule.id);
        assert!(!speaks(rule, rule.mended), "{} speaks about the mended recipe", rule.id);
    }
}

#[test]
fn the_plain_recipe_has_no_conflicts() {
    let experiment = Experiment::new(recipe(&[]), Path::new(".")).unwrap();
    assert_eq!(experiment.findings, []);
}

#[test]
fn rules_have_names_of_their_own_and_speak_about_techniques_that_exist() {
    let mut names: Vec<&str> = Vec::new();
    for rule in rules() {
        assert!(!names.contains(&rule.id), "{} stands twice", rule.id);
        names.push(rule.id);
        for id in rule.about {
            assert!(shelf().any(|shelved| shelved.card.id == *id), "{}: no {id}", rule.id);
        }
        assert!(!rule.why.ends_with('.') && !rule.instead.ends_with('.'), "{}", rule.id);
    }
}

/// A table with a column of words, beside a column of numbers.
#[test]
fn swapped_levels_are_told_of_one_hot_columns_alone() {
    let folder = tempfile::tempdir().unwrap();
    let row = |i: usize| format!("{},{},{}\n", i % 7, ["red", "green", "blue"][i % 3], i % 2);
    let text = format!("size,colour,kind\n{}", (0..60).map(row).collect::<String>());
    let path = folder.path().join("table.csv");
    std::fs::write(&path, text).unwrap();
    let speaks = |column: &str| {
        let drop = format!("data.table.columns={{ {column} = \"drop\" }}");
        let assignments = ["regularize.swap_noise.rate=0.1".to_owned(), drop];
        let experiment = Experiment::of_table(&path, "kind", &assignments).unwrap();
        experiment.findings.iter().any(|finding| finding.rule == "swapped_levels")
    };
    assert!(speaks("size"));
    assert!(!speaks("colour"));
}

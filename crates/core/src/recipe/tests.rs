use super::*;
use crate::number::{NonNegative, Rate};
use serde::Deserialize;

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct L2 {
    lambda: NonNegative,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Dropout {
    rate: Rate,
}

const TEXT: &str = "\
seed = 3

[train]
epochs = 10

[[regularize]]
l2 = { lambda = 0.1 }
[[regularize]]
dropout = { rate = 1.5 }
";

fn recipe() -> Recipe {
    Recipe::parse("a.toml", TEXT).unwrap()
}

#[test]
fn techniques_come_in_order_and_read_as_their_owner_wants() {
    let recipe = recipe();
    let entries = recipe.techniques().unwrap();
    assert_eq!(entries.iter().map(|e| e.id.as_str()).collect::<Vec<_>>(), ["l2", "dropout"]);
    let l2: L2 = recipe.read(&entries[0]).unwrap();
    assert_eq!(l2.lambda.get(), 0.1);
}

#[test]
fn a_bad_number_is_shown_in_its_line() {
    let recipe = recipe();
    let error = recipe.read::<Dropout>(&recipe.techniques().unwrap()[1]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected a rate in [0, 1), found 1.5\n --> a.toml:9:20\n  |\n9 | dropout = { rate = 1.5 }\n  \
         |                    ^^^"
    );
}

#[test]
fn an_unknown_key_brings_a_suggestion() {
    let recipe = Recipe::parse("a.toml", "[[regularize]]\nl2 = { lamda = 1 }").unwrap();
    let error = recipe.read::<L2>(&recipe.techniques().unwrap()[0]).unwrap_err();
    let Error::Recipe { hint, place, .. } = error else { panic!("{error}") };
    assert_eq!(hint.unwrap(), "did you mean `lambda`?");
    let place = place.unwrap();
    assert_eq!((place.line, place.column), (2, 8));
}

#[test]
fn an_unknown_table_brings_a_suggestion() {
    let recipe = Recipe::parse("a.toml", "[trian]\nepochs = 1").unwrap();
    let error = recipe.only(&["train", "data"]).unwrap_err().to_string();
    assert!(error.contains("unknown key `trian`") && error.contains("`train`?"), "{error}");
}

#[test]
fn no_toml_is_an_error_with_a_place() {
    let error = Recipe::parse("a.toml", "x = 1\ny = = 2").unwrap_err().to_string();
    assert!(error.contains("a.toml:2:"), "{error}");
}

#[test]
fn a_technique_given_twice_is_refused() {
    let text = "[[regularize]]\nl2 = { lambda = 1 }\n[[regularize]]\nl2 = { lambda = 2 }";
    let error = Recipe::parse("a.toml", text).unwrap().techniques().unwrap_err().to_string();
    assert!(error.contains("given twice") && error.contains("a.toml:4:1"), "{error}");
}

#[test]
fn two_keys_in_one_entry_are_refused() {
    let text = "[[regularize]]\nl2 = { lambda = 1 }\nl1 = { lambda = 2 }";
    let error = Recipe::parse("a.toml", text).unwrap().techniques().unwrap_err().to_string();
    assert!(error.contains("one technique per") && error.contains("a.toml:3:1"), "{error}");
}

#[test]
fn set_changes_adds_and_points_at_itself() {
    let mut recipe = recipe();
    recipe.set("regularize.l2.lambda=5").unwrap();
    recipe.set("regularize.dropout.rate = 0.5").unwrap();
    recipe.set("regularize.input_noise.std=0.2").unwrap();
    recipe.set("model.mlp.activation=relu").unwrap();
    let entries = recipe.techniques().unwrap();
    assert_eq!(entries.len(), 3);
    assert_eq!(recipe.read::<L2>(&entries[0]).unwrap().lambda.get(), 5.0);
    assert_eq!(recipe.read::<Dropout>(&entries[1]).unwrap().rate.get(), 0.5);
    recipe.set("regularize.l2.lambda=-1").unwrap();
    let error = recipe.read::<L2>(&recipe.techniques().unwrap()[0]).unwrap_err().to_string();
    assert!(error.contains("--> --set:1:22"), "{error}");
}

#[test]
fn set_through_a_plain_value_is_refused() {
    let mut recipe = recipe();
    assert!(recipe.set("seed.x=1").unwrap_err().to_string().contains("plain value"));
    assert!(recipe.set("seed").unwrap_err().to_string().contains("KEY=VALUE"));
    assert!(recipe.set(".x=1").unwrap_err().to_string().contains("empty key"));
}

#[test]
fn the_canonical_text_reads_back_to_itself() {
    let mut recipe = recipe();
    recipe.set("train.epochs=7").unwrap();
    let text = recipe.canonical().unwrap();
    assert!(text.contains("epochs = 7"), "{text}");
    assert_eq!(Recipe::parse("b.toml", &text).unwrap().canonical().unwrap(), text);
}

#[test]
fn the_canonical_text_does_not_depend_on_the_order_of_assignments() {
    let canonical = |assignments: [&str; 2]| {
        let mut recipe = recipe();
        assignments.iter().for_each(|assignment| recipe.set(assignment).unwrap());
        recipe.canonical().unwrap()
    };
    let (a, b) = ("train.warm_up_epochs=1", "train.monitor=train.loss");
    assert_eq!(canonical([a, b]), canonical([b, a]));
}

#[test]
fn a_number_beyond_64_bits_is_refused_with_its_place() {
    let mut recipe = recipe();
    recipe.set("seed=18446744073709551615").unwrap();
    let error = recipe.canonical().unwrap_err().to_string();
    assert!(error.contains("--> --set:1:6"), "{error}");
}

#[test]
fn a_missing_table_is_named() {
    let recipe = Recipe::parse("a.toml", "seed = 1").unwrap();
    let error = recipe.section::<L2>("train").unwrap_err().to_string();
    assert_eq!(error, "[train] is missing: missing field `lambda`");
}

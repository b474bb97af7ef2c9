//! Tables with categories from a file to a verdict: embeddings, class weights, balanced sampling.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use wellfit::prelude::*;
use wellfit::{Error, Explained};

/// Town, size, bought: towns a and c buy, and one row in ten has no town.
fn write_table(folder: &Path) {
    let mut draw = Seed::new(1).stream("table").step(0);
    let mut text = "town,size,bought\n".to_owned();
    for row in 0..200 {
        let town = draw.below(4) as usize;
        let name = if row % 10 == 0 { "" } else { ["anna", "bruck", "cham", "dorf"][town] };
        let bought = if town.is_multiple_of(2) { "yes" } else { "no" };
        text += &format!("{name},{},{bought}\n", draw.standard_normal());
    }
    std::fs::write(folder.join("towns.csv"), text).unwrap();
}

fn experiment(model: &str, train: &str) -> Result<Experiment, Error> {
    let folder = tempfile::tempdir().unwrap();
    write_table(folder.path());
    let text = format!(
        "[data]
table = {{ path = \"towns.csv\", target = \"bought\", categories = \"embedding\" }}
[model]
{model}
[train]
epochs = 20
batch_size = 16
learning_rate = 0.02
optimizer = \"adam\"
{train}
[[regularize]]
l2 = {{ lambda = 0.1 }}
"
    );
    Experiment::new(Recipe::parse("recipe.toml", &text).unwrap(), folder.path())
}

#[test]
fn a_category_is_embedded_learned_and_explained() {
    let experiment = experiment("mlp = { widths = [8], embedding = { width = 2 } }", "").unwrap();
    // Four towns and the unknown one.
    assert_eq!(experiment.data.train.embedded[0].levels, 5);
    let trained = experiment.train(None, &mut ()).unwrap();
    let accuracy = trained.log.get(Part::Validation, "accuracy").unwrap();
    assert!(accuracy.points.last().unwrap().1 >= 0.9, "{accuracy:?}");
    let explained = Explained::of(&experiment).unwrap();
    let table = &explained.parameters[0];
    assert_eq!(
        (table.path.as_str(), table.shape.as_slice()),
        ("Mlp.embeddings.0.weight", &[5, 2][..])
    );
    assert!(table.acted_on_by.is_empty() && table.reason.starts_with("an embedding"));
    assert!(!explained.parameters[1].acted_on_by.is_empty(), "the first layer is penalized");
}

#[test]
fn classes_may_weigh_and_come_as_told() {
    for train in ["class_weights = { yes = 2 }", "sampling = \"balanced\""] {
        let experiment = experiment("mlp = { widths = [8] }", train).unwrap();
        assert!(experiment.train(None, &mut ()).is_ok());
    }
}

#[test]
fn refusals_stand_where_the_recipe_must_change() {
    let mlp = "mlp = { widths = [8] }";
    for (model, train, says) in [
        ("linear = {}", "", ["only mlp reads embedded categories", "recipe.toml:3:1"]),
        (mlp, "class_weights = { yess = 2 }", ["did you mean `yes`?", "recipe.toml:10:17"]),
        (
            mlp,
            "class_weights = \"balanced\"\nsampling = \"balanced\"",
            ["keep one of them", "recipe.toml:10:17"],
        ),
        (
            "mlp = { widths = [8], embedding = { width = 0 } }",
            "",
            ["a whole number above 0", "recipe.toml:4:45"],
        ),
    ] {
        let error = experiment(model, train).err().unwrap().to_string();
        assert!(says.iter().all(|part| error.contains(part)), "{error}");
    }
}

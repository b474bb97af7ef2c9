//! Stored models that are broken, and examples or options that do not fit them.

use super::{refused, refused_with};
use crate::desk::Desk;
use crate::stored::with_model;
use crate::{pictures, tables};
use std::fs;

fn both(desk: &Desk, model: &str, data: &str, says: &[&str]) {
    refused(desk, &["predict", model, data], 1, says);
    refused(desk, &["evaluate", model, data], 1, says);
}

#[test]
fn a_model_that_is_not_there_or_is_broken() {
    let (desk, _) = with_model(&tables::classes(), &[]);
    both(&desk, "nowhere", "t.csv", &["nowhere: there is no such model", "folder of a run"]);
    fs::create_dir(desk.path("empty")).unwrap();
    both(&desk, "empty", "t.csv", &["empty: it holds no trained model", "`wellfit train`"]);
    let (card, weights) = (desk.text("o/model.toml"), desk.read("o/model.safetensors"));
    let other = card.replace("schema = 1", "schema = 7");
    let wider = card.replace("widths = [16]", "widths = [17]");
    let cut = &weights[..weights.len() / 2];
    for (card, weights, says) in [
        (Some(card.as_str()), None, ["o/model.safetensors: it is missing", "o/model.toml"]),
        (None, Some(&weights[..]), ["o/model.toml: it is missing", "o/model.safetensors"]),
        (Some(&other), Some(&weights), ["o/model.toml: expected a model of schema 1", "schema 7"]),
        (Some("x = 1"), Some(&weights), ["o/model.toml: expected a model that wellfit", "schema"]),
        (Some("]"), Some(&weights), ["o/model.toml: ", "line 1"]),
        (Some(&wider), Some(&weights), ["o/model.safetensors: ", "expected shape"]),
        (Some(&card), Some(cut), ["o/model.safetensors: ", "cut or damaged"]),
    ] {
        for (name, bytes) in
            [("model.toml", card.map(str::as_bytes)), ("model.safetensors", weights)]
        {
            let path = desk.path(&format!("o/{name}"));
            match bytes {
                Some(bytes) => fs::write(path, bytes).unwrap(),
                None => fs::remove_file(path).unwrap_or(()),
            }
        }
        both(&desk, "o", "t.csv", &says);
    }
}

#[test]
fn tables_that_do_not_fit_the_model() {
    let (desk, _) = with_model(&tables::classes(), &[]);
    let long = format!("a,b,y\n{}1,dog,yes\n", "1,2,no\n".repeat(3000));
    for (text, says) in [
        ("A,b,y\n1,2,yes\n", ["no column is named `a`", "did you mean `A`?"]),
        ("p,q,y\n1,2,yes\n", ["none for `a`, `b`", "the columns are p, q, y"]),
        (&long, ["line 3002, column `b`", "found `dog`"]),
        ("a,b,y\n", ["expected rows below the header", "none"]),
        ("", ["expected a header line", "an empty file"]),
    ] {
        desk.write("n.csv", text);
        both(&desk, "o", "n.csv", &says);
    }
    both(&desk, "o", "nope.csv", &["nope.csv: cannot be read"]);
    for (text, says) in [
        ("a,b\n1,2\n", ["no column is named `y`", "the columns are a, b"]),
        ("a,b,y\n1,2,yes\n1,2,\n", ["line 3, column `y`", "a missing one"]),
        (
            "a,b,y\n1,2,yes\n1,2,maybe\n",
            ["line 3, column `y`: expected one of the classes no, yes", "maybe"],
        ),
    ] {
        desk.write("n.csv", text);
        refused(&desk, &["evaluate", "o", "n.csv"], 1, &says);
        desk.done(&["predict", "o", "n.csv"]);
    }
    let keep = |name: &'static str| ["predict", "o", "t.csv", "--keep", name];
    refused(&desk, &keep("idd"), 1, &["no column is named `idd`"]);
    desk.write("n.csv", "a,b,prediction\n1,2,3\n");
    let twice = ["predict", "o", "n.csv", "--keep", "prediction"];
    refused(&desk, &twice, 1, &["two columns", "`prediction`"]);
}

#[test]
fn places_that_cannot_be_written() {
    let (desk, _) = with_model(&tables::classes(), &[]);
    let out = |path: &'static str| ["predict", "o", "t.csv", "--out", path];
    refused(&desk, &out("no/where.csv"), 1, &["cannot write to no/where.csv"]);
    let packed = "predictions are not written into compressed files";
    refused(&desk, &out("p.csv.gz"), 1, &[packed, "standard output"]);
    let json = ["predict", "o", "t.csv", "--json", "--out", "p.parquet"];
    refused(&desk, &json, 1, &["--out names a Parquet file", "leave out --json"]);
    refused(&desk, &out("no/where.parquet"), 1, &["cannot write to no/where.parquet"]);
    refused(&desk, &out("o"), 1, &["cannot write to o: it is a folder"]);
    if cfg!(target_os = "linux") {
        refused(&desk, &out("/dev/full"), 1, &["cannot write to /dev/full: No space left"]);
        assert!(!std::path::Path::new("/dev/full").is_file(), "a device stays one");
    }
    // A table that breaks leaves the old file.
    desk.write("p.csv", "old");
    desk.write("n.csv", "a,b\n1,dog\n");
    refused(&desk, &["predict", "o", "n.csv", "--out", "p.csv"], 1, &["found `dog`"]);
}

#[test]
fn a_threshold_without_two_classes() {
    let (desk, _) = with_model(&tables::regression(), &[]);
    let says = ["o: a threshold needs a model of two classes", "it predicts a number"];
    refused(&desk, &["predict", "o", "t.csv", "--threshold", "0.5"], 1, &says);
    refused(&desk, &["evaluate", "o", "t.csv", "--threshold", "0.5"], 1, &says);
    let says = ["expected a probability in [0, 1], found 1.5"];
    refused(&desk, &["predict", "o", "t.csv", "--threshold", "1.5"], 2, &says);
    let table = "data={ csv = { path = \"a.csv\", target = \"y\" } }; train.threshold=f1";
    refused_with(
        &desk,
        table,
        &["a threshold needs two classes, but the target is a number", "--set:1:17"],
    );
    let desk = Desk::with_recipe();
    refused_with(
        &desk,
        "train.threshold=f1",
        &["needs two classes, and this target has 10", ":17"],
    );
    refused_with(&desk, "train.threshold=f2", &["`f2`, expected one of", "`youden`"]);
    let mut table = tables::one_class();
    table.push_str("1,2,no\n");
    desk.write("v.csv", tables::one_class());
    desk.write("a.csv", tables::classes());
    let own = "data={ csv = { path = \"a.csv\", target = \"y\", validation_file = \"v.csv\" } }; \
               train.threshold=youden";
    refused_with(&desk, own, &["validation examples of both classes, and all are `yes`"]);
}

#[test]
fn pictures_for_a_model_of_something_else() {
    let desk = Desk::with_recipe();
    desk.done(&["train", "recipe.toml", "--out", "o"]);
    desk.write("x.png", pictures::plain(8, 9));
    both(&desk, "o", "x.png", &["x.png: expected the word `digits`"]);
    let keep = ["predict", "o", "digits", "--keep", "id"];
    refused(&desk, &keep, 1, &["expected a table, which alone has columns to keep"]);
    let (desk, _) = with_model(&tables::classes(), &[]);
    desk.write("x.png", pictures::plain(8, 9));
    both(&desk, "o", "x.png", &["x.png"]);
}

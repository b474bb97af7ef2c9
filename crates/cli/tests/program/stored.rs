//! Stored models on new examples: `predict` and `evaluate`.

use crate::desk::Desk;
use crate::pictures;
use crate::tables;
use serde_json::Value;

/// A desk with a run in `o`, trained on `a.csv` with files of its own for validation and test.
pub fn with_model(table: &str, more: &[&str]) -> (Desk, Value) {
    let desk = Desk::with_recipe();
    let (header, rows) = table.split_once('\n').unwrap();
    let rows: Vec<&str> = rows.lines().collect();
    for (name, rows) in [("a.csv", &rows[..30]), ("v.csv", &rows[30..45]), ("t.csv", &rows[45..])] {
        desk.write(name, format!("{header}\n{}\n", rows.join("\n")));
    }
    let data = "data={ table = { path = \"a.csv\", target = \"y\", validation_file = \"v.csv\", \
                test_file = \"t.csv\" } }";
    let args = ["train", "recipe.toml", "--out", "o", "--json", "--set", data];
    let json = desk.done(&[&args[..], more].concat()).json();
    (desk, json)
}

/// The metrics of an evaluation in the form of a part of a summary.
fn as_part(evaluation: &Value) -> Value {
    let mut part = evaluation["metrics"].clone();
    part["loss"] = evaluation["loss"].clone();
    part
}

/// The cells of CSV that quotes nothing.
pub fn lines(text: &str) -> Vec<Vec<String>> {
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

#[test]
fn on_the_test_part_the_numbers_are_those_of_training_to_the_last_bit() {
    for (table, more) in [
        (tables::classes(), &[][..]),
        (tables::classes(), &["--set", "train.threshold=balanced_accuracy"]),
        (tables::classes(), &["--set", "regularize.batch_norm={}"]),
        (tables::regression(), &[]),
        (tables::regression(), &["--set", "model={ linear = {} }"]),
    ] {
        let (desk, summary) = with_model(&table, more);
        for (file, part) in [("t.csv", "test"), ("v.csv", "validation")] {
            let found = desk.done(&["evaluate", "o", file, "--json"]).json();
            assert_eq!(as_part(&found), summary[part], "{more:?} {part}");
            assert_eq!(found["threshold"], summary["threshold"], "{more:?}");
        }
        let by_file = desk.done(&["evaluate", "o/model.safetensors", "t.csv", "--json"]).json();
        assert_eq!(as_part(&by_file), summary["test"]);
        assert_eq!((&by_file["schema"], &by_file["examples"]), (&1.into(), &15.into()));
    }
}

#[test]
fn predictions_do_not_depend_on_the_order_of_columns_or_on_others() {
    let (desk, _) = with_model(&tables::classes(), &[]);
    let plain = desk.done(&["predict", "o", "t.csv"]).out;
    let rows = lines(&desk.text("t.csv"));
    // b, a, an unknown one, and no target.
    let mixed: Vec<String> = rows.iter().map(|r| format!("{},{},{}x", r[1], r[0], r[0])).collect();
    desk.write("m.csv", mixed.join("\n").replacen(",ax", ",note", 1));
    let found = desk.done(&["predict", "o", "m.csv"]);
    assert_eq!(found.out, plain);
    assert_eq!(found.err, "note: columns that the model does not read: note\n");
    assert_eq!(lines(&plain)[0], ["prediction", "probability_no", "probability_yes"]);
    assert_eq!(lines(&plain).len(), 16);
}

#[test]
fn probabilities_decide_the_class_at_the_threshold() {
    let (desk, summary) = with_model(&tables::classes(), &["--set", "train.threshold=f1"]);
    let own = summary["threshold"].as_f64().unwrap();
    let text = format!("threshold = {own:?}");
    assert!(desk.text("o/model.toml").contains(&text), "{text}");
    assert!(desk.text("o/report.html").contains("threshold of the best model"));
    for (threshold, option) in [(own, None), (0.99, Some("0.99")), (0.0, Some("0"))] {
        let mut args = vec!["predict", "o", "t.csv"];
        args.extend(option.iter().flat_map(|p| ["--threshold", p]));
        let found = lines(&desk.done(&args).out);
        let number = |cell: &String| cell.parse::<f64>().unwrap();
        for row in &found[1..] {
            let says = if number(&row[2]) >= threshold { "yes" } else { "no" };
            assert_eq!(row[0], says, "{row:?} at {threshold}");
            assert!((number(&row[1]) + number(&row[2]) - 1.0).abs() < 1e-12, "{row:?}");
        }
    }
    let all = desk.done(&["evaluate", "o", "t.csv", "--threshold", "0", "--json"]).json();
    assert_eq!(all["per_class"][1]["recall"], 1.0);
    assert_eq!(all["confusion"][0][0], 0);
    // F1 on the validation part cannot be better elsewhere.
    let f1 = |threshold: f64| {
        let p = format!("--threshold={threshold}");
        let json = desk.done(&["evaluate", "o", "v.csv", "--json", &p]).json();
        json["per_class"][1]["f1"].as_f64().unwrap()
    };
    let best = f1(own);
    for other in [0.1, 0.3, 0.5, 0.7, 0.9] {
        assert!(f1(other) <= best, "{other}: {} above {best}", f1(other));
    }
}

#[test]
fn columns_are_kept_as_they_are_and_formats_agree() {
    let (desk, _) = with_model(&tables::regression(), &[]);
    let rows = desk.text("t.csv");
    let with_ids = |(n, row): (usize, &str)| {
        if n == 0 { format!("id,{row}") } else { format!("\"00{n},x\",{row}") }
    };
    let text: Vec<String> = rows.lines().enumerate().map(with_ids).collect();
    desk.write("k.csv", text.join("\n"));
    let csv = desk.done(&["predict", "o", "k.csv", "--keep", "id", "--id", "a"]).out;
    assert!(csv.starts_with("id,a,prediction\n\"001,x\","), "{csv}");
    let json = desk.done(&["predict", "o", "k.csv", "--keep", "id", "--keep", "a", "--json"]).out;
    for (n, (line, row)) in (1..).zip(json.lines().zip(lines(&csv)[1..].iter())) {
        let value: Value = serde_json::from_str(line).unwrap();
        assert!(line.starts_with(&format!("{{\"id\":\"00{n},x\",\"a\":")), "in order: {line}");
        assert_eq!(value["prediction"].as_f64().unwrap().to_string(), row[3], "{line}");
    }
    desk.done(&["predict", "o", "k.csv", "--id", "id", "--id", "a", "--out", "p.csv"]);
    assert_eq!(desk.text("p.csv"), csv);
    // In the units of the file: near the targets, which are not standard.
    let error = |(predicted, row): (&Vec<String>, &Vec<String>)| {
        predicted[3].parse::<f64>().unwrap() - row[2].parse::<f64>().unwrap()
    };
    let (predicted, actual) = (lines(&csv), lines(&rows));
    let squares = predicted[1..].iter().zip(&actual[1..]).map(error).map(|e| e * e);
    let mse = squares.sum::<f64>() / 15.0;
    let stored = desk.done(&["evaluate", "o", "t.csv", "--json"]).json();
    let expected = stored["metrics"]["mse"].as_f64().unwrap();
    assert!((mse - expected).abs() < 1e-9 * expected, "{mse}, {expected}");
    assert_eq!((&stored["per_class"], &stored["confusion"]), (&Value::Null, &Value::Null));
}

#[test]
fn digits_are_read_by_their_name_and_many_rows_in_parts() {
    let desk = Desk::with_recipe();
    let summary = desk.done(&["train", "recipe.toml", "--out", "o", "--json"]).json();
    let found = desk.done(&["evaluate", "o", "digits", "--json"]);
    assert!(found.err.contains("those that the model was trained on"), "{}", found.err);
    let parts = ["train", "validation", "test"];
    let of = |part: &str| summary[part]["accuracy"].as_f64().unwrap();
    let (low, high) = parts
        .iter()
        .fold((1.0f64, 0.0f64), |(low, high), part| (low.min(of(part)), high.max(of(part))));
    let json = found.json();
    let all = json["metrics"]["accuracy"].as_f64().unwrap();
    assert!((low..=high).contains(&all) && low < high, "{low} {all} {high}");
    let predicted = lines(&desk.done(&["predict", "o", "digits", "--classes-only"]).out);
    assert_eq!((predicted.len(), predicted[0].as_slice()), (1798, &["prediction".to_owned()][..]));
    let table = desk.done(&["evaluate", "o", "digits"]).out;
    assert!(table.contains("confusion: a row for each actual class"), "{table}");
    let sum: u64 = json["confusion"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|row| row.as_array())
        .flatten()
        .map(|count| count.as_u64().unwrap())
        .sum();
    assert_eq!(sum, 1797);
}

#[test]
fn pictures_in_folders_alone_and_without_a_class() {
    let desk = Desk::with_recipe();
    for part in ["train", "validation", "test"] {
        for k in 0..12u8 {
            let (class, ink) = if k % 2 == 0 { ("dark", 20) } else { ("light", 200) };
            desk.write(&format!("p/{part}/{class}/{k}.png"), pictures::plain(4, ink + k));
        }
    }
    let train = ["train", "recipe.toml", "--json", "--set", "train.epochs=20", "--out"];
    let data = "data={ images = { dir = \"p\" } }";
    let summary = desk.done(&[&train[..], &["o", "--set", data]].concat()).json();
    let found = desk.done(&["evaluate", "o", "p", "--json"]);
    assert!(found.err.contains("`test` is taken"), "{}", found.err);
    assert_eq!(as_part(&found.json()), summary["test"]);
    let named = desk.done(&["evaluate", "o", "p/validation", "--json"]).json();
    assert_eq!(as_part(&named), summary["validation"]);
    let rows = lines(&desk.done(&["predict", "o", "p/test"]).out);
    assert_eq!(rows[0], ["file", "prediction", "probability_dark", "probability_light"]);
    let says: Vec<&str> = rows[1..].iter().map(|row| row[0].split('/').next().unwrap()).collect();
    assert_eq!(says, rows[1..].iter().map(|row| row[1].as_str()).collect::<Vec<_>>());
    desk.write("flat/x.png", pictures::plain(4, 25));
    desk.write("flat/y.png", pictures::plain(4, 205));
    let flat = desk.done(&["predict", "o", "flat", "--classes-only"]).out;
    assert_eq!(flat, "file,prediction\nx.png,dark\ny.png,light\n");
    let one = desk.done(&["predict", "o", "flat/y.png", "--classes-only"]).out;
    assert_eq!(one, "file,prediction\ny.png,light\n");
    // Another size: refused as training would have, resized where training was to resize.
    desk.write("big.png", pictures::plain(7, 205));
    let refused = desk.run(&["predict", "o", "big.png"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("expected 4 x 4 pixels"), "{}", refused.err);
    let sized = "data={ images = { dir = \"p\", size = [4, 4] } }";
    desk.done(&[&train[..], &["s", "--set", sized]].concat());
    let one = desk.done(&["predict", "s", "big.png", "--classes-only"]).out;
    assert_eq!(one, "file,prediction\nbig.png,light\n");
}

#[test]
fn idx_images_with_labels_and_without() {
    let desk = Desk::with_recipe();
    let idx = |shape: &[u8], bytes: Vec<u8>| {
        let dims = shape.iter().flat_map(|&side| [0, 0, 0, side]);
        [0, 0, 8, shape.len() as u8].into_iter().chain(dims).chain(bytes).collect::<Vec<u8>>()
    };
    for (set, count) in [("train", 40u8), ("t10k", 10)] {
        let pixels = (0..count).flat_map(|k| [if k % 2 == 0 { 10 + k } else { 240 - k }; 4]);
        desk.write(&format!("i/{set}-images-idx3-ubyte"), idx(&[count, 2, 2], pixels.collect()));
        let labels = (0..count).map(|k| 3 + k % 2).collect();
        desk.write(&format!("i/{set}-labels-idx1-ubyte"), idx(&[count], labels));
    }
    let data = "data={ idx = { dir = \"i\" } }";
    let args = ["train", "recipe.toml", "--json", "--out", "o", "--set", data];
    let summary = desk.done(&args).json();
    let found = desk.done(&["evaluate", "o", "i", "--json"]).json();
    assert_eq!(as_part(&found), summary["test"]);
    let one = desk.done(&["evaluate", "o", "i/train-images-idx3-ubyte", "--json"]).json();
    assert_eq!(one["examples"], 40);
    std::fs::remove_file(desk.path("i/t10k-labels-idx1-ubyte")).unwrap();
    assert_eq!(desk.done(&["predict", "o", "i"]).out.lines().count(), 11);
    let refused = desk.run(&["evaluate", "o", "i"]);
    assert!(refused.err.contains("its labels in t10k-labels-idx1-ubyte"), "{}", refused.err);
}

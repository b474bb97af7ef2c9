//! `--out`: its files, the model that `wellfit predict` reads, and Ctrl-C.

use super::{numbers, with_target};
use crate::desk::{Desk, Ended};
use std::process::Command;
use std::time::Duration;

const FILES: [&str; 8] = [
    "path.json",
    "coefficients.csv",
    "model.toml",
    "path.svg",
    "path.png",
    "cv.svg",
    "cv.png",
    "report.html",
];

#[test]
fn the_folder_holds_pictures_report_and_numbers() {
    let desk = Desk::new();
    desk.write("y.csv", with_target("y"));
    let found = desk.done(&["path", "y.csv", "--target", "y", "--out", "a/b", "--json"]).json();
    let names = || std::fs::read_dir(desk.path("a/b")).unwrap().count();
    assert_eq!(names(), FILES.len());
    FILES.iter().for_each(|name| assert!(!desk.read(&format!("a/b/{name}")).is_empty(), "{name}"));
    assert_eq!(std::fs::read_dir(desk.path("a")).unwrap().count(), 1, "nothing beside it");
    let stored: serde_json::Value = serde_json::from_str(&desk.text("a/b/path.json")).unwrap();
    assert_eq!(stored, found);
    let table = desk.text("a/b/coefficients.csv");
    assert!(table.starts_with("feature,coefficient\n(intercept),"), "{table}");
    assert!(table.contains("\nc=x,"), "{table}");
    for name in ["path.svg", "cv.svg"] {
        let svg = desk.text(&format!("a/b/{name}"));
        roxmltree::Document::parse(&svg).unwrap();
    }
    let page = desk.text("a/b/report.html").replace("http://www.w3.org/2000/svg", "");
    for word in ["http://", "https://", "src=", "href=", "import("] {
        assert!(!page.contains(word), "{word}");
    }
    // The curves of the page are those of the path, which answer the pointer.
    let data = page.split_once("application/json\">").unwrap().1.split_once("</script>").unwrap().0;
    let data: serde_json::Value = serde_json::from_str(data).unwrap();
    assert_eq!(data["axis"], "log10 λ");
    let lambdas = found["lambdas"].as_array().unwrap().len();
    for line in [&data["panels"][0]["lines"][0], &data["panels"][1]["lines"][0]] {
        assert_eq!(line["points"].as_array().unwrap().len(), lambdas);
    }
    let again = desk.run(&["path", "y.csv", "--target", "y", "--out", "a/b"]);
    assert_eq!(again.code, Some(1));
    assert_eq!(names(), FILES.len());
}

#[test]
fn predict_reads_the_model_in_double_precision() {
    let desk = Desk::new();
    desk.write("y.csv", with_target("y"));
    let found = desk.done(&["path", "y.csv", "--target", "y", "--out", "run", "--json"]).json();
    let at = found["selected"].as_u64().unwrap() as usize;
    let w = numbers(&found["coefficients"][at]);
    let b = found["intercepts"][at].as_f64().unwrap();
    // Columns in another order; a cell that is missing, and a level that nobody knows.
    desk.write("new.csv", "c,b,a,id\nx,0.1,3.3,p\nq,,1.1,q\n");
    let predicted = desk.done(&["predict", "run", "new.csv", "--keep", "id"]).out;
    let lines: Vec<&str> = predicted.lines().collect();
    assert_eq!(lines[0], "id,prediction");
    let value = |line: &str| line.split_once(',').unwrap().1.parse::<f64>().unwrap();
    assert_eq!(found["features"].to_string(), r#"["a","b","c=x","c=y","c=z"]"#);
    let expected = b + 3.3 * w[0] + 0.1 * w[1] + w[2];
    assert!((value(lines[1]) - expected).abs() < 1e-14 * expected.abs().max(1.0), "{predicted}");
    assert!(value(lines[2]).is_finite());
    assert_eq!(desk.run(&["predict", "run", "new.csv", "--samples", "3"]).code, Some(1));
    assert_eq!(desk.run(&["evaluate", "run", "y.csv", "--samples", "3"]).code, Some(1));
}

#[test]
fn probabilities_of_classes_sum_to_one() {
    let desk = Desk::new();
    for target in ["kind", "three"] {
        let table = format!("{target}.csv");
        desk.write(&table, with_target(target));
        desk.done(&["path", &table, "--target", target, "--cv", "3", "--out", target]);
        let predicted = desk.done(&["predict", target, &table, "--json"]).out;
        let first: serde_json::Value =
            serde_json::from_str(predicted.lines().next().unwrap()).unwrap();
        let cells = first.as_object().unwrap();
        let parts = cells.iter().filter(|(name, _)| name.starts_with("probability_"));
        let sum: f64 = parts.map(|(_, value)| value.as_f64().unwrap()).sum();
        assert!((sum - 1.0).abs() < 1e-12, "{first}");
        let truth: Vec<String> = desk.text(&table).lines().skip(1).map(str::to_owned).collect();
        let right = predicted.lines().zip(&truth).filter(|(line, row)| {
            let found: serde_json::Value = serde_json::from_str(line).unwrap();
            row.ends_with(found["prediction"].as_str().unwrap())
        });
        assert!(right.count() > 45, "{target}");
    }
    let threshold = ["predict", "kind", "kind.csv", "--classes-only", "--threshold", "0"];
    assert!(desk.done(&threshold).out.lines().skip(1).all(|line| line == "yes"));
    assert_eq!(desk.run(&["predict", "three", "three.csv", "--threshold", "0.3"]).code, Some(1));
}

/// The numbers of `y` as counts.
fn counts() -> String {
    let rows = with_target("y");
    let count = |row: &str| {
        let (rest, y) = row.rsplit_once(',').unwrap();
        match y.parse::<f64>() {
            Ok(y) => format!("{rest},{}\n", y.max(0.0).round()),
            Err(_) => format!("{rest},count\n"),
        }
    };
    rows.lines().map(count).collect()
}

/// The numbers from the predictions, by the formulas of the families.
#[test]
fn a_linear_model_is_evaluated_by_its_family() {
    let desk = Desk::new();
    for (target, family) in
        [("y", None), ("count", Some("poisson")), ("kind", None), ("three", None)]
    {
        let table = format!("{target}.csv");
        desk.write(&table, if target == "count" { counts() } else { with_target(target) });
        let family: Vec<&str> = family.into_iter().flat_map(|f| ["--family", f]).collect();
        let fit = ["path", &table, "--target", target, "--cv", "3", "--out", target];
        desk.done(&[&fit[..], &family].concat());
        let found = desk.done(&["evaluate", target, &table, "--json"]).json();
        let rows = desk.text(&table);
        let truth: Vec<&str> =
            rows.lines().skip(1).map(|row| row.rsplit(',').next().unwrap()).collect();
        let predicted = desk.done(&["predict", target, &table, "--json"]).out;
        let predicted: Vec<serde_json::Value> =
            predicted.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(found["examples"], truth.len());
        let mean = |of: &dyn Fn(&str, &serde_json::Value) -> f64| {
            let each = truth.iter().zip(&predicted).map(|(y, line)| of(y, line));
            each.sum::<f64>() / truth.len() as f64
        };
        let value = |line: &serde_json::Value| line["prediction"].as_f64().unwrap();
        let number = |y: &str| y.parse::<f64>().unwrap();
        let near = |found: &serde_json::Value, expected: f64| {
            let found = found.as_f64().unwrap();
            assert!(
                (found - expected).abs() < 1e-9 * (1.0 + expected.abs()),
                "{target}: {found}, {expected}"
            );
        };
        let probability =
            |y: &str, line: &serde_json::Value| line[format!("probability_{y}")].as_f64().unwrap();
        match target {
            "y" | "count" => {
                let squared = mean(&|y, line| (number(y) - value(line)).powi(2));
                near(&found["metrics"]["mse"], squared);
                let deviance = mean(&|y, line| {
                    let (y, m) = (number(y), value(line));
                    2.0 * (if y > 0.0 { y * (y / m).ln() } else { 0.0 } - (y - m))
                });
                let half = if target == "y" { squared } else { deviance } / 2.0;
                near(&found["loss"], half);
            }
            _ => {
                near(&found["loss"], mean(&|y, line| -probability(y, line).ln()));
                let right = mean(&|y, line| f64::from(u8::from(line["prediction"] == y)));
                near(&found["metrics"]["accuracy"], right);
                assert_eq!(
                    found["per_class"].as_array().unwrap().len(),
                    if target == "kind" { 2 } else { 3 }
                );
            }
        }
    }
}

#[test]
fn what_a_killed_run_left_goes_with_the_next() {
    let desk = Desk::new();
    desk.write("y.csv", with_target("y"));
    desk.write(".run.part/path.json", "half");
    // Refused later, but not before it has tidied up.
    desk.run(&["path", "y.csv", "--target", "nowhere", "--out", "run"]);
    assert!(!desk.path(".run.part").exists());
}

#[test]
fn ctrl_c_leaves_nothing_half_written() {
    let desk = Desk::new();
    let mut text = (0..120).map(|j| format!("x{j},")).collect::<String>() + "y\n";
    for i in 0..3000_u64 {
        let cell = |j: u64| (i * 7919 + j * j * 104_729 + i * j * 31) % 1009;
        text += &(0..120).map(|j| format!("{}.5,", cell(j))).collect::<String>();
        text += if cell(3) + cell(9) > 1000 { "yes\n" } else { "no\n" };
    }
    desk.write("wide.csv", text);
    let mut command = desk.command(&["path", "wide.csv", "--target", "y", "--out", "run"]);
    let child = command.spawn().unwrap();
    std::thread::sleep(Duration::from_millis(400));
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let ended: Ended = child.wait_with_output().unwrap().into();
    let left: Vec<_> = std::fs::read_dir(desk.path("")).unwrap().collect();
    match ended.code {
        Some(130) => {
            assert!(ended.err.contains("nothing was written"), "{}", ended.err);
            assert_eq!(left.len(), 1, "the table alone: {left:?}");
        }
        // A fast machine was done before the signal; then everything is there.
        Some(0) => assert!(desk.path("run/report.html").exists()),
        other => panic!("{other:?}: {}", ended.err),
    }
}

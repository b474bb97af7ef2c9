//! Real data against numbers that Python counted: `golden/make.py` wrote `golden/data.json`.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)] // this is a test

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;
use wellfit_data::preprocessing::Step;
use wellfit_data::{Categories, Dataset, Frame, Preprocessing, Scaling, Schema, Target};
use wellfit_data::{digits, images, target};

fn golden() -> Value {
    serde_json::from_str(include_str!("golden/data.json")).unwrap()
}

/// The folder of real data, or a loud word that it is missing.
fn folder(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("WELLFIT_DATA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("SKIPPED {test}: WELLFIT_DATA is not set");
    }
    folder
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn labels(data: &Dataset) -> &[u32] {
    match &data.target {
        Target::Classes { labels, .. } => labels,
        Target::Values(_) => panic!("expected classes"),
    }
}

/// As `checksum` of the script.
fn checksum(values: impl Iterator<Item = u64>) -> u64 {
    values.enumerate().map(|(place, value)| value * (1 + place as u64 % 997)).sum()
}

fn histogram(labels: &[u32], weight: impl Fn(usize) -> f64) -> Vec<f64> {
    let mut sums = vec![0.0; 10];
    labels.iter().enumerate().for_each(|(row, &label)| sums[label as usize] += weight(row));
    sums
}

fn agree(data: &Dataset, golden: &Value) {
    let labels = labels(data);
    assert_eq!(data.len() as u64, golden["count"]);
    assert_eq!(data.shape[0], 1);
    assert_eq!(
        data.shape[1..].iter().map(|&side| side as f64).collect::<Vec<_>>(),
        numbers(&golden["shape"])
    );
    assert_eq!(checksum(data.inputs.iter().map(|&pixel| pixel as u64)), golden["pixel_checksum"]);
    assert_eq!(checksum(labels.iter().map(|&label| label.into())), golden["label_checksum"]);
    assert_eq!(histogram(labels, |_| 1.0), numbers(&golden["class_counts"]));
    assert_eq!(histogram(&labels[..1000], |_| 1.0), numbers(&golden["first_1000_labels"]));
    let ink = |row| data.row(row).iter().map(|&pixel| f64::from(pixel)).sum();
    assert_eq!(histogram(labels, ink), numbers(&golden["class_pixel_sums"]));
}

#[test]
fn the_digits_are_those_of_scikit_learn() {
    agree(&digits::digits().unwrap(), &golden()["digits"]);
}

#[test]
fn mnist_is_read_to_the_last_pixel() {
    let Some(folder) = folder("mnist_is_read_to_the_last_pixel") else { return };
    let (train, test) = images::read(&folder.join("mnist")).unwrap();
    agree(&train, &golden()["mnist_train"]);
    agree(&test.unwrap(), &golden()["mnist_test"]);
}

#[test]
fn tables_and_their_scales_are_those_of_scikit_learn() {
    let Some(folder) = folder("tables_and_their_scales") else { return };
    for (name, golden) in golden()["tables"].as_object().unwrap() {
        let path = folder.join("tabular").join(format!("{name}.csv.gz"));
        let frame = Frame::read(&path, &["target"]).unwrap();
        let schema = Schema::infer(&frame, "target", &[], &BTreeMap::new()).unwrap();
        let target = target::read(&frame, "target", None).unwrap();
        targets_agree(&target, golden);
        let rows: Vec<usize> = (0..frame.rows()).collect();
        assert_eq!(rows.len() as u64, golden["rows"], "{name}");
        let (scaling, categories) = (Scaling::Standard, Categories::OneHot);
        let fitted =
            Preprocessing::fit(&frame, &schema, &target, &rows, scaling, categories).unwrap();
        let features = fitted.apply(&frame).unwrap().features;
        assert_eq!(serde_json::to_value(&features).unwrap(), golden["features"]);
        let (means, stds) = (numbers(&golden["mean"]), numbers(&golden["std"]));
        for (column, step) in fitted.columns.iter().enumerate() {
            let Step::Number { shift, scale, .. } = step else { panic!("{name}: {step:?}") };
            let close = 1e-12 * (means[column].abs() + stds[column]);
            assert!((shift.get() - means[column]).abs() <= close, "{name} {column}");
            assert!((scale.get() - stds[column]).abs() <= close, "{name} {column}");
        }
    }
}

fn targets_agree(target: &Target, golden: &Value) {
    match target {
        Target::Values(values) => {
            let sum = golden["target_sum"].as_f64().unwrap();
            assert!((values.iter().sum::<f64>() - sum).abs() <= 1e-12 * sum.abs());
        }
        Target::Classes { labels, names } => {
            let classes = golden["classes"].as_object().unwrap();
            assert_eq!(names.len(), classes.len());
            for (class, name) in (0..).zip(names) {
                let count = labels.iter().filter(|&&label| label == class).count();
                assert_eq!(count as u64, classes[name], "{name}");
            }
        }
    }
}

#[test]
fn a_missing_value_of_a_real_table_is_told() {
    let Some(folder) = folder("a_missing_value_of_a_real_table_is_told") else { return };
    let frame = Frame::read(&folder.join("tabular/auto-mpg.csv.gz"), &[]).unwrap();
    assert_eq!(frame.column("horsepower").unwrap().missing(), 6);
    let text = target::read(&frame, "horsepower", None).unwrap_err().to_string();
    let told = "line 34, column `horsepower`: expected a value, found a missing one";
    assert!(text.ends_with(told), "{text}");
}

//! Tables against pandas and scikit-learn; `golden/tables.py` wrote `golden/tables.json`.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)] // this is a test

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use wellfit_core::seed::Seed;
use wellfit_data::schema::Role;
use wellfit_data::{Categories, DataConfig, Frame, Preprocessing, Scaling, Schema, Splits, Target};
use wellfit_data::{load, target};

fn open(recipe: &str, base: &Path) -> Splits {
    let config: DataConfig = toml::from_str(recipe).unwrap();
    let (mut split, mut noise) =
        (Seed::new(1).stream("split").step(0), Seed::new(1).stream("noise").step(0));
    load(&config, base, &mut split, &mut noise).unwrap()
}

/// The folder of real data, or a loud word that it is missing.
fn folder(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("WELLFIT_DATA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("SKIPPED {test}: WELLFIT_DATA is not set");
    }
    folder
}

/// A real table with more keys of its source and of `[data]`.
fn real(name: &str, source: &str, data: &str) -> Option<Splits> {
    let path = format!("tabular/{name}.csv.gz");
    let recipe = format!("table = {{ path = \"{path}\", target = \"target\" {source} }}\n{data}");
    Some(open(&recipe, &folder(name)?))
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

const CREDIT: [&str; 13] = [
    "checking_status",
    "credit_history",
    "purpose",
    "savings_status",
    "employment",
    "personal_status",
    "other_parties",
    "property_magnitude",
    "other_payment_plans",
    "housing",
    "job",
    "own_telephone",
    "foreign_worker",
];

fn categories(schema: &Schema) -> impl Iterator<Item = &str> {
    let columns = schema.columns.iter().filter(|column| column.role == Role::Category);
    columns.map(|column| column.name.as_str())
}

#[test]
fn bare_tables_are_understood_and_hold_no_nan() {
    for name in [
        "abalone",
        "auto-mpg",
        "bodyfat",
        "california-housing",
        "car",
        "credit-g",
        "glass",
        "kc1",
        "kin8nm",
        "optdigits",
        "phoneme",
        "segment",
        "sonar",
        "titanic",
        "vehicle",
        "wine",
    ] {
        let Some(splits) = real(name, "", "") else { return };
        let test = splits.test.as_ref().unwrap();
        for part in [&splits.train, &splits.validation, test] {
            assert!(part.inputs.iter().all(|x| x.is_finite()), "{name}");
        }
        let regression = ["abalone", "auto-mpg", "bodyfat", "california-housing", "kin8nm"];
        let values = matches!(splits.train.target, Target::Values(_));
        assert_eq!(values, regression.contains(&name), "{name}");
        let schema = splits.schema.unwrap();
        let words: Vec<&str> = categories(&schema).collect();
        let expected: &[&str] = match name {
            "abalone" => &["Sex"],
            "california-housing" => &["ocean_proximity"],
            "car" => &["buying", "maint", "doors", "persons", "lug_boot", "safety"],
            "titanic" => &["Sex", "Embarked"],
            "credit-g" => &CREDIT,
            _ => &[],
        };
        assert_eq!(words, expected, "{name}");
        assert_eq!(schema.warnings(), [""; 0], "{name}: no column is dropped");
    }
}

#[test]
fn every_input_is_that_of_scikit_learn() {
    let golden: Value = serde_json::from_str(include_str!("golden/tables.json")).unwrap();
    for (name, golden) in golden["tables"].as_object().unwrap() {
        let Some(folder) = folder("every_input_is_that_of_scikit_learn") else { return };
        let path = folder.join(format!("tabular/{name}.csv.gz"));
        let frame = Frame::read(&path, &["target"]).unwrap();
        let schema = Schema::infer(&frame, "target", &[], &BTreeMap::new()).unwrap();
        let target = target::read(&frame, "target", None).unwrap();
        let rows: Vec<usize> = (0..golden["train"].as_u64().unwrap() as usize).collect();
        let (scaling, categories) = (Scaling::Standard, Categories::OneHot);
        let fitted =
            Preprocessing::fit(&frame, &schema, &target, &rows, scaling, categories).unwrap();
        let all = fitted.apply(&fitted.read(&path).unwrap()).unwrap();
        assert_eq!(all.target, target, "{name}");
        assert_eq!(serde_json::to_value(&all.features).unwrap(), golden["features"], "{name}");
        let sums = numbers(&golden["weighted_sums"]);
        for (column, expected) in sums.iter().enumerate() {
            let mut sum = 0.0;
            // Each input is off by up to 2^-24 of itself, and weighs up to 97.
            let mut slack = 1e-9;
            for row in 0..all.len() {
                let input = f64::from(all.row(row)[column]) * (1 + row % 97) as f64;
                sum += input;
                slack += input.abs() * 1.2e-7;
            }
            assert!((sum - expected).abs() <= slack, "{name} {column}: {sum} {expected}");
        }
        for (row, key) in [(0, "first"), (all.len() - 1, "last")] {
            for (found, expected) in all.row(row).iter().zip(numbers(&golden[key])) {
                assert!((f64::from(*found) - expected).abs() <= 1e-6 * expected.abs().max(1.0));
            }
        }
    }
}

#[test]
fn rows_in_two_parts_are_counted_as_pandas_counts_them() {
    let golden: Value = serde_json::from_str(include_str!("golden/tables.json")).unwrap();
    for name in ["kc1", "titanic", "sonar"] {
        let Some(splits) = real(name, "", "order = \"as_given\"") else { return };
        let leaks = golden["tables"][name]["leaks_into_test"].as_u64().unwrap();
        let told = format!(
            "{leaks} of {} test examples have exactly the inputs of a training example",
            splits.test.unwrap().len()
        );
        let warned = splits.warnings.iter().any(|text| text.starts_with(&told));
        assert_eq!(warned, leaks > 0, "{name}: {:?}", splits.warnings);
        let any = splits.warnings.iter().any(|text| text.contains("test examples"));
        assert_eq!(any, leaks > 0, "{name}");
    }
}

#[test]
fn embedded_categories_are_one_input_each() {
    let Some(splits) = real("titanic", ", categories = \"embedding\"", "") else { return };
    let train = &splits.train;
    let embedded: Vec<_> =
        train.embedded.iter().map(|e| (train.features[e.column].as_str(), e.levels)).collect();
    assert_eq!(embedded, [("Sex", 3), ("Embarked", 4)]);
    let column = train.embedded[0].column;
    let mut levels: Vec<f32> = (0..train.len()).map(|row| train.row(row)[column]).collect();
    levels.sort_by(f32::total_cmp);
    levels.dedup();
    assert_eq!(levels, [1.0, 2.0], "nobody's sex is missing");
    assert_eq!(splits.validation.embedded, train.embedded);
}

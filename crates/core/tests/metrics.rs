//! Every metric against scikit-learn, on the numbers of `golden/metrics.py`.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails, in its helpers too")]

use serde_json::Value;
use std::num::NonZeroUsize;
use wellfit_core::Error;
use wellfit_core::metric::{self, Average, ConfusionMatrix, ZeroDivision};

const AVERAGES: [(&str, Average); 3] =
    [("macro", Average::Macro), ("micro", Average::Micro), ("weighted", Average::Weighted)];
const ZERO_DIVISIONS: [(&str, ZeroDivision); 3] =
    [("zero", ZeroDivision::Zero), ("one", ZeroDivision::One), ("nan", ZeroDivision::Nan)];

fn golden(family: &str) -> Vec<Value> {
    let golden: Value = serde_json::from_str(include_str!("golden/metrics.json")).unwrap();
    let cases = golden[family].as_array().unwrap().clone();
    assert!(!cases.is_empty());
    cases
}

fn floats(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap_or(f64::NAN)).collect()
}

fn labels(value: &Value) -> Vec<usize> {
    value.as_array().unwrap().iter().map(|v| v.as_u64().unwrap() as usize).collect()
}

/// Equal to 1e-12, relative above 1; null in the golden file is NaN.
fn assert_equal(found: f64, expected: &Value, case: &Value, what: &str) {
    let name = &case["name"];
    let Some(expected) = expected.as_f64() else {
        assert!(expected.is_null(), "{name}: no golden {what}");
        assert!(found.is_nan(), "{name}: {what} is {found}, not NaN");
        return;
    };
    let off = (found - expected).abs();
    assert!(off <= 1e-12 * expected.abs().max(1.0), "{name}: {what} {found}, golden {expected}");
}

fn matrix(case: &Value) -> ConfusionMatrix {
    let classes = case["classes"].as_u64().unwrap() as usize;
    ConfusionMatrix::new(&labels(&case["actual"]), &labels(&case["predicted"]), classes).unwrap()
}

#[test]
fn confusion_matrix() {
    for case in golden("confusion") {
        let matrix = matrix(&case);
        assert_eq!(
            serde_json::to_value(matrix.rows().collect::<Vec<_>>()).unwrap(),
            case["matrix"]
        );
        assert_equal(matrix.accuracy(), &case["accuracy"], &case, "accuracy");
        let balanced = &case["balanced_accuracy"];
        assert_equal(matrix.balanced_accuracy(), balanced, &case, "balanced accuracy");
    }
}

#[test]
fn scores_of_each_class() {
    for case in golden("confusion") {
        let matrix = matrix(&case);
        for (name, zero) in ZERO_DIVISIONS {
            let expected = |score: &str, c: usize| &case["per_class"][format!("{score} {name}")][c];
            for (class, found) in matrix.per_class(zero).into_iter().enumerate() {
                assert_equal(found.precision, expected("precision", class), &case, "precision");
                assert_equal(found.recall, expected("recall", class), &case, "recall");
                assert_equal(found.f1, expected("f1", class), &case, "f1");
                let row: f64 = floats(&case["matrix"][class]).iter().sum();
                assert_eq!(found.support as f64, row);
            }
        }
    }
}

#[test]
fn averaged_scores() {
    for case in golden("confusion") {
        let matrix = matrix(&case);
        for (average_name, average) in AVERAGES {
            for (zero_name, zero) in ZERO_DIVISIONS {
                let check = |found: f64, score: &str| {
                    let key = format!("{score} {average_name} {zero_name}");
                    assert_equal(found, &case["averaged"][&key], &case, &key);
                };
                check(matrix.precision(average, zero), "precision");
                check(matrix.recall(average, zero), "recall");
                check(matrix.f1(average, zero), "f1");
            }
        }
    }
}

#[test]
fn area_under_the_curve() {
    for case in golden("auc") {
        let actual: Vec<bool> =
            case["actual"].as_array().unwrap().iter().map(|v| v.as_bool().unwrap()).collect();
        let found = metric::roc_auc(&actual, &floats(&case["scores"])).unwrap();
        assert_equal(found, &case["roc_auc"], &case, "roc_auc");
    }
}

#[test]
fn probabilities() {
    for case in golden("table") {
        let (actual, table) = (labels(&case["actual"]), floats(&case["probabilities"]));
        let classes = case["classes"].as_u64().unwrap() as usize;
        let loss = metric::log_loss(&actual, &table, classes).unwrap();
        assert_equal(loss, &case["log_loss"], &case, "log_loss");
        let brier = metric::brier(&actual, &table, classes).unwrap();
        assert_equal(brier, &case["brier"], &case, "brier");
        for (bins, expected) in case["ece"].as_object().unwrap() {
            let bins: NonZeroUsize = bins.parse().unwrap();
            let found = metric::ece(&actual, &table, classes, bins).unwrap();
            assert_equal(found, expected, &case, "ece");
        }
    }
}

#[test]
fn area_of_each_class_against_the_rest() {
    for case in golden("table") {
        let (actual, table) = (labels(&case["actual"]), floats(&case["probabilities"]));
        let classes = case["classes"].as_u64().unwrap() as usize;
        for (name, average) in AVERAGES {
            let Some(expected) = case["roc_auc_ovr"].get(name) else { continue };
            let found = metric::roc_auc_ovr(&actual, &table, classes, average);
            if expected.is_null() {
                assert!(matches!(found, Err(Error::Undefined { .. })), "{}", case["name"]);
            } else {
                assert_equal(found.unwrap(), expected, &case, name);
            }
        }
    }
}

#[test]
fn regression() {
    for case in golden("regression") {
        let (actual, predicted) = (floats(&case["actual"]), floats(&case["predicted"]));
        let check = |found: Result<f64, Error>, name: &str| {
            assert_equal(found.unwrap(), &case[name], &case, name);
        };
        check(metric::mse(&actual, &predicted), "mse");
        check(metric::rmse(&actual, &predicted), "rmse");
        check(metric::mae(&actual, &predicted), "mae");
        check(metric::r2(&actual, &predicted), "r2");
    }
}

/// The examples of scikit-learn's documentation of `r2_score` and `brier_score_loss`.
#[test]
fn documented_examples() {
    let (actual, predicted) = ([3.0, -0.5, 2.0, 7.0], [2.5, 0.0, 2.0, 8.0]);
    assert_eq!(metric::mse(&actual, &predicted), Ok(0.375));
    assert_eq!(metric::mae(&actual, &predicted), Ok(0.5));
    assert!((metric::r2(&actual, &predicted).unwrap() - 0.9486081).abs() < 5e-8);
    let table = [0.8, 0.1, 0.1, 0.2, 0.7, 0.1, 0.2, 0.2, 0.6];
    let brier = metric::brier(&[0, 1, 2], &table, 3).unwrap();
    assert!((brier - 0.44 / 3.0).abs() < 1e-15);
}

/// Eight examples of three classes, to six places.
#[test]
fn pinned_averages() {
    let (actual, predicted) = ([0, 0, 0, 1, 1, 2, 2, 2], [0, 1, 2, 1, 1, 0, 0, 2]);
    let matrix = ConfusionMatrix::new(&actual, &predicted, 3).unwrap();
    let expected = [
        (Average::Macro, [0.5, 0.555556, 0.511111]),
        (Average::Micro, [0.5, 0.5, 0.5]),
        (Average::Weighted, [0.479167, 0.5, 0.475]),
    ];
    for (average, scores) in expected {
        let zero = ZeroDivision::Zero;
        let found = [
            matrix.precision(average, zero),
            matrix.recall(average, zero),
            matrix.f1(average, zero),
        ];
        assert!(
            found.iter().zip(scores).all(|(f, s)| (f - s).abs() < 5e-7),
            "{average:?} {found:?}"
        );
    }
}

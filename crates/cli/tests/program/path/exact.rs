//! Numbers.

use super::{desk, number, numbers, with_target};
use crate::desk::Desk;
use serde_json::Value;

fn fitted(desk: &Desk, more: &[&str]) -> (f64, f64) {
    let args = [&["path", "four.csv", "--target", "y", "--cv", "2", "--json"], more].concat();
    let found = desk.done(&args).json();
    let at = found["selected"].as_u64().unwrap() as usize;
    (number(&found["coefficients"][at][0]), number(&found["intercepts"][at]))
}

#[test]
fn one_feature_is_as_by_hand() {
    let desk = desk();
    let raw = ["--no-standardize", "--lambdas", "1,"];
    let by_hand = |more: &[&str], w: f64| {
        let (found, intercept) = fitted(&desk, &[&raw[..], more].concat());
        assert!((found - w).abs() < 1e-9, "{more:?}: {found} {w}");
        assert!((intercept - (4.0 - 2.0 * w)).abs() < 1e-9, "{more:?}: {intercept}");
    };
    by_hand(&["--penalty", "ridge"], 2.425 / 2.25);
    by_hand(&["--penalty", "lasso"], 1.425 / 1.25);
    by_hand(&["--penalty", "elastic-net", "--mix", "0.25"], 2.175 / 2.0);
    let (standardized, _) = fitted(&desk, &["--lambdas", "1,"]);
    assert!((standardized - (2.425 - 1.25_f64.sqrt()) / 1.25).abs() < 1e-9, "{standardized}");
    // Without an intercept: Σxy / Σx² = 36.9 / 21 over n.
    let (through_zero, intercept) =
        fitted(&desk, &["--no-intercept", "--no-standardize", "--lambdas", "0,"]);
    assert!((through_zero - 41.7 / 21.0).abs() < 1e-9 && intercept == 0.0, "{through_zero}");
}

/// Categories, imputation and standardization included.
#[test]
fn coefficients_are_those_of_scikit_learn() {
    let golden: Value = serde_json::from_str(include_str!("../../golden/path.json")).unwrap();
    let cases = golden["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 6);
    for case in cases {
        let word = |key: &str| case[key].as_str().unwrap();
        let (family, penalty, target) = (word("family"), word("penalty"), word("target"));
        let desk = Desk::new();
        desk.write("table.csv", word("table"));
        let list = format!("{},", case["lambda"]);
        let mix = case["mix"].to_string();
        let mut args = vec!["path", "table.csv", "--target", target, "--family", family];
        args.extend(["--penalty", penalty, "--lambdas", &list, "--cv", "3", "--json"]);
        if penalty == "elastic-net" {
            args.extend(["--mix", &mix]);
        }
        let found = desk.done(&args).json();
        assert_eq!(found["features"], golden["features"]);
        let told = format!("{family} {penalty}");
        let several = family == "multinomial";
        // A gap bounds a coefficient's error by its root; several classes stop at a larger one.
        let bound = match family {
            "gaussian" => 1e-7,
            "multinomial" => 1e-4,
            _ => 1e-5,
        };
        let list =
            |value: &Value| if several { value.clone() } else { Value::from(vec![value.clone()]) };
        let (weights, intercepts) =
            (list(&found["coefficients"][0]), list(&found["intercepts"][0]));
        let close = |ours: &[f64], theirs: &[f64], bound: f64| {
            assert_eq!(ours.len(), theirs.len(), "{told}");
            for (a, b) in ours.iter().zip(theirs) {
                assert!((a - b).abs() <= bound * (1.0 + b.abs()), "{told}: {ours:?} {theirs:?}");
            }
        };
        for (ours, theirs) in
            weights.as_array().unwrap().iter().zip(case["coefficients"].as_array().unwrap())
        {
            close(&numbers(ours), &numbers(theirs), bound);
        }
        let mut ours = numbers(&intercepts);
        if several {
            let shift = ours.iter().sum::<f64>() / ours.len() as f64;
            ours.iter_mut().for_each(|b| *b -= shift);
        }
        close(&ours, &numbers(&case["intercepts"]), bound);
    }
}

#[test]
fn json_has_the_keys_of_schema_1() {
    let desk = desk();
    let lambdas = ["--lambdas", "0.1,2.0,0.5"];
    let args = [&["path", "four.csv", "--target", "y", "--cv", "2", "--json"][..], &lambdas];
    let found = desk.done(&args.concat()).json();
    let mut keys: Vec<&str> = found.as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected = vec![
        "schema",
        "lambdas",
        "coefficients",
        "intercepts",
        "features",
        "df",
        "cv",
        "selected",
        "solver",
        "gap",
        "converged",
        "warnings",
    ];
    expected.sort_unstable();
    keys.sort_unstable();
    assert_eq!(keys, expected);
    assert_eq!(found["schema"], 1);
    assert_eq!(found["lambdas"].to_string(), "[0.1,2.0,0.5]", "a list keeps its order");
    assert_eq!(found["features"].to_string(), r#"["x"]"#);
    for key in ["coefficients", "intercepts", "df", "gap", "converged"] {
        assert_eq!(found[key].as_array().unwrap().len(), 3, "{key}");
    }
    for key in ["mean", "se"] {
        assert_eq!(found["cv"][key].as_array().unwrap().len(), 3, "{key}");
    }
    for key in ["min", "one_se"] {
        assert!(found["cv"][key].as_u64().unwrap() < 3, "{key}");
    }
}

#[test]
fn several_classes_have_a_list_of_coefficients_each() {
    let desk = Desk::new();
    desk.write("three.csv", with_target("three"));
    let found = desk.done(&["path", "three.csv", "--target", "three", "--cv", "4", "--json"]);
    assert!(found.err.contains("multinomial"), "{}", found.err);
    let found = found.json();
    assert_eq!(found["classes"].to_string(), r#"["low","middle","top"]"#);
    assert_eq!(found["coefficients"][0].as_array().unwrap().len(), 3);
    assert_eq!(numbers(&found["coefficients"][0][0]), vec![0.0; 5], "the first λ gives zeros");
}

#[test]
fn each_rule_takes_its_own_smallest_error() {
    let desk = Desk::new();
    desk.write("y.csv", with_target("y"));
    let by = |rule: &str| {
        let args = ["path", "y.csv", "--target", "y", "--penalty", "ridge", "--json", "--select"];
        desk.done(&[&args[..], &[rule]].concat()).json()
    };
    let (min, one_se) = (by("min"), by("one-se"));
    assert_eq!(min["selected"], min["cv"]["min"]);
    assert_eq!(one_se["selected"], one_se["cv"]["one_se"]);
    let lambda =
        |found: &Value| number(&found["lambdas"][found["selected"].as_u64().unwrap() as usize]);
    assert!(lambda(&one_se) >= lambda(&min));
    for rule in ["loo", "gcv", "bic"] {
        assert!(lambda(&by(rule)) > 0.0, "{rule}");
    }
    let edge = desk.done(&["path", "y.csv", "--target", "y", "--lambdas", "5,4,3", "--json"]);
    let warnings = edge.json()["warnings"].to_string();
    assert!(warnings.contains("smallest that was tried"), "{warnings}");
}

#[test]
fn text_tells_both_names_of_lambda() {
    let args = ["path", "four.csv", "--target", "y", "--cv", "2", "--lambdas", "0.5,"];
    let out = desk().done(&args).out;
    assert!(out.contains("lambda 0.500000 (the textbook's ridge lambda: 2.00000)"), "{out}");
    assert!(out.contains("(intercept)"), "{out}");
}

#[test]
fn what_was_inferred_is_told() {
    let desk = Desk::new();
    desk.write("all.csv", with_target("kind"));
    let told = desk.done(&["path", "all.csv", "--target", "kind", "--cv", "3"]).err;
    for words in [
        "column `b`: 2 missing numbers became the median",
        "column `c`: a category of 3 levels, one-hot",
        "target `kind`: logistic, the log-odds of `yes` against `no`, by its values",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
}

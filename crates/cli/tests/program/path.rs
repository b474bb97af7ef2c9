//! `wellfit path`: coefficients by hand, the keys of its JSON, and what it refuses.

use crate::desk::Desk;

/// Means 2 and 4, variance of x 1.25, covariance 2.425.
const FOUR: &str = "x,y\n0.5,1.1\n1.5,2.9\n2.5,5.2\n3.5,6.8\n";

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("four.csv", FOUR);
    desk
}

fn fitted(desk: &Desk, more: &[&str]) -> (f64, f64) {
    let args = [&["path", "four.csv", "--target", "y", "--cv", "2", "--json"], more].concat();
    let found = desk.done(&args).json();
    let at = found["selected"].as_u64().unwrap() as usize;
    let number = |value: &serde_json::Value| value.as_f64().unwrap();
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
}

#[test]
fn json_has_the_keys_of_schema_1() {
    let desk = desk();
    let lambdas = ["--lambdas", "0.1,2.0,0.5"];
    let args = [&["path", "four.csv", "--target", "y", "--cv", "2", "--json"][..], &lambdas];
    let found = desk.done(&args.concat()).json();
    let keys: Vec<&str> = found.as_object().unwrap().keys().map(String::as_str).collect();
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
    let mut sorted = keys.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, expected);
    assert_eq!(found["schema"], 1);
    assert_eq!(found["lambdas"].to_string(), "[0.1,2.0,0.5]", "a list keeps its order");
    assert_eq!(found["features"].to_string(), r#"["x"]"#);
    for key in ["coefficients", "intercepts", "df", "gap", "converged"] {
        assert_eq!(found[key].as_array().unwrap().len(), 3, "{key}");
    }
    assert_eq!(found["cv"]["mean"].as_array().unwrap().len(), 3);
}

#[test]
fn text_tells_both_names_of_lambda() {
    let args = ["path", "four.csv", "--target", "y", "--cv", "2", "--lambdas", "0.5,"];
    let out = desk().done(&args).out;
    assert!(out.contains("lambda 0.500000 (the textbook's ridge lambda: 2.000000)"), "{out}");
    assert!(out.contains("(intercept)"), "{out}");
}

#[test]
fn what_cannot_be_fitted_is_refused_with_its_reason() {
    let desk = desk();
    desk.write("empty.csv", "");
    desk.write("gap.csv", "x,y\n0.5,1.1\n1.5,nan\n2.5,5.2\n");
    desk.write("one.csv", format!("x,y\n{}", "0.5,a\n2.5,a\n".repeat(5)));
    desk.write("words.csv", format!("x,y\n{}", "0.5,a\n2.5,b\n".repeat(5)));
    for (args, says) in [
        (&["four.csv", "--target", "z"][..], "z"),
        (&["empty.csv", "--target", "y"], "empty file"),
        (&["gap.csv", "--target", "y"], "a missing one"),
        (&["one.csv", "--target", "y"], "class `a` alone"),
        (&["words.csv", "--target", "y", "--family", "gaussian"], "a finite number"),
        (&["four.csv", "--target", "y"], "expected from 2 to 4"),
        (&["four.csv", "--target", "y", "--mix", "0.5"], "--mix is for the elastic net"),
        (&["four.csv", "--target", "y", "--select", "loo"], "exact for ridge"),
    ] {
        let ended = desk.run(&[&["path"], args].concat());
        assert_eq!(ended.code, Some(1), "{args:?}: {}", ended.err);
        assert!(ended.err.contains(says), "{args:?}: {}", ended.err);
        assert_eq!(ended.out, "", "{args:?}");
    }
}

#[test]
fn options_out_of_range_are_wrong_usage() {
    let desk = desk();
    for (option, value, says) in [
        ("--lambdas", "-1", "at least 0"),
        ("--lambdas", "0", "at least one"),
        ("--mix", "2", "[0, 1]"),
    ] {
        let ended = desk.run(&["path", "four.csv", "--target", "y", option, value]);
        assert_eq!(ended.code, Some(2), "{option} {value}: {}", ended.err);
        assert!(ended.err.contains(says), "{option} {value}: {}", ended.err);
    }
}

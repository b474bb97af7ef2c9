//! Decision thresholds against scikit-learn, on the numbers of `golden/threshold.py`.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails, in its helpers too")]

use serde_json::Value;
use wellfit_core::metric::{ConfusionMatrix, Criterion};

/// Equal to 1e-12, and the threshold gives what it promises when it is used.
#[test]
fn the_best_score_is_scikit_learns_and_the_threshold_reaches_it() {
    let golden: Value = serde_json::from_str(include_str!("golden/threshold.json")).unwrap();
    let cases = golden["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 7);
    for case in cases {
        let list = |key: &str| case[key].as_array().unwrap().clone();
        let actual: Vec<bool> = list("actual").iter().map(|v| v.as_bool().unwrap()).collect();
        let scores: Vec<f64> = list("scores").iter().map(|v| v.as_f64().unwrap()).collect();
        for criterion in
            [Criterion::F1, Criterion::Youden, Criterion::BalancedAccuracy, Criterion::Accuracy]
        {
            let best = case["best"][criterion.to_string()].as_f64().unwrap();
            let found = criterion.maximise(&actual, &scores).unwrap();
            let what = format!("{} {criterion}: {found:?}, golden {best}", case["name"]);
            assert!((found.score - best).abs() < 1e-12, "{what}");
            assert!(
                (used(criterion, &actual, &scores, found.value) - best).abs() < 1e-12,
                "{what}"
            );
        }
    }
}

fn used(criterion: Criterion, actual: &[bool], scores: &[f64], threshold: f64) -> f64 {
    let actual: Vec<usize> = actual.iter().map(|&positive| usize::from(positive)).collect();
    let called: Vec<usize> = scores.iter().map(|&p| usize::from(p >= threshold)).collect();
    let matrix = ConfusionMatrix::new(&actual, &called, 2).unwrap();
    match criterion {
        Criterion::F1 => {
            let zero = wellfit_core::metric::ZeroDivision::Zero;
            matrix.per_class(zero)[1].f1
        }
        Criterion::BalancedAccuracy => matrix.balanced_accuracy(),
        Criterion::Youden => 2.0 * matrix.balanced_accuracy() - 1.0,
        Criterion::Accuracy => matrix.accuracy(),
    }
}

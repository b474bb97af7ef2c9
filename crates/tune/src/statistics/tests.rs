use super::*;
use serde_json::Value;
use wellfit_core::seed::Seed;

fn golden() -> Value {
    serde_json::from_str(include_str!("../../tests/golden/paired.json")).unwrap()
}

fn floats(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn close(found: f64, expected: &Value, tolerance: f64, what: &str) {
    let expected = expected.as_f64().unwrap();
    let near = (found - expected).abs() <= tolerance * expected.abs().max(1e-300);
    assert!(near, "{what}: {found}, expected {expected}");
}

#[test]
fn tests_of_differences_are_scipys() {
    for case in golden()["samples"].as_array().unwrap() {
        let differences = floats(&case["differences"]);
        let t = paired_t(&differences).unwrap();
        close(t.statistic, &case["t"]["statistic"], 1e-12, "t");
        close(t.p, &case["t"]["p"], 1e-10, "p of t");
        close(wilcoxon(&differences).p, &case["wilcoxon"]["p"], 1e-12, "p of Wilcoxon");
    }
}

/// The ends of intervals lie within what resampling leaves open.
#[test]
fn bootstrap_intervals_are_scipys() {
    for case in golden()["samples"].as_array().unwrap() {
        let stream = Seed::new(1).stream("test");
        let confidence = Fraction::new(0.95).unwrap();
        let found = bootstrap(&floats(&case["differences"]), confidence, stream).unwrap();
        let [low, high] = floats(&case["bca"])[..] else { panic!("two ends") };
        let off = (found.low - low).abs().max((found.high - high).abs()) / (high - low);
        assert!(off < 0.04, "{found:?}, expected {low} to {high}");
    }
}

#[test]
fn the_smallest_detectable_effect_is_that_of_the_noncentral_law() {
    for case in golden()["samples"].as_array().unwrap() {
        let found =
            smallest_detectable(&floats(&case["differences"]), Fraction::new(0.05).unwrap());
        close(found.unwrap(), &case["detectable"], 0.03, "detectable");
    }
}

#[test]
fn students_law_is_scipys() {
    for case in golden()["student"].as_array().unwrap() {
        let [t, freedom] = ["t", "freedom"].map(|key| case[key].as_f64().unwrap());
        close(student::two_sided(t, freedom), &case["p"], 1e-11, "two-sided p");
        let p = case["p"].as_f64().unwrap();
        let back = student::critical(p, freedom);
        assert!((back / t - 1.0).abs() < 1e-6, "t = {t}, {freedom}: {back}");
    }
}

#[test]
fn rank_correlations_are_scipys() {
    for case in golden()["rankings"].as_array().unwrap() {
        let (a, b) = (floats(&case["a"]), floats(&case["b"]));
        assert!((spearman(&a, &b) - case["spearman"].as_f64().unwrap()).abs() < 1e-12);
        assert!((kendall(&a, &b) - case["kendall"].as_f64().unwrap()).abs() < 1e-12);
    }
    assert!(spearman(&[1.0], &[2.0]).is_nan() && kendall(&[1.0, 1.0], &[1.0, 2.0]).is_nan());
}

/// Holm's correction is the largest, over all that are as small or smaller, of p times how many are
/// not smaller.
#[test]
fn holm_is_its_definition() {
    for p in golden()["holm"].as_array().unwrap() {
        let (raw, corrected) = (floats(&p["p"]), floats(&p["corrected"]));
        for (found, expected) in holm(&raw).into_iter().zip(corrected) {
            assert!((found - expected).abs() < 1e-12);
        }
    }
    assert_eq!(holm(&[f64::NAN, 0.01]), [1.0, 0.02]);
}

#[test]
fn samples_without_spread() {
    assert_eq!(paired_t(&[0.0, 0.0]).unwrap().p, 1.0);
    assert_eq!(paired_t(&[0.5, 0.5]).unwrap().p, 0.0);
    assert_eq!(smallest_detectable(&[0.5, 0.5], Fraction::HALF).unwrap(), 0.0);
    assert!(smallest_detectable(&[0.5, 0.6], Fraction::ZERO).is_err());
    let message = paired_t(&[1.0]).unwrap_err().to_string();
    assert_eq!(message, "the t-test: expected two differences or more, found 1");
}

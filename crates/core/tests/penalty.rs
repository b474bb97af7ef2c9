//! Scale of the penalties against scikit-learn's linear models, on the numbers of
//! `golden/penalty.py`.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails, in its helpers too")]

use serde_json::Value;
use wellfit_core::number::Fraction;
use wellfit_core::penalty::{ElasticNet, L1, L2, Penalty};

fn golden() -> Value {
    serde_json::from_str(include_str!("golden/penalty.json")).unwrap()
}

fn floats(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn distance(penalty: &dyn Penalty, weights: &[f64], gradient: &[f64]) -> f64 {
    let pairs = weights.iter().zip(gradient);
    pairs.map(|(&w, &g)| penalty.subdiff_distance(w, g)).fold(0.0, f64::max)
}

#[test]
fn scikit_learns_optimum_has_no_kkt_distance() {
    for case in golden()["optima"].as_array().unwrap() {
        let (weights, gradient) = (floats(&case["weights"]), floats(&case["gradient"]));
        let (strength, ratio) =
            (case["strength"].as_f64().unwrap(), case["ratio"].as_f64().unwrap());
        let net = ElasticNet::from_ratio(strength, Fraction::new(ratio).unwrap()).unwrap();
        let penalty: Box<dyn Penalty> = match ratio {
            0.0 => Box::new(L2::new(strength).unwrap()),
            1.0 => Box::new(L1::new(strength).unwrap()),
            _ => Box::new(net),
        };
        assert!(distance(&*penalty, &weights, &gradient) < 1e-7, "{case}");
        assert!(distance(&net, &weights, &gradient) < 1e-7, "{case}");
        // A strength 1% off is another problem, which has its optimum elsewhere.
        let other = ElasticNet::new(net.l1.get() * 1.01, net.l2.get() * 1.01).unwrap();
        let empty = weights.iter().all(|&w| w == 0.0);
        assert!(empty || distance(&other, &weights, &gradient) > 1e-5, "{case}");
    }
}

#[test]
fn lambda_max_is_where_scikit_learns_path_begins() {
    let golden = golden();
    let gradient = floats(&golden["gradient_at_zero"]);
    for case in golden["lambda_max"].as_array().unwrap() {
        let (ratio, value) = (case["ratio"].as_f64().unwrap(), case["value"].as_f64().unwrap());
        let found = ElasticNet::lambda_max_at(Fraction::new(ratio).unwrap(), &gradient);
        assert!((found - value).abs() <= 1e-12 * value, "{found} {value}");
    }
}

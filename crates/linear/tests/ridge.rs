//! Ridge regression against scikit-learn's, on the numbers of `golden/scikit_learn.py`.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails, in its helpers too")]

use serde_json::Value;
use wellfit_linear::ridge::{self, Method};
use wellfit_linear::{Design, Lambdas, Problem, Settings};

fn floats(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

#[test]
fn coefficients_and_leave_one_out_are_scikit_learns() {
    let problems: Value = serde_json::from_str(include_str!("golden/problems.json")).unwrap();
    let golden: Value = serde_json::from_str(include_str!("golden/scikit_learn.json")).unwrap();
    let settings = Settings { standardize: false, ..Settings::default() };
    for (name, expected) in golden["ridge"].as_object().unwrap() {
        let data = &problems["data"][name];
        let x: Vec<Vec<f64>> = data["x"].as_array().unwrap().iter().map(floats).collect();
        let (flat, y) = (x.concat(), floats(&data["y"]));
        let plain = Problem::new(Design::from_rows(&flat, x[0].len()).unwrap(), &y);
        let weights = data.get("weights").map_or(vec![1.0; y.len()], floats);
        let weighted = plain.weighted(&weights);
        let fit = |problem: &Problem<'_>, total: f64| {
            let strengths = floats(&expected["lambda_ridge"]);
            let list = Lambdas::List(strengths.iter().map(|lambda| lambda / total).collect());
            ridge::fit(problem, &list, &settings).unwrap()
        };
        let path = fit(&weighted, weights.iter().sum());
        let dual = y.len() < x[0].len();
        assert_eq!(path.method, if dual { Method::Dual } else { Method::Primal }, "{name}");
        for (fit, golden) in path.fits.iter().zip(expected["fits"].as_array().unwrap()) {
            assert!((fit.intercept - golden["intercept"].as_f64().unwrap()).abs() < 1e-9, "{name}");
            for (found, golden) in fit.coefficients.iter().zip(floats(&golden["coefficients"])) {
                assert!((found - golden).abs() < 1e-9, "{name}: {found} {golden}");
            }
        }
        let path = fit(&plain, y.len() as f64);
        for (fit, golden) in path.fits.iter().zip(floats(&expected["leave_one_out"])) {
            assert!((fit.leave_one_out / golden - 1.0).abs() < 1e-9, "{name}: {golden} {fit:?}");
        }
    }
}

//! Groups, ridge with factors, and curves against skglm and scikit-learn, on the numbers of
//! `golden/groups_and_folds.py`.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails, in its helpers too")]

use serde_json::Value;
use wellfit_core::number::{Fraction, Positive};
use wellfit_core::seed::Seed;
use wellfit_linear::cross_validation::{self, Folds};
use wellfit_linear::datafit::Gaussian;
use wellfit_linear::grouped::{self, GroupedProblem, Groups, Single};
use wellfit_linear::{Design, Lambdas, Problem, Settings, penalty::Mix, ridge};

fn floats(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn places(value: &Value) -> Vec<usize> {
    value.as_array().unwrap().iter().map(|v| v.as_u64().unwrap() as usize).collect()
}

fn golden() -> Value {
    serde_json::from_str(include_str!("golden/groups_and_folds.json")).unwrap()
}

/// A problem that a golden case names.
struct Data {
    x: Vec<f64>,
    y: Vec<f64>,
    weights: Vec<f64>,
}

impl Data {
    fn of(case: &Value) -> Self {
        let problems: Value = serde_json::from_str(include_str!("golden/problems.json")).unwrap();
        let data = &problems["data"][case["data"].as_str().unwrap()];
        let rows: Vec<Vec<f64>> = data["x"].as_array().unwrap().iter().map(floats).collect();
        let y = floats(&data["y"]);
        let weights = data.get("weights").map_or(vec![1.0; y.len()], floats);
        Self { x: rows.concat(), y, weights }
    }

    fn design(&self) -> Design<'_> {
        Design::from_rows(&self.x, self.x.len() / self.y.len()).unwrap()
    }
}

fn settings() -> Settings {
    let tolerance = Positive::new(1e-14).unwrap();
    Settings { standardize: false, tolerance, ..Settings::default() }
}

fn assert_near(found: &[f64], expected: &[f64], told: &Value) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-6, "{told}: {found} {expected}");
    }
}

#[test]
fn groups_are_skglms() {
    for case in golden()["groups"].as_array().unwrap() {
        let data = Data::of(case);
        let problem = GroupedProblem { design: data.design(), targets: &data.y, weights: None };
        let groups: Vec<Vec<usize>> =
            case["groups"].as_array().unwrap().iter().map(places).collect();
        let share = Fraction::new(case["share"].as_f64().unwrap()).unwrap();
        let groups = Groups::of_features(&groups, share);
        let list = Lambdas::List(vec![case["lambda"].as_f64().unwrap()]);
        let path = grouped::fit(&problem, &Single(Gaussian), &groups, &list, &settings()).unwrap();
        let fit = &path.fits[0];
        assert!(fit.converged);
        assert_near(&fit.coefficients[0], &floats(&case["coefficients"]), &case["lambda"]);
        assert_near(&fit.intercepts, &[case["intercept"].as_f64().unwrap()], &case["lambda"]);
    }
}

#[test]
fn ridge_with_weights_and_factors_is_scikit_learns() {
    for case in golden()["ridge"].as_array().unwrap() {
        let data = Data::of(case);
        let problem = Problem::new(data.design(), &data.y).weighted(&data.weights);
        let total: f64 = data.weights.iter().sum();
        let list = Lambdas::List(vec![case["lambda_ridge"].as_f64().unwrap() / total]);
        let settings = Settings { factors: Some(floats(&case["factors"])), ..settings() };
        let path = ridge::fit(&problem, &list, &settings).unwrap();
        assert_near(&path.fits[0].coefficients, &floats(&case["coefficients"]), &case["data"]);
        let intercept = case["intercept"].as_f64().unwrap();
        assert_near(&[path.fits[0].intercept], &[intercept], &case["data"]);
    }
}

#[test]
fn the_curve_of_a_lasso_is_scikit_learns() {
    for case in golden()["folds"].as_array().unwrap() {
        let data = Data::of(case);
        let problem = Problem::new(data.design(), &data.y);
        let folds = Folds::Grouped(5, places(&case["folds"]));
        let list = Lambdas::List(floats(&case["lambdas"]));
        let (lasso, with) = (Mix(Fraction::new(1.0).unwrap()), (&folds, Seed::new(1)));
        let found =
            cross_validation::fit(&problem, &Gaussian, &lasso, &list, &settings(), with).unwrap();
        assert_near(&found.curve.mean, &floats(&case["mean"]), &case["data"]);
    }
}

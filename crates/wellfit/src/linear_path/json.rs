//! A path as programs read it.

use super::solve::{Point, Solved};
use crate::Number;
use serde_json::{Value, json};

/// One object; its schema is 1. Several classes have a list of coefficients each, in the order of
/// `classes`.
pub fn json(features: &[String], classes: &[String], solved: &Solved) -> Value {
    let Solved { points, df, curve, selected, solver, warnings, .. } = solved;
    let numbers = |values: &[f64]| values.iter().copied().map(Number).collect::<Vec<_>>();
    let several = points.first().is_some_and(|point| point.intercepts.len() > 1);
    let coefficients = |point: &Point| match several {
        true => json!(point.coefficients.iter().map(|w| numbers(w)).collect::<Vec<_>>()),
        false => json!(numbers(&point.coefficients[0])),
    };
    let intercepts = |point: &Point| match several {
        true => json!(numbers(&point.intercepts)),
        false => json!(Number(point.intercepts[0])),
    };
    let mut object = json!({
        "schema": 1,
        "lambdas": numbers(&points.iter().map(|point| point.lambda).collect::<Vec<_>>()),
        "coefficients": points.iter().map(coefficients).collect::<Vec<_>>(),
        "intercepts": points.iter().map(intercepts).collect::<Vec<_>>(),
        "features": features,
        "df": df.iter().map(|df| df.is_finite().then_some(df)).collect::<Vec<_>>(),
        "cv": {
            "mean": numbers(&curve.mean),
            "se": numbers(&curve.se),
            "min": curve.min,
            "one_se": curve.one_se,
        },
        "selected": selected,
        "solver": solver,
        "gap": points.iter().map(|point| point.gap.map(Number)).collect::<Vec<_>>(),
        "converged": points.iter().map(|point| point.converged).collect::<Vec<_>>(),
        "warnings": warnings,
    });
    if several {
        object["classes"] = json!(classes);
    }
    object
}

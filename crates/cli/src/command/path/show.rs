//! A path as text for people, and as JSON for programs.

use super::solve::{Point, Solved};
use crate::error::Failure;
use serde_json::{Value, json};
use wellfit::Number;

/// Coefficients that the terminal shows; JSON and the files have all.
const MOST: usize = 40;

/// The chosen λ, its error and its coefficients.
pub fn text(features: &[String], classes: &[String], solved: &Solved) -> String {
    let point = solved.chosen();
    let mut text = format!(
        "lambda {} (the textbook's ridge lambda: {}), {} of {} features, df {}\n\n",
        number(point.lambda),
        number(solved.rows as f64 * point.lambda),
        point.used(),
        features.len(),
        number(solved.df[solved.selected]),
    );
    text += &errors(solved);
    text += &coefficients(features, classes, point);
    solved.warnings.iter().for_each(|warning| text += &format!("\nwarning: {warning}"));
    text
}

/// The λ that each rule would take, and their errors.
fn errors(solved: &Solved) -> String {
    let curve = &solved.curve;
    let head = format!("{:<9} {:>12} {:>12} {:>12}\n", "", "lambda", "cv error", "se");
    let row = |(name, at): (&str, usize)| {
        let [lambda, mean, se] = [curve.lambdas[at], curve.mean[at], curve.se[at]].map(number);
        format!("{name:<9} {lambda:>12} {mean:>12} {se:>12}\n")
    };
    let rows = [("min", curve.min), ("one-se", curve.one_se), ("selected", solved.selected)];
    let rows: String = rows.into_iter().map(row).collect();
    let at = |(name, costs): &(&str, Vec<f64>)| {
        format!("{name} at the selected lambda: {}\n", number(costs[solved.selected]))
    };
    let exact = solved.others.iter().filter(|(name, _)| *name != "bic").map(at);
    head + &rows + &exact.collect::<String>()
}

/// Names and coefficients, those that are not zero; of very many the largest.
fn coefficients(features: &[String], classes: &[String], point: &Point) -> String {
    let largest = |j: usize| point.coefficients.iter().map(|w| w[j].abs()).fold(0.0, f64::max);
    let mut shown: Vec<usize> = (0..features.len()).filter(|&j| largest(j) != 0.0).collect();
    let more = shown.len().saturating_sub(MOST);
    if more > 0 {
        shown.sort_by(|a, b| largest(*b).total_cmp(&largest(*a)));
        shown.truncate(MOST);
        shown.sort_unstable();
    }
    let names = shown.iter().map(|&j| features[j].chars().count());
    let width = names.max().unwrap_or(0).max("(intercept)".len());
    let heads = if point.intercepts.len() > 1 { classes } else { &["coefficient".to_owned()] };
    let cells = |name: &str, values: &mut dyn Iterator<Item = String>| {
        let cells: String = values.map(|value| format!(" {:>12}", cut(&value))).collect();
        format!("{name:<width$}{cells}\n")
    };
    let mut text = "\n".to_owned() + &cells("feature", &mut heads.iter().cloned());
    text += &cells("(intercept)", &mut point.intercepts.iter().map(|b| number(*b)));
    for &j in &shown {
        text += &cells(&features[j], &mut point.coefficients.iter().map(|w| number(w[j])));
    }
    if more > 0 {
        text += &format!("and {more} smaller ones; --json and --out have all\n");
    }
    text
}

/// Six digits that matter.
pub fn number(value: f64) -> String {
    let size = value.abs();
    match size {
        0.0 => "0".to_owned(),
        _ if !size.is_finite() => "unknown".to_owned(),
        _ if !(1e-4..1e7).contains(&size) => format!("{value:.5e}"),
        _ => format!("{value:.*}", (5.0 - size.log10().floor()).clamp(0.0, 9.0) as usize),
    }
}

fn cut(text: &str) -> String {
    text.chars().take(12).collect()
}

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

/// An object on one line.
pub fn line(object: &Value) -> Result<String, Failure> {
    serde_json::to_string(object).map_err(|error| Failure::new(error.to_string(), None))
}

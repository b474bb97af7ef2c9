//! A path as text for people; as JSON it is the facade's.

use crate::error::Failure;
use serde_json::Value;
use wellfit::linear_path::{Point, Solved};

pub use wellfit::linear_path::{json, number};

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

fn cut(text: &str) -> String {
    text.chars().take(12).collect()
}

/// An object on one line.
pub fn line(object: &Value) -> Result<String, Failure> {
    serde_json::to_string(object).map_err(|error| Failure::new(error.to_string(), None))
}

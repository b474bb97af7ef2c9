//! A path as text for people, and as JSON for programs.

use super::solve::Solved;
use super::table::Table;
use crate::error::Failure;
use serde_json::json;
use wellfit::Number;
use wellfit::linear::Fit;

/// The chosen λ, its error and its coefficients.
pub fn text(table: &Table, solved: &Solved) -> String {
    let Solved { fits, curve, selected, .. } = solved;
    let fit = &fits[*selected];
    let mut text = format!(
        "lambda {:.6} (the textbook's ridge lambda: {:.6}), {} of {} features, df {:.2}\n\n",
        fit.lambda,
        table.y.len() as f64 * fit.lambda,
        fit.nonzero(),
        table.features.len(),
        solved.df[*selected]
    );
    text += &format!("{:<9} {:<12} {:<12} se\n", "", "lambda", "cv error");
    for (name, at) in [("min", curve.min), ("one-se", curve.one_se), ("selected", *selected)] {
        let (lambda, mean, se) = (curve.lambdas[at], curve.mean[at], curve.se[at]);
        text += &format!("{name:<9} {lambda:<12.6} {mean:<12.6} {se:.6}\n");
    }
    let names = table.features.iter().map(|name| name.chars().count());
    let width = names.max().unwrap_or(0).max("(intercept)".len());
    text += &format!("\n{:<width$}  {:>12}\n", "feature", "coefficient");
    text += &format!("{:<width$}  {:>12.6}\n", "(intercept)", fit.intercept);
    for (name, w) in table.features.iter().zip(&fit.coefficients).filter(|(_, w)| **w != 0.0) {
        text += &format!("{name:<width$}  {w:>12.6}\n");
    }
    solved.warnings.iter().for_each(|warning| text += &format!("\nwarning: {warning}"));
    text
}

/// One object; its schema is 1.
pub fn json(table: &Table, solved: &Solved) -> Result<String, Failure> {
    let Solved { fits, df, curve, selected, solver, warnings } = solved;
    let numbers = |values: &[f64]| values.iter().copied().map(Number).collect::<Vec<_>>();
    let each = |of: fn(&Fit) -> f64| numbers(&fits.iter().map(of).collect::<Vec<_>>());
    let object = json!({
        "schema": 1,
        "lambdas": each(|fit| fit.lambda),
        "coefficients": fits.iter().map(|fit| numbers(&fit.coefficients)).collect::<Vec<_>>(),
        "intercepts": each(|fit| fit.intercept),
        "features": table.features,
        "df": numbers(df),
        "cv": {
            "mean": numbers(&curve.mean),
            "se": numbers(&curve.se),
            "min": curve.min,
            "one_se": curve.one_se,
        },
        "selected": selected,
        "solver": solver,
        "gap": fits.iter().map(|fit| fit.gap.map(Number)).collect::<Vec<_>>(),
        "converged": fits.iter().map(|fit| fit.converged).collect::<Vec<_>>(),
        "warnings": warnings,
    });
    serde_json::to_string(&object).map_err(|error| Failure::new(error.to_string(), None))
}

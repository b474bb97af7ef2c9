//! What the page draws of a path, so that it need not compute.

use serde_json::{Value, json};
use wellfit::Number;
use wellfit::linear_path::{Solved, Table};

/// Lines of coefficients that are drawn: the largest.
const LINES: usize = 16;

/// Curves over log10 λ, and the two choices.
pub fn page(
    table: &Table,
    solved: &Solved,
    (columns, target, notes): (&[String], &str, &[String]),
) -> Value {
    let curve = &solved.curve;
    let logs: Vec<f64> = curve.lambdas.iter().map(|lambda| lambda.log10()).collect();
    let over = |values: &mut dyn Iterator<Item = f64>| {
        let points = logs.iter().copied().zip(values).map(|(x, y)| [Number(x), Number(y)]);
        let mut points: Vec<_> = points.collect();
        // A chart goes from left to right.
        points.reverse();
        points
    };
    let error = |sign: f64| {
        let band = curve.mean.iter().zip(&curve.se);
        over(&mut band.map(|(mean, se)| mean + sign * se))
    };
    let choice = |at: usize| {
        json!({
            "lambda": Number(curve.lambdas[at]),
            "log": Number(logs[at]),
            "textbook_lambda": Number(solved.rows as f64 * curve.lambdas[at]),
            "error": Number(curve.mean[at]),
            "se": Number(curve.se[at]),
            "used": solved.points[at].used(),
        })
    };
    let (lines, more) = lines(table, solved);
    let line = |(name, values): (String, Vec<f64>)| json!({ "name": name, "points": over(&mut values.into_iter()) });
    json!({
        "rows": table.rows,
        "columns": columns,
        "target": target,
        "family": table.family.name(),
        "error": table.family.error(),
        "notes": notes,
        "coefficients": lines.into_iter().map(line).collect::<Vec<_>>(),
        "left_out": more,
        "mean": error(0.0),
        "low": error(-1.0),
        "high": error(1.0),
        "min": choice(curve.min),
        "one_se": choice(curve.one_se),
    })
}

/// The largest coefficients, each times its feature's standard deviation so that they can be
/// compared, along λ; and how many others there are.
fn lines(table: &Table, solved: &Solved) -> (Vec<(String, Vec<f64>)>, usize) {
    let outputs = solved.points.first().map_or(0, |point| point.coefficients.len());
    let line = |k: usize, j: usize| {
        let name = match outputs > 1 {
            true => format!("{}: {}", table.classes[k], table.features[j]),
            false => table.features[j].clone(),
        };
        let at = solved.points.iter().map(|point| point.coefficients[k][j] * table.deviations[j]);
        (name, at.collect::<Vec<f64>>())
    };
    let features = 0..table.features.len();
    let mut all: Vec<_> = (0..outputs)
        .flat_map(|k| features.clone().map(move |j| (k, j)))
        .map(|(k, j)| line(k, j))
        .collect();
    let size = |values: &[f64]| values.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    all.sort_by(|a, b| size(&b.1).total_cmp(&size(&a.1)));
    let more = all.len().saturating_sub(LINES);
    all.truncate(LINES);
    (all, more)
}

//! What the page draws of a path and says of it, so that it need not compute.

use serde_json::{Value, json};
use wellfit::Number;
use wellfit::linear_path::{Solved, Table, chart};

/// The curves, and the two choices.
pub fn page(
    table: &Table,
    solved: &Solved,
    (columns, target, notes): (&[String], &str, &[String]),
) -> Value {
    let curve = &solved.curve;
    let choice = |at: usize| {
        json!({
            "lambda": Number(curve.lambdas[at]),
            "textbook_lambda": Number(solved.rows as f64 * curve.lambdas[at]),
            "error": Number(curve.mean[at]),
            "se": Number(curve.se[at]),
            "used": solved.points[at].used(),
        })
    };
    let (chart, left_out) = chart(table, solved);
    json!({
        "rows": table.rows,
        "columns": columns,
        "target": target,
        "family": table.family.name(),
        "error": table.family.error(),
        "notes": notes,
        "chart": chart,
        "left_out": left_out,
        "min": choice(curve.min),
        "one_se": choice(curve.one_se),
    })
}

//! A path as curves that answer the pointer: the coefficients along λ, and below them the
//! cross-validated error.

use super::{Solved, Table};
use wellfit_plot::{Chart, ChartLine, ChartPanel};

/// Lines of coefficients that are drawn: the largest.
const LINES: usize = 16;

/// The curves over log10 λ, and how many smaller coefficients have none. A λ of zero has no place on
/// such an axis.
pub fn chart(table: &Table, solved: &Solved) -> (Chart, usize) {
    let curve = &solved.curve;
    let (lines, more) = coefficients(table, solved);
    let error = |name: &str, style: &str, sign: f64| {
        let values = curve.mean.iter().zip(&curve.se).map(|(mean, se)| mean + sign * se);
        let points = along(&curve.lambdas, values);
        ChartLine { name: name.to_owned(), style: style.to_owned(), points }
    };
    let errors = vec![
        error("one standard error above", "edge dashed", 1.0),
        error("and below", "edge dashed", -1.0),
        error("mean over the folds", "tone1", 0.0),
    ];
    let marks = [("minimum", curve.min), ("one standard error", curve.one_se)];
    let mut marks = marks.map(|(words, at)| (words.to_owned(), curve.lambdas[at].log10())).to_vec();
    if ![curve.min, curve.one_se].contains(&solved.selected) {
        marks.push(("selected".to_owned(), solved.chosen().lambda.log10()));
    }
    marks.retain(|(_, at)| at.is_finite());
    let panel = |title: &str, height: u32, lines: Vec<ChartLine>| {
        let log = false;
        ChartPanel { title: title.to_owned(), log, height, lines }
    };
    let panels = vec![
        panel("coefficient × std of its feature", 340, lines),
        panel(&format!("cross-validated {}", table.family.error()), 240, errors),
    ];
    (Chart { axis: "log10 λ".to_owned(), marks, panels }, more)
}

/// The largest coefficients, each times its feature's standard deviation so that they can be
/// compared, along λ; and how many others there are.
fn coefficients(table: &Table, solved: &Solved) -> (Vec<ChartLine>, usize) {
    let outputs = solved.points.first().map_or(0, |point| point.coefficients.len());
    let at = |(k, j): (usize, usize)| {
        let points = solved.points.iter();
        points.map(move |point| point.coefficients[k][j] * table.deviations[j])
    };
    let size =
        |place: &(usize, usize)| at(*place).fold(0.0_f64, |most, value| most.max(value.abs()));
    let features = 0..table.features.len();
    let mut all: Vec<(usize, usize)> =
        (0..outputs).flat_map(|k| features.clone().map(move |j| (k, j))).collect();
    all.sort_by(|a, b| size(b).total_cmp(&size(a)));
    let more = all.len().saturating_sub(LINES);
    all.truncate(LINES);
    let lambdas: Vec<f64> = solved.points.iter().map(|point| point.lambda).collect();
    let line = |(number, (k, j)): (usize, (usize, usize))| ChartLine {
        name: match outputs > 1 {
            true => format!("{}: {}", table.classes[k], table.features[j]),
            false => table.features[j].clone(),
        },
        style: ChartLine::tone(number),
        points: along(&lambdas, at((k, j))),
    };
    (all.into_iter().enumerate().map(line).collect(), more)
}

/// Values over log10 λ, from left to right.
fn along(lambdas: &[f64], values: impl Iterator<Item = f64>) -> Vec<(f64, f64)> {
    let points = lambdas.iter().map(|lambda| lambda.log10()).zip(values);
    let mut points: Vec<(f64, f64)> = points.filter(|point| point.0.is_finite()).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    points
}

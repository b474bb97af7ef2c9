//! The pictures of a path: its coefficients, and its cross-validated error.

use super::show::number;
use wellfit::linear_path::{Family, Solved, Table};
use wellfit::plot::{Error, Figure, Strength, StrengthLine, StrengthOptions, strengths};

/// Lines that have a name.
const NAMED: usize = 8;
/// Lines that are drawn.
const DRAWN: usize = 200;

/// Coefficients against λ, in units that can be compared: each times its feature's standard
/// deviation.
pub fn path(table: &Table, solved: &Solved, title: &str) -> Result<Figure, Error> {
    let panel = coefficients(table, solved, "");
    let subtitle = format!(
        "{} of {} features at the selected lambda, {}",
        solved.chosen().used(),
        table.features.len(),
        number(solved.chosen().lambda)
    );
    let values = "coefficient × standard deviation of the feature".to_owned();
    strengths(&[panel], &StrengthOptions { title: title.to_owned(), subtitle, values })
}

/// Paths side by side.
pub fn side_by_side(panels: Vec<Strength>, title: &str, subtitle: String) -> Result<Figure, Error> {
    let values = "coefficient × standard deviation of the feature".to_owned();
    strengths(&panels, &StrengthOptions { title: title.to_owned(), subtitle, values })
}

/// A panel of coefficients.
pub fn coefficients(table: &Table, solved: &Solved, name: &str) -> Strength {
    let deviations = &table.deviations;
    let outputs = solved.points.first().map_or(0, |point| point.coefficients.len());
    let weakest = (0..solved.points.len())
        .min_by(|a, b| solved.points[*a].lambda.total_cmp(&solved.points[*b].lambda));
    let size = |&(k, j): &(usize, usize)| {
        let largest = solved.points.iter().map(|point| point.coefficients[k][j].abs());
        let last = weakest.map_or(0.0, |at| solved.points[at].coefficients[k][j].abs());
        // Those that are large where paths end have their names there.
        (last * deviations[j], largest.fold(0.0, f64::max) * deviations[j])
    };
    let features = 0..table.features.len();
    let mut all: Vec<(usize, usize)> =
        (0..outputs).flat_map(|k| features.clone().map(move |j| (k, j))).collect();
    all.sort_by(|a, b| size(b).0.total_cmp(&size(a).0).then(size(b).1.total_cmp(&size(a).1)));
    all.truncate(DRAWN);
    let line = |(place, (k, j)): (usize, (usize, usize))| StrengthLine {
        name: match place < NAMED && size(&(k, j)).1 > 0.0 {
            true if outputs > 1 => format!("{}: {}", table.classes[k], table.features[j]),
            true => table.features[j].clone(),
            false => String::new(),
        },
        values: solved.points.iter().map(|p| p.coefficients[k][j] * deviations[j]).collect(),
        spread: vec![],
    };
    Strength {
        name: name.to_owned(),
        lambdas: solved.points.iter().map(|point| point.lambda).collect(),
        lines: all.into_iter().enumerate().map(line).collect(),
        marks: vec![(solved.chosen().lambda, "selected".to_owned())],
    }
}

/// The error of the folds against λ, with the two rules' choices.
pub fn curve(solved: &Solved, family: Family, title: &str) -> Result<Figure, Error> {
    let curve = &solved.curve;
    let mut marks = vec![(curve.min, "min".to_owned()), (curve.one_se, "one-se".to_owned())];
    marks.retain(|(at, _)| *at != solved.selected);
    let rules = match (solved.selected == curve.min, solved.selected == curve.one_se) {
        (true, true) => "selected: min, one-se",
        (true, false) => "selected: min",
        (false, true) => "selected: one-se",
        (false, false) => "selected",
    };
    marks.push((solved.selected, rules.to_owned()));
    if curve.min == curve.one_se {
        marks.dedup_by(|a, b| a.0 == b.0);
    }
    let line = StrengthLine {
        name: "cv error".to_owned(),
        values: curve.mean.clone(),
        spread: curve.se.clone(),
    };
    let panel = Strength {
        name: String::new(),
        lambdas: curve.lambdas.clone(),
        lines: vec![line],
        marks: marks.into_iter().map(|(at, words)| (curve.lambdas[at], words)).collect(),
    };
    let subtitle = format!("{} folds, mean ± standard error", curve.folds.len());
    let values = family.error().to_owned();
    strengths(&[panel], &StrengthOptions { title: title.to_owned(), subtitle, values })
}

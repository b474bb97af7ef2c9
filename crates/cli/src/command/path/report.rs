//! `report.html` and the other files of `--out`.

use super::show::{self, number};
use super::{picture, stored};
use crate::error::Failure;
use wellfit::linear_path::{Ask, Solved, Table, chart};
use wellfit::plot::{Block, Figure, Report, Section, Table as Grid};

/// What a file is called, and its bytes.
pub type File = (&'static str, Vec<u8>);

/// All files of a path.
pub fn files(table: &Table, solved: &Solved, ask: &Ask, title: &str) -> Result<Vec<File>, Failure> {
    let json = show::line(&show::json(&table.features, &table.classes, solved))? + "\n";
    let mut files = vec![
        ("path.json", json.into_bytes()),
        ("coefficients.csv", coefficients(table, solved)?),
        ("model.toml", stored(table, solved, ask)?.into_bytes()),
    ];
    if solved.points.iter().all(|point| point.lambda == 0.0) {
        // A logarithmic axis has no place for it.
        return Ok(files);
    }
    let path = picture::path(table, solved, title).map_err(wellfit::Error::from)?;
    let curve = picture::curve(solved, table.family, title).map_err(wellfit::Error::from)?;
    for (figure, svg, png) in [(&path, "path.svg", "path.png"), (&curve, "cv.svg", "cv.png")] {
        files.push((svg, figure.svg().as_bytes().to_vec()));
        files.push((png, figure.png(2.0).map_err(wellfit::Error::from)?));
    }
    files.push(("report.html", page(table, solved, title, path).into_bytes()));
    Ok(files)
}

/// The coefficients at the λ that was chosen; a column for each of several classes.
fn coefficients(table: &Table, solved: &Solved) -> Result<Vec<u8>, Failure> {
    let unwritable = |error: &dyn std::fmt::Display| Failure::new(error.to_string(), None);
    let mut writer = csv::Writer::from_writer(Vec::new());
    let rows = rows(table, solved, |value| format!("{value:?}"));
    for row in std::iter::once(heads(table, solved)).chain(rows) {
        writer.write_record(row).map_err(|error| unwritable(&error))?;
    }
    writer.into_inner().map_err(|error| unwritable(&error))
}

fn heads(table: &Table, solved: &Solved) -> Vec<String> {
    let several = solved.chosen().intercepts.len() > 1;
    let more = if several { table.classes.clone() } else { vec!["coefficient".to_owned()] };
    ["feature".to_owned()].into_iter().chain(more).collect()
}

fn rows(table: &Table, solved: &Solved, of: impl Fn(f64) -> String) -> Vec<Vec<String>> {
    let point = solved.chosen();
    let row = |name: &str, values: Vec<f64>| {
        [name.to_owned()].into_iter().chain(values.into_iter().map(&of)).collect::<Vec<_>>()
    };
    let at = |j: usize| point.coefficients.iter().map(|w| w[j]).collect();
    let features = table.features.iter().enumerate();
    let mut rows = vec![row("(intercept)", point.intercepts.clone())];
    rows.extend(features.map(|(j, name)| row(name, at(j))));
    rows
}

fn page(table: &Table, solved: &Solved, title: &str, picture: Figure) -> String {
    let verdict = format!("lambda {}", number(solved.chosen().lambda));
    let cv = &solved.curve;
    let sentence = format!(
        "{} of {} features; cross-validated error {} ± {}",
        solved.chosen().used(),
        table.features.len(),
        number(cv.mean[solved.selected]),
        number(cv.se[solved.selected]),
    );
    let (curves, left_out) = chart(table, solved);
    let mut sections = vec![
        section("Cross-validation", vec![Block::Table(rules(solved))]),
        section("Coefficients", vec![Block::Table(grid(table, solved))]),
        section("Fit", vec![Block::Facts(facts(table, solved, left_out))]),
    ];
    if !solved.warnings.is_empty() {
        let warning = |words: &String| (words.clone(), String::new());
        let warnings = solved.warnings.iter().map(warning).collect();
        sections.insert(0, section("Warnings", vec![Block::Facts(warnings)]));
    }
    let report = Report {
        title,
        verdict: &verdict,
        sentence: &sentence,
        first: &Block::Chart(curves, Some(picture)),
        sections: &sections,
        footer: concat!("wellfit ", env!("CARGO_PKG_VERSION")),
    };
    report.html()
}

/// A part of a page.
pub fn section(title: &str, blocks: Vec<Block>) -> Section {
    Section { title: title.to_owned(), blocks }
}

fn rules(solved: &Solved) -> Grid {
    let curve = &solved.curve;
    let row = |(name, at): (&str, usize)| {
        let numbers = [curve.lambdas[at], curve.mean[at], curve.se[at], solved.df[at]];
        [name.to_owned()].into_iter().chain(numbers.map(number)).collect()
    };
    let rows = [("min", curve.min), ("one-se", curve.one_se), ("selected", solved.selected)];
    let head = ["", "lambda", "error", "se", "df"].map(str::to_owned).to_vec();
    Grid { caption: String::new(), head, rows: rows.into_iter().map(row).collect() }
}

/// Those that are not zero.
fn grid(table: &Table, solved: &Solved) -> Grid {
    let mut rows = rows(table, solved, number);
    let all = rows.len() - 1;
    rows.retain(|row| row[0] == "(intercept)" || row[1..].iter().any(|cell| cell != "0"));
    let zero = all + 1 - rows.len();
    let caption = format!("in the units of the table; {zero} others are zero");
    Grid { caption, head: heads(table, solved), rows }
}

fn facts(table: &Table, solved: &Solved, left_out: usize) -> Vec<(String, String)> {
    let stuck = solved.points.iter().filter(|point| !point.converged).count();
    let gap = solved.points.iter().filter_map(|point| point.gap).fold(0.0, f64::max);
    let lambda = solved.chosen().lambda;
    let facts = [
        ("samples", table.rows.to_string()),
        ("family", table.family.name().to_owned()),
        ("the textbook's ridge lambda, n times lambda", number(solved.rows as f64 * lambda)),
        ("lambdas", solved.points.len().to_string()),
        ("solver", solved.solver.clone()),
        ("largest duality gap", number(gap)),
        ("fits that did not reach the tolerance", stuck.to_string()),
        ("smaller coefficients without a curve", left_out.to_string()),
    ];
    facts.into_iter().map(|(name, fact)| (name.to_owned(), fact)).collect()
}

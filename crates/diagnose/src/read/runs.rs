//! From the rows of a table to runs: what several values of one epoch amount to.

use super::count::axis;
use super::log::Axis;
use super::name::{Role, resolve};
use super::place::{Place, Placed};
use super::table::Table;
use std::collections::{BTreeMap, HashSet};
use wellfit_core::run::{Part, Run, Series};

/// A run of a table, before it is given the name of its file.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    /// What tells it from the other runs of the file; empty for the only one.
    pub name: String,
    pub run: Run,
    pub axis: Axis,
    pub columns: Vec<String>,
    pub warnings: Vec<String>,
}

/// The metric under which the learning rate stands, on [`Part::Online`].
pub(super) const LEARNING_RATE: &str = "learning_rate";

/// All runs of a table. None where no column is a metric.
pub(super) fn runs(table: &Table) -> Vec<Draft> {
    let (roles, notes) = resolve(table.columns());
    let placed = Placed::new(table, &roles);
    let stretches = placed.stretches();
    let mut drafts = Vec::new();
    for (number, stretch) in stretches.iter().enumerate() {
        let (axis, note) = axis(&placed, &stretch.rows);
        let number = (stretches.len() > 1).then(|| format!("run {}", number + 1));
        for set in sets(&roles) {
            let (run, columns) = series(&placed, &stretch.rows, axis, set);
            if run.series.iter().all(|series| series.metric == LEARNING_RATE) {
                continue;
            }
            let names = [table.name.as_str(), number.as_deref().unwrap_or_default(), set];
            let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
            let notes = table.notes.iter().chain(&notes).chain(&stretch.note).chain(&note);
            let mut warnings: Vec<String> = notes.cloned().collect();
            warnings.dedup();
            drafts.push(Draft { name: names.join(", "), run, axis, columns, warnings });
        }
    }
    drafts
}

/// The evaluation sets of a log; one without a name where there are not several.
pub(super) fn sets(roles: &[Role]) -> Vec<&str> {
    let mut sets: Vec<&str> = Vec::new();
    for role in roles {
        if let Role::Series(series) = role
            && !series.set.is_empty()
            && !sets.contains(&series.set.as_str())
        {
            sets.push(&series.set);
        }
    }
    if sets.is_empty() { vec![""] } else { sets }
}

/// Part and metric of a column in an evaluation set; none where it has no place in it.
pub(super) fn named<'a>(role: &'a Role, set: &str) -> Option<(Part, &'a str)> {
    match role {
        Role::Series(series) if series.set.is_empty() || series.set == set => {
            Some((series.part, series.metric.as_str()))
        }
        Role::LearningRate => Some((Part::Online, LEARNING_RATE)),
        _ => None,
    }
}

/// The series of one run and the names that the log gives them.
fn series(placed: &Placed<'_>, rows: &[u32], axis: Axis, set: &str) -> (Run, Vec<String>) {
    let mut columns: BTreeMap<u32, Vec<Point>> = BTreeMap::new();
    for (before, place, cell) in placed.cells(rows) {
        if let Some(x) = x(place, axis, before) {
            let fine = if axis == Axis::Epoch { place.step } else { None };
            columns.entry(cell.column).or_default().push(Point { x, fine, value: cell.value });
        }
    }
    let (mut run, mut names, mut rated) = (Run::default(), Vec::new(), false);
    for (column, mut points) in columns {
        let role = &placed.roles[column as usize];
        let Some((part, metric)) = named(role, set) else { continue };
        // Parameter groups have a rate each: the first tells when it drops.
        if *role == Role::LearningRate && std::mem::replace(&mut rated, true) {
            continue;
        }
        points.sort_by(|a, b| a.x.total_cmp(&b.x));
        let same = points.chunk_by(|a, b| a.x == b.x);
        let points = same.map(|same| (same[0].x, amount(same, part))).collect();
        run.series.push(Series { part, metric: metric.to_owned(), points });
        names.push(placed.table.columns()[column as usize].clone());
    }
    (run, names)
}

/// Where a row stands; rows of a log that numbers nothing are counted from 1.
fn x(place: Place, axis: Axis, before: usize) -> Option<f64> {
    if place == Place::default() {
        return Some((before + 1) as f64);
    }
    match axis {
        Axis::Epoch => place.epoch,
        Axis::Step => place.step,
    }
}

#[derive(Debug, Clone, Copy)]
struct Point {
    x: f64,
    /// The step within an epoch.
    fine: Option<f64>,
    value: f64,
}

/// What several values of one epoch amount to: the mean of training batches, the last of all else.
fn amount(same: &[Point], part: Part) -> f64 {
    let last = same[same.len() - 1];
    if part != Part::Train || same.len() == 1 {
        return last.value;
    }
    let steps: HashSet<u64> =
        same.iter().filter_map(|point| point.fine).map(f64::to_bits).collect();
    if steps.len() < same.len() {
        return last.value;
    }
    same.iter().map(|point| point.value).sum::<f64>() / same.len() as f64
}

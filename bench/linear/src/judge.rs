//! How far an answer is from exact, in one place for all solvers.

use crate::case::Task;
use crate::data::{Data, numbers};
use crate::{gap, ours};
use bench_peer::Outcome;

/// Our tolerance for the curve that others are compared with.
const EXACT: f64 = 1e-11;

/// The largest gap of a path over P(0), or the largest relative error of a curve.
pub fn distance(data: &Data, answer: &[f64]) -> Outcome<f64> {
    if data.task == Task::Path {
        return Ok(gap::worst(data, answer));
    }
    let exact = exact(data)?;
    if answer.len() != exact.len() {
        return Ok(f64::INFINITY);
    }
    let errors = answer.iter().zip(&exact).map(|(found, exact)| (found / exact - 1.0).abs());
    Ok(errors.fold(0.0, |max: f64, error| if error.is_nan() { error } else { max.max(error) }))
}

/// A curve of ours at a tolerance far beyond what is asked for; that peers come near it as their
/// tolerance falls is what speaks for it.
fn exact(data: &Data) -> Outcome<Vec<f64>> {
    let file = data.folder.join("exact");
    if let Ok(known) = numbers(&file) {
        return Ok(known);
    }
    let curve = ours::solve(data, EXACT)?.1;
    let bytes: Vec<u8> = curve.iter().flat_map(|number| number.to_le_bytes()).collect();
    std::fs::write(file, bytes)?;
    Ok(curve)
}

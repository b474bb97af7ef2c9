//! Whether both sides compute the same: from the same weights, on the same batch, without dropout.

use crate::ROOM;
use crate::case::Case;
use crate::setting::Setting;
use crate::side::{Side, pytorch};
use bench_peer::Outcome;
use std::path::Path;

/// Steps that are compared. The first loss tells of the forward pass, the others of the gradients
/// and, through the momentum, of the optimizer.
const STEPS: usize = 5;

/// What rounding in single precision may add up to in so many steps, relative to the loss.
pub const TOLERANCE: f64 = 1e-5;

/// The largest difference between the losses of both sides, relative to the loss.
///
/// # Errors
/// It is above [`TOLERANCE`]: then times compare different work.
pub fn check(case: Case, python: &Path) -> Outcome<f64> {
    let file = ROOM.scratch("")?.join(format!("{}-agreement.safetensors", case.id));
    let setting = Setting::new(case.without_chance(), STEPS as u64)?;
    setting.hand_over(&file)?;
    let difference = difference(&setting.losses()?, &theirs(&file, python)?);
    if difference <= TOLERANCE {
        return Ok(difference);
    }
    let id = case.id;
    Err(format!("{id}: the losses differ by {difference:e}, expected {TOLERANCE:e} at most").into())
}

/// PyTorch's losses of the setting in `file`.
fn theirs(file: &Path, python: &Path) -> Outcome<Vec<f64>> {
    let mut command = pytorch(python, "steps.py", 1);
    command.arg(file);
    Ok(Side::start(command)?.turn(STEPS)?.losses)
}

/// Infinite where there is nothing to compare, or a loss is no number.
fn difference(ours: &[f64], theirs: &[f64]) -> f64 {
    if ours.len() != theirs.len() || ours.is_empty() {
        return f64::INFINITY;
    }
    let relative = |(a, b): (&f64, &f64)| (a - b).abs() / b.abs();
    let differences = ours.iter().zip(theirs).map(relative);
    differences.fold(0.0, |most: f64, d| if d.is_nan() { f64::INFINITY } else { most.max(d) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::CASES;

    /// PyTorch, where it is installed; a test without it says that it did not run.
    fn python() -> Option<std::path::PathBuf> {
        let python = ROOM.python_found();
        if python.is_none() {
            eprintln!("SKIPPED: no PyTorch; `cargo run --release -p bench-train` installs it");
        }
        python
    }

    #[test]
    fn both_sides_compute_the_same() {
        let Some(python) = python() else { return };
        for &case in CASES {
            let difference = check(case, &python).unwrap();
            eprintln!("{}: {difference:.1e}", case.id);
        }
    }

    /// The comparison sees a learning rate, a momentum and a decay that are not the same.
    #[test]
    fn a_step_that_is_not_the_same_is_found() {
        let Some(python) = python() else { return };
        let plain = Case::named("mlp").unwrap().without_chance();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("mlp.safetensors");
        Setting::new(plain, STEPS as u64).unwrap().hand_over(&file).unwrap();
        let theirs = theirs(&file, &python).unwrap();
        for other in plain.variants() {
            let ours = Setting::new(other, STEPS as u64).unwrap().losses().unwrap();
            assert!(difference(&ours, &theirs) > 2.0 * TOLERANCE, "{other:?}: {ours:?} {theirs:?}");
        }
    }

    #[test]
    fn the_largest_difference_counts_and_what_cannot_be_compared_is_infinite() {
        assert_eq!(difference(&[1.0, 3.0], &[1.0, 2.0]), 0.5);
        assert_eq!(difference(&[1.0], &[1.0, 2.0]), f64::INFINITY);
        assert_eq!(difference(&[f64::NAN, 1.0], &[1.0, 1.0]), f64::INFINITY);
        assert_eq!(difference(&[], &[]), f64::INFINITY);
    }
}

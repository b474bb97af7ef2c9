//! Least squares on rows that arrive in parts and are not kept: a path, and its error over folds.
//!
//! ```text
//! cargo run --release -p wellfit-linear --example larger_than_memory
//! ```

#![allow(clippy::print_stdout, reason = "an example talks to its reader")]

use wellfit_core::number::Fraction;
use wellfit_core::seed::Seed;
use wellfit_linear::moments::{Moments, cross_validate};
use wellfit_linear::penalty::Mix;
use wellfit_linear::{Design, Error, Lambdas, Problem, Settings};

const FEATURES: usize = 20;
const FOLDS: usize = 5;

fn main() -> Result<(), Error> {
    let mut draw = Seed::new(1).stream("example").step(0);
    let mut folds = vec![Moments::new(FEATURES); FOLDS];
    // A million rows, of which no more than 10,000 are there at once.
    for part in 0..100 {
        let x: Vec<f64> = (0..10_000 * FEATURES).map(|_| draw.standard_normal()).collect();
        let truth = |row: &[f64]| row[0] - 0.5 * row[7] + 0.01 * row[13];
        let y: Vec<f64> =
            x.chunks(FEATURES).map(|row| truth(row) + draw.standard_normal()).collect();
        folds[part % FOLDS].add(&Problem::new(Design::from_rows(&x, FEATURES)?, &y))?;
    }
    let lasso = Mix(Fraction::new(1.0)?);
    let found = cross_validate(&folds, &lasso, &Lambdas::default(), &Settings::default())?;
    let best = &found.path.fits[found.curve.min];
    println!("lambda {:.2e}, error {:.6}", best.lambda, found.curve.mean[found.curve.min]);
    println!("w = {:.4?}", best.coefficients);
    Ok(())
}

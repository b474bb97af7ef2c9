//! Logistic regression of two classes, and softmax regression of three.
//!
//! ```text
//! cargo run --release -p wellfit-linear --example classes
//! ```

#![allow(clippy::print_stdout, reason = "an example talks to its reader")]

use wellfit_core::seed::Seed;
use wellfit_linear::cross_validation::{Folds, Select};
use wellfit_linear::estimator::{Regression, Softmax};
use wellfit_linear::{Design, Error, Problem};

fn main() -> Result<(), Error> {
    let mut draw = Seed::new(1).stream("example").step(0);
    let x: Vec<f64> = (0..150 * 8).map(|_| draw.standard_normal()).collect();
    let design = Design::from_rows(&x, 8)?;

    let odds = |row: &[f64]| 2.0 * row[0] - row[1];
    let y: Vec<f64> =
        x.chunks(8).map(|row| f64::from(odds(row) + draw.standard_normal() > 0.0)).collect();
    let problem = Problem::new(design, &y);
    let folds = Folds::Stratified(5);
    let lasso = Regression::logistic(0.0, 1.0)?;
    let model = lasso.fit_by(&problem, Select::OneSe, &folds, Seed::new(2))?;
    let right =
        model.classify(design)?.iter().zip(&y).filter(|(a, b)| f64::from(**a) == **b).count();
    println!("two classes: lambda {:.4}, {right} of 150 right", model.fit.lambda);
    println!("  coefficients {:.3?}", model.coefficients());

    let class = |row: &[f64]| usize::from(row[0] > 0.5) + usize::from(row[0] + row[2] > 0.0);
    let labels: Vec<usize> = x.chunks(8).map(class).collect();
    let softmax = Softmax { together: true, ..Softmax::new(0.02, 1.0)? };
    let model = softmax.fit(design, &labels)?;
    let right = model.classify(design)?.iter().zip(&labels).filter(|(a, b)| a == b).count();
    println!("three classes, features used by all or none: {right} of 150 right");
    for (class, w) in model.fit.coefficients.iter().enumerate() {
        println!("  class {class}: {w:.3?}");
    }
    Ok(())
}

//! Ridge regression: one decomposition, every λ, exact leave-one-out and GCV.
//!
//! ```text
//! cargo run --release -p wellfit-linear --example ridge
//! ```

#![allow(clippy::print_stdout, reason = "an example talks to its reader")]

use wellfit_core::seed::Seed;
use wellfit_linear::estimator::{Choose, Ridge};
use wellfit_linear::{Design, Error, Lambdas};

fn main() -> Result<(), Error> {
    // Ten features that nearly repeat each other.
    let mut draw = Seed::new(1).stream("example").step(0);
    let mut row = || {
        let shared = draw.standard_normal();
        let features: Vec<f64> = (0..10).map(|_| shared + 0.1 * draw.standard_normal()).collect();
        let noise = draw.standard_normal();
        (features.clone(), features[0] + features[1] + noise)
    };
    let (x, y): (Vec<Vec<f64>>, Vec<f64>) = (0..40).map(|_| row()).unzip();
    let x = x.concat();
    let design = Design::from_rows(&x, 10)?;

    let grid = Lambdas::Grid { count: 9, ratio: Some(1e-8) };
    let model = Ridge::new(Choose::LeaveOneOut(grid)).fit(design, &y)?;
    println!("lambda       n lambda     df      leave-one-out  GCV");
    for (at, fit) in model.path.fits.iter().enumerate() {
        let chosen = if at == model.chosen { "  <- chosen" } else { "" };
        println!(
            "{:<12.4e} {:<12.4e} {:<7.3} {:<14.4} {:.4}{chosen}",
            fit.lambda, fit.lambda_ridge, fit.df, fit.leave_one_out, fit.gcv
        );
    }
    println!("coefficients {:.3?}", model.fit().coefficients);
    Ok(())
}

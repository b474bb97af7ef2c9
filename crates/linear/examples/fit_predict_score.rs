//! Fit, predict, score: elastic net on some rows, judged on others.
//!
//! ```text
//! cargo run --release -p wellfit-linear --example fit_predict_score
//! ```

#![allow(clippy::print_stdout, reason = "an example talks to its reader")]

use wellfit_core::seed::Seed;
use wellfit_linear::cross_validation::{Folds, Select};
use wellfit_linear::estimator::Regression;
use wellfit_linear::{Design, Error, Problem};

fn main() -> Result<(), Error> {
    // 150 samples of 6 features, of which two matter; the last 50 are for judging.
    let mut draw = Seed::new(4).stream("example").step(0);
    let x: Vec<f64> = (0..150 * 6).map(|_| draw.standard_normal()).collect();
    let y: Vec<f64> =
        x.chunks(6).map(|row| 10.0 + 2.0 * row[0] - row[3] + draw.standard_normal()).collect();
    let (x_train, x_test) = x.split_at(100 * 6);
    let (y_train, y_test) = y.split_at(100);
    let (train, test) = (Design::from_rows(x_train, 6)?, Design::from_rows(x_test, 6)?);

    // With a λ of one's own ...
    let given = Regression::elastic_net(0.1, 0.5)?.fit(train, y_train)?;
    println!("w = {:.3?}, b = {:.3}", given.coefficients(), given.intercept());
    println!("R² on new rows: {:.4}", given.score(test, y_test)?);

    // ... or with the one that ten folds choose.
    let problem = Problem::new(train, y_train);
    let net = Regression::elastic_net(0.0, 0.5)?;
    let chosen = net.fit_by(&problem, Select::OneSe, &Folds::Random(10), Seed::new(1))?;
    println!("lambda {:.5} of ten folds", chosen.fit.lambda);
    println!("R² on new rows: {:.4}", chosen.score(test, y_test)?);

    let first = chosen.predict(test)?;
    for (y, predicted) in y_test.iter().zip(&first).take(3) {
        println!("target {y:.3}, predicted {predicted:.3}");
    }
    Ok(())
}

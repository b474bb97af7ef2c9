//! Lasso along λ, the λ that ten folds choose, and the relaxed fit there.
//!
//! ```text
//! cargo run --release -p wellfit-linear --example lasso_path
//! ```

#![allow(clippy::print_stdout, reason = "an example talks to its reader")]

use wellfit_core::seed::Seed;
use wellfit_linear::cross_validation::{Folds, Select};
use wellfit_linear::datafit::Gaussian;
use wellfit_linear::estimator::Regression;
use wellfit_linear::{Design, Error, Lambdas, Problem, relaxed};

fn main() -> Result<(), Error> {
    // 100 samples of 20 features, of which three matter.
    let mut draw = Seed::new(1).stream("example").step(0);
    let x: Vec<f64> = (0..100 * 20).map(|_| draw.standard_normal()).collect();
    let truth = |row: &[f64]| 3.0 * row[0] - 2.0 * row[1] + row[2];
    let y: Vec<f64> = x.chunks(20).map(|row| truth(row) + draw.standard_normal()).collect();
    let problem = Problem::new(Design::from_rows(&x, 20)?, &y);

    let lasso = Regression::lasso(0.0)?;
    let folds = Folds::Random(10);
    let found = lasso.cross_validate(&problem, &Lambdas::default(), &folds, Seed::new(2))?;
    println!("lambda     error    se       features");
    for at in (0..found.path.fits.len()).step_by(10) {
        let (curve, fit) = (&found.curve, &found.path.fits[at]);
        let (mean, se) = (curve.mean[at], curve.se[at]);
        println!("{:<10.5} {mean:<8.3} {se:<8.3} {}", fit.lambda, fit.nonzero());
    }
    found.curve.warnings.iter().for_each(|warning| println!("warning: {warning}"));

    let relaxed = relaxed::fit(&problem, &Gaussian, &found.path, &lasso.settings)?;
    for (name, select) in [("min", Select::Min), ("one standard error", Select::OneSe)] {
        let fit = found.select(select);
        println!("\n{name}: lambda {:.5}, gap {:.1e}", fit.lambda, fit.gap.unwrap_or(f64::NAN));
        let plain = relaxed[found.curve.select(select)].as_ref();
        for j in (0..20).filter(|&j| fit.coefficients[j] != 0.0) {
            let after = plain.map_or(f64::NAN, |plain| plain.coefficients[j]);
            println!("  feature {j:<2} {:>8.4}  relaxed {after:>8.4}", fit.coefficients[j]);
        }
    }
    Ok(())
}

//! Group lasso and sparse group lasso: dummies of one category stay together.
//!
//! ```text
//! cargo run --release -p wellfit-linear --example groups
//! ```

#![allow(clippy::print_stdout, reason = "an example talks to its reader")]

use wellfit_core::number::Fraction;
use wellfit_core::seed::Seed;
use wellfit_linear::datafit::Gaussian;
use wellfit_linear::grouped::{self, GroupedProblem, Groups, Single};
use wellfit_linear::{Design, Error, Lambdas, Settings};

fn main() -> Result<(), Error> {
    // Three categories of four levels each, one-hot; the first one matters.
    let mut draw = Seed::new(1).stream("example").step(0);
    let (mut x, mut y) = (vec![], vec![]);
    for _ in 0..120 {
        let levels = [draw.below(4), draw.below(4), draw.below(4)];
        x.extend(
            levels.iter().flat_map(|&level| (0..4).map(move |k| f64::from(k == level as u32))),
        );
        y.push([0.0, 1.0, 3.0, -1.0][levels[0] as usize] + draw.standard_normal());
    }
    let design = Design::from_rows(&x, 12)?;
    let problem = GroupedProblem { design, targets: &y, weights: None };
    let groups: Vec<Vec<usize>> = (0..3).map(|g| (4 * g..4 * g + 4).collect()).collect();
    let settings = Settings { standardize: false, ..Settings::default() };
    let lambdas = Lambdas::Grid { count: 6, ratio: Some(0.02) };
    for (name, l1_share) in [("group lasso", 0.0), ("sparse group lasso", 0.5)] {
        let groups = Groups::of_features(&groups, Fraction::new(l1_share)?);
        let path = grouped::fit(&problem, &Single(Gaussian), &groups, &lambdas, &settings)?;
        println!("{name}: coefficients of the three categories");
        for fit in &path.fits {
            let w = &fit.coefficients[0];
            println!("  {:.4}: {:.2?} {:.2?} {:.2?}", fit.lambda, &w[..4], &w[4..8], &w[8..]);
        }
    }
    Ok(())
}

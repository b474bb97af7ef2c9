//! Time over rows and over features, and the slopes on logarithmic axes.

use crate::ours::Clock;
use bench_peer::Outcome;
use serde::Serialize;
use wellfit_core::number::{Fraction, Positive};
use wellfit_core::seed::Seed;
use wellfit_linear::{Design, Lambdas, Problem, Settings, datafit, path, penalty::Mix, ridge};

const FROM_ROWS: &[usize] = &[2_000, 4_000, 8_000, 16_000, 32_000];
const FROM_FEATURES: &[usize] = &[2_000, 4_000, 8_000, 16_000, 32_000];

/// Times along one axis.
#[derive(Serialize)]
pub struct Line {
    what: &'static str,
    sizes: Vec<usize>,
    seconds: Vec<f64>,
    slope: f64,
    theory: &'static str,
}

pub fn measured(rounds: usize) -> Outcome<Vec<Line>> {
    let lines = [
        (
            "lasso path, 200 features, over rows",
            FROM_ROWS,
            "1: the products of the features, n p², once",
        ),
        (
            "ridge with leave-one-out, 200 features, over rows",
            FROM_ROWS,
            "1: products and residuals, n p²",
        ),
        (
            "lasso path, 500 rows, over features",
            FROM_FEATURES,
            "1: checks of all features, n p each; the working set stays below n",
        ),
        (
            "ridge with leave-one-out, 500 rows, over features",
            FROM_FEATURES,
            "1: products of the rows, n² p",
        ),
    ];
    let mut found = vec![];
    for (what, sizes, theory) in lines {
        let mut seconds = vec![];
        for &size in sizes {
            let shape = if what.ends_with("rows") { (size, 200) } else { (500, size) };
            let times = (0..rounds).map(|_| one(shape, what.starts_with("ridge")));
            let mut times = times.collect::<Outcome<Vec<f64>>>()?;
            times.sort_by(f64::total_cmp);
            seconds.push(times[times.len() / 2]);
        }
        let slope = slope(sizes, &seconds);
        println!("{what}: slope {slope:.2} (theory {theory})");
        sizes.iter().zip(&seconds).for_each(|(size, s)| println!("  {size:>8}  {s:.3} s"));
        found.push(Line { what, sizes: sizes.to_vec(), seconds, slope, theory });
    }
    Ok(found)
}

fn one((rows, features): (usize, usize), closed: bool) -> Outcome<f64> {
    let mut draw = Seed::new(3).stream("scaling").step(0);
    let x: Vec<f64> = (0..rows * features).map(|_| draw.standard_normal()).collect();
    let signal = |row: usize| (0..20).map(|j| x[row + j * rows]).sum::<f64>();
    let y: Vec<f64> = (0..rows).map(|row| signal(row) + draw.standard_normal()).collect();
    let problem = Problem::new(Design::from_columns(&x, rows)?, &y);
    let tolerance = Positive::new(1e-6)?;
    let settings = Settings { tolerance, ..Settings::default() };
    let lambdas = Lambdas::Grid { count: 100, ratio: Some(1e-2) };
    let start = Clock::start();
    match closed {
        true => drop(ridge::fit(&problem, &lambdas, &settings)?),
        false => {
            let lasso = Mix(Fraction::new(1.0)?);
            drop(path::fit(&problem, &datafit::Gaussian, &lasso, &lambdas, &settings)?);
        }
    }
    Ok(start.seconds())
}

/// Least squares on logarithms.
fn slope(sizes: &[usize], seconds: &[f64]) -> f64 {
    let n = sizes.len() as f64;
    let points: Vec<(f64, f64)> =
        sizes.iter().zip(seconds).map(|(size, s)| ((*size as f64).ln(), s.ln())).collect();
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / n;
    let (x, y) = (mean(|p| p.0), mean(|p| p.1));
    let cross: f64 = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum();
    cross / points.iter().map(|p| (p.0 - x).powi(2)).sum::<f64>()
}

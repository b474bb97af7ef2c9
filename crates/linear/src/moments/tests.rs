//! Sums must answer as the rows do.

use super::*;
use crate::datafit::Gaussian;
use crate::penalty::Mix;
use crate::{Csc, Design, Lambdas, Settings};
use wellfit_core::number::{Fraction, Positive};
use wellfit_core::seed::Seed;

fn sample(rows: usize, cols: usize) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let mut draw = Seed::new(8).stream("moments").step(0);
    let x: Vec<f64> = (0..rows * cols).map(|_| draw.standard_normal() + 2.0).collect();
    let y = (0..rows).map(|i| x[i * cols] - x[i * cols + 2] + draw.standard_normal()).collect();
    (x, y, (0..rows).map(|i| (i % 4) as f64).collect())
}

fn tight() -> Settings {
    Settings { tolerance: Positive::new(1e-13).unwrap(), ..Settings::default() }
}

fn assert_same_path(sums: &Moments, problem: &Problem<'_>, settings: &Settings) {
    let grid = Lambdas::Grid { count: 12, ratio: Some(1e-3) };
    for ratio in [1.0, 0.4] {
        let mix = Mix(Fraction::new(ratio).unwrap());
        let ours = sums.path(&mix, &grid, settings).unwrap();
        let rows = crate::path::fit(problem, &Gaussian, &mix, &grid, settings).unwrap();
        assert!((ours.lambda_max / rows.lambda_max - 1.0).abs() < 1e-12);
        for (a, b) in ours.fits.iter().zip(&rows.fits) {
            assert!(a.converged && (a.objective - b.objective).abs() < 1e-11, "{a:?}\n{b:?}");
            assert!((a.intercept - b.intercept).abs() < 1e-6);
            for (a, b) in a.coefficients.iter().zip(&b.coefficients) {
                assert!((a - b).abs() < 1e-6, "{a} {b}");
            }
        }
    }
}

#[test]
fn parts_that_are_added_answer_as_the_whole() {
    let (rows, cols) = (60, 7);
    let (x, y, weights) = sample(rows, cols);
    let whole = Problem::new(Design::from_rows(&x, cols).unwrap(), &y).weighted(&weights);
    let mut sums = Moments::new(cols);
    for part in [0..1, 1..9, 9..40, 40..60] {
        let x = &x[part.start * cols..part.end * cols];
        let samples = Problem::new(Design::from_rows(x, cols).unwrap(), &y[part.clone()]);
        // A part of weight zero alone is refused, as any problem of that kind.
        let added = sums.add(&samples.weighted(&weights[part.clone()]));
        assert_eq!(added.is_err(), part.start == 0);
    }
    assert_eq!((sums.rows(), sums.features()), (45, 7));
    let factors = Some(vec![1.0, 0.0, 2.0, 1.0, 1.0, 0.5, 1.0]);
    for settings in [
        tight(),
        Settings { standardize: false, ..tight() },
        Settings { intercept: false, standardize: false, ..tight() },
        Settings { factors, ..tight() },
        tight().positive(cols),
    ] {
        assert_same_path(&sums, &whole, &settings);
    }
}

#[test]
fn large_offsets_cost_no_accuracy() {
    let (mut x, y, _) = sample(40, 4);
    x.iter_mut().for_each(|x| *x += 1e7);
    let problem = Problem::new(Design::from_rows(&x, 4).unwrap(), &y);
    let mut sums = Moments::new(4);
    for (x, y) in x.chunks(4 * 10).zip(y.chunks(10)) {
        sums.add(&Problem::new(Design::from_rows(x, 4).unwrap(), y)).unwrap();
    }
    let lasso = Mix(Fraction::new(1.0).unwrap());
    let list = Lambdas::List(vec![0.1]);
    let ours = sums.path(&lasso, &list, &tight()).unwrap();
    let rows = crate::path::fit(&problem, &Gaussian, &lasso, &list, &tight()).unwrap();
    for (a, b) in ours.fits[0].coefficients.iter().zip(&rows.fits[0].coefficients) {
        assert!((a - b).abs() < 1e-7, "{a} {b}");
    }
}

#[test]
fn sparse_constant_and_missing() {
    let columns = [[1.0, 0.0, 0.0, 2.0], [3.0, 3.0, 3.0, 3.0]];
    let x = Csc::from_columns(4, columns.iter().map(|column| &column[..]));
    let y = [1.0, 0.1, -0.2, 2.2];
    let mut sums = Moments::new(2);
    sums.add(&Problem::new(&x, &y)).unwrap();
    assert_same_path(&sums, &Problem::new(&x, &y), &tight());
    let wrong = Design::from_rows(&[1.0, f64::NAN], 2).unwrap();
    assert!(sums.add(&Problem::new(wrong, &[1.0])).is_err());
    assert!(sums.add(&Problem::new(Design::from_rows(&[1.0], 1).unwrap(), &[1.0])).is_err());
    let lasso = Mix(Fraction::new(1.0).unwrap());
    assert!(Moments::new(2).path(&lasso, &Lambdas::default(), &tight()).is_err());
}

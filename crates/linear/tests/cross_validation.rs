//! Cross-validation against the same thing done by hand, fold by fold.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails, in its helpers too")]

use wellfit_core::number::Fraction;
use wellfit_core::seed::Seed;
use wellfit_linear::cross_validation::{self, Folds, Select, Warning, nested};
use wellfit_linear::datafit::{Gaussian, Logistic};
use wellfit_linear::{Design, Lambdas, Problem, Settings, path, penalty::Mix};

const ROWS: usize = 40;
const COLS: usize = 12;

fn sample() -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let mut draw = Seed::new(1).stream("cross-validation").step(0);
    let x: Vec<f64> = (0..ROWS * COLS).map(|_| draw.standard_normal()).collect();
    let y: Vec<f64> = (0..ROWS)
        .map(|i| 2.0 * x[i * COLS] - x[i * COLS + 1] + 1.5 * draw.standard_normal())
        .collect();
    let weights = (0..ROWS).map(|i| 1.0 + (i % 4) as f64).collect();
    (x, y, weights)
}

fn lasso() -> Mix {
    Mix(Fraction::new(1.0).unwrap())
}

#[test]
fn the_curve_is_what_a_loop_over_folds_finds() {
    let (x, y, weights) = sample();
    let design = Design::from_rows(&x, COLS).unwrap();
    let problem = Problem::new(design, &y).weighted(&weights);
    let (grid, settings) = (Lambdas::Grid { count: 15, ratio: Some(0.01) }, Settings::default());
    let folds = Folds::Random(4);
    let with = (&folds, Seed::new(3));
    let found =
        cross_validation::fit(&problem, &Gaussian, &lasso(), &grid, &settings, with).unwrap();
    let list = Lambdas::List(found.curve.lambdas.clone());
    let dealt = folds.deal(&y, Seed::new(3)).unwrap();
    let mut means = vec![0.0; 15];
    for (fold, errors) in dealt.iter().zip(&found.curve.folds) {
        let pick = |of: &[f64]| fold.train.iter().map(|&i| of[i]).collect::<Vec<f64>>();
        let x_train: Vec<f64> =
            fold.train.iter().flat_map(|&i| x[i * COLS..(i + 1) * COLS].to_vec()).collect();
        let (y_train, w_train) = (pick(&y), pick(&weights));
        let train = Problem::new(Design::from_rows(&x_train, COLS).unwrap(), &y_train);
        let fits = path::fit(&train.weighted(&w_train), &Gaussian, &lasso(), &list, &settings);
        for (at, fit) in fits.unwrap().fits.iter().enumerate() {
            let eta = design.times(&fit.coefficients, fit.intercept).unwrap();
            let square = |&i: &usize| weights[i] * (y[i] - eta[i]).powi(2);
            let total: f64 = fold.test.iter().map(|&i| weights[i]).sum();
            let sum = fold.test.iter().map(square).sum::<f64>();
            assert!((errors[at] - sum / total).abs() < 1e-10);
            means[at] += sum / weights.iter().sum::<f64>();
        }
    }
    for (mean, expected) in found.curve.mean.iter().zip(&means) {
        assert!((mean - expected).abs() < 1e-10);
    }
    assert!(found.curve.lambdas[found.curve.one_se] >= found.curve.lambdas[found.curve.min]);
    assert!(found.select(Select::OneSe).nonzero() <= found.select(Select::Min).nonzero());
    let again =
        cross_validation::fit(&problem, &Gaussian, &lasso(), &grid, &settings, with).unwrap();
    assert_eq!(found, again);
}

#[test]
fn a_grid_that_ends_too_early_is_told() {
    let (x, y, _) = sample();
    let problem = Problem::new(Design::from_rows(&x, COLS).unwrap(), &y);
    let (grid, settings) = (Lambdas::Grid { count: 5, ratio: Some(0.9) }, Settings::default());
    let with = (&Folds::Random(5), Seed::new(3));
    let found = cross_validation::fit(&problem, &Gaussian, &lasso(), &grid, &settings, with);
    let warnings = found.unwrap().curve.warnings;
    assert!(matches!(warnings[0], Warning::Edge { largest: false, .. }), "{warnings:?}");
}

#[test]
fn a_fold_without_a_class_is_refused_and_stratified_ones_have_both() {
    let (x, _, _) = sample();
    let y: Vec<f64> = (0..ROWS).map(|i| f64::from(u8::from(i < 5))).collect();
    let problem = Problem::new(Design::from_rows(&x, COLS).unwrap(), &y);
    let (grid, settings) = (Lambdas::List(vec![0.1]), Settings::default());
    let fit = |folds: &Folds| {
        let with = (folds, Seed::new(3));
        cross_validation::fit(&problem, &Logistic, &lasso(), &grid, &settings, with)
    };
    assert!(fit(&Folds::Stratified(5)).is_ok());
    // The first part of time has class 1 alone.
    let error = fit(&Folds::TimeOrdered(10)).unwrap_err().to_string();
    assert!(error.contains("expected two classes, found class 1 alone"), "{error}");
}

#[test]
fn nested_scores_are_on_rows_that_nothing_saw() {
    let (x, y, _) = sample();
    let problem = Problem::new(Design::from_rows(&x, COLS).unwrap(), &y);
    let (grid, settings) = (Lambdas::Grid { count: 12, ratio: Some(0.01) }, Settings::default());
    let with = (&Folds::Random(4), Seed::new(7));
    let score = |y: &[f64]| {
        let problem = Problem { target: y, ..problem };
        nested(&problem, &Gaussian, &lasso(), (&grid, Select::OneSe), &settings, with).unwrap()
    };
    let plain = score(&y);
    assert_eq!((plain.scores.len(), plain.lambdas.len()), (4, 4));
    let mean = plain.scores.iter().sum::<f64>() / 4.0;
    assert!((plain.mean - mean).abs() < 1e-12 && plain.se > 0.0);
    // Targets of the first outer test rows change its score, and not what was chosen for it.
    let first = &Folds::Random(4).deal(&y, Seed::new(7)).unwrap()[0];
    let mut other = y.clone();
    first.test.iter().for_each(|&row| other[row] += 10.0);
    let moved = score(&other);
    assert_eq!(moved.lambdas[0], plain.lambdas[0]);
    assert!(moved.scores[0] > plain.scores[0] + 20.0);
}

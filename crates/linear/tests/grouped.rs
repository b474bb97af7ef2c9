//! Groups: optimality from the definitions, and the cases in which they are something else.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails, in its helpers too")]

use wellfit_core::number::{Fraction, Positive};
use wellfit_core::seed::Seed;
use wellfit_linear::datafit::{Gaussian, Logistic, Poisson};
use wellfit_linear::grouped::{
    self, GroupedFit, GroupedPath, GroupedProblem, Groups, Multinomial, Outputs, Single,
};
use wellfit_linear::{Design, Lambdas, Problem, Settings, path, penalty::Mix};

const ROWS: usize = 50;
const COLS: usize = 9;

fn sample(seed: u64) -> (Vec<f64>, Vec<f64>) {
    let mut draw = Seed::new(seed).stream("grouped").step(0);
    let mut x: Vec<f64> = (0..ROWS * COLS).map(|_| draw.standard_normal()).collect();
    // Neighbours correlate.
    (1..x.len()).for_each(|at| x[at] += 0.6 * x[at - 1]);
    let y = (0..ROWS).map(|i| x[i * COLS] - x[i * COLS + 4] + 0.6 * draw.standard_normal());
    (x.clone(), y.collect())
}

fn share(value: f64) -> Fraction {
    Fraction::new(value).unwrap()
}

fn settings(standardize: bool) -> Settings {
    Settings { standardize, tolerance: Positive::new(1e-13).unwrap(), ..Settings::default() }
}

fn groups() -> Vec<Vec<usize>> {
    vec![vec![0, 1, 2], vec![3], vec![4, 5], vec![6, 7, 8]]
}

fn solve<O: Outputs>(
    x: &[f64],
    targets: &[f64],
    outputs: &O,
    groups: &Groups,
    lambdas: &Lambdas,
    settings: &Settings,
) -> GroupedPath {
    let design = Design::from_rows(x, COLS).unwrap();
    let problem = GroupedProblem { design, targets, weights: None };
    grouped::fit(&problem, outputs, groups, lambdas, settings).unwrap()
}

/// The largest violation of: u'x_g in λ (1 - a) √m w_g/||w_g|| + λ a sign(w), for a = `l1`.
fn violation(x: &[f64], u: &[f64], fit: &GroupedFit, l1: f64) -> f64 {
    let w = &fit.coefficients[0];
    let slope = |j: usize| (0..ROWS).map(|i| u[i] * x[i * COLS + j]).sum::<f64>() / ROWS as f64;
    let mut worst = (u.iter().sum::<f64>() / ROWS as f64).abs();
    for group in groups() {
        let (a, b) = (fit.lambda * (1.0 - l1) * (group.len() as f64).sqrt(), fit.lambda * l1);
        let norm = group.iter().map(|&j| w[j] * w[j]).sum::<f64>().sqrt();
        let beyond = |j: usize| (slope(j).abs() - b).max(0.0);
        if norm == 0.0 {
            let size = group.iter().map(|&j| beyond(j).powi(2)).sum::<f64>().sqrt();
            worst = worst.max(size - a);
            continue;
        }
        for j in group {
            let off = match w[j] == 0.0 {
                true => beyond(j),
                false => (slope(j) - a * w[j] / norm - b * w[j].signum()).abs(),
            };
            worst = worst.max(off);
        }
    }
    worst
}

#[test]
fn every_fit_meets_the_optimality_conditions() {
    let (x, y) = sample(1);
    let classes: Vec<f64> = y.iter().map(|y| f64::from(u8::from(*y > 0.0))).collect();
    let counts: Vec<f64> = y.iter().map(|y| (1.0 + y).max(0.0).round()).collect();
    let grid = Lambdas::Grid { count: 6, ratio: Some(0.02) };
    let etas = |fit: &GroupedFit| {
        Design::from_rows(&x, COLS).unwrap().times(&fit.coefficients[0], fit.intercepts[0]).unwrap()
    };
    for l1 in [0.0, 0.3, 1.0] {
        let groups = Groups::of_features(&groups(), share(l1));
        let check = |path: GroupedPath, y: &[f64], mean: fn(f64) -> f64| {
            assert!(path.fits[0].coefficients[0].iter().all(|w| *w == 0.0));
            let mut used = 0;
            for fit in &path.fits {
                assert!(fit.converged && fit.gap < 1e-12, "{fit:?}");
                let u: Vec<f64> = y.iter().zip(etas(fit)).map(|(y, eta)| y - mean(eta)).collect();
                let worst = violation(&x, &u, fit, l1);
                assert!(worst < 1e-6, "{worst} {fit:?}");
                used = used.max(fit.coefficients[0].iter().filter(|w| **w != 0.0).count());
            }
            assert!(used >= 5);
        };
        let settings = settings(false);
        let path = solve(&x, &y, &Single(Gaussian), &groups, &grid, &settings);
        check(path, &y, |eta| eta);
        let path = solve(&x, &classes, &Single(Logistic), &groups, &grid, &settings);
        check(path, &classes, |eta| 1.0 / (1.0 + (-eta).exp()));
        let path = solve(&x, &counts, &Single(Poisson), &groups, &grid, &settings);
        check(path, &counts, f64::exp);
    }
}

#[test]
fn lambda_max_is_where_the_first_group_enters() {
    let (x, y) = sample(2);
    for l1 in [0.0, 0.4, 1.0] {
        let groups = Groups::of_features(&groups(), share(l1));
        let grid = Lambdas::Grid { count: 1, ratio: None };
        let path = solve(&x, &y, &Single(Gaussian), &groups, &grid, &settings(true));
        assert!(path.fits[0].coefficients[0].iter().all(|w| *w == 0.0));
        let list = Lambdas::List(vec![path.lambda_max * (1.0 - 1e-4)]);
        let below = solve(&x, &y, &Single(Gaussian), &groups, &list, &settings(true));
        assert!(below.fits[0].coefficients[0].iter().any(|w| *w != 0.0), "{l1}");
    }
}

#[test]
fn groups_of_one_are_the_elastic_net() {
    let (x, y) = sample(3);
    let (list, settings) = (Lambdas::List(vec![0.5, 0.05]), settings(true));
    let factors = Some(vec![1.0, 0.0, 2.0, 1.0, 0.5, 1.0, 1.0, 1.0, 1.0]);
    for settings in [settings.clone(), Settings { factors, ..settings }] {
        for ratio in [1.0, 0.5, 0.0] {
            let groups = Groups::single(COLS, 1, share(ratio));
            let grouped = solve(&x, &y, &Single(Gaussian), &groups, &list, &settings);
            let problem = Problem::new(Design::from_rows(&x, COLS).unwrap(), &y);
            let plain =
                path::fit(&problem, &Gaussian, &Mix(share(ratio)), &list, &settings).unwrap();
            for (a, b) in grouped.fits.iter().zip(&plain.fits) {
                for (a, b) in a.coefficients[0].iter().zip(&b.coefficients) {
                    assert!((a - b).abs() < 1e-6, "{a} {b}");
                }
            }
        }
    }
}

#[test]
fn two_classes_are_logistic_regression_with_half_the_ridge() {
    // w of one class is minus that of the other, so λ/2 (w² + w²) stands for a difference of 2 w.
    let (x, y) = sample(4);
    let classes: Vec<f64> = y.iter().map(|y| f64::from(u8::from(*y > 0.0))).collect();
    let targets = Multinomial(2).targets(&classes).unwrap();
    let groups = Groups::single(COLS, 2, share(0.0));
    let list = |lambda| Lambdas::List(vec![lambda]);
    let two = solve(&x, &targets, &Multinomial(2), &groups, &list(0.2), &settings(true));
    let problem = Problem::new(Design::from_rows(&x, COLS).unwrap(), &classes);
    let one =
        path::fit(&problem, &Logistic, &Mix(share(0.0)), &list(0.1), &settings(true)).unwrap();
    let fit = &two.fits[0];
    for j in 0..COLS {
        let difference = fit.coefficients[1][j] - fit.coefficients[0][j];
        assert!((difference - one.fits[0].coefficients[j]).abs() < 1e-6);
    }
    assert!((fit.intercepts[1] - fit.intercepts[0] - one.fits[0].intercept).abs() < 1e-6);
    assert!((fit.intercepts[0] + fit.intercepts[1]).abs() < 1e-12);
}

#[test]
fn what_is_not_a_partition_is_refused() {
    let (x, y) = sample(5);
    let design = Design::from_rows(&x, COLS).unwrap();
    let problem = GroupedProblem { design, targets: &y, weights: None };
    let fit = |groups: &[Vec<usize>], settings: &Settings| {
        let groups = Groups::of_features(groups, Fraction::ZERO);
        grouped::fit(&problem, &Single(Gaussian), &groups, &Lambdas::default(), settings)
    };
    assert!(fit(&[vec![0, 1]], &Settings::default()).is_err());
    assert!(fit(&groups(), &Settings::default().positive(COLS)).is_err());
    assert!(fit(&groups(), &Settings::default()).is_ok());
}

//! What must not change when the same problem is written down differently.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails, in its helpers too")]

use wellfit_core::number::{Fraction, Positive};
use wellfit_core::seed::Seed;
use wellfit_linear::datafit::{Datafit, Gaussian, Logistic, Poisson};
use wellfit_linear::{Csc, Design, Fit, Lambdas, Problem, Settings, path, penalty::Mix};

struct Sample {
    rows: usize,
    cols: usize,
    x: Vec<f64>,
    y: Vec<f64>,
}

impl Sample {
    fn new(rows: usize, cols: usize, seed: u64) -> Self {
        let mut draw = Seed::new(seed).stream("properties").step(0);
        let x: Vec<f64> = (0..rows * cols).map(|_| draw.standard_normal() + 0.3).collect();
        let signal = |i: usize| x[i * cols] - 0.5 * x[i * cols + 1];
        let y = (0..rows).map(|i| signal(i) + 0.7 * draw.standard_normal()).collect();
        Self { rows, cols, x, y }
    }

    /// Rows by `order`, columns by `columns`.
    fn permuted(&self, order: &[usize], columns: &[usize]) -> Self {
        let row = |&i: &usize| columns.iter().map(move |&j| self.x[i * self.cols + j]);
        Self {
            rows: order.len(),
            cols: columns.len(),
            x: order.iter().flat_map(row).collect(),
            y: order.iter().map(|&i| self.y[i]).collect(),
        }
    }

    fn with_targets(&self, of: impl Fn(f64) -> f64) -> Self {
        let y = self.y.iter().map(|y| of(*y)).collect();
        Self { rows: self.rows, cols: self.cols, x: self.x.clone(), y }
    }
}

fn tight() -> Settings {
    Settings { tolerance: Positive::new(1e-14).unwrap(), ..Settings::default() }
}

fn solve<D: Datafit>(
    sample: &Sample,
    datafit: &D,
    ratio: f64,
    weights: Option<&[f64]>,
    lambdas: &[f64],
) -> Vec<Fit> {
    let design = Design::from_rows(&sample.x, sample.cols).unwrap();
    let problem = Problem { weights, ..Problem::new(design, &sample.y) };
    let (mix, list) = (Mix(Fraction::new(ratio).unwrap()), Lambdas::List(lambdas.to_vec()));
    path::fit(&problem, datafit, &mix, &list, &tight()).unwrap().fits
}

const LAMBDAS: [f64; 4] = [0.3, 0.1, 0.03, 0.005];
const RATIOS: [f64; 3] = [1.0, 0.5, 0.0];

/// Each loss on targets that suit it.
fn everywhere(check: impl Fn(&Sample, &dyn Fn(&Sample, f64, Option<&[f64]>) -> Vec<Fit>)) {
    for (seed, (rows, cols)) in [(30, 6), (15, 25), (80, 4)].into_iter().enumerate() {
        let sample = Sample::new(rows, cols, seed as u64);
        check(&sample, &|s, ratio, w| solve(s, &Gaussian, ratio, w, &LAMBDAS));
        let classes = sample.with_targets(|y| f64::from(u8::from(y > 0.0)));
        check(&classes, &|s, ratio, w| solve(s, &Logistic, ratio, w, &LAMBDAS));
        let counts = sample.with_targets(|y| (1.5 + y).max(0.0).round());
        check(&counts, &|s, ratio, w| solve(s, &Poisson, ratio, w, &LAMBDAS));
    }
}

fn assert_same(a: &[Fit], b: &[Fit], by: f64) {
    for (a, b) in a.iter().zip(b) {
        assert!(a.converged && b.converged, "{a:?}\n{b:?}");
        assert!((a.intercept - b.intercept).abs() < by, "{} {}", a.intercept, b.intercept);
        for (a, b) in a.coefficients.iter().zip(&b.coefficients) {
            assert!((a - b).abs() < by, "{a} {b}");
        }
    }
}

#[test]
fn the_order_of_samples_and_features_does_not_matter() {
    everywhere(|sample, solve| {
        let mut draw = Seed::new(9).stream("order").step(0);
        let (order, columns) = (draw.permutation(sample.rows), draw.permutation(sample.cols));
        let other = sample.permuted(&order, &columns);
        for ratio in RATIOS {
            let mut back = solve(&other, ratio, None);
            for fit in &mut back {
                let found = fit.coefficients.clone();
                columns.iter().zip(found).for_each(|(&j, w)| fit.coefficients[j] = w);
            }
            assert_same(&solve(sample, ratio, None), &back, 1e-6);
        }
    });
}

#[test]
fn a_sample_of_weight_two_is_two_samples_and_of_weight_zero_none() {
    everywhere(|sample, solve| {
        let weights: Vec<f64> = (0..sample.rows).map(|i| (i % 3) as f64).collect();
        let twice: Vec<usize> =
            (0..sample.rows).flat_map(|i| std::iter::repeat_n(i, i % 3)).collect();
        let columns: Vec<usize> = (0..sample.cols).collect();
        let repeated = sample.permuted(&twice, &columns);
        for ratio in RATIOS {
            let weighted = solve(sample, ratio, Some(&weights));
            assert_same(&weighted, &solve(&repeated, ratio, None), 1e-6);
            let doubled: Vec<f64> = weights.iter().map(|w| 8.0 * w).collect();
            assert_same(&weighted, &solve(sample, ratio, Some(&doubled)), 1e-6);
        }
    });
}

fn assert_sparse_is_dense<D: Datafit>(sample: &Sample, datafit: &D) {
    let column = |j: usize| (0..sample.rows).map(|i| sample.x[i * sample.cols + j]).collect();
    let columns: Vec<Vec<f64>> = (0..sample.cols).map(column).collect();
    let matrix = Csc::from_columns(sample.rows, columns.iter().map(Vec::as_slice));
    let (list, problem) = (Lambdas::List(LAMBDAS.to_vec()), Problem::new(&matrix, &sample.y));
    for ratio in RATIOS {
        let mix = Mix(Fraction::new(ratio).unwrap());
        let sparse = path::fit(&problem, datafit, &mix, &list, &tight()).unwrap();
        assert_same(&sparse.fits, &solve(sample, datafit, ratio, None, &LAMBDAS), 1e-6);
    }
}

#[test]
fn sparse_and_dense_are_the_same_problem() {
    for (seed, (rows, cols)) in [(30, 6), (15, 25), (80, 4)].into_iter().enumerate() {
        let mut sample = Sample::new(rows, cols, 30 + seed as u64);
        sample.x.iter_mut().for_each(|x| *x = if x.abs() < 0.6 { 0.0 } else { *x });
        assert_sparse_is_dense(&sample, &Gaussian);
        let classes = sample.with_targets(|y| f64::from(u8::from(y > 0.0)));
        assert_sparse_is_dense(&classes, &Logistic);
        assert_sparse_is_dense(&sample.with_targets(|y| (1.5 + y).max(0.0).round()), &Poisson);
    }
}

#[test]
fn units_of_features_and_target_only_change_units() {
    for (rows, cols) in [(30, 6), (15, 25)] {
        let sample = Sample::new(rows, cols, 40);
        let scale = |j: usize| [3.0, 1e-3, 1e4][j % 3];
        let mut other = sample.with_targets(|y| 7.0 * y - 100.0);
        other.x.iter_mut().enumerate().for_each(|(at, x)| *x = scale(at % cols) * *x + 20.0);
        let plain = solve(&sample, &Gaussian, 1.0, None, &LAMBDAS);
        let lambdas = LAMBDAS.map(|lambda| 7.0 * lambda);
        let scaled = solve(&other, &Gaussian, 1.0, None, &lambdas);
        for (plain, scaled) in plain.iter().zip(&scaled) {
            for j in 0..cols {
                let back = scaled.coefficients[j] * scale(j) / 7.0;
                assert!((plain.coefficients[j] - back).abs() < 1e-6, "{j}");
            }
        }
    }
}

#[test]
fn where_a_path_starts_does_not_matter() {
    let sample = Sample::new(15, 25, 41);
    let along = solve(&sample, &Gaussian, 0.7, None, &LAMBDAS);
    let upwards: Vec<f64> = LAMBDAS.iter().rev().copied().collect();
    let mut back = solve(&sample, &Gaussian, 0.7, None, &upwards);
    back.reverse();
    assert_same(&along, &back, 1e-6);
    for (fit, lambda) in along.iter().zip(LAMBDAS) {
        assert_same(
            std::slice::from_ref(fit),
            &solve(&sample, &Gaussian, 0.7, None, &[lambda]),
            1e-6,
        );
    }
}

#[test]
fn the_same_problem_gives_the_same_bits() {
    everywhere(|sample, solve| {
        assert_eq!(solve(sample, 0.5, None), solve(sample, 0.5, None));
    });
}

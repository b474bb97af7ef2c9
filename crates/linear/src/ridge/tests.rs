//! Laws of ridge regression.

use super::*;
use crate::Design;
use wellfit_core::seed::Seed;

/// Features and a target that depends on the first two.
fn sample(rows: usize, cols: usize, seed: u64) -> (Vec<f64>, Vec<f64>) {
    let mut draw = Seed::new(seed).stream("ridge").step(0);
    let x: Vec<f64> = (0..rows * cols).map(|_| draw.standard_normal() + 0.5).collect();
    let noise: Vec<f64> = (0..rows).map(|_| draw.standard_normal()).collect();
    let y = (0..rows).map(|i| 2.0 * x[i * cols] - x[i * cols + 1] + noise[i] + 3.0).collect();
    (x, y)
}

fn problem<'a>(x: &'a [f64], y: &'a [f64]) -> Problem<'a> {
    Problem::new(Design::from_rows(x, x.len() / y.len()).unwrap(), y)
}

fn list(lambdas: &[f64]) -> Lambdas {
    Lambdas::List(lambdas.to_vec())
}

fn assert_near(a: &[f64], b: &[f64], by: f64) {
    assert_eq!(a.len(), b.len());
    assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() <= by), "{a:?}\n{b:?}");
}

/// The gradient of the objective must vanish, whatever the method.
#[test]
fn every_method_is_at_the_optimum() {
    for (rows, cols) in [(20, 4), (6, 15)] {
        let (x, y) = sample(rows, cols, 1);
        let weights: Vec<f64> = (0..rows).map(|i| 0.5 + (i % 3) as f64).collect();
        let factor = |j: usize| if j < 2 { 0.0 } else { [1.0, 0.3, 2.5][j % 3] };
        let factors: Vec<f64> = (0..cols).map(factor).collect();
        let settings =
            Settings { factors: Some(factors.clone()), standardize: false, ..Settings::default() };
        let problem = problem(&x, &y).weighted(&weights);
        let total: f64 = weights.iter().sum();
        for method in [Method::Primal, Method::Dual, Method::Svd] {
            let decomposition = Decomposition::with(&problem, &settings, Some(method)).unwrap();
            for fit in decomposition.path(&y, &list(&[1.0, 0.01])).unwrap().fits {
                let eta = problem.design.times(&fit.coefficients, fit.intercept).unwrap();
                let u: Vec<f64> = (0..rows).map(|i| weights[i] / total * (y[i] - eta[i])).collect();
                assert!(u.iter().sum::<f64>().abs() < 1e-13);
                for j in 0..cols {
                    let slope: f64 = (0..rows).map(|i| u[i] * x[i * cols + j]).sum();
                    let pull = fit.lambda * factors[j] * fit.coefficients[j];
                    assert!((slope - pull).abs() < 1e-12, "{method:?} {j}: {slope} {pull}");
                }
                assert!((fit.lambda_ridge - total * fit.lambda).abs() < 1e-12);
            }
        }
    }
}

/// Removing each sample and fitting again with the same nλ: what the shortcut stands for.
#[test]
fn leave_one_out_is_n_fits() {
    for (rows, cols, intercept) in [(12, 3, true), (12, 3, false), (7, 20, true)] {
        let (x, y) = sample(rows, cols, 2);
        let settings = Settings { standardize: false, intercept, ..Settings::default() };
        for lambda in [0.003, 0.4] {
            let all = fit(&problem(&x, &y), &list(&[lambda]), &settings).unwrap();
            let mut sum = 0.0;
            for out in 0..rows {
                let keep = |i: &usize| *i != out;
                let kept: Vec<usize> = (0..rows).filter(keep).collect();
                let x_kept: Vec<f64> =
                    kept.iter().flat_map(|&i| x[i * cols..(i + 1) * cols].to_vec()).collect();
                let y_kept: Vec<f64> = kept.iter().map(|&i| y[i]).collect();
                let same = lambda * rows as f64 / (rows - 1) as f64;
                let path = fit(&problem(&x_kept, &y_kept), &list(&[same]), &settings).unwrap();
                let fit = &path.fits[0];
                let row = &x[out * cols..(out + 1) * cols];
                let eta: f64 = row.iter().zip(&fit.coefficients).map(|(x, w)| x * w).sum();
                sum += (y[out] - eta - fit.intercept).powi(2);
            }
            let found = all.fits[0].leave_one_out;
            assert!((found * rows as f64 / sum - 1.0).abs() < 1e-10, "{found} {sum}");
        }
    }
}

/// Fitting unit vectors gives the hat matrix, column by column.
#[test]
fn df_is_the_trace_of_the_hat_matrix() {
    let (x, y) = sample(9, 4, 3);
    let settings = Settings { factors: Some(vec![1.0, 0.0, 1.0, 2.0]), ..Settings::default() };
    let decomposition = Decomposition::new(&problem(&x, &y), &settings).unwrap();
    let trace: f64 = (0..9)
        .map(|i| {
            let unit: Vec<f64> = (0..9).map(|k| f64::from(u8::from(k == i))).collect();
            let path = decomposition.path(&unit, &list(&[0.2])).unwrap();
            let fit = &path.fits[0];
            problem(&x, &unit).design.times(&fit.coefficients, fit.intercept).unwrap()[i]
        })
        .sum();
    let fit = &decomposition.path(&y, &list(&[0.2])).unwrap().fits[0];
    assert!((fit.df - trace).abs() < 1e-12, "{} {trace}", fit.df);
    let expected = fit.mse / (1.0 - trace / 9.0).powi(2);
    assert!((fit.gcv - expected).abs() < 1e-12);
}

#[test]
fn the_ends_of_the_path_are_least_squares_and_the_mean() {
    let (x, y) = sample(20, 3, 4);
    let settings = Settings::default();
    let path = fit(&problem(&x, &y), &list(&[1e12, 0.0]), &settings).unwrap();
    let mean = y.iter().sum::<f64>() / 20.0;
    assert!((path.fits[0].intercept - mean).abs() < 1e-9);
    assert_near(&path.fits[0].coefficients, &[0.0; 3], 1e-9);
    let plain = least_squares(&problem(&x, &y), &settings).unwrap();
    assert_near(&path.fits[1].coefficients, &plain.coefficients, 1e-12);
    assert_eq!(plain.df.round(), 4.0);
}

#[test]
fn least_squares_of_many_solutions_is_the_shortest() {
    // Two equal columns share the weight; more features than samples fit exactly.
    let x = [1.0, 1.0, 2.0, 2.0, 4.0, 4.0];
    let y = [2.0, 4.0, 8.0];
    let settings = Settings { standardize: false, ..Settings::default() };
    let fit = least_squares(&problem(&x, &y), &settings).unwrap();
    assert_near(&fit.coefficients, &[1.0, 1.0], 1e-14);
    assert!(fit.intercept.abs() < 1e-13 && fit.mse < 1e-28);
    let (x, y) = sample(5, 9, 5);
    let fit = least_squares(&problem(&x, &y), &settings).unwrap();
    let eta = problem(&x, &y).design.times(&fit.coefficients, fit.intercept).unwrap();
    assert_near(&eta, &y, 1e-12);
}

#[test]
fn sparse_features_give_the_same_fit() {
    let (mut x, y) = sample(15, 4, 6);
    x.iter_mut().for_each(|x| *x = if *x < 0.3 { 0.0 } else { *x });
    let columns: Vec<Vec<f64>> = (0..4).map(|j| (0..15).map(|i| x[i * 4 + j]).collect()).collect();
    let sparse = crate::Csc::from_columns(15, columns.iter().map(Vec::as_slice));
    let dense = fit(&problem(&x, &y), &list(&[0.1]), &Settings::default()).unwrap();
    let sparse = fit(&Problem::new(&sparse, &y), &list(&[0.1]), &Settings::default()).unwrap();
    assert_near(&dense.fits[0].coefficients, &sparse.fits[0].coefficients, 1e-13);
    assert!((dense.fits[0].intercept - sparse.fits[0].intercept).abs() < 1e-13);
    assert!((dense.fits[0].leave_one_out - sparse.fits[0].leave_one_out).abs() < 1e-12);
}

#[test]
fn the_best_is_the_smallest_error_and_of_equal_ones_the_larger_lambda() {
    let (x, y) = sample(20, 3, 7);
    let mut path = fit(&problem(&x, &y), &Lambdas::default(), &Settings::default()).unwrap();
    let best = path.best_leave_one_out().unwrap();
    assert!(path.fits.iter().all(|fit| fit.leave_one_out >= path.fits[best].leave_one_out));
    path.fits.iter_mut().for_each(|fit| fit.gcv = 1.0);
    assert_eq!(path.best_gcv(), Some(0));
}

#[test]
fn bounds_and_wrong_targets_are_refused() {
    let (x, y) = sample(6, 2, 8);
    let bounded = Settings::default().positive(2);
    let error = fit(&problem(&x, &y), &Lambdas::default(), &bounded).unwrap_err();
    assert!(error.to_string().contains("a path with ratio 0"));
    let decomposition = Decomposition::new(&problem(&x, &y), &Settings::default()).unwrap();
    assert!(decomposition.path(&y[..5], &Lambdas::default()).is_err());
    assert!(decomposition.path(&[f64::NAN; 6], &Lambdas::default()).is_err());
}

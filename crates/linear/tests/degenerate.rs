//! Input that has no single obvious answer has a defined one, and no NaN ever leaves.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails, in its helpers too")]

use wellfit_core::number::{Fraction, Positive};
use wellfit_core::seed::Seed;
use wellfit_linear::cross_validation::{self, Folds};
use wellfit_linear::datafit::{Datafit, Gaussian, Logistic, Poisson};
use wellfit_linear::grouped::{self, GroupedProblem, Groups, Multivariate, Single};
use wellfit_linear::{
    Csc, Design, Error, Lambdas, Path, Problem, Settings, path, penalty::Mix, ridge,
};

fn normal(len: usize, seed: u64) -> Vec<f64> {
    let mut draw = Seed::new(seed).stream("degenerate").step(0);
    (0..len).map(|_| draw.standard_normal()).collect()
}

fn mix(ratio: f64) -> Mix {
    Mix(Fraction::new(ratio).unwrap())
}

fn fit<D: Datafit>(problem: &Problem<'_>, datafit: &D, ratio: f64) -> Result<Path, Error> {
    let grid = Lambdas::Grid { count: 20, ratio: Some(1e-3) };
    path::fit(problem, datafit, &mix(ratio), &grid, &Settings::default())
}

fn assert_sound(path: &Path) {
    for fit in &path.fits {
        assert!(fit.coefficients.iter().all(|w| w.is_finite()), "{fit:?}");
        let numbers = [fit.intercept, fit.objective, fit.gap.unwrap(), fit.kkt, fit.lambda];
        assert!(numbers.iter().all(|number| number.is_finite()), "{fit:?}");
        assert!(fit.converged, "{fit:?}");
    }
}

/// y = a feature + noise, beside a column that the test makes.
fn beside(column: impl Fn(usize, f64) -> f64) -> (Vec<f64>, Vec<f64>) {
    let (feature, noise) = (normal(30, 1), normal(30, 2));
    let x = (0..30).flat_map(|i| [feature[i], column(i, feature[i])]).collect();
    (x, (0..30).map(|i| 2.0 * feature[i] + 0.3 * noise[i] + 5.0).collect())
}

#[test]
fn a_constant_column_gets_zero() {
    for value in [0.0, 1.0, -3e8, 0.1] {
        let (x, y) = beside(|_, _| value);
        let problem = Problem::new(Design::from_rows(&x, 2).unwrap(), &y);
        for ratio in [0.0, 0.5, 1.0] {
            let path = fit(&problem, &Gaussian, ratio).unwrap();
            assert_sound(&path);
            assert!(path.fits.iter().all(|fit| fit.coefficients[1] == 0.0), "{value} {ratio}");
            assert!(path.fits[19].coefficients[0] > 1.5 || ratio == 0.0);
        }
        let fit = &ridge::least_squares(&problem, &Settings::default()).unwrap();
        assert_eq!(fit.coefficients[1], 0.0);
        let free = Settings { factors: Some(vec![1.0, 0.0]), ..Settings::default() };
        let path = path::fit(&problem, &Gaussian, &mix(1.0), &Lambdas::default(), &free).unwrap();
        assert!(path.fits.iter().all(|fit| fit.coefficients[1] == 0.0 && fit.converged));
    }
}

#[test]
fn without_an_intercept_a_constant_column_is_one() {
    let (x, y) = beside(|_, _| 1.0);
    let problem = Problem::new(Design::from_rows(&x, 2).unwrap(), &y);
    let settings =
        Settings { intercept: false, factors: Some(vec![1.0, 0.0]), ..Settings::default() };
    let list = Lambdas::List(vec![0.1]);
    let own = path::fit(&problem, &Gaussian, &mix(1.0), &list, &settings).unwrap();
    let usual = path::fit(&problem, &Gaussian, &mix(1.0), &list, &Settings::default()).unwrap();
    assert!((own.fits[0].coefficients[0] - usual.fits[0].coefficients[0]).abs() < 1e-4);
    assert!((own.fits[0].coefficients[1] - usual.fits[0].intercept).abs() < 1e-4);
}

#[test]
fn duplicate_columns_share_or_choose_but_predict_the_same() {
    let (x, y) = beside(|_, feature| feature);
    let problem = Problem::new(Design::from_rows(&x, 2).unwrap(), &y);
    let single: Vec<f64> = x.iter().step_by(2).copied().collect();
    let alone = Problem::new(Design::from_rows(&single, 1).unwrap(), &y);
    for ratio in [1.0, 0.5, 0.0] {
        assert_sound(&fit(&problem, &Gaussian, ratio).unwrap());
    }
    let (both, one) =
        (fit(&problem, &Gaussian, 1.0).unwrap(), fit(&alone, &Gaussian, 1.0).unwrap());
    for (both, one) in both.fits.iter().zip(&one.fits) {
        let sum = both.coefficients[0] + both.coefficients[1];
        assert!((sum - one.coefficients[0]).abs() < 1e-3, "{sum} {one:?}");
    }
    // With an L2 part the weights are equal; unpenalized, the shortest solution is taken.
    let tight = Settings { tolerance: Positive::new(1e-14).unwrap(), ..Settings::default() };
    let grid = Lambdas::Grid { count: 20, ratio: Some(1e-3) };
    let net = path::fit(&problem, &Gaussian, &mix(0.5), &grid, &tight).unwrap();
    assert!(net.fits.iter().all(|fit| (fit.coefficients[0] - fit.coefficients[1]).abs() < 1e-3));
    let plain = ridge::least_squares(&problem, &Settings::default()).unwrap();
    assert!((plain.coefficients[0] - plain.coefficients[1]).abs() < 1e-12);
}

#[test]
fn one_sample_is_its_own_mean() {
    let x = Design::from_rows(&[1.0, 2.0, 3.0], 3).unwrap();
    let path = fit(&Problem::new(x, &[4.0]), &Gaussian, 0.5).unwrap();
    assert_sound(&path);
    for fit in &path.fits {
        assert_eq!((fit.intercept, fit.nonzero()), (4.0, 0));
    }
    let fit = ridge::least_squares(&Problem::new(x, &[4.0]), &Settings::default()).unwrap();
    assert_eq!((fit.intercept, &fit.coefficients[..]), (4.0, &[0.0; 3][..]));
    assert!(Folds::Random(2).deal(&[4.0], Seed::new(1)).is_err());
}

#[test]
fn a_target_without_variance_gives_zeros() {
    let x = normal(60, 3);
    let (problem, y) = (Design::from_rows(&x, 3).unwrap(), vec![0.1; 20]);
    for ratio in [0.0, 0.5, 1.0] {
        let path = fit(&Problem::new(problem, &y), &Gaussian, ratio).unwrap();
        assert_sound(&path);
        for fit in &path.fits {
            assert!(
                (fit.intercept - 0.1).abs() < 1e-15
                    && fit.coefficients.iter().all(|w| w.abs() < 1e-15)
            );
        }
    }
    let zeros = vec![0.0; 20];
    let path = fit(&Problem::new(problem, &zeros), &Gaussian, 1.0).unwrap();
    assert!(path.fits.iter().all(|fit| fit.nonzero() == 0 && fit.intercept == 0.0));
}

#[test]
fn one_class_alone_and_counts_of_zero_are_refused() {
    let x = normal(20, 4);
    let problem = |y| Problem::new(Design::from_rows(&x, 2).unwrap(), y);
    let error = fit(&problem(&[1.0; 10]), &Logistic, 1.0).unwrap_err().to_string();
    assert!(error.contains("expected two classes"));
    let error = fit(&problem(&[0.0; 10]), &Poisson, 1.0).unwrap_err().to_string();
    assert!(error.contains("expected a count above 0"));
}

#[test]
fn classes_that_a_plane_separates_have_a_finite_path() {
    let x: Vec<f64> = (0..20).map(|i| f64::from(i) - 9.5).collect();
    let y: Vec<f64> = x.iter().map(|x| f64::from(u8::from(*x > 0.0))).collect();
    let problem = Problem::new(Design::from_rows(&x, 1).unwrap(), &y);
    for ratio in [0.0, 0.5, 1.0] {
        assert_sound(&fit(&problem, &Logistic, ratio).unwrap());
    }
    // Without a penalty there is no optimum: the fit ends finite, and says that it did not arrive
    // or is as good as the tolerance asks.
    let list = Lambdas::List(vec![0.0]);
    let path = path::fit(&problem, &Logistic, &mix(1.0), &list, &Settings::default()).unwrap();
    assert!(path.fits[0].coefficients[0].is_finite() && path.fits[0].objective < 1e-3);
}

#[test]
fn more_features_than_samples_and_rank_deficiency() {
    let x = normal(8 * 30, 5);
    let y = normal(8, 6);
    let wide = Design::from_rows(&x, 30).unwrap();
    for ratio in [0.0, 0.5, 1.0] {
        assert_sound(&fit(&Problem::new(wide, &y), &Gaussian, ratio).unwrap());
    }
    // Rank 2 of 6 columns.
    let basis = normal(40, 7);
    let low: Vec<f64> = (0..20)
        .flat_map(|i| {
            let (a, b) = (basis[i], basis[20 + i]);
            [a, b, a + b, a - b, 2.0 * a, 3.0 * b - a]
        })
        .collect();
    let y: Vec<f64> = (0..20).map(|i| basis[i] + 0.1 * basis[39 - i]).collect();
    let low = Problem::new(Design::from_rows(&low, 6).unwrap(), &y);
    for ratio in [0.0, 0.5, 1.0] {
        assert_sound(&fit(&low, &Gaussian, ratio).unwrap());
    }
    let fit = ridge::least_squares(&low, &Settings::default()).unwrap();
    assert_eq!(fit.df.round(), 3.0);
}

#[test]
fn huge_and_tiny_scales_are_the_same_fit() {
    let (x, y) = beside(|i, _| (i % 7) as f64);
    let settings = Settings { tolerance: Positive::new(1e-13).unwrap(), ..Settings::default() };
    let grid = Lambdas::Grid { count: 8, ratio: Some(1e-2) };
    let of = |feature: f64, target: f64| {
        let x: Vec<f64> = x.iter().map(|x| x * feature).collect();
        let y: Vec<f64> = y.iter().map(|y| y * target).collect();
        let problem = Problem::new(Design::from_rows(&x, 2).unwrap(), &y);
        let path = path::fit(&problem, &Gaussian, &mix(1.0), &grid, &settings).unwrap();
        assert_sound(&path);
        let back = |fit: &wellfit_linear::Fit| fit.coefficients[0] * feature / target;
        path.fits.iter().map(back).collect::<Vec<f64>>()
    };
    let plain = of(1.0, 1.0);
    for (feature, target) in
        [(1e100, 1.0), (1e-100, 1.0), (1.0, 1e100), (1.0, 1e-100), (1e60, 1e-60)]
    {
        for (a, b) in of(feature, target).iter().zip(&plain) {
            assert!((a - b).abs() < 1e-9, "{feature} {target}: {a} {b}");
        }
    }
    let y: Vec<f64> = y.iter().map(|y| y * 1e160).collect();
    let problem = Problem::new(Design::from_rows(&x, 2).unwrap(), &y);
    assert!(fit(&problem, &Gaussian, 1.0).unwrap_err().to_string().contains("below 1e150"));
}

#[test]
fn missing_values_are_refused_with_their_count() {
    let (mut x, y) = beside(|_, _| 1.0);
    (x[3], x[7]) = (f64::NAN, f64::NAN);
    let problem = Problem::new(Design::from_rows(&x, 2).unwrap(), &y);
    let told = "features: expected finite numbers, found 2 other values, the first in row 1, column 1: NaN";
    assert_eq!(fit(&problem, &Gaussian, 1.0).unwrap_err().to_string(), told);
    assert_eq!(
        ridge::fit(&problem, &Lambdas::default(), &Settings::default()).unwrap_err().to_string(),
        told
    );
}

#[test]
fn a_sparse_matrix_may_have_empty_rows_and_columns() {
    let columns = [[0.0; 6], [1.0, 0.0, 0.0, 2.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0, 3.0]];
    let x = Csc::from_columns(6, columns.iter().map(|column| &column[..]));
    let y = [1.0, 0.0, 0.2, 2.1, 0.1, -1.0];
    for ratio in [0.0, 0.5, 1.0] {
        let path = fit(&Problem::new(&x, &y), &Gaussian, ratio).unwrap();
        assert_sound(&path);
        assert!(path.fits.iter().all(|fit| fit.coefficients[0] == 0.0));
    }
    let none = Csc::from_columns(6, [&[0.0; 6][..]]);
    assert!(fit(&Problem::new(&none, &y), &Gaussian, 1.0).unwrap().fits[0].nonzero() == 0);
}

#[test]
fn lambda_max_gives_zeros_to_the_last_bit_and_a_little_less_does_not() {
    for (seed, ratio) in [(11, 1.0), (12, 0.3), (13, 0.7), (14, 0.99)] {
        let (x, y) = (normal(200, seed), normal(20, seed + 50));
        let problem = Problem::new(Design::from_rows(&x, 10).unwrap(), &y);
        let top = fit(&problem, &Gaussian, ratio).unwrap();
        assert_eq!(top.fits[0].nonzero(), 0);
        let list = Lambdas::List(vec![top.lambda_max * (1.0 - 1e-9)]);
        let settings = Settings { tolerance: Positive::new(1e-15).unwrap(), ..Settings::default() };
        let below = path::fit(&problem, &Gaussian, &mix(ratio), &list, &settings).unwrap();
        assert_eq!(below.fits[0].nonzero(), 1, "{ratio}");
    }
}

#[test]
fn not_arriving_is_told() {
    let (x, y) = (normal(400, 15), normal(20, 16));
    let y: Vec<f64> = y.iter().map(|y| f64::from(u8::from(*y > 0.0))).collect();
    let problem = Problem::new(Design::from_rows(&x, 20).unwrap(), &y);
    let settings = Settings { max_passes: 1, ..Settings::default() };
    let grid = Lambdas::List(vec![0.01]);
    let path = path::fit(&problem, &Logistic, &mix(1.0), &grid, &settings).unwrap();
    assert_eq!(path.unconverged(), [0]);
    let folds = (&Folds::Stratified(2), Seed::new(1));
    let found = cross_validation::fit(&problem, &Logistic, &mix(1.0), &grid, &settings, folds);
    assert!(found.unwrap().curve.warnings.iter().any(|w| w.to_string().contains("tolerance")));
}

#[test]
fn groups_with_duplicate_and_constant_columns() {
    let (x, y) = beside(|_, feature| feature);
    let x: Vec<f64> = x.chunks(2).flat_map(|pair| [pair[0], pair[1], 1.0]).collect();
    let problem =
        GroupedProblem { design: Design::from_rows(&x, 3).unwrap(), targets: &y, weights: None };
    let groups = Groups::of_features(&[vec![0, 1, 2]], Fraction::ZERO);
    let (grid, settings) = (Lambdas::Grid { count: 10, ratio: Some(1e-3) }, Settings::default());
    let path = grouped::fit(&problem, &Single(Gaussian), &groups, &grid, &settings).unwrap();
    for fit in &path.fits {
        assert!(fit.converged && fit.gap.is_finite() && fit.coefficients[0][2] == 0.0, "{fit:?}");
    }
    let flat = vec![1.0; 60];
    let problem = GroupedProblem { targets: &flat, ..problem };
    let rows = Groups::rows(3, 2, Fraction::new(1.0).unwrap());
    let path = grouped::fit(&problem, &Multivariate(2), &rows, &grid, &settings).unwrap();
    assert!(path.fits.iter().all(|fit| fit.converged && fit.intercepts == [1.0, 1.0]));
}

//! The noise-aware rise: a second implementation, laws, and labelled histories.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails, in its helpers too")]
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

mod labelled;

use serde_json::Value;
use wellfit_core::control::{Rise, rise};

/// Standard normal numbers by Box and Muller over a linear congruential generator.
fn normal(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    let mut uniform = move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    };
    move || (-2.0 * uniform().ln()).sqrt() * (std::f64::consts::TAU * uniform()).cos()
}

fn significant(values: &[f64]) -> bool {
    rise(values).is_some_and(|rise| rise.is_significant())
}

/// Share of 1,000 noisy versions of a curve over [0, 1] whose rise is significant.
fn share(points: usize, noise: f64, curve: impl Fn(f64) -> f64) -> f64 {
    let mut draw = normal(points as u64);
    let at = |i: usize| curve(i as f64 / (points - 1) as f64);
    let mut flagged = || {
        let values: Vec<f64> = (0..points).map(|i| at(i) + noise * draw()).collect();
        significant(&values)
    };
    (0..1000).filter(|_| flagged()).count() as f64 / 1000.0
}

#[test]
fn agrees_with_the_second_implementation() {
    let golden: Value = serde_json::from_str(include_str!("golden/rise.json")).unwrap();
    let cases = golden["cases"].as_array().unwrap();
    assert!(cases.len() > 20);
    for case in cases {
        let values: Vec<f64> = serde_json::from_value(case["values"].clone()).unwrap();
        let found = serde_json::to_value(rise(&values).unwrap()).unwrap();
        for (name, expected) in case.as_object().unwrap().iter().filter(|(k, _)| *k != "values") {
            let (found, expected) = (found[name].as_f64().unwrap(), expected.as_f64().unwrap());
            let off = (found - expected).abs();
            let points = values.len();
            assert!(off <= 1e-9 * expected.abs().max(1e-3), "{points} {name}: {found} {expected}");
        }
    }
}

#[test]
fn a_short_rise_by_hand() {
    // First differences -2, 0, 1, 2 lie 2.5, 0.5, 0.5, 1.5 from their median: 1.4826 · 1 / √2 = 1.05.
    // Second ones are 2, 1, 1: 1.4826 · 1 / √6 = 0.61. Third ones are -1, 0: 1.4826 · 0.5 / √20 =
    // 0.17, the least.
    let found = rise(&[4.0, 2.0, 2.0, 3.0, 5.0]).unwrap();
    assert!((found.sigma - 1.4826 * 0.5 / 20.0_f64.sqrt()).abs() < 1e-12);
    assert_eq!((found.minimum_index, found.minimum, found.end), (1, 2.0, 3.0));
    let bias = found.sigma * (2.0 * 2.0_f64.ln()).sqrt();
    assert!((found.rise - (1.0 - bias)).abs() < 1e-12);
}

#[test]
fn too_few_or_infinite_values_have_no_rise() {
    assert_eq!(rise(&[]), None);
    assert_eq!(rise(&[1.0, 2.0]), None);
    assert_eq!(rise(&[1.0, f64::NAN, 2.0, 3.0]), None);
    assert_eq!(rise(&[1.0, 0.5, f64::INFINITY]), None);
}

#[test]
fn flat_noise_is_flagged_in_at_most_five_of_a_hundred() {
    for points in [3, 4, 5, 6, 8, 10, 11, 15, 20, 21, 30, 100] {
        for noise in [0.02, 0.1, 0.3] {
            let flagged = share(points, noise, |_| 1.0);
            assert!(flagged <= 0.05, "{points} points, noise {noise}: {flagged}");
        }
    }
}

#[test]
fn a_falling_curve_is_hardly_ever_flagged() {
    for points in [3, 5, 8, 10, 11, 20, 21, 50, 200] {
        let flagged = share(points, 0.02, |x| 0.3 + (-4.0 * x).exp());
        assert!(flagged <= 0.01, "{points} points: {flagged}");
    }
}

#[test]
fn a_clear_rise_is_found() {
    for points in [6, 8, 10, 11, 20, 21, 50, 200] {
        let flagged = share(points, 0.01, |x| 0.5 + 2.0 * (x - 0.4).powi(2));
        assert!(flagged >= 0.95, "{points} points: {flagged}");
    }
}

#[test]
fn a_curve_without_noise_needs_a_rise_that_matters() {
    let curve = |depth: f64| -> Vec<f64> {
        (0..200).map(|i| 1.0 + depth * (f64::from(i) / 200.0 - 0.5).powi(2)).collect()
    };
    assert!(significant(&curve(1.0)));
    assert!(!significant(&curve(0.05)), "a rise of 1% is real and too small to matter");
    assert!(!significant(&[1.0; 50]));
    let straight: Vec<f64> = (0..50).map(|i| 10.0 - 0.1 * f64::from(i)).collect();
    assert!(!significant(&straight));
}

#[test]
fn one_spike_is_no_trend_wherever_it_stands() {
    for points in [5, 10, 11, 30, 100] {
        for spike in 0..points {
            let falling = |i: usize| 0.3 + (-4.0 * i as f64 / points as f64).exp();
            let values: Vec<f64> =
                (0..points).map(|i| falling(i) * if i == spike { 5.0 } else { 1.0 }).collect();
            assert!(!significant(&values), "spike at {spike} of {points}");
        }
    }
}

#[test]
fn units_do_not_matter() {
    let mut draw = normal(3);
    let at = |i: i32| 0.5 + (f64::from(i) / 80.0 - 0.4).powi(2);
    let values: Vec<f64> = (0..80).map(|i| at(i) + 0.01 * draw()).collect();
    let scaled: Vec<f64> = values.iter().map(|value| value * 1024.0).collect();
    let (a, b) = (rise(&values).unwrap(), rise(&scaled).unwrap());
    let expected = Rise {
        minimum: a.minimum * 1024.0,
        end: a.end * 1024.0,
        rise: a.rise * 1024.0,
        sigma: a.sigma * 1024.0,
        ..a
    };
    assert_eq!(b, expected, "a power of two changes no digit");
}

/// Labelled training histories, from the folder that WELLFIT_DATA names.
mod histories {
    use super::labelled::{History, histories as read};
    use super::*;

    fn mean_of_last(values: &[f64], count: usize) -> f64 {
        values[values.len() - count..].iter().sum::<f64>() / count as f64
    }

    /// Macro F1 of "the rise is significant and validation ends above training".
    fn macro_f1(histories: &[History], every: usize, noise: f64) -> f64 {
        use wellfit_core::metric::{Average, ConfusionMatrix, ZeroDivision};
        let mut draw = normal(1);
        let mut predict = |history: &History| {
            let thin = |values: &[f64]| values.iter().step_by(every).copied().collect::<Vec<_>>();
            let training = thin(&history.train);
            let mut validation = thin(&history.validation);
            validation.iter_mut().for_each(|value| *value *= 1.0 + noise * draw());
            let rise = rise(&validation).unwrap();
            let end = |values: &[f64]| mean_of_last(values, rise.window);
            usize::from(rise.is_significant() && end(&validation) > end(&training))
        };
        let predicted: Vec<usize> = histories.iter().map(&mut predict).collect();
        let actual: Vec<usize> = histories.iter().map(|h| usize::from(h.overfit)).collect();
        let matrix = ConfusionMatrix::new(&actual, &predicted, 2).unwrap();
        matrix.f1(Average::Macro, ZeroDivision::Zero)
    }

    #[test]
    fn labels_are_found_again() {
        let Some(histories) = read() else { return };
        assert_eq!(histories.len(), 419);
        for (every, noise, at_least) in
            [(1, 0.0, 0.97), (1, 0.05, 0.97), (10, 0.0, 0.97), (50, 0.0, 0.97), (100, 0.0, 0.94)]
        {
            let found = macro_f1(&histories, every, noise);
            eprintln!("every {every}, noise {noise}: macro F1 {found:.4}");
            assert!(found >= at_least, "every {every}, noise {noise}: {found}");
        }
    }
}

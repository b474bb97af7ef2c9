//! The verdict on 419 labelled histories, from the folder that WELLFIT_DATA names: as they are,
//! under noise, thinned out, cut at their best, and replayed online.
//!
//! Paper: Li et al. 2024, *Keeping deep learning models in check: a history-based approach to
//! mitigate overfitting*, arXiv 2401.10359.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails, in its helpers too")]
#![allow(clippy::print_stderr, reason = "the measurement is shown, and a skipped test says so")]

#[allow(dead_code, reason = "not each test draws both laws")]
mod chance;

#[path = "../../core/tests/labelled/mod.rs"]
mod labelled;

use chance::normal;
use labelled::{History, histories};
use wellfit_core::metric::{Average, ConfusionMatrix, ZeroDivision};
use wellfit_core::run::{Part, Run};
use wellfit_diagnose::{Decision, Diagnosis, NoiseAware, Verdict, diagnose};

fn diagnosed(train: &[f64], validation: &[f64]) -> Diagnosis {
    let mut run = Run::new("history");
    for (epoch, (&train, &validation)) in train.iter().zip(validation).enumerate() {
        run.push(Part::Train, "loss", epoch as f64, train);
        run.push(Part::Validation, "loss", epoch as f64, validation);
    }
    diagnose(&run)
}

fn is_overfit(train: &[f64], validation: &[f64]) -> bool {
    diagnosed(train, validation).verdict == Verdict::Overfit
}

/// Macro F1 of overfit against all else, with the two kinds of errors.
fn macro_f1(histories: &[History], mut judged: impl FnMut(&History) -> bool) -> f64 {
    let predicted: Vec<usize> = histories.iter().map(|h| usize::from(judged(h))).collect();
    let actual: Vec<usize> = histories.iter().map(|h| usize::from(h.overfit)).collect();
    let wrong = |is: usize| -> Vec<usize> {
        (0..actual.len()).filter(|&i| predicted[i] != is && actual[i] == is).collect()
    };
    let matrix = ConfusionMatrix::new(&actual, &predicted, 2).unwrap();
    let f1 = matrix.f1(Average::Macro, ZeroDivision::Zero);
    eprintln!("    macro F1 {f1:.4}; missed {:?}", wrong(1));
    eprintln!("    false alarms {:?}", wrong(0));
    f1
}

fn noisy(values: &[f64], noise: f64, draw: &mut impl FnMut() -> f64) -> Vec<f64> {
    values.iter().map(|value| value * (noise * draw()).exp()).collect()
}

fn thinned(values: &[f64], every: usize) -> Vec<f64> {
    values.iter().step_by(every).copied().collect()
}

#[test]
fn whole_histories() {
    let Some(histories) = histories() else { return };
    assert_eq!(histories.len(), 419);
    let found = macro_f1(&histories, |h| is_overfit(&h.train, &h.validation));
    assert!(found >= 0.985, "{found}");
}

#[test]
fn noise_on_the_validation_loss() {
    let Some(histories) = histories() else { return };
    for (noise, at_least) in [(0.02, 0.98), (0.05, 0.975), (0.1, 0.95)] {
        for seed in 1..=5 {
            let mut draw = normal(seed);
            eprintln!("noise {noise}, seed {seed}");
            let judged =
                |h: &History| is_overfit(&h.train, &noisy(&h.validation, noise, &mut draw));
            let found = macro_f1(&histories, judged);
            assert!(found >= at_least, "noise {noise}, seed {seed}: {found}");
        }
    }
}

#[test]
fn confidence_tells_right_from_wrong() {
    let Some(histories) = histories() else { return };
    let mut judged: Vec<(f64, bool)> = Vec::new();
    for (noise, seed) in [(0.0, 1), (0.05, 2), (0.1, 3), (0.2, 4)] {
        let mut draw = normal(seed);
        for history in &histories {
            let found = diagnosed(&history.train, &noisy(&history.validation, noise, &mut draw));
            let is_right = (found.verdict == Verdict::Overfit) == history.overfit;
            judged.push((found.confidence, is_right));
        }
    }
    let share_right = |low: f64, high: f64| {
        let within: Vec<_> = judged.iter().filter(|j| (low..high).contains(&j.0)).collect();
        let right = within.iter().filter(|j| j.1).count() as f64 / within.len() as f64;
        eprintln!("confidence {low} to {high}: {right:.3} right of {}", within.len());
        right
    };
    let (low, middle, high) = (share_right(0.0, 0.7), share_right(0.7, 0.9), share_right(0.9, 1.0));
    assert!(low < middle && middle <= high, "{low} {middle} {high}");
    assert!(high >= 0.98, "{high}");
}

#[test]
fn every_tenth_and_twentieth_epoch() {
    let Some(histories) = histories() else { return };
    for (every, at_least) in [(10, 0.97), (20, 0.95), (50, 0.95), (100, 0.9)] {
        eprintln!("every {every}");
        let judged =
            |h: &History| is_overfit(&thinned(&h.train, every), &thinned(&h.validation, every));
        let found = macro_f1(&histories, judged);
        assert!(found >= at_least, "every {every}: {found}");
    }
}

#[test]
fn histories_cut_at_their_best_raise_no_alarm() {
    let Some(histories) = histories() else { return };
    let mut flagged = 0;
    for history in histories.iter().filter(|h| h.overfit) {
        let best = lowest(&history.validation);
        flagged += usize::from(is_overfit(&history.train[..=best], &history.validation[..=best]));
    }
    eprintln!("{flagged} of 44 flagged");
    assert!(flagged <= 1);
}

fn lowest(values: &[f64]) -> usize {
    (0..values.len()).min_by(|&a, &b| values[a].total_cmp(&values[b])).unwrap()
}

/// Place of the stop, if any, and of the checkpoint that is kept.
type Stopped = (Option<usize>, usize);

fn by_patience(patience: usize, values: &[f64]) -> Stopped {
    let mut best = 0;
    for at in 0..values.len() {
        if values[at] < values[best] {
            best = at;
        }
        if at - best >= patience {
            return (Some(at), best);
        }
    }
    (None, best)
}

fn by_noise(train: &[f64], validation: &[f64]) -> Stopped {
    let mut rule = NoiseAware::new();
    let mut observe = |at: usize| rule.observe(at as f64, Some(train[at]), validation[at]);
    let stop = (0..validation.len()).find(|&at| observe(at) != Decision::Continue);
    (stop, rule.best().unwrap().0 as usize)
}

/// Share of overfit histories whose kept checkpoint is within 1% of the best, and median delay.
fn replayed(
    histories: &[History],
    noise: f64,
    stop: impl Fn(&[f64], &[f64]) -> Stopped,
) -> (f64, f64) {
    let mut draw = normal(7);
    let mut delays = Vec::new();
    let mut near = 0;
    for history in histories.iter().filter(|h| h.overfit) {
        let seen = noisy(&history.validation, noise, &mut draw);
        let (at, kept) = stop(&history.train, &seen);
        let best = lowest(&history.validation);
        delays.push(at.unwrap_or(seen.len() - 1) as f64 - best as f64);
        // Noise is in the measurement: the checkpoint is as good as it is without.
        near += usize::from(history.validation[kept] <= 1.01 * history.validation[best]);
    }
    delays.sort_by(f64::total_cmp);
    (near as f64 / delays.len() as f64, 0.5 * (delays[21] + delays[22]))
}

#[test]
fn stops_in_time_with_the_best_checkpoint() {
    let Some(histories) = histories() else { return };
    for noise in [0.0, 0.02, 0.05] {
        eprintln!("noise {noise}: share within 1% of the best, median delay in epochs");
        for patience in [10, 20, 40, 80] {
            let (near, delay) = replayed(&histories, noise, |_, v| by_patience(patience, v));
            eprintln!("  patience {patience}: {near:.3}, {delay}");
        }
        let (near, _) = replayed(&histories, noise, |_, v| (None, lowest(v)));
        eprintln!("  no stop at all: {near:.3}");
        let (near, delay) = replayed(&histories, noise, by_noise);
        eprintln!("  noise-aware: {near:.3}, {delay}");
        assert!(near >= 0.95 || noise > 0.0, "noise {noise}: {near}");
        assert!(noise > 0.0 || delay <= 40.0, "{delay}");
    }
}

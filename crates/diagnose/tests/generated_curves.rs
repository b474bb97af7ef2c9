//! Curves whose truth is known because they were made: planted onsets, and noise without any.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails, in its helpers too")]
#![allow(clippy::print_stderr, reason = "the measurement is shown")]

mod chance;

use chance::{normal, uniform};
use wellfit_core::run::{Part, Run};
use wellfit_diagnose::{Verdict, diagnose};

const SHAPES: [&str; 8] =
    ["hinge", "parabola", "plateau", "logarithm", "saturating", "smooth", "drop", "early drop"];

struct Planted {
    shape: &'static str,
    run: Run,
    points: usize,
    onset: usize,
}

/// A validation loss that falls to a planted onset and rises after it, with 1 to 5% noise.
fn planted(seed: u64) -> Planted {
    let (mut draw, mut noise) = (uniform(seed), normal(seed + 100_000));
    let mut within = |low: f64, high: f64| low + (high - low) * draw();
    let shape = SHAPES[seed as usize % SHAPES.len()];
    let points = [30, 50, 100, 200, 400][(within(0.0, 5.0)) as usize];
    let turn = within(0.2, 0.75);
    let (floor, fall, rise) = (within(0.2, 0.6), within(0.5, 2.0), within(0.15, 1.0));
    let (sigma, early) = (within(0.01, 0.05), within(0.5, 0.9) * turn);
    let clean = |x: f64| {
        let before = x / turn;
        let after = ((x - turn) / (1.0 - turn)).max(0.0);
        let decay = |k: f64| fall * ((-k * before).exp() - (-k).exp()).max(0.0);
        let (left, right) = match shape {
            "hinge" => (decay(3.0), after),
            "parabola" => (fall * (1.0 - before).max(0.0).powi(2), after * after),
            "plateau" => (decay(6.0), after),
            "logarithm" => (decay(3.0), (1.0 + 9.0 * after).log10()),
            "saturating" => (decay(4.0), (1.0 - (-4.0 * after).exp()) / (1.0 - (-4.0_f64).exp())),
            "smooth" => {
                // a exp(-kx) + bx with its minimum at the turn.
                let (k, slope) = (4.0 / turn, floor * rise / (1.0 - turn));
                let at = |x: f64| slope / k * (k * (turn - x)).exp() + slope * x;
                return floor + at(x) - at(turn);
            }
            "drop" => {
                (if x < turn { 0.35 * floor + fall * (-4.0 * before).exp() } else { 0.0 }, after)
            }
            _ if x < early => (0.35 * floor + fall * (-4.0 * x / early).exp(), 0.0),
            _ if x < turn => (0.35 * floor * (-(x - early) / 0.02).exp(), 0.0),
            _ => (0.0, after),
        };
        floor + left + floor * rise * right
    };
    let losses: Vec<f64> = (0..points).map(|i| clean(i as f64 / points as f64)).collect();
    let onset = (0..points).min_by(|&a, &b| losses[a].total_cmp(&losses[b])).unwrap();
    let mut run = Run::new(shape);
    for (i, loss) in losses.iter().enumerate() {
        let x = i as f64 / points as f64;
        let train = 0.9 * losses[0] * (-3.0 * x).exp() * 0.3;
        run.push(Part::Train, "loss", i as f64, train * (0.5 * sigma * noise()).exp());
        run.push(Part::Validation, "loss", i as f64, loss * (sigma * noise()).exp());
    }
    Planted { shape, run, points, onset }
}

fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values[((values.len() - 1) as f64 * share).round() as usize]
}

#[test]
fn planted_onsets_are_found() {
    let mut errors: Vec<(&str, f64)> = Vec::new();
    let mut missed: Vec<&str> = Vec::new();
    for seed in 0..500 {
        let planted = planted(seed);
        match diagnose(&planted.run).onset_epoch {
            Some(found) => {
                let error = (found - planted.onset as f64).abs() / planted.points as f64;
                errors.push((planted.shape, error));
            }
            None => missed.push(planted.shape),
        }
    }
    for shape in SHAPES {
        let of_shape = errors.iter().filter(|e| e.0 == shape).map(|e| e.1);
        let mut of_shape: Vec<f64> = of_shape.collect();
        let (median, ninth) = (quantile(&mut of_shape, 0.5), quantile(&mut of_shape, 0.9));
        let missed = missed.iter().filter(|&&missed| missed == shape).count();
        eprintln!("{shape}: median {median:.4}, p90 {ninth:.4}, missed {missed}");
    }
    let mut all: Vec<f64> = errors.iter().map(|e| e.1).collect();
    let (median, ninth) = (quantile(&mut all, 0.5), quantile(&mut all, 0.9));
    eprintln!("all: median {median:.4}, p90 {ninth:.4}, missed {} of 500", missed.len());
    assert!(median <= 0.03 && ninth <= 0.1, "{median} {ninth}");
    assert!(missed.len() <= 25, "{}", missed.len());
}

/// Share of 400 runs with a flat validation loss that are called overfit.
fn flagged(points: u32, sigma: f64, train: impl Fn(f64) -> f64) -> f64 {
    let mut noise = normal(u64::from(points));
    let mut is_flagged = || {
        let mut run = Run::new("flat");
        for i in 0..points {
            let x = f64::from(i) / f64::from(points);
            run.push(Part::Train, "loss", f64::from(i), train(x) * (sigma * noise()).exp());
            run.push(Part::Validation, "loss", f64::from(i), (sigma * noise()).exp());
        }
        diagnose(&run).verdict == Verdict::Overfit
    };
    (0..400).filter(|_| is_flagged()).count() as f64 / 400.0
}

#[test]
fn flat_noise_is_called_overfit_in_at_most_five_of_a_hundred() {
    let mut worst: f64 = 0.0;
    for points in [3, 4, 5, 6, 8, 10, 11, 15, 20, 21, 30, 50, 100, 300] {
        for sigma in [0.01, 0.02, 0.05, 0.1, 0.2] {
            // Three or four values with such noise cannot be told from a turn.
            if points < 5 && sigma > 0.05 {
                continue;
            }
            let level = flagged(points, sigma, |_| 0.95);
            let falling = flagged(points, sigma, |x| 0.9 * (-2.0 * x).exp());
            if level > 0.02 || falling > 0.02 {
                eprintln!("{points} points, noise {sigma}: {level} {falling}");
            }
            worst = worst.max(level).max(falling);
        }
    }
    eprintln!("worst {worst}");
    assert!(worst <= 0.05, "{worst}");
}

//! Runs that tests draw.

use wellfit_core::run::{Part, Run};

/// A number in [-1, 1) that looks random and is the same on every machine.
fn noise(seed: &mut u64) -> f64 {
    *seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
    (*seed >> 11) as f64 / (1u64 << 52) as f64 - 1.0
}

/// A run of `epochs` that fits ever better on train and worst on validation after a quarter.
pub fn overfitting(name: &str, epochs: usize, spread: f64) -> Run {
    let mut run = Run::new(name);
    let mut seed = 7;
    for epoch in 1..=epochs {
        let t = epoch as f64 / epochs as f64;
        let train = 2.2 / (1.0 + 14.0 * t) + 0.02;
        let rise = (t - 0.25).max(0.0);
        let validation = 2.2 / (1.0 + 10.0 * t.min(0.25)) + 0.9 * rise * rise + 0.05;
        let mut log = |part, metric, value: f64| {
            let value = value * (1.0 + spread * noise(&mut seed));
            run.push(part, metric, epoch as f64, value);
        };
        log(Part::Train, "loss", train);
        log(Part::Online, "loss", train + 0.12);
        log(Part::Validation, "loss", validation);
        log(Part::Train, "accuracy", 1.0 - train / 2.6);
        log(Part::Validation, "accuracy", 0.78 - 0.5 / (1.0 + 30.0 * t));
    }
    for series in run.series.iter_mut().filter(|s| s.metric == "accuracy") {
        series.points.iter_mut().for_each(|p| p.1 = p.1.min(1.0));
    }
    run
}

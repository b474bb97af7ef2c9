//! Whatever a log holds, a diagnosis comes out, with a confidence between 0 and 1.

#[allow(dead_code, reason = "not each test draws both laws")]
mod chance;

use chance::uniform;
use wellfit_core::run::{Part, Run};
use wellfit_diagnose::{NoiseAware, Verdict, diagnose, summarize};

const METRICS: [&str; 7] = ["loss", "mse", "accuracy", "f1", "r2", "precision", "learning_rate"];
const ODD: [f64; 10] =
    [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, -1.0, 1e308, -1e308, 1e-308, 100.0];

/// A log of any series over any epochs, with odd values among ordinary ones.
fn log(seed: u64) -> Run {
    let mut draw = uniform(seed);
    let mut below = |limit: usize| (draw() * limit as f64) as usize;
    let mut run = Run::new("any");
    let strange = [0, 3, 30][below(3)];
    for metric in METRICS {
        for part in [Part::Train, Part::Online, Part::Validation, Part::Test] {
            if below(2) == 0 {
                continue;
            }
            let (points, every) = ([0, 1, 2, 3, 5, 10, 11, 40, 150][below(9)], 1 + below(4));
            for i in 0..points {
                let odd = below(100) < strange;
                let value = if odd { ODD[below(10)] } else { below(1000) as f64 / 500.0 };
                run.push(part, metric, (i * every) as f64, value);
            }
        }
    }
    run
}

#[test]
fn nothing_panics_and_confidence_is_a_probability() {
    let runs: Vec<Run> = (0..3000).map(log).collect();
    let mut counts = [0; 2];
    let diagnoses: Vec<_> = runs.iter().map(diagnose).collect();
    for diagnosis in &diagnoses {
        assert!((0.0..=1.0).contains(&diagnosis.confidence), "{diagnosis:?}");
        assert_eq!(diagnosis.onset_epoch.is_some(), diagnosis.verdict == Verdict::Overfit);
        serde_json::to_string(diagnosis).unwrap();
        counts[usize::from(diagnosis.verdict == Verdict::CannotTell)] += 1;
    }
    assert!(counts[0] > 500 && counts[1] > 100, "all kinds of logs came up: {counts:?}");
    summarize(&diagnoses, &runs);
}

#[test]
fn the_online_rule_takes_any_number() {
    for seed in 0..300 {
        let mut draw = uniform(seed);
        let mut rule = NoiseAware::new();
        for epoch in 0..200 {
            let odd = draw() < 0.05;
            let value = if odd { ODD[(draw() * 10.0) as usize] } else { draw() };
            let train = (draw() < 0.7).then(&mut draw);
            rule.observe(f64::from(epoch), train, value);
        }
        assert!(rule.best().is_some_and(|best| best.1.is_finite()));
    }
}

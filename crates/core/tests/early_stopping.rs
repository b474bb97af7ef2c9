//! Early stopping on logs: when it stops, what it keeps, and that it resumes.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails, in its helpers too")]

use std::num::NonZeroU64;
use wellfit_core::control::{Decision, EarlyStopping, EarlyStoppingConfig, MinDelta, Reason};
use wellfit_core::number::{Finite, NonNegative, Rate};
use wellfit_core::run::Direction;

const LOG: [f64; 10] = [1.0, 0.8, 0.79, 0.795, 0.7899, 0.81, 0.6, 0.9, 0.9, 0.9];

fn config(patience: u64, min_delta: f64) -> EarlyStoppingConfig {
    let patience = NonZeroU64::new(patience).unwrap();
    let min_delta = MinDelta::Absolute(NonNegative::new(min_delta).unwrap());
    EarlyStoppingConfig { min_delta, ..EarlyStoppingConfig::new(patience, Direction::Lower) }
}

/// Observes values at epochs 1, 2, ... up to the stop; returns the epoch of the stop.
fn replay(rule: &mut EarlyStopping, values: &[f64]) -> Option<u64> {
    let mut epochs = (1..).zip(values);
    epochs.find_map(|(epoch, &value)| match rule.observe(epoch, value) {
        Decision::Stop(_) => Some(epoch),
        Decision::Continue => None,
    })
}

fn epoch(place: Option<(u64, f64)>) -> u64 {
    place.unwrap().0
}

#[test]
fn stop_and_reference_by_patience_and_min_delta() {
    let table = [
        (1, 0.0, Some(4), 3),
        (2, 0.0, Some(9), 7),
        (3, 0.0, Some(10), 7),
        (3, 0.001, Some(6), 3),
        (3, 0.05, Some(5), 2),
        (5, 0.05, None, 7),
    ];
    for (patience, min_delta, stop, reference) in table {
        let mut rule = EarlyStopping::new(config(patience, min_delta));
        assert_eq!(replay(&mut rule, &LOG), stop, "patience {patience}, delta {min_delta}");
        assert_eq!(epoch(rule.reference()), reference, "patience {patience}, delta {min_delta}");
    }
}

#[test]
fn a_gain_within_min_delta_is_kept_but_does_not_reset_the_wait() {
    let mut rule = EarlyStopping::new(config(3, 0.001));
    assert_eq!(replay(&mut rule, &LOG), Some(6));
    assert_eq!(rule.best(), Some((5, 0.7899)));
    assert_eq!(rule.reference(), Some((3, 0.79)));
    assert_eq!(rule.waited(), 3);
}

#[test]
fn higher_is_better_mirrors_lower_is_better() {
    for patience in 1..6 {
        for delta in [0.0, 0.001, 0.05] {
            let lower = config(patience, delta);
            let higher = EarlyStoppingConfig { direction: Direction::Higher, ..lower };
            let (mut a, mut b) = (EarlyStopping::new(lower), EarlyStopping::new(higher));
            assert_eq!(replay(&mut a, &LOG), replay(&mut b, &LOG.map(|v| -v)));
            assert_eq!(epoch(a.best()), epoch(b.best()));
        }
    }
}

#[test]
fn equal_is_no_improvement() {
    let mut rule = EarlyStopping::new(config(2, 0.0));
    assert_eq!(replay(&mut rule, &[0.5; 5]), Some(3));
    assert_eq!(rule.best(), Some((1, 0.5)));
    let mut exact = EarlyStopping::new(config(1, 0.25));
    assert_eq!(replay(&mut exact, &[1.0, 0.75]), Some(2), "a gain of just min_delta is none");
}

#[test]
fn a_relative_min_delta_scales_with_the_reference() {
    let min_delta = MinDelta::Relative(Rate::new(0.1).unwrap());
    for direction in [Direction::Lower, Direction::Higher] {
        let sign = if direction == Direction::Lower { 1.0 } else { -1.0 };
        let config = EarlyStoppingConfig { min_delta, direction, ..config(2, 0.0) };
        for scale in [1e-6, 1.0, 1e6] {
            let mut rule = EarlyStopping::new(config);
            let log = [1.0, 0.95, 0.89, 0.85, 0.81].map(|v| sign * scale * v);
            assert_eq!(replay(&mut rule, &log), Some(5));
            assert_eq!((epoch(rule.reference()), epoch(rule.best())), (3, 5));
        }
    }
}

#[test]
fn nan_stops_at_once_and_is_never_best() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let mut strict = EarlyStopping::new(config(3, 0.0));
        strict.observe(1, 0.5);
        assert_eq!(strict.observe(2, bad), Decision::Stop(Reason::NotFinite));
        assert_eq!(strict.best(), Some((1, 0.5)));
        let lenient = EarlyStoppingConfig { stop_on_nan: false, ..config(3, 0.0) };
        let mut lenient = EarlyStopping::new(lenient);
        assert_eq!(replay(&mut lenient, &[bad, 0.5, bad, bad, 0.4, bad, bad, bad]), Some(8));
        assert_eq!(lenient.best(), Some((5, 0.4)));
        assert_eq!(lenient.reference(), Some((5, 0.4)));
    }
}

#[test]
fn warm_up_is_not_looked_at_except_for_nan() {
    let config = EarlyStoppingConfig { start_epoch: 4, ..config(2, 0.0) };
    let mut rule = EarlyStopping::new(config);
    assert_eq!(replay(&mut rule, &[0.1, 0.1, 0.1, 0.9, 0.8, 0.85, 0.85]), Some(7));
    assert_eq!(rule.best(), Some((5, 0.8)));
    let stop = Decision::Stop(Reason::NotFinite);
    assert_eq!(EarlyStopping::new(config).observe(1, f64::NAN), stop);
}

#[test]
fn the_wait_goes_on_until_the_baseline_is_beaten() {
    let baseline = Some(Finite::new(0.5).unwrap());
    let config = EarlyStoppingConfig { baseline, ..config(3, 0.0) };
    // Improves all the time and never beats 0.5: stops at the first step back.
    let mut above = EarlyStopping::new(config);
    assert_eq!(replay(&mut above, &[0.9, 0.8, 0.7, 0.6, 0.65]), Some(5));
    assert_eq!(above.best(), Some((4, 0.6)));
    let mut below = EarlyStopping::new(config);
    assert_eq!(replay(&mut below, &[0.9, 0.8, 0.4, 0.6, 0.65, 0.6]), Some(6));
}

#[test]
fn resumed_state_decides_the_same_in_every_bit() {
    let values: Vec<f64> = (1..40).map(|i| 1.0 / f64::from(i) + 0.1 * f64::from(i % 7)).collect();
    let min_delta = MinDelta::Relative(Rate::new(0.01).unwrap());
    let config = EarlyStoppingConfig { min_delta, ..config(9, 0.0) };
    let mut whole = EarlyStopping::new(config);
    let mut resumed = whole;
    for (epoch, &value) in (1..).zip(&values) {
        let saved = serde_json::to_string(&resumed).unwrap();
        resumed = serde_json::from_str(&saved).unwrap();
        assert_eq!(whole.observe(epoch, value), resumed.observe(epoch, value));
        assert_eq!(whole, resumed);
    }
}

#[test]
fn a_recipe_needs_the_patience_only_and_refuses_what_it_does_not_know() {
    let read = |text: &str| toml::from_str::<EarlyStoppingConfig>(text);
    let patience = NonZeroU64::new(10).unwrap();
    let expected = EarlyStoppingConfig::new(patience, Direction::Lower);
    assert_eq!(read("patience = 10").unwrap(), expected);
    let relative = read("patience = 10\nmin_delta = { relative = 0.01 }").unwrap();
    assert_eq!(relative.min_delta, MinDelta::Relative(Rate::new(0.01).unwrap()));
    assert!(read("patience = 0").is_err());
    assert!(read("").is_err());
    assert!(read("patience = 10\nmin_delta = { absolute = -1.0 }").is_err());
    assert!(read("patience = 10\npatiense = 3").unwrap_err().to_string().contains("patiense"));
}

#[test]
fn the_reason_is_a_sentence_with_its_numbers() {
    let mut rule = EarlyStopping::new(config(2, 0.0));
    rule.observe(1, 0.5);
    rule.observe(2, 0.6);
    let Decision::Stop(reason) = rule.observe(3, 0.7) else { panic!("patience is over") };
    assert_eq!(reason.to_string(), "no improvement for 2 evaluations");
}

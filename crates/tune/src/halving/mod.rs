//! Synchronous successive halving: of a cohort, the better third goes on to the next rung.
//!
//! (Jamieson and Talwalkar 2016, arXiv 1502.07943.) Ranks are taken within a cohort at the same
//! number of epochs, when all its trials are there, so that no trial is judged by when it ran.
//! Strong regularizers lose early and win late; a quota keeps places for them.

mod ladder;

pub use ladder::Ladder;

use crate::statistics::{kendall, spearman};
use serde::Serialize;
use std::cmp::Ordering;
use wellfit_core::number::Fraction;

/// A trial at a rung.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// How it does; less is better, and NaN is the worst.
    pub value: f64,
    /// How heavily its configuration restrains.
    pub heaviness: f64,
}

/// Which of the trials of a cohort go on, in their order.
///
/// `kept` of them do, the better ones by value; at least `quota` of these, rounded down, are among
/// the heavier half of the cohort, if so many of it have a value at all. Of trials with equal
/// values the earlier goes on.
pub fn promoted(standings: &[Standing], kept: usize, quota: Fraction) -> Vec<usize> {
    let mut order: Vec<usize> = (0..standings.len()).collect();
    order.sort_by(|&a, &b| by_value(&standings[a], &standings[b]));
    let heavy = heavier_half(standings);
    let kept = kept.min(order.len());
    let reserved = (quota.get() * kept as f64).floor() as usize;
    let is_reserved = |trial: &&usize| heavy[**trial] && !standings[**trial].value.is_nan();
    let mut chosen: Vec<usize> = order.iter().filter(is_reserved).take(reserved).copied().collect();
    let others = order.iter().filter(|trial| !chosen.contains(trial));
    let rest: Vec<usize> = others.take(kept - chosen.len()).copied().collect();
    chosen.extend(rest);
    chosen.sort_unstable();
    chosen
}

fn by_value(a: &Standing, b: &Standing) -> Ordering {
    let value = |standing: &Standing| match standing.value {
        value if value.is_nan() => f64::INFINITY,
        value => value,
    };
    // Diverged ones come behind those of infinite loss.
    value(a).total_cmp(&value(b)).then(a.value.is_nan().cmp(&b.value.is_nan()))
}

/// Who restrains more than the median does.
fn heavier_half(standings: &[Standing]) -> Vec<bool> {
    let mut sorted: Vec<f64> = standings.iter().map(|standing| standing.heaviness).collect();
    sorted.sort_by(f64::total_cmp);
    let Some(&median) = sorted.get(sorted.len().saturating_sub(1) / 2) else { return Vec::new() };
    standings.iter().map(|standing| standing.heaviness > median).collect()
}

/// How well the first rung foretold the last.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Foresight {
    /// Trials that reached both.
    pub trials: usize,
    /// Spearman's rank correlation of their values.
    pub spearman: f64,
    /// Kendall's.
    pub kendall: f64,
}

/// The rank correlation between two rungs, of the trials that have finite values at both; none for
/// less than three of them, or where one side does not differ.
///
/// Only trials that were kept have reached the last rung, and these are alike, so that this is
/// lower than it would be for all.
pub fn foresight(first: &[f64], last: &[f64]) -> Option<Foresight> {
    let pairs = first.iter().zip(last).filter(|(a, b)| a.is_finite() && b.is_finite());
    let (first, last): (Vec<f64>, Vec<f64>) = pairs.map(|(a, b)| (*a, *b)).unzip();
    let (spearman, kendall) = (spearman(&first, &last), kendall(&first, &last));
    let known = first.len() >= 3 && spearman.is_finite();
    known.then_some(Foresight { trials: first.len(), spearman, kendall })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cohort(trials: &[(f64, f64)]) -> Vec<Standing> {
        trials.iter().map(|&(value, heaviness)| Standing { value, heaviness }).collect()
    }

    const LIGHT_WINS: &[(f64, f64)] =
        &[(0.1, 0.0), (0.2, 0.5), (0.3, 0.5), (0.5, 2.0), (0.4, 3.0), (0.6, 2.5)];

    #[test]
    fn the_better_third_goes_on() {
        let cohort = cohort(LIGHT_WINS);
        assert_eq!(promoted(&cohort, 2, Fraction::ZERO), [0, 1]);
        assert_eq!(promoted(&cohort, 9, Fraction::ZERO), [0, 1, 2, 3, 4, 5]);
        assert_eq!(promoted(&[], 1, Fraction::HALF), Vec::<usize>::new());
    }

    #[test]
    fn the_quota_keeps_the_best_of_the_heavy() {
        let cohort = cohort(LIGHT_WINS);
        assert_eq!(promoted(&cohort, 2, Fraction::HALF), [0, 4]);
        assert_eq!(promoted(&cohort, 3, Fraction::new(0.7).unwrap()), [0, 3, 4]);
        assert_eq!(promoted(&cohort, 3, Fraction::new(0.3).unwrap()), [0, 1, 2]);
        // The last place is nobody's by right.
        assert_eq!(promoted(&cohort, 1, Fraction::HALF), [0]);
    }

    #[test]
    fn a_heavy_one_that_is_good_anyway_fills_the_quota() {
        let cohort = cohort(&[(0.1, 9.0), (0.2, 0.0), (0.3, 0.0), (0.4, 8.0)]);
        assert_eq!(promoted(&cohort, 2, Fraction::HALF), [0, 1]);
    }

    #[test]
    fn diverged_trials_are_last_and_no_quota_saves_them() {
        let nan = f64::NAN;
        let cohort = cohort(&[(nan, 9.0), (f64::INFINITY, 0.0), (0.3, 0.0), (nan, 8.0)]);
        assert_eq!(promoted(&cohort, 2, Fraction::ONE), [1, 2]);
    }

    #[test]
    fn equal_values_go_by_order_and_equal_weights_know_no_heavy_half() {
        let cohort = cohort(&[(0.5, 1.0); 5]);
        assert_eq!(promoted(&cohort, 2, Fraction::ONE), [0, 1]);
    }

    #[test]
    fn foresight_of_those_that_reached_both() {
        let told = foresight(&[1.0, 2.0, f64::NAN, 3.0, 4.0], &[10.0, 20.0, 0.0, 40.0, 30.0]);
        let told = told.unwrap();
        assert_eq!(told.trials, 4);
        assert!((told.spearman - 0.8).abs() < 1e-12 && (told.kendall - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(foresight(&[1.0, 2.0], &[1.0, 2.0]), None);
        assert_eq!(foresight(&[1.0; 3], &[1.0, 2.0, 3.0]), None);
    }
}

//! The findings, one file each: what is looked for, by which rule, with which numbers.

pub(crate) mod diverged;
pub(crate) mod gap;
mod loss_hides_gap;
pub(crate) mod metric_drop;
mod overconfident;
mod single_spike;
mod still_improving;
pub(crate) mod too_few_points;
pub(crate) mod train_plateau;
mod val_better_than_train;
mod val_loss_rising;

use crate::case::Case;
use serde::Serialize;
use std::collections::BTreeMap;

/// Numbers that a finding rests on, by name. Those that are not finite become `null` in JSON.
pub type Evidence = BTreeMap<&'static str, f64>;

/// Something that a log shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Symptom {
    /// Name of the rule: `gap`, `val_loss_rising`, ...
    pub id: &'static str,
    /// What was found, in one sentence with its numbers.
    pub summary: String,
    /// The numbers.
    pub evidence: Evidence,
}

/// All rules, in the order of a report.
const RULES: &[fn(&Case) -> Option<Symptom>] = &[
    diverged::find,
    too_few_points::find,
    val_loss_rising::find,
    metric_drop::find,
    gap::find,
    loss_hides_gap::find,
    overconfident::find,
    val_better_than_train::find,
    train_plateau::find,
    still_improving::find,
    single_spike::find,
];

/// All findings on a run.
pub(crate) fn symptoms(case: &Case) -> Vec<Symptom> {
    RULES.iter().filter_map(|find| find(case)).collect()
}

fn symptom<const N: usize>(
    id: &'static str,
    summary: String,
    evidence: [(&'static str, f64); N],
) -> Option<Symptom> {
    Some(Symptom { id, summary, evidence: evidence.into() })
}

/// A number with three significant digits, as a sentence shows it.
pub(crate) fn shown(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let digits = 2 - value.abs().log10().floor() as i32;
    match digits {
        ..=0 => format!("{value:.0}"),
        1..=6 => format!("{value:.*}", digits as usize),
        _ => format!("{value:.2e}"),
    }
}

/// What the tests of the rules share: a log from formulas, and the findings on it.
#[cfg(test)]
pub(crate) mod example {
    use super::*;
    use crate::diagnosis::Context;
    use wellfit_core::run::{Part, Run};

    /// Part, metric and formula of a series.
    pub type Formula<'a> = (Part, &'a str, &'a dyn Fn(f64) -> f64);

    /// A log of `epochs` epochs, each series a formula of the epoch, from 1.
    pub fn log(epochs: u32, series: &[Formula]) -> Run {
        let mut run = Run::new("example");
        for epoch in (1..=epochs).map(f64::from) {
            for (part, metric, formula) in series {
                run.push(*part, metric, epoch, formula(epoch));
            }
        }
        run
    }

    pub fn find(run: &Run, rule: fn(&Case) -> Option<Symptom>) -> Option<Symptom> {
        rule(&Case::new(run, &Context::default()))
    }

    /// Noise without chance: about normal, standard deviation near 1.
    pub fn wobble(epoch: f64) -> f64 {
        2.0_f64.sqrt() * (epoch * 12.9898 + (epoch * 0.7).sin() * 43.0).sin()
    }

    #[test]
    fn numbers_keep_three_digits() {
        let shown = [0.0, 1234.5, 12.345, 0.012345, 1e-9, -0.5, f64::INFINITY].map(shown);
        assert_eq!(shown, ["0", "1234", "12.3", "0.0123", "1.00e-9", "-0.500", "inf"]);
    }
}

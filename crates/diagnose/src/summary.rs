//! Several runs or folds together: how many overfit, and whether their common rise exceeds the
//! spread between them.

use crate::curve::{Curve, curves};
use crate::diagnosis::Diagnosis;
use crate::trend::{lowest, mean};
use crate::verdict::Verdict;
use serde::Serialize;
use std::collections::BTreeMap;
use wellfit_core::run::Run;

/// Several runs in one word.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// Number of runs.
    pub runs: usize,
    /// Number of runs by verdict.
    pub verdicts: BTreeMap<&'static str, usize>,
    /// The verdict on all together.
    pub verdict: Verdict,
    /// Mean rise of the validation loss from the lowest point of the mean curve to its end.
    pub rise: Option<f64>,
    /// Standard deviation of that rise between runs; from 2 runs on.
    pub spread: Option<f64>,
    /// Median onset of the runs that overfit.
    pub onset_epoch: Option<f64>,
    /// All of this in one sentence.
    pub sentence: String,
}

/// Sums up diagnoses and the runs they were made of, in the same order.
///
/// The runs are aligned by epoch. Together they overfit when more than half of them do and, from
/// two comparable runs on, their mean rise exceeds the spread between them; a rise that does not is
/// the luck of single runs. Otherwise the most frequent other verdict stands. Runs compare when
/// their losses have the same name and share at least 3 epochs.
pub fn summarize(diagnoses: &[Diagnosis], runs: &[Run]) -> Summary {
    let mut verdicts = BTreeMap::new();
    for diagnosis in diagnoses {
        *verdicts.entry(diagnosis.verdict.id()).or_insert(0) += 1;
    }
    let overfit = verdicts.get(Verdict::Overfit.id()).copied().unwrap_or(0);
    let rises = common_rises(runs);
    let rise = rises.as_ref().map(|rises| mean(rises));
    let spread = rises.as_ref().map(|rises| standard_deviation(rises));
    let beyond = rise.zip(spread).is_none_or(|(rise, spread)| rise > spread);
    let most = 2 * overfit > diagnoses.len();
    // Where rises do not exceed their spread, gaps may still be large: only what rose is doubted.
    let verdict = if most && (beyond || by_gap(diagnoses)) {
        Verdict::Overfit
    } else {
        most_frequent(diagnoses, most)
    };
    let mut onsets: Vec<f64> = diagnoses.iter().filter_map(|d| d.onset_epoch).collect();
    onsets.sort_by(f64::total_cmp);
    let onset_epoch = onsets.get(onsets.len() / 2).copied();
    let runs = diagnoses.len();
    let against = match rise.zip(spread) {
        Some((rise, spread)) => {
            format!("; the mean validation loss rose by {rise:.3}, the runs spread by {spread:.3}")
        }
        None => String::new(),
    };
    let sentence = format!("{overfit} of {runs} runs overfit{against}");
    Summary { runs, verdicts, verdict, rise, spread, onset_epoch, sentence }
}

fn by_gap(diagnoses: &[Diagnosis]) -> bool {
    let rising = |d: &&Diagnosis| d.symptoms.iter().any(|s| s.id == "val_loss_rising");
    2 * diagnoses.iter().filter(rising).count() <= diagnoses.len()
}

/// The verdict of most runs, without the overfit ones when their rise is within the spread.
fn most_frequent(diagnoses: &[Diagnosis], doubted: bool) -> Verdict {
    let count = |verdict| diagnoses.iter().filter(|d| d.verdict == verdict).count();
    let counted = |d: &&Diagnosis| d.verdict != Verdict::Overfit;
    let others = diagnoses.iter().filter(counted).map(|d| d.verdict);
    let fallback = if doubted { Verdict::CannotTell } else { Verdict::Good };
    others.max_by_key(|&verdict| count(verdict)).unwrap_or(fallback)
}

/// Rise of each run's validation loss between the lowest and the last tenth of the mean curve.
fn common_rises(runs: &[Run]) -> Option<Vec<f64>> {
    let losses: Vec<Curve> = runs.iter().map(|run| curves(run).0).collect::<Option<_>>()?;
    let first = losses.first().filter(|_| losses.len() > 1)?;
    if losses.iter().any(|loss| loss.metric != first.metric) {
        return None;
    }
    let value_at = |loss: &Curve, epoch: f64| {
        Some(loss.validation[loss.epochs.iter().position(|&known| known == epoch)?])
    };
    let row = |&epoch: &f64| losses.iter().map(|loss| value_at(loss, epoch)).collect();
    let rows: Vec<Vec<f64>> = first.epochs.iter().filter_map(row).collect();
    let window = (rows.len() / 10).max(1);
    let averaged: Vec<Vec<f64>> = rows
        .windows(window)
        .map(|near| (0..losses.len()).map(|run| mean_of_column(near, run)).collect())
        .collect();
    let means: Vec<f64> = averaged.iter().map(|row| mean(row)).collect();
    let (low, end) = (averaged.get(lowest(&means))?, averaged.last()?);
    (rows.len() > 2).then(|| end.iter().zip(low).map(|(end, low)| end - low).collect())
}

fn mean_of_column(rows: &[Vec<f64>], column: usize) -> f64 {
    rows.iter().map(|row| row[column]).sum::<f64>() / rows.len() as f64
}

fn standard_deviation(values: &[f64]) -> f64 {
    let center = mean(values);
    let squares: f64 = values.iter().map(|value| (value - center).powi(2)).sum();
    (squares / (values.len() - 1) as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::diagnose;
    use crate::rule::example::log;
    use wellfit_core::run::Part::{Train, Validation};

    fn summary(rises: &[f64]) -> Summary {
        let run = |&rise: &f64| {
            let validation = move |e: f64| {
                if e < 20.0 { 0.5 + 0.02 * (20.0 - e) } else { 0.5 + rise * (e - 20.0) / 40.0 }
            };
            log(60, &[(Train, "loss", &|e| 0.4 / e), (Validation, "loss", &validation)])
        };
        let runs: Vec<Run> = rises.iter().map(run).collect();
        let diagnoses: Vec<Diagnosis> = runs.iter().map(diagnose).collect();
        summarize(&diagnoses, &runs)
    }

    #[test]
    fn a_common_rise_is_overfitting() {
        let all = summary(&[0.2, 0.25, 0.3]);
        assert_eq!((all.verdict, all.verdicts["overfit"]), (Verdict::Overfit, 3));
        assert!((all.rise.unwrap() - 0.236).abs() < 0.02, "{all:?}");
        assert!((all.onset_epoch.unwrap() - 20.0).abs() <= 1.0);
    }

    #[test]
    fn a_rise_within_the_spread_is_not() {
        let mixed = summary(&[0.1, 0.1, -0.3]);
        assert_eq!(mixed.verdicts["overfit"], 2);
        assert_ne!(mixed.verdict, Verdict::Overfit, "{mixed:?}");
    }

    #[test]
    fn one_run_has_no_spread() {
        let one = summary(&[0.3]);
        assert_eq!((one.verdict, one.spread), (Verdict::Overfit, None));
    }
}

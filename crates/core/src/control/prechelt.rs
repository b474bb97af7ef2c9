//! Prechelt's stopping criteria: generalization loss, progress quotient, successive rises.

use super::{Decision, Reason};
use crate::Error;
use crate::number::Positive;
use serde::{Deserialize, Serialize};
use std::num::NonZeroU64;

/// Which criterion ends the run.
///
/// # Paper
/// Prechelt 1998, *Early stopping, but when?*, section 2; there k = 5.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Criterion {
    /// GL: stop when [`generalization_loss`] exceeds `threshold`, in percent.
    GeneralizationLoss {
        /// Limit in percent; the paper tries 1 to 5.
        threshold: Positive,
    },
    /// PQ: stop at the end of a strip when [`generalization_loss`] over [`training_progress`]
    /// exceeds `threshold`. Training that makes no progress at all stops at any loss.
    ProgressQuotient {
        /// Limit of percent over per mille; the paper tries 0.5 to 3.
        threshold: Positive,
        /// Evaluations in a strip, k; of one evaluation the progress is always 0.
        strip: NonZeroU64,
    },
    /// UP: stop when the validation error rose from strip end to strip end this many times in a
    /// row, however little.
    Rising {
        /// Number of rises, s; the paper tries 2 to 8.
        strips: NonZeroU64,
        /// Evaluations in a strip, k.
        strip: NonZeroU64,
    },
}

impl Criterion {
    fn strip(&self) -> u64 {
        match self {
            Self::GeneralizationLoss { .. } => 1,
            Self::ProgressQuotient { strip, .. } | Self::Rising { strip, .. } => strip.get(),
        }
    }
}

/// Watches training and validation errors with one of Prechelt's criteria.
///
/// The state is serializable: restored from a checkpoint it goes on exactly as before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prechelt {
    criterion: Criterion,
    lowest: Option<f64>,
    /// Training errors of the strip that is under way.
    strip: Vec<f64>,
    last_strip_end: Option<f64>,
    rises: u64,
}

impl Prechelt {
    /// A rule that has seen nothing.
    pub fn new(criterion: Criterion) -> Self {
        Self { criterion, lowest: None, strip: Vec::new(), last_strip_end: None, rises: 0 }
    }

    /// Takes in the training and validation error of one evaluation, both of at least 0.
    ///
    /// An error that is NaN or infinite stops the run at once.
    ///
    /// # Errors
    /// [`Error::Number`] when an error is negative: the criteria compare errors by ratio.
    pub fn observe(&mut self, training: f64, validation: f64) -> Result<Decision, Error> {
        for error in [training, validation] {
            if !error.is_finite() {
                return Ok(Decision::Stop(Reason::NotFinite));
            }
            if error < 0.0 {
                return Err(Error::Number { expected: "an error of at least 0", found: error });
            }
        }
        let lowest = self.lowest.map_or(validation, |lowest| lowest.min(validation));
        self.lowest = Some(lowest);
        self.strip.push(training);
        if (self.strip.len() as u64) < self.criterion.strip() {
            return Ok(Decision::Continue);
        }
        let decision = self.judge(validation, lowest);
        self.strip.clear();
        Ok(decision.map_or(Decision::Continue, Decision::Stop))
    }

    /// Applies the criterion at the end of a strip.
    fn judge(&mut self, validation: f64, lowest: f64) -> Option<Reason> {
        let percent = generalization_loss(validation, lowest);
        match self.criterion {
            Criterion::GeneralizationLoss { threshold } => {
                (percent > threshold.get()).then_some(Reason::GeneralizationLoss { percent })
            }
            Criterion::ProgressQuotient { threshold, .. } => {
                let quotient = ratio(percent, training_progress(&self.strip));
                (quotient > threshold.get()).then_some(Reason::ProgressQuotient { quotient })
            }
            Criterion::Rising { strips, .. } => {
                let rose = self.last_strip_end.is_some_and(|last| validation > last);
                self.last_strip_end = Some(validation);
                self.rises = if rose { self.rises + 1 } else { 0 };
                let reason = Reason::Rising { strips: self.rises };
                (self.rises >= strips.get()).then_some(reason)
            }
        }
    }
}

/// GL(t) = 100 (E_va(t) / min E_va - 1): how far, in percent, `validation` is above the lowest
/// validation error so far. Infinite above a lowest error of 0, and 0 at it.
pub fn generalization_loss(validation: f64, lowest: f64) -> f64 {
    100.0 * ratio(validation - lowest, lowest)
}

/// P_k = 1000 (mean of the strip / its minimum - 1): how much, in per mille, the mean training
/// error of a strip is above its minimum. High while training still moves; 0 for an empty strip.
pub fn training_progress(strip: &[f64]) -> f64 {
    let Some(lowest) = strip.iter().copied().reduce(f64::min) else { return 0.0 };
    // The mean of equal values can round above them, which would read as progress.
    let above = strip.iter().map(|error| error - lowest).sum::<f64>() / strip.len() as f64;
    1000.0 * ratio(above, lowest)
}

/// a / b for numbers of at least 0, with 0 / 0 = 0: nothing lost is no loss.
fn ratio(a: f64, b: f64) -> f64 {
    if a == 0.0 { 0.0 } else { a / b }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn positive(value: f64) -> Positive {
        Positive::new(value).unwrap()
    }

    fn count(value: u64) -> NonZeroU64 {
        NonZeroU64::new(value).unwrap()
    }

    /// Observes pairs up to the stop; returns its place, from 1, and the reason.
    fn replay(criterion: Criterion, log: &[(f64, f64)]) -> Option<(usize, Reason)> {
        let mut rule = Prechelt::new(criterion);
        log.iter().enumerate().find_map(|(at, &(training, validation))| {
            let saved = serde_json::to_string(&rule).unwrap();
            assert_eq!(serde_json::from_str::<Prechelt>(&saved).unwrap(), rule);
            match rule.observe(training, validation).unwrap() {
                Decision::Stop(reason) => Some((at + 1, reason)),
                Decision::Continue => None,
            }
        })
    }

    fn on_validation(values: &[f64]) -> Vec<(f64, f64)> {
        values.iter().map(|&value| (1.0, value)).collect()
    }

    #[test]
    fn loss_and_progress_by_hand() {
        assert!((generalization_loss(1.05, 1.0) - 5.0).abs() < 1e-12);
        // Mean of 4, 3, 2 is 3, which is half above the minimum 2.
        assert_eq!(training_progress(&[4.0, 3.0, 2.0]), 500.0);
        assert_eq!(training_progress(&[0.1; 7]), 0.0);
        assert_eq!(training_progress(&[]), 0.0);
    }

    #[test]
    fn generalization_loss_stops_above_its_threshold() {
        let criterion = Criterion::GeneralizationLoss { threshold: positive(25.0) };
        let log = on_validation(&[4.0, 2.0, 2.25, 2.5, 1.0, 1.25, 1.5]);
        // 2.5 over 2 and 1.25 over 1 are just 25%, which is not above.
        let reason = Reason::GeneralizationLoss { percent: 50.0 };
        assert_eq!(replay(criterion, &log), Some((7, reason)));
    }

    #[test]
    fn progress_quotient_waits_while_training_moves() {
        let criterion = Criterion::ProgressQuotient { threshold: positive(0.5), strip: count(3) };
        // First strip: GL 50%, P 500 per mille, quotient 0.1. In the second, training stands
        // almost still: mean 1.1 over 1 is P = 100, GL is 100%, quotient 1.
        let log = [(4.0, 1.0), (3.0, 1.2), (2.0, 1.5), (1.2, 3.0), (1.1, 3.0), (1.0, 2.0)];
        let (at, reason) = replay(criterion, &log).unwrap();
        assert_eq!(at, 6, "only at the end of a strip");
        let Reason::ProgressQuotient { quotient } = reason else { panic!("{reason:?}") };
        assert!((quotient - 1.0).abs() < 1e-12);
    }

    #[test]
    fn training_without_progress_stops_at_any_loss() {
        let criterion = Criterion::ProgressQuotient { threshold: positive(3.0), strip: count(2) };
        assert_eq!(replay(criterion, &[(1.0, 1.0); 6]), None);
        let stalled = [(1.0, 1.0), (1.0, 1.0), (1.0, 1.0), (1.0, 1.01)];
        assert_eq!(replay(criterion, &stalled).unwrap().0, 4);
    }

    #[test]
    fn rises_count_from_strip_end_to_strip_end() {
        let criterion = Criterion::Rising { strips: count(2), strip: count(2) };
        // Strip ends 3, 4, 3, 3.5, 3.6: one rise, a fall, two rises.
        let log = on_validation(&[9.0, 3.0, 1.0, 4.0, 9.0, 3.0, 0.0, 3.5, 0.0, 3.6]);
        assert_eq!(replay(criterion, &log), Some((10, Reason::Rising { strips: 2 })));
        assert_eq!(replay(criterion, &on_validation(&[1.0; 20])), None, "level is no rise");
    }

    #[test]
    fn a_lowest_error_of_zero_is_no_loss_until_it_is_left() {
        let criterion = Criterion::GeneralizationLoss { threshold: positive(5.0) };
        let reason = Reason::GeneralizationLoss { percent: f64::INFINITY };
        assert_eq!(replay(criterion, &on_validation(&[0.0, 0.0, 0.1])), Some((3, reason)));
    }

    #[test]
    fn negative_errors_are_refused_and_nan_stops() {
        let mut rule = Prechelt::new(Criterion::GeneralizationLoss { threshold: positive(5.0) });
        assert!(matches!(rule.observe(0.1, -0.1), Err(Error::Number { .. })));
        let stop = Ok(Decision::Stop(Reason::NotFinite));
        assert_eq!(rule.observe(f64::NAN, 0.1), stop);
        assert_eq!(rule.observe(0.1, f64::INFINITY), stop);
    }
}

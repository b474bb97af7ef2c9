//! The confusion matrix and what is read from it: accuracy, precision, recall, F1.

use super::average::{Average, ZeroDivision, mean};
use super::input;
use crate::Error;
use serde::Serialize;

/// How often each actual class was predicted as each class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConfusionMatrix {
    classes: usize,
    counts: Vec<u64>,
}

/// The scores of one class against all others.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ClassScores {
    /// Share of the examples predicted as this class that are of this class, in [0, 1].
    pub precision: f64,
    /// Share of the examples of this class that were predicted as this class, in [0, 1].
    pub recall: f64,
    /// Harmonic mean of precision and recall, 2 tp / (2 tp + fp + fn), in [0, 1].
    pub f1: f64,
    /// Number of examples of this class.
    pub support: u64,
}

/// The three counts of one class that its scores need.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    correct: u64,
    predicted: u64,
    actual: u64,
}

impl Tally {
    fn precision(self, zero: ZeroDivision) -> f64 {
        zero.divide(self.correct, self.predicted)
    }

    fn recall(self, zero: ZeroDivision) -> f64 {
        zero.divide(self.correct, self.actual)
    }

    fn f1(self, zero: ZeroDivision) -> f64 {
        zero.divide(2 * self.correct, self.predicted + self.actual)
    }

    fn plus(self, other: Self) -> Self {
        Self {
            correct: self.correct + other.correct,
            predicted: self.predicted + other.predicted,
            actual: self.actual + other.actual,
        }
    }
}

impl ConfusionMatrix {
    /// Counts pairs of labels, each in 0..`classes`.
    ///
    /// # Errors
    /// [`Error::Undefined`] without examples or when `classes`² counts find no memory,
    /// [`Error::Length`] when the inputs differ in length, [`Error::Label`] when a label is not
    /// below `classes`.
    pub fn new(actual: &[usize], predicted: &[usize], classes: usize) -> Result<Self, Error> {
        input::not_empty("confusion matrix", actual.len())?;
        input::length("predicted", actual.len(), predicted.len())?;
        input::labels("actual", actual, classes)?;
        input::labels("predicted", predicted, classes)?;
        let mut counts = zeros(classes)?;
        for (&actual, &predicted) in actual.iter().zip(predicted) {
            counts[actual * classes + predicted] += 1;
        }
        Ok(Self { classes, counts })
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The counts by actual class: row a, column p counts examples of class a predicted as p.
    pub fn rows(&self) -> std::slice::ChunksExact<'_, u64> {
        self.counts.chunks_exact(self.classes)
    }

    /// Share of the examples that were predicted right, in [0, 1].
    pub fn accuracy(&self) -> f64 {
        let all = self.total();
        all.correct as f64 / all.actual as f64
    }

    /// Mean recall of the classes that have examples, in [0, 1]; 1 / classes is chance level.
    pub fn balanced_accuracy(&self) -> f64 {
        let recall = |tally: &Tally| (tally.recall(ZeroDivision::Nan), 1.0);
        mean(&self.tallies().iter().map(recall).collect::<Vec<_>>())
    }

    /// The scores of every class, absent ones included: there `zero` decides.
    pub fn per_class(&self, zero: ZeroDivision) -> Vec<ClassScores> {
        let scores = |tally: &Tally| ClassScores {
            precision: tally.precision(zero),
            recall: tally.recall(zero),
            f1: tally.f1(zero),
            support: tally.actual,
        };
        self.tallies().iter().map(scores).collect()
    }

    /// Averaged precision, tp / (tp + fp), in [0, 1]: `precision_score` of scikit-learn.
    pub fn precision(&self, average: Average, zero: ZeroDivision) -> f64 {
        self.averaged(average, |tally| tally.precision(zero))
    }

    /// Averaged recall, tp / (tp + fn), in [0, 1]: `recall_score` of scikit-learn.
    pub fn recall(&self, average: Average, zero: ZeroDivision) -> f64 {
        self.averaged(average, |tally| tally.recall(zero))
    }

    /// Averaged F1, 2 tp / (2 tp + fp + fn), in [0, 1]: `f1_score` of scikit-learn.
    pub fn f1(&self, average: Average, zero: ZeroDivision) -> f64 {
        self.averaged(average, |tally| tally.f1(zero))
    }

    fn averaged(&self, average: Average, score: impl Fn(Tally) -> f64) -> f64 {
        let present = self.tallies().into_iter().filter(|tally| tally.actual + tally.predicted > 0);
        let pairs: Vec<_> = match average {
            Average::Micro => return score(self.total()),
            Average::Macro => present.map(|tally| (score(tally), 1.0)).collect(),
            Average::Weighted => present.map(|tally| (score(tally), tally.actual as f64)).collect(),
        };
        mean(&pairs)
    }

    fn total(&self) -> Tally {
        self.tallies().into_iter().fold(Tally::default(), Tally::plus)
    }

    fn tallies(&self) -> Vec<Tally> {
        let mut tallies = vec![Tally::default(); self.classes];
        for (actual, row) in self.rows().enumerate() {
            tallies[actual].correct = row[actual];
            for (predicted, count) in row.iter().enumerate() {
                tallies[actual].actual += count;
                tallies[predicted].predicted += count;
            }
        }
        tallies
    }
}

/// A square of zeros, or an error where allocating it would abort the program.
fn zeros(classes: usize) -> Result<Vec<u64>, Error> {
    let too_large = || Error::Undefined {
        metric: "confusion matrix",
        why: format!("the counts of {classes} classes do not fit in memory"),
    };
    let cells = classes.checked_mul(classes).ok_or_else(too_large)?;
    let mut counts = Vec::new();
    counts.try_reserve_exact(cells).map_err(|_| too_large())?;
    counts.resize(cells, 0);
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_actual_and_columns_are_predicted() {
        let matrix = ConfusionMatrix::new(&[0, 0, 1], &[0, 1, 1], 2).unwrap();
        assert_eq!(matrix.rows().collect::<Vec<_>>(), [&[1, 1], &[0, 1]]);
    }

    #[test]
    fn bad_inputs_are_refused() {
        let refused = |a: &[usize], p: &[usize], c| ConfusionMatrix::new(a, p, c).unwrap_err();
        assert!(matches!(refused(&[], &[], 2), Error::Undefined { .. }));
        assert!(matches!(refused(&[0, 1], &[0], 2), Error::Length { expected: 2, found: 1, .. }));
        let label = Error::Label { what: "predicted", index: 1, classes: 2, found: 2 };
        assert_eq!(refused(&[0, 1], &[0, 2], 2), label);
        assert!(matches!(refused(&[0], &[0], 0), Error::Label { what: "actual", .. }));
        assert!(matches!(refused(&[0], &[0], usize::MAX), Error::Undefined { .. }));
    }
}

//! The probability from which on a binary classifier says yes, chosen on scored examples.

use super::input;
use crate::Error;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a threshold is chosen to maximise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    /// F1 of the positive class, 2 tp / (2 tp + fp + fn).
    F1,
    /// Mean recall of the two classes, (tp/P + tn/N) / 2.
    BalancedAccuracy,
    /// Youden's J, tp/P + tn/N - 1 (Youden 1950); its best threshold is that of the balanced
    /// accuracy.
    Youden,
    /// Share of right answers, (tp + tn) / (P + N).
    Accuracy,
}

impl fmt::Display for Criterion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::F1 => "f1",
            Self::BalancedAccuracy => "balanced_accuracy",
            Self::Youden => "youden",
            Self::Accuracy => "accuracy",
        })
    }
}

/// A threshold and what it reaches on the examples it was chosen on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Threshold {
    /// An example is positive from this probability on; in [0, 1].
    pub value: f64,
    /// The criterion there.
    pub score: f64,
}

/// How many examples are called positive, and how many of them are.
#[derive(Debug, Clone, Copy)]
struct Cut {
    called: u64,
    hits: u64,
    value: f64,
}

impl Criterion {
    /// The threshold that maximises the criterion: exact, over all ways to cut the distinct scores
    /// in two.
    ///
    /// It lies midway between the scores on both sides of the cut, where 0 and 1 stand beyond the
    /// lowest and the highest score. Of thresholds that reach the same, the one nearest to 0.5 wins,
    /// and of two as near the lower one. `scores` are probabilities of the positive class. Takes
    /// O(n log n).
    ///
    /// # Errors
    /// [`Error::Undefined`] when positive or negative examples are missing, [`Error::Length`] when
    /// the inputs differ in length, [`Error::Value`] when a score is no probability.
    pub fn maximise(self, actual: &[bool], scores: &[f64]) -> Result<Threshold, Error> {
        input::length("scores", actual.len(), scores.len())?;
        input::values("scores", scores, "a probability in [0, 1]", |p| (0.0..=1.0).contains(&p))?;
        let positives = actual.iter().filter(|&&positive| positive).count() as u64;
        let negatives = actual.len() as u64 - positives;
        if positives == 0 || negatives == 0 {
            let why = "a threshold needs examples of both classes".to_owned();
            return Err(Error::Undefined { metric: "threshold", why });
        }
        let found = cuts(actual, scores).into_iter().map(|cut| Threshold {
            value: cut.value,
            score: self.score(cut, positives, negatives),
        });
        let better = |best: Threshold, other: Threshold| {
            let distance = |threshold: Threshold| (threshold.value - 0.5).abs();
            let order = other.score.total_cmp(&best.score);
            let order = order.then(distance(best).total_cmp(&distance(other)));
            // Cuts come from the highest down: the lower of two comes later.
            if order.is_ge() { other } else { best }
        };
        // Two classes have one cut at least: below the lowest score.
        found.reduce(better).ok_or(Error::Undefined {
            metric: "threshold",
            why: "there are no examples".to_owned(),
        })
    }

    /// Each is one division of whole numbers, so that equal scores are equal bits.
    fn score(self, Cut { called, hits, .. }: Cut, positives: u64, negatives: u64) -> f64 {
        let spared = negatives - (called - hits);
        let divide = |above: u128, below: u128| above as f64 / below as f64;
        let [hits, spared, called, positives, negatives] =
            [hits, spared, called, positives, negatives].map(u128::from);
        let recalls = hits * negatives + spared * positives;
        match self {
            Self::F1 => divide(2 * hits, called + positives),
            Self::Accuracy => divide(hits + spared, positives + negatives),
            Self::BalancedAccuracy => divide(recalls, 2 * positives * negatives),
            Self::Youden => {
                let chance = positives * negatives;
                let distance = divide(recalls.abs_diff(chance), chance);
                if recalls < chance { -distance } else { distance }
            }
        }
    }
}

/// All cuts from the highest down: above all scores where there is room, between neighbours, below
/// all.
fn cuts(actual: &[bool], scores: &[f64]) -> Vec<Cut> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_unstable_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    let (mut called, mut hits, mut above) = (0, 0, 1.0);
    let mut cuts = Vec::new();
    // `==` and not `total_cmp`: -0 and 0 are the same score.
    for tied in order.chunk_by(|&a, &b| scores[a] == scores[b]) {
        let score = scores[tied[0]];
        if score < above {
            cuts.push(Cut { called, hits, value: between(score, above) });
        }
        called += tied.len() as u64;
        hits += tied.iter().filter(|&&index| actual[index]).count() as u64;
        above = score;
    }
    cuts.push(Cut { called, hits, value: between(0.0, above) });
    cuts
}

/// Midway, but above `below`: of neighbouring floats the midpoint may round down to it.
fn between(below: f64, above: f64) -> f64 {
    let middle = f64::midpoint(below, above);
    if middle > below { middle } else { above }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;

    const ALL: [Criterion; 4] =
        [Criterion::F1, Criterion::BalancedAccuracy, Criterion::Youden, Criterion::Accuracy];

    /// The criterion by its textbook formula, calling positive what scores `threshold` or more.
    fn textbook(criterion: Criterion, actual: &[bool], scores: &[f64], threshold: f64) -> f64 {
        let count = |positive: bool, called: bool| {
            let pairs = actual.iter().zip(scores);
            pairs.filter(|&(&a, &s)| a == positive && (s >= threshold) == called).count() as f64
        };
        let (tp, fp) = (count(true, true), count(false, true));
        let (fn_, tn) = (count(true, false), count(false, false));
        let (tpr, tnr) = (tp / (tp + fn_), tn / (tn + fp));
        match criterion {
            Criterion::F1 => 2.0 * tp / (2.0 * tp + fp + fn_),
            Criterion::BalancedAccuracy => (tpr + tnr) / 2.0,
            Criterion::Youden => tpr + tnr - 1.0,
            Criterion::Accuracy => (tp + tn) / (tp + fp + fn_ + tn),
        }
    }

    #[test]
    fn no_threshold_anywhere_is_better() {
        let stream = Seed::new(3).stream("threshold");
        for case in 0..300 {
            let mut draw = stream.step(case);
            let n = 2 + (case as usize) % 30;
            // Few distinct scores, so that there are ties, 0 and 1 among them.
            let scores: Vec<f64> = draw
                .uniform(n, 0.0, 1.0)
                .iter()
                .map(|&u| f64::from((u * 8.0).round()) / 8.0)
                .collect();
            let mut actual: Vec<bool> =
                draw.uniform(n, 0.0, 1.0).iter().map(|&u| u < 0.4).collect();
            (actual[0], actual[1]) = (true, false);
            for criterion in ALL {
                let found = criterion.maximise(&actual, &scores).unwrap();
                let at = |threshold| textbook(criterion, &actual, &scores, threshold);
                assert!((at(found.value) - found.score).abs() < 1e-12, "{criterion} {found:?}");
                let best = (0..=160).map(|k| at(f64::from(k) / 160.0)).fold(-1.0, f64::max);
                assert!((found.score - best).abs() < 1e-12, "{criterion}: {found:?}, not {best}");
            }
        }
    }

    #[test]
    fn the_threshold_lies_midway_and_ties_go_to_the_one_nearest_a_half() {
        let actual = [false, true, true];
        let best = |scores: [f64; 3]| Criterion::F1.maximise(&actual, &scores).unwrap();
        assert_eq!(best([0.25, 0.5, 1.0]), Threshold { value: 0.375, score: 1.0 });
        // 3 of 4 are right from 0.25 on and from 0.75 on, which are as far from a half.
        let (actual, scores) = ([true, false, true, false], [0.875, 0.625, 0.375, 0.125]);
        let tied = Criterion::Accuracy.maximise(&actual, &scores).unwrap();
        assert_eq!(tied, Threshold { value: 0.25, score: 0.75 });
        let nearer = Criterion::Accuracy.maximise(&actual, &[0.875, 0.625, 0.375, 0.25]).unwrap();
        assert_eq!(nearer.value, 0.3125);
    }

    #[test]
    fn all_or_nothing_is_a_cut_too() {
        // The scores tell nothing: the best F1 calls all positive, the best accuracy none.
        let (actual, scores) = ([true, false, false], [0.5; 3]);
        let f1 = Criterion::F1.maximise(&actual, &scores).unwrap();
        assert_eq!(f1, Threshold { value: 0.25, score: 0.5 });
        let accuracy = Criterion::Accuracy.maximise(&actual, &scores).unwrap();
        assert_eq!(accuracy, Threshold { value: 0.75, score: 2.0 / 3.0 });
        let zero = Criterion::F1.maximise(&actual, &[0.0, 0.0, -0.0]).unwrap();
        assert_eq!(zero.value, 0.0);
    }

    #[test]
    fn neighbouring_floats_are_told_apart() {
        let above = 0.5_f64.next_up();
        let found = Criterion::F1.maximise(&[false, true], &[0.5, above]).unwrap();
        assert_eq!(found, Threshold { value: above, score: 1.0 });
    }

    #[test]
    fn what_has_no_threshold_is_an_error() {
        let refused = |actual: &[bool], scores: &[f64]| {
            Criterion::F1.maximise(actual, scores).unwrap_err().to_string()
        };
        let one = "threshold is undefined: a threshold needs examples of both classes";
        assert_eq!(refused(&[], &[]), one);
        assert_eq!(refused(&[true, true], &[0.1, 0.2]), one);
        let nan = refused(&[true, false], &[0.1, f64::NAN]);
        assert_eq!(nan, "scores[1]: expected a probability in [0, 1], found NaN");
        assert!(refused(&[true], &[0.1, 0.2]).starts_with("scores: expected 1 values"));
    }
}

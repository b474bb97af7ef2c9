//! Area under the receiver operating characteristic curve.

use super::average::{Average, mean};
use super::input;
use crate::Error;

/// Probability that a positive example scores above a negative one, ties counting one half.
///
/// In [0, 1]; 0.5 is chance. Takes O(n log n). Infinite scores are ranked like any other.
///
/// # Errors
/// [`Error::Undefined`] without examples or when all are of one class, [`Error::Length`] when the
/// inputs differ in length, [`Error::Value`] when a score is NaN.
///
/// # Paper
/// Fawcett 2006, *An introduction to ROC analysis*, algorithm 2.
pub fn roc_auc(actual: &[bool], scores: &[f64]) -> Result<f64, Error> {
    input::not_empty("roc_auc", actual.len())?;
    input::length("scores", actual.len(), scores.len())?;
    input::values("scores", scores, "a number", |score| !score.is_nan())?;
    area(actual, scores).ok_or_else(|| one_class("roc_auc", "all examples are of one class".into()))
}

/// [`roc_auc`] of each class against the rest, averaged.
///
/// `probabilities` is row-major, [examples, classes], each row summing to 1. `Average::Micro`
/// ranks all cells of the table at once; `Average::Weighted` leaves classes without examples out.
///
/// # Errors
/// [`Error::Undefined`] without examples, with fewer than two classes, when all examples are of
/// one class, or, for `Average::Macro`, when a class has no examples; [`Error::Length`],
/// [`Error::Label`] and [`Error::Value`] when the table or a label is not as said above.
pub fn roc_auc_ovr(
    actual: &[usize],
    probabilities: &[f64],
    classes: usize,
    average: Average,
) -> Result<f64, Error> {
    const NAME: &str = "roc_auc_ovr";
    input::probabilities(NAME, actual, probabilities, classes)?;
    if actual.iter().all(|&label| label == actual[0]) {
        return Err(one_class(NAME, "all examples are of one class".into()));
    }
    if average == Average::Micro {
        let cells = actual.iter().flat_map(|&label| (0..classes).map(move |class| class == label));
        let is_actual: Vec<bool> = cells.collect();
        return area(&is_actual, probabilities)
            .ok_or_else(|| one_class(NAME, "all cells are of one kind".into()));
    }
    let mut pairs = Vec::with_capacity(classes);
    for class in 0..classes {
        let is_class: Vec<bool> = actual.iter().map(|&label| label == class).collect();
        let column: Vec<f64> = probabilities.chunks_exact(classes).map(|row| row[class]).collect();
        match (area(&is_class, &column), average) {
            (Some(area), Average::Weighted) => pairs.push((area, count(&is_class) as f64)),
            (Some(area), _) => pairs.push((area, 1.0)),
            (None, Average::Weighted) => {}
            (None, _) => return Err(one_class(NAME, format!("class {class} has no examples"))),
        }
    }
    Ok(mean(&pairs))
}

/// The area by trapezoids, or nothing when one of the two classes is missing.
fn area(positive: &[bool], scores: &[f64]) -> Option<f64> {
    let positives = count(positive);
    let pairs = positives as f64 * (positive.len() - positives) as f64;
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_unstable_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    let (mut above, mut twice_area) = (0.0, 0.0);
    // `==` and not `total_cmp`: -0 and 0 are the same score, and they are neighbours in the order.
    for tied in order.chunk_by(|&a, &b| scores[a] == scores[b]) {
        let hits = tied.iter().filter(|&&index| positive[index]).count() as f64;
        twice_area += (tied.len() as f64 - hits) * (2.0 * above + hits);
        above += hits;
    }
    (pairs > 0.0).then(|| twice_area / 2.0 / pairs)
}

fn count(flags: &[bool]) -> usize {
    flags.iter().filter(|&&flag| flag).count()
}

fn one_class(metric: &'static str, why: String) -> Error {
    Error::Undefined { metric, why }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_count_one_half() {
        assert_eq!(roc_auc(&[true, false], &[0.3, 0.3]).unwrap(), 0.5);
        assert_eq!(roc_auc(&[true, false], &[0.0, -0.0]).unwrap(), 0.5);
        // Pairs won: (0.8 beats both), (0.4 ties one, beats none): 2.5 of 4.
        let area = roc_auc(&[true, true, false, false], &[0.8, 0.4, 0.4, 0.6]).unwrap();
        assert_eq!(area, 0.625);
    }

    #[test]
    fn only_the_order_of_the_scores_matters() {
        let actual = [true, false, true, false, false, true];
        let scores: [f64; 6] = [0.1, 0.7, 0.7, -1.0, 0.3, 2.0];
        let warped = scores.map(|score| (3.0 * score).exp());
        assert_eq!(roc_auc(&actual, &scores), roc_auc(&actual, &warped));
        let infinite = roc_auc(&[false, true], &[f64::NEG_INFINITY, f64::INFINITY]);
        assert_eq!(infinite, Ok(1.0));
    }

    #[test]
    fn two_complementary_columns_give_the_binary_area() {
        let positive = [0.1, 0.4, 0.35, 0.8];
        let table: Vec<f64> = positive.iter().flat_map(|&p| [1.0 - p, p]).collect();
        let binary = roc_auc(&[false, false, true, true], &positive).unwrap();
        assert_eq!(binary, 0.75);
        assert_eq!(roc_auc_ovr(&[0, 0, 1, 1], &table, 2, Average::Macro), Ok(binary));
    }

    #[test]
    fn what_has_no_area_is_an_error() {
        assert!(matches!(roc_auc(&[], &[]), Err(Error::Undefined { .. })));
        assert!(matches!(roc_auc(&[true, true], &[0.1, 0.2]), Err(Error::Undefined { .. })));
        assert!(matches!(roc_auc(&[true], &[0.1, 0.2]), Err(Error::Length { .. })));
        let nan = roc_auc(&[true, false], &[0.1, f64::NAN]);
        assert!(matches!(nan, Err(Error::Value { index: 1, .. })));
        let table = [0.5, 0.5, 0.0, 0.5, 0.5, 0.0];
        let absent = roc_auc_ovr(&[0, 1], &table, 3, Average::Macro).unwrap_err().to_string();
        assert_eq!(absent, "roc_auc_ovr is undefined: class 2 has no examples");
        for average in [Average::Macro, Average::Micro, Average::Weighted] {
            assert!(roc_auc_ovr(&[1, 1], &table, 3, average).is_err());
        }
    }
}

//! Calibration: does a prediction made with 80% confidence come true in 80% of the cases?

use super::input;
use crate::Error;
use serde::Serialize;
use std::num::NonZeroUsize;

/// One bin of a reliability diagram.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Bin {
    /// Number of examples whose confidence falls into the bin.
    pub count: u64,
    /// Their mean confidence, in [0, 1]; 0 in an empty bin.
    pub confidence: f64,
    /// The share of them that was predicted right, in [0, 1]; 0 in an empty bin.
    pub accuracy: f64,
}

/// Expected calibration error: Σ_b (n_b / n) |accuracy_b - confidence_b|, in [0, 1].
///
/// Guo et al. use 15 `bins`. Their width, places and the confidence are those of [`reliability`].
///
/// # Errors
/// The same as [`super::log_loss`].
///
/// # Paper
/// Guo et al. 2017, arXiv 1706.04599, equation 3.
pub fn ece(
    actual: &[usize],
    probabilities: &[f64],
    classes: usize,
    bins: NonZeroUsize,
) -> Result<f64, Error> {
    let bins = reliability(actual, probabilities, classes, bins)?;
    let gap = |bin: &Bin| bin.count as f64 * (bin.accuracy - bin.confidence).abs();
    Ok(bins.iter().map(gap).sum::<f64>() / actual.len() as f64)
}

/// The bins of a reliability diagram, equally wide, by the confidence of the predicted class.
///
/// `probabilities` is row-major, [examples, classes]. The first class with the largest probability
/// is predicted, and that probability is the confidence. Bin m of M holds confidences in
/// ((m-1)/M, m/M], as in Guo et al.; the first one holds 0 as well.
///
/// # Errors
/// The same as [`super::log_loss`].
pub fn reliability(
    actual: &[usize],
    probabilities: &[f64],
    classes: usize,
    bins: NonZeroUsize,
) -> Result<Vec<Bin>, Error> {
    input::probabilities("ece", actual, probabilities, classes)?;
    let edges: Vec<f64> = (1..bins.get()).map(|m| m as f64 / bins.get() as f64).collect();
    let mut sums = vec![Bin::default(); bins.get()];
    for (&label, row) in actual.iter().zip(probabilities.chunks_exact(classes)) {
        let (predicted, confidence) = top(row);
        let bin = &mut sums[edges.partition_point(|&edge| edge < confidence)];
        bin.count += 1;
        bin.confidence += confidence;
        bin.accuracy += f64::from(u8::from(predicted == label));
    }
    Ok(sums.into_iter().map(mean).collect())
}

/// The first class with the largest probability, and that probability.
fn top(row: &[f64]) -> (usize, f64) {
    let larger = |best: (usize, f64), (class, &p)| if p > best.1 { (class, p) } else { best };
    row.iter().enumerate().fold((0, -1.0), larger)
}

fn mean(sums: Bin) -> Bin {
    let count = sums.count.max(1) as f64;
    Bin { confidence: sums.confidence / count, accuracy: sums.accuracy / count, ..sums }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bins(count: usize) -> NonZeroUsize {
        NonZeroUsize::new(count).unwrap()
    }

    #[test]
    fn a_bin_holds_its_upper_edge() {
        let filled = reliability(&[0, 0], &[0.5, 0.5, 0.75, 0.25], 2, bins(4)).unwrap();
        assert_eq!(filled.iter().map(|bin| bin.count).collect::<Vec<_>>(), [0, 1, 1, 0]);
    }

    #[test]
    fn of_equal_probabilities_the_first_is_predicted() {
        assert_eq!(ece(&[0], &[0.5, 0.5], 2, bins(1)), Ok(0.5));
        let last = reliability(&[1], &[0.5, 0.5], 2, bins(1)).unwrap()[0];
        assert_eq!(last, Bin { count: 1, confidence: 0.5, accuracy: 0.0 });
    }

    #[test]
    fn one_half_right_at_three_quarters_is_off_by_one_quarter() {
        let table = [0.75, 0.25, 0.75, 0.25];
        assert_eq!(ece(&[0, 1], &table, 2, bins(15)), Ok(0.25));
        assert_eq!(ece(&[0, 1], &[1.0, 0.0, 0.0, 1.0], 2, bins(15)), Ok(0.0));
    }

    #[test]
    fn errors_that_cancel_in_one_bin_show_in_ten() {
        // At 0.6 all are right, at 0.8 none is: off by 0.2 in the mean, by 0.6 bin by bin.
        let table = [0.6, 0.4, 0.8, 0.2];
        let one = ece(&[0, 1], &table, 2, bins(1)).unwrap();
        let ten = ece(&[0, 1], &table, 2, bins(10)).unwrap();
        assert!((one - 0.2).abs() < 1e-12 && (ten - 0.6).abs() < 1e-12, "{one} {ten}");
    }
}

//! What the values of a metric mean, told from its name and its values.

use wellfit_core::run::{Direction, Series};

const SHARES: &[&str] = &["acc", "f1", "prec", "recall", "auc", "map", "iou", "dice", "top"];
const ERRORS: &[&str] = &["mse", "mae", "squared_error", "absolute_error"];
/// What LightGBM calls the mean absolute and the mean squared error.
const NORMS: &[&str] = &["l1", "l2"];

/// What the values of a metric mean, and so what counts as much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Cross-entropy and all else that is compared by ratio only.
    Loss,
    /// An error of regression: 0 is perfect, ratios have a meaning.
    Error,
    /// A share of examples, from 0 to 1: accuracy, precision, recall, F1, an error rate.
    Share,
    /// R²: 1 is perfect, 0 is the mean.
    R2,
    /// Any other score.
    Score,
}

impl Kind {
    /// The kind of a metric by its name, direction and values, and the value that is a share of 1.
    pub fn of(metric: &str, direction: Direction, series: &Series) -> (Self, f64) {
        let name = metric.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
        let values = || series.points.iter().map(|point| point.1).filter(|value| value.is_finite());
        let largest = values().fold(f64::NEG_INFINITY, f64::max);
        let is_share = values().all(|value| value >= 0.0) && largest <= 1.0;
        match direction {
            Direction::Higher if has(&["r2", "r^2", "r_squared"]) => (Self::R2, 1.0),
            Direction::Higher if is_share => (Self::Share, 1.0),
            Direction::Higher if has(SHARES) && largest <= 100.0 => (Self::Share, 100.0),
            Direction::Higher => (Self::Score, 1.0),
            Direction::Lower if has(ERRORS) || NORMS.contains(&&*name) => (Self::Error, 1.0),
            Direction::Lower if has(&["err"]) && is_share => (Self::Share, 1.0),
            Direction::Lower => (Self::Loss, 1.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wellfit_core::run::Part;

    fn kind(metric: &str, values: &[f64]) -> (Kind, f64) {
        let points = values.iter().enumerate().map(|(i, &value)| (i as f64, value)).collect();
        let series = Series { part: Part::Validation, metric: metric.to_owned(), points };
        Kind::of(metric, Direction::of(metric), &series)
    }

    #[test]
    fn names_and_values_tell() {
        assert_eq!(kind("loss", &[0.5]), (Kind::Loss, 1.0));
        assert_eq!(kind("rmse", &[0.5]), (Kind::Error, 1.0));
        assert_eq!(kind("l2", &[0.5]), (Kind::Error, 1.0));
        assert_eq!(kind("accuracy", &[0.5, 0.9]), (Kind::Share, 1.0));
        assert_eq!(kind("accuracy", &[0.5, 90.0]), (Kind::Share, 100.0));
        assert_eq!(kind("r2", &[-3.0, 0.9]), (Kind::R2, 1.0));
        assert_eq!(kind("psnr", &[30.0]), (Kind::Score, 1.0));
        assert_eq!(kind("f1", &[f64::NAN, 0.5]), (Kind::Share, 1.0));
    }
}

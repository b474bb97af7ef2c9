//! How the scores of several classes become one number.

use serde::{Deserialize, Serialize};

/// How the scores of several classes become one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Average {
    /// Every class counts the same. Classes that are neither actual nor predicted are left out,
    /// which is what scikit-learn does when it is given no `labels`.
    Macro,
    /// Every example counts the same: the counts of all classes are added up first.
    Micro,
    /// Every class counts as often as it is the actual one.
    Weighted,
}

/// What a score is worth when its denominator is zero, such as the precision of a class that was
/// never predicted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ZeroDivision {
    /// It is 0: scikit-learn's default, there with a warning.
    Zero,
    /// It is 1.
    One,
    /// It is NaN, and averages leave it out.
    Nan,
}

impl ZeroDivision {
    /// `numerator / denominator`, or the agreed value when the denominator is zero.
    pub(super) fn divide(self, numerator: u64, denominator: u64) -> f64 {
        match (denominator, self) {
            (0, Self::Zero) => 0.0,
            (0, Self::One) => 1.0,
            (0, Self::Nan) => f64::NAN,
            _ => numerator as f64 / denominator as f64,
        }
    }
}

/// Mean of (value, weight) pairs without the NaN values; NaN when none is left.
///
/// When the weights that are left sum to zero, all of them count the same, as in scikit-learn.
pub(super) fn mean(pairs: &[(f64, f64)]) -> f64 {
    let known = || pairs.iter().filter(|pair| !pair.0.is_nan());
    let total: f64 = known().map(|pair| pair.1).sum();
    if total == 0.0 {
        known().map(|pair| pair.0).sum::<f64>() / known().count() as f64
    } else {
        known().map(|pair| pair.0 * pair.1).sum::<f64>() / total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nan_is_left_out_of_the_mean() {
        assert_eq!(mean(&[(1.0, 1.0), (f64::NAN, 5.0), (2.0, 3.0)]), 1.75);
        assert!(mean(&[(f64::NAN, 1.0)]).is_nan());
    }

    #[test]
    fn zero_weights_count_the_same() {
        assert_eq!(mean(&[(1.0, 0.0), (f64::NAN, 2.0), (4.0, 0.0)]), 2.5);
    }
}

//! Differences of paired runs.

/// The mean of differences with its interval of 95%, by Student's t.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// Mean.
    pub mean: f64,
    /// Half the width of the interval; NaN for fewer than two pairs.
    pub half: f64,
}

/// Quantiles .975 of Student's t with 1, 2, ... degrees of freedom; beyond them the normal's is
/// near. (Any table of statistics.)
const T: [f64; 19] = [
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
    2.145, 2.131, 2.120, 2.110, 2.101, 2.093,
];

impl Difference {
    /// Of values that belong together by seed.
    pub fn of(differences: &[f64]) -> Self {
        let n = differences.len() as f64;
        let mean = differences.iter().sum::<f64>() / n;
        let variance = differences.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / (n - 1.0);
        let t = T.get(differences.len().saturating_sub(2)).copied().unwrap_or(2.0);
        Self { mean, half: t * (variance / n).sqrt() }
    }

    /// Whether the interval excludes zero.
    pub fn is_clear(self) -> bool {
        self.mean.abs() > self.half
    }
}

/// Mean of values.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_student_s() {
        // Mean 2, standard deviation 1, n = 3: 4.303 / sqrt 3.
        let difference = Difference::of(&[1.0, 2.0, 3.0]);
        assert_eq!(difference.mean, 2.0);
        assert!((difference.half - 4.303 / 3f64.sqrt()).abs() < 1e-12);
        assert!(!difference.is_clear() && Difference::of(&[1.0, 1.1, 1.2]).is_clear());
    }
}

//! A distance from what must hold, and how far it may be.

/// How far a technique is from a law.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// The distance, at least 0.
    pub value: f64,
    /// The largest distance at which the law holds.
    pub bound: f64,
}

impl Measured {
    /// A distance that may be `bound` at most.
    pub const fn within(bound: f64, value: f64) -> Self {
        Self { value, bound }
    }

    /// A number of exceptions, of which there may be none.
    pub fn none_of(exceptions: usize) -> Self {
        Self { value: exceptions as f64, bound: 0.0 }
    }

    /// The largest distance between `found` and `expected`; infinite where their lengths differ.
    pub fn apart(bound: f64, found: &[f64], expected: &[f64]) -> Self {
        let apart = found.iter().zip(expected).map(|(f, e)| (f - e).abs());
        let value = if found.len() == expected.len() { largest(apart) } else { f64::INFINITY };
        Self { value, bound }
    }

    /// How far the mean of `samples` is from `expected`, in standard errors, of which five are
    /// allowed. Rounding of single precision counts for nothing.
    pub fn mean(samples: &[f64], expected: f64) -> Self {
        let n = samples.len() as f64;
        let mean = samples.iter().sum::<f64>() / n;
        let variance = samples.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
        let rounding = 1e-6 * expected.abs().max(1e-3);
        Self { value: (mean - expected).abs() / ((variance / n).sqrt() + rounding), bound: 5.0 }
    }

    /// The worse of the two, measured by their own bounds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        if other.excess() > self.excess() { other } else { self }
    }

    /// The worst of all, or none of none.
    pub fn worst(all: impl IntoIterator<Item = Self>) -> Option<Self> {
        all.into_iter().reduce(Self::or)
    }

    /// Whether the law holds. Nothing holds of NaN.
    pub fn holds(self) -> bool {
        self.value <= self.bound
    }

    /// NaN is as far as can be.
    fn excess(self) -> f64 {
        let excess = if self.bound > 0.0 { self.value / self.bound } else { self.value };
        if excess.is_nan() { f64::INFINITY } else { excess }
    }
}

/// The largest, where NaN is larger than all.
pub fn largest(values: impl IntoIterator<Item = f64>) -> f64 {
    let larger = |a: f64, b: f64| if a.is_nan() || a >= b { a } else { b };
    values.into_iter().fold(0.0, larger)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_holds_of_nan() {
        assert!(!Measured::within(1.0, f64::NAN).holds());
        assert!(largest([0.5, f64::NAN, 0.7]).is_nan());
        let worst = Measured::within(1.0, 0.5).or(Measured::apart(1.0, &[f64::NAN], &[1.0]));
        assert!(!worst.holds());
        assert!(!Measured::apart(1.0, &[], &[1.0]).holds());
    }

    #[test]
    fn a_mean_is_measured_in_standard_errors() {
        let samples = [1.0, 2.0, 3.0, 4.0];
        let found = Measured::mean(&samples, 2.0).value;
        assert!((found - 0.5 / (5.0f64 / 3.0 / 4.0).sqrt()).abs() < 1e-4, "{found}");
        assert!(Measured::mean(&[1.0, 1.0], 1.0).holds());
        assert!(!Measured::mean(&[1.0, 1.0], 1.1).holds());
    }
}

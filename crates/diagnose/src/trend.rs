//! Levels and trends at the end of a noisy curve.

use wellfit_core::control::{SHORT, rise};

/// Standard errors by which a change exceeds noise.
pub(crate) const MIN_Z: f64 = 3.0;

/// How a curve of costs ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct End {
    /// Mean over the last window, without lone outliers.
    pub level: f64,
    /// Standard error of `level`.
    pub error: f64,
    /// By how much the last window is below the one before; negative when costs rise.
    pub gain: f64,
    /// `gain` over its standard error.
    pub z: f64,
}

impl End {
    /// Nothing for fewer than 3 values.
    pub fn of(costs: &[f64]) -> Option<Self> {
        let noise = rise(costs)?;
        let clean = if costs.len() > SHORT { without_spikes(costs) } else { costs.to_vec() };
        let (before, last) = clean.split_at(clean.len() - noise.window);
        let level = mean(last);
        let error = noise.sigma / (noise.window as f64).sqrt();
        let gain = mean(&before[before.len() - noise.window..]) - level;
        let z = if gain == 0.0 { 0.0 } else { gain / (error * std::f64::consts::SQRT_2) };
        Some(Self { level, error, gain, z })
    }

    /// Whether costs still fall, by at least `smallest`. Of a short curve the last value must be
    /// the lowest and the one before the second lowest, since its noise is hardly known.
    pub fn improves(&self, costs: &[f64], smallest: f64) -> bool {
        if self.gain < smallest {
            return false;
        }
        if costs.len() > SHORT {
            return self.z > MIN_Z;
        }
        let (earlier, last) = costs.split_at(costs.len() - 2);
        last[1] < last[0] && earlier.iter().all(|&cost| cost > last[0])
    }
}

/// Mean of `width` values around `center`, fewer at the ends; 0 width is 1.
pub(crate) fn mean_around(costs: &[f64], center: usize, width: usize) -> f64 {
    let begin = center.saturating_sub(width / 2);
    let end = (begin + width.max(1)).min(costs.len());
    mean(&costs[begin.min(end - 1)..end])
}

/// Mean of at least one value.
pub(crate) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Place of the lowest value; of equal ones the first.
pub(crate) fn lowest(costs: &[f64]) -> usize {
    let lower = |best: usize, at: usize| if costs[at] < costs[best] { at } else { best };
    (0..costs.len()).fold(0, lower)
}

/// Running median of three; the ends take that of their nearest three.
pub(crate) fn without_spikes(costs: &[f64]) -> Vec<f64> {
    let middle = |three: &[f64]| three[0].max(three[1]).min(three[0].min(three[1]).max(three[2]));
    let inner: Vec<f64> = costs.windows(3).map(middle).collect();
    let (Some(&first), Some(&last)) = (inner.first(), inner.last()) else {
        return costs.to_vec();
    };
    std::iter::once(first).chain(inner).chain(std::iter::once(last)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_falling_line_improves_and_a_level_one_does_not() {
        for points in [5_u32, 10, 11, 100] {
            let line: Vec<f64> = (0..points).map(|i| 10.0 - 0.1 * f64::from(i)).collect();
            assert!(End::of(&line).unwrap().improves(&line, 0.01), "{points}");
            let level = vec![1.0; points as usize];
            assert!(!End::of(&level).unwrap().improves(&level, 0.01), "{points}");
        }
    }

    #[test]
    fn a_lone_outlier_goes() {
        assert_eq!(without_spikes(&[1.0, 9.0, 2.0, 3.0]), [2.0, 2.0, 3.0, 3.0]);
        assert_eq!(without_spikes(&[1.0, 2.0]), [1.0, 2.0]);
    }

    #[test]
    fn means_keep_inside() {
        assert_eq!(mean_around(&[1.0, 2.0, 6.0], 0, 3), 3.0);
        assert_eq!(mean_around(&[1.0, 2.0, 6.0], 2, 3), 4.0);
        assert_eq!(mean_around(&[1.0, 2.0, 6.0], 1, 0), 2.0);
        assert_eq!(lowest(&[2.0, 1.0, 1.0]), 1);
    }
}

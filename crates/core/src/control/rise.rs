//! Has a curve risen since its minimum, by more than its noise explains?

use serde::Serialize;

/// A rise below this share of the minimum is too small to matter.
pub const MIN_RELATIVE: f64 = 0.03;
/// A rise below this many standard errors may be noise.
pub const MIN_Z: f64 = 3.0;
/// The same for at most [`SHORT`] points, whose noise is known too badly for [`MIN_Z`].
pub const MIN_Z_SHORT: f64 = 5.0;
/// Up to this many points, a curve is not smoothed.
pub const SHORT: usize = 10;

/// Longest smoothing window, so that the work stays linear in the number of points.
const MAX_WINDOW: usize = 1000;

/// How far the end of a curve lies above its minimum. Values are costs: lower is better.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rise {
    /// Place of the minimum of the smoothed curve among the values, from 0.
    pub minimum_index: usize,
    /// The minimum of the smoothed curve.
    pub minimum: f64,
    /// The end of the smoothed curve.
    pub end: f64,
    /// `end` - `minimum`, less what the minimum of pure noise would lie too low; at least 0.
    pub rise: f64,
    /// `rise` over the absolute value of `minimum`; infinite for a rise from 0.
    pub relative: f64,
    /// `rise` over its standard error; infinite for a rise without noise.
    pub z: f64,
    /// Standard deviation of the noise of one value.
    pub sigma: f64,
    /// Number of values that were judged.
    pub points: usize,
    /// Number of values in the smoothing window, and so in `end`.
    pub window: usize,
}

impl Rise {
    /// Whether the rise is large enough to matter and too large to be noise.
    ///
    /// On curves of flat noise, this is true for at most 5 in 100. A rise alone is not overfitting:
    /// the validation loss must lie above the training loss as well.
    pub fn is_significant(&self) -> bool {
        let min_z = if self.points <= SHORT { MIN_Z_SHORT } else { MIN_Z };
        self.relative > MIN_RELATIVE && self.z > min_z
    }
}

/// Measures the rise of a curve of costs, evenly spaced, since its minimum.
///
/// 1. The noise σ of one value comes from the median absolute deviation of first differences, or of
///    second differences for up to 20 values, so that the trend does not enter.
/// 2. Lone outliers go (running median of three); the rest is averaged in a window of 10% of the
///    values, at least 3. One spike is no trend, at the end neither.
/// 3. The minimum of a noisy curve is too low: the expected minimum of as many independent windows
///    as come near it, σ_w √(2 ln m), is taken off the rise, σ_w = σ / √window.
/// 4. z = rise / (σ_w √2).
///
/// Up to [`SHORT`] values the trend is in every difference and smoothing would flatten it: σ is the
/// least of the estimates by first, second and third differences, the curve is left as it is, and
/// from five values on, `end` is the lower of the last two.
///
/// Noise that is alike from one value to the next hides from differences: its σ comes out too small.
///
/// Nothing for fewer than 3 values, or when a value is NaN or infinite: that is divergence, another
/// finding than a rise.
pub fn rise(values: &[f64]) -> Option<Rise> {
    if values.len() < 3 || values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let sigma = noise(values);
    let (smooth, window) = smoothed(values);
    let error = sigma / (window as f64).sqrt();
    let (place, minimum) = lowest(&smooth);
    let end = if (5..=SHORT).contains(&values.len()) {
        smooth[smooth.len() - 1].min(smooth[smooth.len() - 2])
    } else {
        smooth[smooth.len() - 1]
    };
    let near = smooth.iter().filter(|&&value| value <= minimum + 3.0 * error).count();
    let rivals = (near as f64 / window as f64).max(1.0);
    let rise = (end - minimum - error * (2.0 * rivals.ln()).sqrt()).max(0.0);
    Some(Rise {
        minimum_index: place + window / 2,
        minimum,
        end,
        rise,
        relative: share(rise, minimum.abs()),
        z: share(rise, error * std::f64::consts::SQRT_2),
        sigma,
        points: values.len(),
        window,
    })
}

/// Standard deviation of the noise of one value; the number of values decides how.
fn noise(values: &[f64]) -> f64 {
    match values.len() {
        0..=4 => noise_by(values, 2),
        5..=SHORT => (1..=3).map(|order| noise_by(values, order)).fold(f64::INFINITY, f64::min),
        11..=20 => noise_by(values, 2),
        _ => noise_by(values, 1),
    }
}

/// The noise from differences of one order, which remove a polynomial trend of lower order.
///
/// 1.4826 times the median absolute deviation is the standard deviation of a normal law, and so is
/// 1.2533 times the mean one, which stands in where more than half of the deviations are zero. A
/// difference of order k has the variance C(2k, k) σ².
fn noise_by(values: &[f64], order: u32) -> f64 {
    let mut differences = values.to_vec();
    for _ in 0..order {
        differences = differences.windows(2).map(|pair| pair[1] - pair[0]).collect();
    }
    // The median of first differences is the slope; that of higher ones is too few values' luck.
    let center = if order == 1 { median(&differences) } else { 0.0 };
    let deviations: Vec<f64> = differences.iter().map(|d| (d - center).abs()).collect();
    let mean = deviations.iter().sum::<f64>() / deviations.len() as f64;
    let typical = median(&deviations);
    let spread = if typical > 0.0 { 1.4826 * typical } else { 1.2533 * mean };
    let variance = [1.0, 2.0, 6.0, 20.0][order as usize];
    spread / f64::sqrt(variance)
}

/// The curve without lone outliers and noise, and the width of the averages; short ones as they are.
fn smoothed(values: &[f64]) -> (Vec<f64>, usize) {
    if values.len() <= SHORT {
        return (values.to_vec(), 1);
    }
    let tenth = (values.len() as f64 / 10.0).round() as usize;
    let window = tenth.clamp(3, MAX_WINDOW);
    let mean = |part: &[f64]| part.iter().sum::<f64>() / window as f64;
    (without_spikes(values).windows(window).map(mean).collect(), window)
}

/// Running median of three; the ends take that of their nearest three.
fn without_spikes(values: &[f64]) -> Vec<f64> {
    let inner: Vec<f64> = values.windows(3).map(median).collect();
    let (first, last) = (inner[0], inner[inner.len() - 1]);
    std::iter::once(first).chain(inner).chain(std::iter::once(last)).collect()
}

fn lowest(values: &[f64]) -> (usize, f64) {
    let lower = |best: (usize, f64), new: (usize, f64)| if new.1 < best.1 { new } else { best };
    values.iter().copied().enumerate().fold((0, f64::INFINITY), lower)
}

/// Median of at least one value; of an even number, the mean of the two in the middle.
fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let half = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[half] } else { 0.5 * (sorted[half - 1] + sorted[half]) }
}

/// a / b for numbers of at least 0, with 0 / 0 = 0.
fn share(a: f64, b: f64) -> f64 {
    if a == 0.0 { 0.0 } else { a / b }
}

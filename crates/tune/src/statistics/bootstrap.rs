//! An interval for the mean by resampling, without a law assumed.

use crate::Error;
use libm::erfc;
use std::f64::consts::FRAC_1_SQRT_2;
use wellfit_core::number::Fraction;
use wellfit_core::seed::Stream;

/// An interval that holds what is estimated, with the confidence that was asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Resamples behind an interval: its ends move by about 2% of its width from seed to seed.
pub const RESAMPLES: usize = 10_000;

/// The bias-corrected and accelerated interval of the mean (Efron 1987, "Better bootstrap
/// confidence intervals"), from [`RESAMPLES`] samples drawn with replacement. Equal values give
/// that value twice.
///
/// # Errors
/// [`Error::Sample`] for less than two values, and for values that are not finite.
pub fn bootstrap(values: &[f64], confidence: Fraction, stream: Stream) -> Result<Interval, Error> {
    super::check("a bootstrap interval", values, 2)?;
    let mean = super::mean(values);
    let mut draw = stream.step(0);
    let mut means: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            let drawn = (0..values.len()).map(|_| values[draw.below(values.len() as u64) as usize]);
            drawn.sum::<f64>() / values.len() as f64
        })
        .collect();
    means.sort_unstable_by(f64::total_cmp);
    let (bias, acceleration) = (bias(&means, mean), acceleration(values, mean));
    let end = |tail: f64| {
        let shifted = bias + quantile(tail);
        let place = normal(bias + shifted / (1.0 - acceleration * shifted));
        // Infinite where all resamples lie on one side: then there is but one value.
        if place.is_finite() { at(&means, place) } else { mean }
    };
    let tail = 0.5 * (1.0 - confidence.get());
    Ok(Interval { low: end(tail), high: end(1.0 - tail) })
}

/// How far the median of the resamples lies from the mean; those that are equal count half.
fn bias(means: &[f64], mean: f64) -> f64 {
    let below = means.partition_point(|&m| m < mean);
    let equal = means.partition_point(|&m| m <= mean) - below;
    quantile((below as f64 + 0.5 * equal as f64) / means.len() as f64)
}

/// A sixth of the skewness of the means that leave one value out.
fn acceleration(values: &[f64], mean: f64) -> f64 {
    let moment = |power| values.iter().map(|value| (mean - value).powi(power)).sum::<f64>();
    // Leaving one out moves the mean by (mean - value) / (n - 1), and the factor cancels.
    let spread = moment(2);
    if spread > 0.0 { -moment(3) / (6.0 * spread.powf(1.5)) } else { 0.0 }
}

/// The value below which a share of the sorted ones lies, between neighbours in proportion.
fn at(sorted: &[f64], share: f64) -> f64 {
    let place = share.clamp(0.0, 1.0) * (sorted.len() - 1) as f64;
    let (left, right) = (place.floor() as usize, place.ceil() as usize);
    sorted[left] + (place - place.floor()) * (sorted[right] - sorted[left])
}

/// The standard normal law's distribution function.
fn normal(z: f64) -> f64 {
    0.5 * erfc(-z * FRAC_1_SQRT_2)
}

/// Its inverse, infinite at 0 and 1.
fn quantile(p: f64) -> f64 {
    if p <= 0.0 || p >= 1.0 {
        return if p > 0.5 { f64::INFINITY } else { f64::NEG_INFINITY };
    }
    let (mut low, mut high) = (-40.0, 40.0);
    loop {
        let middle: f64 = 0.5 * (low + high);
        if middle <= low || middle >= high {
            return middle;
        }
        if normal(middle) < p { low = middle } else { high = middle }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wellfit_core::seed::Seed;

    fn of(values: &[f64], seed: u64) -> Interval {
        let stream = Seed::new(seed).stream("test");
        bootstrap(values, Fraction::new(0.95).unwrap(), stream).unwrap()
    }

    #[test]
    fn quantiles_of_the_normal_law() {
        assert!((quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-12);
        assert!((quantile(1e-10) + 6.361_340_902_404_056).abs() < 1e-9);
        assert_eq!(quantile(0.0), f64::NEG_INFINITY);
    }

    #[test]
    fn equal_values_leave_no_doubt() {
        assert_eq!(of(&[0.5; 6], 1), Interval { low: 0.5, high: 0.5 });
    }

    #[test]
    fn the_same_seed_gives_the_same_interval() {
        let values = [0.11, 0.43, -0.27, 0.91, 0.32, 0.05, -0.13, 0.71, 0.2, 0.58];
        assert_eq!(of(&values, 1), of(&values, 1));
        assert_ne!(of(&values, 1), of(&values, 2));
    }

    #[test]
    fn what_has_no_mean_is_refused() {
        let stream = Seed::new(1).stream("test");
        for values in [&[][..], &[1.0], &[1.0, f64::NAN]] {
            assert!(bootstrap(values, Fraction::HALF, stream).is_err());
        }
    }
}

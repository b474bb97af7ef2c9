//! How sure: confidence from the strength of the evidence and the number of points.
//!
//! A strength is evidence over the threshold that it must pass: at 1 the verdict could go either
//! way.

use wellfit_core::control::SHORT;

/// Fewer points than this never give more than [`FEW_CAP`].
pub(crate) const FEW: usize = 5;
/// Highest confidence from [`FEW`] points, and from a short curve that only agrees.
pub(crate) const FEW_CAP: f64 = 0.5;
const SHORT_CAP: f64 = 0.8;
const CAP: f64 = 0.99;

/// Confidence in something found: 0.5 at its threshold, and near 1 far beyond it.
pub(crate) fn present(strength: f64, points: usize) -> f64 {
    (1.0 - 0.5 / strength.max(1.0)).min(cap(points))
}

/// Confidence in something absent: 0.5 at its threshold, and near 1 where there is no trace of it.
/// Few points could hide much.
pub(crate) fn absent(strength: f64, points: usize) -> f64 {
    let points_known = points as f64 / (points as f64 + 4.0);
    (1.0 - 0.5 * strength.clamp(0.0, 1.0)).min(points_known).min(cap(points))
}

fn cap(points: usize) -> f64 {
    match points {
        0..FEW => FEW_CAP,
        FEW..=SHORT => SHORT_CAP,
        _ => CAP,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_the_threshold_both_are_even() {
        assert_eq!((present(1.0, 1000), absent(1.0, 1000)), (0.5, 0.5));
        assert!(present(10.0, 1000) > 0.9 && absent(0.0, 1000) > 0.9);
        assert_eq!(present(f64::INFINITY, 1000), 0.99);
    }

    #[test]
    fn few_points_are_never_sure() {
        assert_eq!(present(f64::INFINITY, 4), 0.5);
        assert!(absent(0.0, 4) <= 0.5 && absent(0.0, 3) < 0.5);
        assert_eq!(present(f64::INFINITY, 10), 0.8);
    }
}

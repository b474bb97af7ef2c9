//! Training and validation values at the same epochs.

use wellfit_core::run::Series;

/// The training series at the epochs of validation: the mean of what was logged since the last of
/// these epochs, or between two training points the line through them.
pub(crate) fn aligned(series: &Series, epochs: &[f64]) -> Option<Vec<f64>> {
    let points: Vec<(f64, f64)> =
        series.points.iter().copied().filter(|point| point.1.is_finite()).collect();
    let mut next = 0;
    let mut value_at = |&epoch: &f64| {
        let begin = next;
        while points.get(next).is_some_and(|point| point.0 <= epoch) {
            next += 1;
        }
        let since = &points[begin..next];
        if since.is_empty() {
            return between(&points, next, epoch);
        }
        Some(since.iter().map(|point| point.1).sum::<f64>() / since.len() as f64)
    };
    epochs.iter().map(&mut value_at).collect()
}

fn between(points: &[(f64, f64)], next: usize, epoch: f64) -> Option<f64> {
    let before = next.checked_sub(1).and_then(|at| points.get(at));
    match (before, points.get(next)) {
        (Some(a), Some(b)) => Some(a.1 + (b.1 - a.1) * (epoch - a.0) / (b.0 - a.0)),
        (Some(only), None) | (None, Some(only)) => Some(only.1),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wellfit_core::run::Part;

    fn training(points: &[(f64, f64)]) -> Series {
        Series { part: Part::Train, metric: "loss".to_owned(), points: points.to_vec() }
    }

    #[test]
    fn training_steps_are_averaged_up_to_each_validation() {
        let steps: Vec<(f64, f64)> = (1..=6).map(|i| (f64::from(i), f64::from(i))).collect();
        assert_eq!(aligned(&training(&steps), &[2.0, 6.0, 6.5]), Some(vec![1.5, 4.5, 6.0]));
    }

    #[test]
    fn sparse_training_points_are_joined_by_lines() {
        let sparse = training(&[(1.0, 1.0), (5.0, 3.0)]);
        assert_eq!(aligned(&sparse, &[0.0, 1.0, 2.0, 3.0]), Some(vec![1.0, 1.0, 1.5, 2.0]));
        assert_eq!(aligned(&training(&[(1.0, f64::NAN)]), &[1.0]), None);
    }
}

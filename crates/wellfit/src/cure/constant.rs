//! The metrics of an answer that is always the same.

use crate::Experiment;
use wellfit_core::metric::{Average, ConfusionMatrix, ZeroDivision, mae, mse, r2};
use wellfit_data::Target;

/// The value of a series of the validation part for the best answer that looks at no input: the
/// most frequent class or the mean of the training rows, and for the loss the shares of the
/// validation rows themselves. NaN for other series.
pub fn constant(series: &str, experiment: &Experiment) -> f64 {
    let (train, validation) = (&experiment.data.train, &experiment.data.validation);
    let metric = series.split_once('.').map_or(series, |(_, metric)| metric);
    if metric == "loss" {
        return experiment.loss().of_constant(&validation.target);
    }
    match (&train.target, &validation.target) {
        (Target::Classes { labels, names }, Target::Classes { labels: actual, .. }) => {
            of_classes(metric, labels, actual, names.len())
        }
        (Target::Values(train), Target::Values(actual)) => {
            of_values(metric, train, actual, validation.target_scale.std.get())
        }
        _ => f64::NAN,
    }
}

fn of_classes(metric: &str, train: &[u32], actual: &[u32], classes: usize) -> f64 {
    let count = |class: usize| train.iter().filter(|&&label| label as usize == class).count();
    let most = (0..classes).rev().max_by_key(|&class| count(class)).unwrap_or(0);
    let actual: Vec<usize> = actual.iter().map(|&label| label as usize).collect();
    let Ok(matrix) = ConfusionMatrix::new(&actual, &vec![most; actual.len()], classes) else {
        return f64::NAN;
    };
    let (average, zero) = (Average::Macro, ZeroDivision::Zero);
    match metric {
        "accuracy" => matrix.accuracy(),
        "precision" => matrix.precision(average, zero),
        "recall" => matrix.recall(average, zero),
        "f1" => matrix.f1(average, zero),
        _ => f64::NAN,
    }
}

fn of_values(metric: &str, train: &[f64], actual: &[f64], unit: f64) -> f64 {
    let mean = train.iter().sum::<f64>() / train.len() as f64;
    let same = vec![mean; actual.len()];
    let found = match metric {
        "mse" => mse(actual, &same).map(|error| error * unit * unit),
        "mae" => mae(actual, &same).map(|error| error * unit),
        _ => r2(actual, &same),
    };
    found.unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_class_is_always_said() {
        let (train, actual) = ([0, 1, 1, 2], [1, 1, 0, 2, 2]);
        assert_eq!(of_classes("accuracy", &train, &actual, 3), 0.4);
        assert!((of_classes("recall", &train, &actual, 3) - 1.0 / 3.0).abs() < 1e-12);
        // Of classes that are equally frequent, the first.
        assert_eq!(of_classes("accuracy", &[0, 1], &[0, 0, 1], 2), 2.0 / 3.0);
    }

    #[test]
    fn the_mean_of_training_is_always_said() {
        let (train, actual) = ([1.0, 3.0], [2.0, 4.0]);
        assert_eq!(of_values("mse", &train, &actual, 3.0), 18.0);
        assert_eq!(of_values("mae", &train, &actual, 1.0), 1.0);
        assert_eq!(of_values("r2", &train, &actual, 1.0), -1.0);
    }
}

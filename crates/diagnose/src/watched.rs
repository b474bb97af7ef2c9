//! What a stopping rule looks at: the judged curve as costs.

use crate::curve::curves;
use wellfit_core::run::Run;

/// The curve that a run is judged by, as costs: lower is better.
#[derive(Debug, Clone, PartialEq)]
pub struct Watched {
    /// Name of the metric.
    pub metric: String,
    /// Epochs with a finite validation value, as in the log.
    pub epochs: Vec<f64>,
    /// Costs on validation examples; those of a score are its negative.
    pub validation: Vec<f64>,
    /// Costs on training examples at the same epochs, where they were logged.
    pub train: Option<Vec<f64>>,
}

/// The loss of a run, or its first metric where no loss was logged on validation examples.
///
/// Training values between two validations are averaged.
pub fn watched(run: &Run) -> Option<Watched> {
    let (loss, metrics) = curves(run);
    let curve = loss.or_else(|| metrics.into_iter().next())?;
    Some(Watched {
        metric: curve.metric,
        epochs: curve.epochs,
        validation: curve.validation,
        train: curve.train,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::example::log;
    use wellfit_core::run::Part::{Train, Validation};

    #[test]
    fn a_score_becomes_a_cost_and_a_loss_goes_first() {
        let accuracy = |e: f64| 0.5 + 0.1 * e;
        let scored = log(2, &[(Validation, "accuracy", &accuracy)]);
        let found = watched(&scored).unwrap();
        assert_eq!((found.validation, found.train), (vec![-0.6, -0.7], None));
        let both = log(
            2,
            &[
                (Validation, "accuracy", &accuracy),
                (Train, "loss", &|e| 1.0 / e),
                (Validation, "loss", &|e| 2.0 / e),
            ],
        );
        let found = watched(&both).unwrap();
        assert_eq!((found.metric.as_str(), found.train), ("loss", Some(vec![1.0, 0.5])));
        assert!(watched(&Run::new("empty")).is_none());
    }
}

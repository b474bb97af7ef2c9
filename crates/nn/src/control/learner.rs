//! The noise-aware rule for Burn's own learner (feature `burn-train`).
//!
//! Burn's strategy stops after a number of epochs without improvement, which must be chosen for the
//! noise of the run. This one stops when the validation loss has risen by more than its own noise
//! explains; it is the rule by which `wellfit diagnose --watch` stops, on the numbers that the learner
//! has anyway.

use burn_train::EarlyStoppingStrategy;
use burn_train::metric::store::{Aggregate, Direction, EventStoreClient, Split};
use burn_train::metric::{LossMetric, Metric, MetricName};
use wellfit_core::control::{Decision, NoiseAware, Reason};

/// Stops Burn's learner when a metric on validation examples turned for the worse.
///
/// The metric must be registered for training and for validation, as `LossMetric` is by
/// `metrics((LossMetric::new(),))`: what the learner does not measure cannot stop it.
///
/// # Example
/// ```ignore
/// let training = SupervisedTraining::new(folder, train, validation)
///     .metrics((LossMetric::new(),))
///     .early_stopping(NoiseAwareStrategy::loss());
/// ```
#[derive(Debug, Clone)]
pub struct NoiseAwareStrategy {
    metric: MetricName,
    sign: f64,
    rule: NoiseAware,
    reason: Option<Reason>,
}

impl NoiseAwareStrategy {
    /// Watches `metric`, whose best value is the lowest or the highest.
    pub fn new<M: Metric>(metric: &M, best: Direction) -> Self {
        let sign = match best {
            Direction::Lowest => 1.0,
            Direction::Highest => -1.0,
        };
        Self { metric: metric.name(), sign, rule: NoiseAware::new(), reason: None }
    }

    /// Watches the loss.
    pub fn loss() -> Self {
        Self::new(&LossMetric::new(), Direction::Lowest)
    }

    /// Epoch and value of the best on validation examples: the checkpoint to keep.
    pub fn best(&self) -> Option<(usize, f64)> {
        self.rule.best().map(|(epoch, cost)| (epoch as usize, self.sign * cost))
    }

    /// Why it stopped the run, once it has.
    pub fn reason(&self) -> Option<&Reason> {
        self.reason.as_ref()
    }
}

impl EarlyStoppingStrategy for NoiseAwareStrategy {
    fn should_stop(&mut self, epoch: usize, store: &EventStoreClient) -> bool {
        let cost = |split| {
            let value = store.find_metric(&self.metric, epoch, Aggregate::Mean, &split);
            value.map(|value| self.sign * value)
        };
        let Some(validation) = cost(Split::Valid) else {
            log::warn!("{} is not measured on validation examples: nothing can stop", self.metric);
            return false;
        };
        let train = cost(Split::Train);
        if let Decision::Stop(reason) = self.rule.observe(epoch as f64, train, validation) {
            log::info!("epoch {epoch}: {reason}");
            self.reason = Some(reason);
        }
        self.reason.is_some()
    }
}

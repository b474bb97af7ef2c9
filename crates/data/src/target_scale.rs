//! Regression targets in units of their own spread.

use crate::{Dataset, Target};
use serde::{Deserialize, Serialize};
use wellfit_core::number::{Finite, Positive};

/// value = mean + std times what a model puts out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TargetScale {
    /// Mean of the training values.
    pub mean: Finite,
    /// Their population standard deviation; 1 where they are all equal.
    pub std: Positive,
}

impl Default for TargetScale {
    /// Targets as they are in the file.
    fn default() -> Self {
        Self { mean: Finite::ZERO, std: Positive::ONE }
    }
}

impl TargetScale {
    /// Learns the scale of these values; classes have none.
    pub fn fit(target: &Target) -> Self {
        let Target::Values(values) = target else { return Self::default() };
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / n;
        Self {
            mean: Finite::new(mean).unwrap_or(Finite::ZERO),
            std: Positive::new(variance.sqrt()).unwrap_or(Positive::ONE),
        }
    }
}

impl Dataset {
    /// Brings values to units of `scale`, and remembers it. Classes stay as they are.
    #[must_use]
    pub fn with_target_scale(mut self, scale: TargetScale) -> Self {
        if let Target::Values(values) = &mut self.target {
            for value in values {
                *value = (*value - scale.mean.get()) / scale.std.get();
            }
            self.target_scale = scale;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_standard_and_the_scale_leads_back() {
        let data = |values| Dataset::new(vec![0.0; 3], vec![1], Target::Values(values), vec![]);
        let plain = data(vec![10.0, 20.0, 60.0]).unwrap();
        let scale = TargetScale::fit(&plain.target);
        assert!((scale.mean.get() - 30.0).abs() < 1e-12);
        assert!((scale.std.get() - (1400.0f64 / 3.0).sqrt()).abs() < 1e-12);
        let scaled = plain.clone().with_target_scale(scale);
        let Target::Values(values) = &scaled.target else { panic!("values") };
        assert!(values.iter().sum::<f64>().abs() < 1e-12);
        assert!((values.iter().map(|v| v * v).sum::<f64>() - 3.0).abs() < 1e-12);
        assert!((values[2] * scale.std.get() + scale.mean.get() - 60.0).abs() < 1e-12);
        assert_eq!(scaled.select(&[1]).target_scale, scale);
        let constant = data(vec![7.0; 3]).unwrap();
        assert_eq!(TargetScale::fit(&constant.target).std, Positive::ONE);
    }
}

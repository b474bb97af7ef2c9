//! The evidence in plain numbers.

use super::kernel::Determinant;
use std::f64::consts::TAU;

/// What the losses say of the data.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Likelihood {
    /// The sum of cross-entropies: minus the log likelihood.
    Classes(f64),
    /// Half the sum of squared errors, and the number of targets.
    Values(f64, f64),
}

/// The evidence, and how it changes with each λ.
#[derive(Debug, Clone, PartialEq)]
pub struct Marginal {
    /// What the losses say.
    pub likelihood: Likelihood,
    /// ln Z in nats, of all examples.
    pub evidence: f64,
    /// σ², 1 for classes.
    pub noise: f64,
    /// γ of each tensor.
    pub effective: Vec<f64>,
    /// λ|w|²/σ² of each tensor: what γ is where the evidence is highest.
    pub pull: Vec<f64>,
}

impl Marginal {
    /// The evidence of `likelihood`, given λ|w|² of each tensor and what the curvature says.
    pub fn of(likelihood: Likelihood, penalties: &[f64], determinant: Determinant) -> Self {
        let penalty: f64 = penalties.iter().sum();
        let (fit, noise) = match likelihood {
            Likelihood::Classes(loss) => (-loss - penalty / 2.0, 1.0),
            Likelihood::Values(loss, count) => {
                // Targets that are met exactly leave no noise, whose logarithm is to stay a number.
                let noise = ((2.0 * loss + penalty) / count).max(f64::MIN_POSITIVE);
                (-count / 2.0 * (1.0 + (TAU * noise).ln()), noise)
            }
        };
        let pull = penalties.iter().map(|penalty| penalty / noise).collect();
        let Determinant { ln, effective } = determinant;
        Self { likelihood, evidence: fit - ln / 2.0, noise, effective, pull }
    }

    /// How far ln λ of each tensor is from where its slope would vanish if the weights stayed and γ
    /// too, ln(γ σ²/(λ|w|²)), within ±1. 0 where both vanish. σ² is the one of that place,
    /// 2S/(n - γ), where there are more targets than effective weights.
    pub fn distances(&self) -> impl Iterator<Item = f64> {
        let ahead = self.ahead();
        let distance = move |(effective, pull): (&f64, &f64)| {
            let logs = effective.ln() - pull.ln() + ahead;
            if logs.is_nan() { 0.0 } else { logs.clamp(-1.0, 1.0) }
        };
        self.effective.iter().zip(&self.pull).map(distance)
    }

    /// How far ln σ² is from where it would be without slopes.
    fn ahead(&self) -> f64 {
        let Likelihood::Values(loss, count) = self.likelihood else { return 0.0 };
        let left = count - self.effective.iter().sum::<f64>();
        let ahead = (2.0 * loss / left / self.noise).ln();
        if left > 0.0 && ahead.is_finite() { ahead } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::kernel::Kernel;
    use super::*;

    /// One row of a root for each of two tensors of one weight.
    fn kernel(x: f64) -> Kernel {
        Kernel { outputs: 1, rows: 1, parts: vec![vec![x * x], vec![0.25]] }
    }

    #[test]
    fn half_the_difference_of_effective_and_pull_is_the_slope() {
        let squares = [0.8, 2.5];
        for likelihood in [Likelihood::Classes(41.0), Likelihood::Values(6.0, 30.0)] {
            let at = |lambda: f64| {
                let determinant = kernel(1.3).determinant(&[lambda, 3.0]).unwrap();
                Marginal::of(likelihood, &[lambda * squares[0], 3.0 * squares[1]], determinant)
            };
            let found = at(0.7);
            let slope = (found.effective[0] - found.pull[0]) / 2.0;
            let step = 1e-4f64;
            let difference = at(0.7 * step.exp()).evidence - at(0.7 * (-step).exp()).evidence;
            assert!((slope - difference / (2.0 * step)).abs() < 1e-6, "{slope} {difference}");
        }
    }

    #[test]
    fn one_weight_has_its_evidence_in_closed_form() {
        // y = w x + noise with w ~ N(0, σ²/λ): y ~ N(0, σ² (1 + x²/λ)), at the best σ² of one y.
        let (x, y, lambda) = (1.3f64, 0.9f64, 0.4f64);
        let w = x * y / (x * x + lambda);
        let one = Kernel { outputs: 1, rows: 1, parts: vec![vec![x * x]] };
        let determinant = one.determinant(&[lambda]).unwrap();
        let loss = (y - w * x).powi(2) / 2.0;
        let found = Marginal::of(Likelihood::Values(loss, 1.0), &[lambda * w * w], determinant);
        let variance = found.noise * (1.0 + x * x / lambda);
        let exact = -0.5 * ((TAU * variance).ln() + y * y / variance);
        assert!((found.evidence - exact).abs() < 1e-9, "{found:?}, expected {exact}");
    }

    #[test]
    fn extremes_give_numbers() {
        for x in [0.0, 1e-30, 1.0, 1e30] {
            for lambda in [1e-12, 1.0, 1e12] {
                for squares in [0.0, 1e-30, 1e30] {
                    for likelihood in [Likelihood::Classes(0.0), Likelihood::Values(0.0, 5.0)] {
                        let determinant = kernel(x).determinant(&[lambda, 1.0]).unwrap();
                        let found = Marginal::of(likelihood, &[lambda * squares, 0.0], determinant);
                        assert!(found.evidence.is_finite(), "{found:?}");
                        assert!((0.0..=1.0).contains(&found.effective[0]), "{found:?}");
                        assert!(found.distances().all(|step| (-1.0..=1.0).contains(&step)));
                    }
                }
            }
        }
    }

    #[test]
    fn a_dead_tensor_stays_where_it_is() {
        let determinant = Determinant { ln: 0.0, effective: vec![0.0] };
        let found = Marginal::of(Likelihood::Classes(1.0), &[0.0], determinant);
        assert_eq!(found.distances().collect::<Vec<_>>(), [0.0]);
    }
}

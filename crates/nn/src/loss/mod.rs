//! Losses, one number per example: what C0 is the mean of.

mod class_weights;
pub mod confidence_penalty;
mod curvature;
pub mod distillation;
mod divergence;
mod door;
pub mod jensen_shannon;
mod probability;
pub mod r_drop;

pub use class_weights::{ClassWeights, Weighted};
pub use divergence::divergence;
pub use door::{LossDoor, Seen};

use crate::technique::Shelved;
use burn::tensor::Tensor;
use burn::tensor::activation::{log_sigmoid, log_softmax};
use serde::{Deserialize, Serialize};
use wellfit_data::Target;

/// The techniques of this door.
pub const SHELF: &[Shelved] = &[
    Shelved::of::<confidence_penalty::ConfidencePenalty>(),
    Shelved::of::<distillation::Distillation>(),
    Shelved::of::<jensen_shannon::JensenShannon>(),
    Shelved::of::<r_drop::RDrop>(),
];

/// A loss on the model's outputs (logits for classes, values else) and soft targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    /// Softmax cross-entropy: -Σ_k t_k log softmax(z)_k. Targets are probabilities.
    CrossEntropy,
    /// The textbook's sigmoid cross-entropy, summed over the outputs:
    /// -Σ_k t_k log σ(z_k) + (1 - t_k) log(1 - σ(z_k)). (Nielsen 2015, chapter 3.)
    SigmoidCrossEntropy,
    /// Half the squared error, summed over the outputs: ½ Σ_k (z_k - t_k)².
    SquaredError,
}

impl Loss {
    /// The loss of each example.
    ///
    /// # Shapes
    /// outputs and targets [batch, outputs] -> one number per example
    pub fn per_example(self, outputs: Tensor<2>, targets: Tensor<2>) -> Tensor<1> {
        let summed = match self {
            Self::CrossEntropy => -(log_softmax(outputs, 1) * targets).sum_dim(1),
            Self::SigmoidCrossEntropy => {
                let miss = log_sigmoid(-outputs.clone()) * (targets.clone() - 1.0);
                (miss - log_sigmoid(outputs) * targets).sum_dim(1)
            }
            Self::SquaredError => (outputs - targets).square().sum_dim(1) * 0.5,
        };
        summed.squeeze_dim(1)
    }

    /// The mean over the batch, C0.
    ///
    /// # Shapes
    /// outputs and targets [batch, outputs] -> one number
    pub fn mean(self, outputs: Tensor<2>, targets: Tensor<2>) -> Tensor<1> {
        self.per_example(outputs, targets).mean()
    }

    /// Σ_k s_k L_k for each example, L_k the loss if class k were true: the expected loss where the
    /// shares are probabilities, a weighted one where each was multiplied by its class's weight.
    ///
    /// Meant for the cross-entropies. The squared error is not linear in its targets.
    ///
    /// # Shapes
    /// outputs and shares [batch, classes] -> one number per example
    pub(crate) fn of_shares(self, outputs: Tensor<2>, shares: Tensor<2>) -> Tensor<1> {
        match self {
            Self::SigmoidCrossEntropy => {
                let others = shares.clone().sum_dim(1) - shares.clone();
                let miss = log_sigmoid(-outputs.clone()) * others;
                -(miss + log_sigmoid(outputs) * shares).sum_dim(1).squeeze_dim(1)
            }
            Self::CrossEntropy | Self::SquaredError => self.per_example(outputs, shares),
        }
    }

    /// The loss of the best constant output on these targets: what a model reaches that has learned
    /// nothing of its inputs.
    pub fn of_constant(self, target: &Target) -> f64 {
        let entropy = |p: f64| if p > 0.0 { -p * p.ln() } else { 0.0 };
        let half_variance = |values: &[f64]| {
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (2.0 * values.len() as f64)
        };
        match target {
            Target::Values(values) => half_variance(values),
            Target::Classes { labels, names } => {
                let share = |k: usize| {
                    let count = labels.iter().filter(|&&label| label as usize == k).count();
                    count as f64 / labels.len() as f64
                };
                let of_class = |p: f64| match self {
                    Self::CrossEntropy => entropy(p),
                    Self::SigmoidCrossEntropy => entropy(p) + entropy(1.0 - p),
                    Self::SquaredError => p * (1.0 - p) / 2.0,
                };
                (0..names.len()).map(share).map(of_class).sum()
            }
        }
    }

    /// Whether the targets are classes.
    pub const fn classifies(self) -> bool {
        !matches!(self, Self::SquaredError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    fn tensor<const R: usize>(rows: [[f32; 3]; R]) -> Tensor<2> {
        Tensor::from_data(rows, &Device::flex().autodiff())
    }

    fn values(tensor: Tensor<1>) -> Vec<f32> {
        tensor.into_data().try_into_vec().unwrap()
    }

    #[test]
    fn cross_entropy_is_linear_in_its_soft_targets() {
        let z = tensor([[2.0, -1.0, 0.5]]);
        let loss = |t: [f32; 3]| values(Loss::CrossEntropy.per_example(z.clone(), tensor([t])))[0];
        let mixed = 0.3 * loss([1.0, 0.0, 0.0]) + 0.7 * loss([0.0, 0.0, 1.0]);
        assert!((loss([0.3, 0.0, 0.7]) - mixed).abs() < 1e-6);
        // -log softmax([2, -1, .5])_0 by hand: log(1 + e^-3 + e^-1.5)
        let expected = (1.0f32 + (-3.0f32).exp() + (-1.5f32).exp()).ln();
        assert!((loss([1.0, 0.0, 0.0]) - expected).abs() < 1e-6);
    }

    #[test]
    fn sigmoid_cross_entropy_has_the_gradient_a_minus_y_everywhere() {
        // Zero and huge logits included: ∂C/∂z = σ(z) - t.
        let z = tensor([[0.0, 3.0, -200.0]]).require_grad();
        let t = tensor([[1.0, 0.25, 1.0]]);
        let loss = Loss::SigmoidCrossEntropy.mean(z.clone(), t);
        assert!(values(loss.clone())[0].is_finite());
        let gradient = z.grad(&loss.backward()).unwrap();
        let gradient: Vec<f32> = gradient.into_data().try_into_vec().unwrap();
        let expected = [-0.5, 1.0 / (1.0 + (-3.0f32).exp()) - 0.25, -1.0];
        for (g, e) in gradient.iter().zip(expected) {
            assert!((g - e).abs() < 1e-6, "{gradient:?}");
        }
    }

    #[test]
    fn the_constant_s_loss_is_entropy_or_half_the_variance() {
        let labels = vec![0, 0, 0, 1];
        let classes = Target::Classes { labels, names: vec!["a".into(), "b".into()] };
        let entropy = -(0.75f64 * 0.75f64.ln() + 0.25 * 0.25f64.ln());
        assert!((Loss::CrossEntropy.of_constant(&classes) - entropy).abs() < 1e-12);
        assert!((Loss::SigmoidCrossEntropy.of_constant(&classes) - 2.0 * entropy).abs() < 1e-12);
        assert!((Loss::SquaredError.of_constant(&classes) - 0.1875).abs() < 1e-12);
        let values = Target::Values(vec![1.0, 3.0]);
        assert_eq!(Loss::SquaredError.of_constant(&values), 0.5);
    }

    #[test]
    fn squared_error_keeps_its_half_and_sums_over_outputs() {
        let loss = Loss::SquaredError.per_example(
            tensor([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]),
            tensor([[0.0, 0.0, 0.0], [2.0, 0.0, 0.0]]),
        );
        assert_eq!(values(loss), [7.0, 2.0]);
    }
}

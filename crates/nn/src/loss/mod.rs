//! Losses, one number per example: what C0 is the mean of.

use burn::tensor::Tensor;
use burn::tensor::activation::{log_sigmoid, log_softmax};
use serde::{Deserialize, Serialize};

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
    /// outputs and targets [batch, outputs] -> [batch]
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
    /// outputs and targets [batch, outputs] -> [1]
    pub fn mean(self, outputs: Tensor<2>, targets: Tensor<2>) -> Tensor<1> {
        self.per_example(outputs, targets).mean()
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
    fn squared_error_keeps_its_half_and_sums_over_outputs() {
        let loss = Loss::SquaredError.per_example(
            tensor([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]),
            tensor([[0.0, 0.0, 0.0], [2.0, 0.0, 0.0]]),
        );
        assert_eq!(values(loss), [7.0, 2.0]);
    }
}

//! The curvature of a loss in its outputs, by random directions.

use super::Loss;
use burn::tensor::Tensor;
use burn::tensor::activation::{sigmoid, softmax};

impl Loss {
    /// S ξ for each example, where S Sᵀ is the second derivative of its loss by its outputs and ξ
    /// its row of `signs`, ±1 each. The mean over signs of (S ξ)(S ξ)ᵀ is that derivative.
    ///
    /// Softmax: √p ∘ ξ - p Σ_k √p_k ξ_k. Sigmoids: √(p (1 - p)) ∘ ξ. Squared error: ξ.
    ///
    /// # Shapes
    /// outputs and signs [batch, outputs] -> [batch, outputs]
    pub(crate) fn curvature_direction(self, outputs: Tensor<2>, signs: Tensor<2>) -> Tensor<2> {
        match self {
            Self::CrossEntropy => {
                let p = softmax(outputs, 1);
                let rooted = p.clone().sqrt() * signs;
                let sum = rooted.clone().sum_dim(1);
                rooted - p * sum
            }
            Self::SigmoidCrossEntropy => {
                let p = sigmoid(outputs);
                (p.clone() * (p.neg() + 1.0)).sqrt() * signs
            }
            Self::SquaredError => signs,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    const OUTPUTS: [f32; 3] = [0.4, -1.0, 1.5];

    /// Σ over all eight rows of signs of v_i v_j / 8.
    fn mean(loss: Loss) -> [[f64; 3]; 3] {
        let mut mean = [[0.0; 3]; 3];
        for bits in 0..8 {
            let signs: [f32; 3] = [0, 1, 2].map(|k| if bits >> k & 1 == 0 { -1.0 } else { 1.0 });
            let device = Device::flex();
            let tensor = |row: [f32; 3]| Tensor::from_data([row], &device);
            let v = loss.curvature_direction(tensor(OUTPUTS), tensor(signs));
            let v: Vec<f32> = v.into_data().try_into_vec().unwrap();
            for (i, row) in mean.iter_mut().enumerate() {
                (0..3).for_each(|j| row[j] += f64::from(v[i] * v[j]) / 8.0);
            }
        }
        mean
    }

    #[test]
    fn squares_have_the_second_derivative_as_their_mean() {
        let powers = OUTPUTS.map(|z| f64::from(z).exp());
        let sum: f64 = powers.iter().sum();
        let close = |found: [[f64; 3]; 3], expected: &dyn Fn(usize, usize) -> f64| {
            for (i, row) in found.iter().enumerate() {
                for (j, found) in row.iter().enumerate() {
                    assert!((found - expected(i, j)).abs() < 1e-6, "{i} {j}: {found}");
                }
            }
        };
        let same = |i, j| f64::from(u8::from(i == j));
        let p = powers.map(|power| power / sum);
        close(mean(Loss::CrossEntropy), &|i, j| p[i] * (same(i, j) - p[j]));
        let p = powers.map(|power| power / (1.0 + power));
        close(mean(Loss::SigmoidCrossEntropy), &|i, j| same(i, j) * p[i] * (1.0 - p[i]));
        close(mean(Loss::SquaredError), &|i, j| same(i, j));
    }
}

//! How far the outputs of one model are from those of another.

use super::Loss;
use burn::tensor::Tensor;
use burn::tensor::activation::{log_sigmoid, log_softmax, sigmoid};

/// Mean over the batch of KL(p ‖ q) in nats, p and q the distributions that `loss` reads from the
/// outputs: softmax probabilities; Bernoulli probabilities, summed over the outputs; for squared
/// error normal distributions of variance 1, whose divergence is ½ Σ (p - q)².
///
/// # Shapes
/// both [batch, outputs] -> one number
pub fn divergence(p: Tensor<2>, q: Tensor<2>, loss: Loss) -> Tensor<1> {
    let each = match loss {
        Loss::CrossEntropy => {
            let (p, q) = (log_softmax(p, 1), log_softmax(q, 1));
            p.clone().exp() * (p - q)
        }
        Loss::SigmoidCrossEntropy => {
            let hit = log_sigmoid(p.clone()) - log_sigmoid(q.clone());
            let miss = log_sigmoid(-p.clone()) - log_sigmoid(-q);
            sigmoid(p.clone()) * hit + sigmoid(-p) * miss
        }
        Loss::SquaredError => (p - q).square() * 0.5,
    };
    each.sum_dim(1).mean()
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    fn of(p: [f32; 2], q: [f32; 2], loss: Loss) -> f64 {
        let row = |values| Tensor::<2>::from_data([values], &Device::flex());
        divergence(row(p), row(q), loss).into_scalar::<f64>()
    }

    #[test]
    fn it_is_that_of_the_distributions_by_hand() {
        let (p, q) = ([3f32.ln(), 0.0], [0.0, 0.0]);
        let kl = |p: f64, q: f64| p * (p / q).ln() + (1.0 - p) * ((1.0 - p) / (1.0 - q)).ln();
        assert!((of(p, q, Loss::CrossEntropy) - kl(0.75, 0.5)).abs() < 1e-6);
        let (p, q) = ([3f32.ln(), 0.0], [0.0, 4f32.ln()]);
        let sum = kl(0.75, 0.5) + kl(0.5, 0.8);
        assert!((of(p, q, Loss::SigmoidCrossEntropy) - sum).abs() < 1e-6);
        assert_eq!(of([1.0, 2.0], [3.0, 2.0], Loss::SquaredError), 2.0);
    }

    #[test]
    fn sure_outputs_stay_finite_and_equal_ones_are_at_no_distance() {
        for loss in [Loss::CrossEntropy, Loss::SigmoidCrossEntropy, Loss::SquaredError] {
            assert_eq!(of([200.0, -200.0], [200.0, -200.0], loss), 0.0);
            assert!(of([200.0, -200.0], [-200.0, 200.0], loss).is_finite());
        }
    }
}

//! From the outputs of a model to probabilities and a class.

use super::Loss;

impl Loss {
    /// Turns the outputs of one example, one for each class, into probabilities that sum to 1.
    ///
    /// Cross-entropy: softmax. Sigmoid cross-entropy, whose outputs are one class each against all
    /// others: σ(z_k) / Σ_j σ(z_j), as one-vs-rest classifiers do. Squared error, whose outputs
    /// estimate the one-hot row: they are cut to [0, 1] and divided by their sum, and all classes
    /// are equal where nothing is left.
    pub fn probabilities(self, outputs: &mut [f64]) {
        match self {
            Self::CrossEntropy => softmax(outputs),
            Self::SigmoidCrossEntropy => {
                outputs.iter_mut().for_each(|z| *z = z.min(0.0) - (-z.abs()).exp().ln_1p());
                softmax(outputs);
            }
            Self::SquaredError => {
                outputs.iter_mut().for_each(|z| *z = z.clamp(0.0, 1.0));
                let (sum, equal) = (outputs.iter().sum::<f64>(), 1.0 / outputs.len() as f64);
                outputs.iter_mut().for_each(|z| *z = if sum == 0.0 { equal } else { *z / sum });
            }
        }
    }

    /// The class that the outputs of one example say: the first of the greatest, or, with a
    /// threshold, the second of two where its probability is at least that.
    pub fn class(self, outputs: &[f64], threshold: Option<f64>) -> usize {
        match threshold {
            None => first_maximum(outputs),
            Some(threshold) => {
                let mut probabilities = outputs.to_vec();
                self.probabilities(&mut probabilities);
                usize::from(probabilities.get(1).is_some_and(|&p| p >= threshold))
            }
        }
    }
}

/// Less the greatest, so that no power is infinite.
fn softmax(outputs: &mut [f64]) {
    let most = outputs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    outputs.iter_mut().for_each(|z| *z = (*z - most).exp());
    let sum: f64 = outputs.iter().sum();
    outputs.iter_mut().for_each(|z| *z /= sum);
}

fn first_maximum(row: &[f64]) -> usize {
    let better = |best: usize, k: usize| if row[k] > row[best] { k } else { best };
    (1..row.len()).fold(0, better)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probabilities(loss: Loss, outputs: &[f64]) -> Vec<f64> {
        let mut row = outputs.to_vec();
        loss.probabilities(&mut row);
        row
    }

    fn near(found: &[f64], expected: &[f64]) {
        let far = found.iter().zip(expected).any(|(f, e)| (f - e).abs() > 1e-15);
        assert!(!far && found.len() == expected.len(), "{found:?}, not {expected:?}");
    }

    #[test]
    fn each_loss_has_its_probabilities_by_hand() {
        let (e, one) = (1.0f64.exp(), |z: f64| 1.0 / (1.0 + (-z).exp()));
        near(&probabilities(Loss::CrossEntropy, &[1.0, 0.0]), &[e / (e + 1.0), 1.0 / (e + 1.0)]);
        let sum = one(1.0) + one(-2.0);
        let sigmoid = probabilities(Loss::SigmoidCrossEntropy, &[1.0, -2.0]);
        near(&sigmoid, &[one(1.0) / sum, one(-2.0) / sum]);
        near(&probabilities(Loss::SquaredError, &[0.5, 1.5, -1.0]), &[1.0 / 3.0, 2.0 / 3.0, 0.0]);
    }

    #[test]
    fn huge_outputs_stay_probabilities() {
        for loss in [Loss::CrossEntropy, Loss::SigmoidCrossEntropy, Loss::SquaredError] {
            for row in [[-900.0, -901.0], [1e30, -1e30], [900.0, 900.0], [0.0, -0.0]] {
                let found = probabilities(loss, &row);
                assert!((found.iter().sum::<f64>() - 1.0).abs() < 1e-15, "{loss:?} {found:?}");
            }
        }
        near(&probabilities(Loss::SigmoidCrossEntropy, &[-900.0, -900.0]), &[0.5, 0.5]);
    }

    #[test]
    fn the_class_is_the_greatest_or_what_the_threshold_says() {
        let (loss, row) = (Loss::CrossEntropy, [1.0, 0.0]);
        assert_eq!((loss.class(&row, None), loss.class(&[2.0, 2.0], None)), (0, 0));
        assert_eq!((loss.class(&row, Some(0.2)), loss.class(&row, Some(0.3))), (1, 0));
        assert_eq!(loss.class(&[2.0, 2.0], Some(0.5)), 1, "from the threshold on");
    }
}

//! Several models that answer together.

use super::{Model, Network};
use crate::loss::Loss;
use burn::module::Module;
use burn::tensor::Tensor;
use burn::tensor::activation::{log_sigmoid, log_softmax};

/// Models whose probabilities, or values, are averaged. (Hansen and Salamon 1990.)
///
/// Its outputs are such that the loss finds the mean probabilities in them: for cross-entropy
/// log (1/m) Σ softmax(z), for the sigmoid's the log-odds of (1/m) Σ σ(z), else (1/m) Σ z.
#[derive(Module, Debug)]
pub struct Ensemble {
    members: Vec<Model>,
    #[module(skip)]
    loss: Loss,
}

impl Ensemble {
    /// One model or more, in evaluation mode, that were trained on `loss`.
    pub fn new(members: Vec<Model>, loss: Loss) -> Self {
        Self { members, loss }
    }
}

impl Network for Ensemble {
    fn forward(&self, inputs: Tensor<2>) -> Tensor<2> {
        let outputs = self.members.iter().map(|model| model.forward(inputs.clone()));
        match self.loss {
            Loss::CrossEntropy => log_mean(outputs.map(|z| log_softmax(z, 1))),
            Loss::SigmoidCrossEntropy => {
                let outputs: Vec<Tensor<2>> = outputs.collect();
                let yes = log_mean(outputs.iter().map(|z| log_sigmoid(z.clone())));
                yes - log_mean(outputs.into_iter().map(|z| log_sigmoid(-z)))
            }
            Loss::SquaredError => mean(outputs),
        }
    }
}

/// The mean of one tensor or more.
fn mean(terms: impl Iterator<Item = Tensor<2>>) -> Tensor<2> {
    let terms: Vec<Tensor<2>> = terms.collect();
    let count = terms.len() as f64;
    Tensor::stack::<3>(terms, 0).sum_dim(0).squeeze_dim::<2>(0) / count
}

/// log of the mean of exponentials, less the greatest so that none is zero everywhere.
fn log_mean(terms: impl Iterator<Item = Tensor<2>>) -> Tensor<2> {
    let terms: Vec<Tensor<2>> = terms.collect();
    let most: Tensor<2> = Tensor::stack::<3>(terms.clone(), 0).max_dim(0).squeeze_dim(0);
    let shares = terms.into_iter().map(|term| (term - most.clone()).exp());
    mean(shares).log() + most
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    fn rows(values: [[f32; 2]; 2]) -> Tensor<2> {
        Tensor::from_floats(values, &Device::flex())
    }

    fn plain(tensor: Tensor<2>) -> Vec<f64> {
        tensor.into_data().try_into_vec_as().unwrap()
    }

    #[test]
    fn the_loss_finds_the_mean_of_the_probabilities() {
        let (one, two) = (rows([[0.0, 1.0], [-90.0, 3.0]]), rows([[2.0, -1.0], [80.0, 0.5]]));
        let together = plain(log_mean([&one, &two].map(|z| log_softmax(z.clone(), 1)).into_iter()));
        for row in 0..2 {
            let of = |z: &Tensor<2>| {
                let mut outputs = plain(z.clone())[2 * row..2 * row + 2].to_vec();
                Loss::CrossEntropy.probabilities(&mut outputs);
                outputs
            };
            let (one, two) = (of(&one), of(&two));
            for class in 0..2 {
                let expected = 0.5 * (one[class] + two[class]);
                assert!((together[2 * row + class].exp() - expected).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn values_are_averaged() {
        let terms = [rows([[1.0, 2.0], [3.0, 4.0]]), rows([[3.0, 0.0], [5.0, 4.0]])];
        assert_eq!(plain(mean(terms.into_iter())), [2.0, 1.0, 4.0, 4.0]);
    }
}

//! Monte Carlo inference: random layers stay live while a model answers, and the spread of its
//! answers is a measure of what it does not know.
//!
//! Batch norms are in evaluation, and no statistic moves. Gal and Ghahramani 2016, arXiv 1506.02142.

use crate::chance::StepClock;
use crate::model::Network;
use burn::tensor::Tensor;

/// The outputs of `samples` passes of `model`, which is in evaluation, over the same inputs.
///
/// `clock` is the one that the model's layers hold. Draws go on from its address: begin at the same
/// one for the same samples, and go on for the next inputs, which then have draws of their own.
///
/// # Shapes
/// [batch, features] -> [batch, outputs], `samples` times
pub fn monte_carlo<M: Network>(
    model: &M,
    clock: &StepClock,
    inputs: &Tensor<2>,
    samples: usize,
) -> Vec<Tensor<2>> {
    sample(clock, samples, || model.forward(inputs.clone()))
}

/// The same for any model: what `forward` gives in each of `samples` passes.
pub fn sample<T>(clock: &StepClock, samples: usize, mut forward: impl FnMut() -> T) -> Vec<T> {
    clock.sample(true);
    let pass = |_| {
        let tick = clock.tick();
        clock.begin(tick.step, tick.pass + 1);
        forward()
    };
    let outputs = (0..samples).map(pass).collect();
    clock.sample(false);
    outputs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Source;
    use crate::layer::batch_norm::{self, BatchNorm};
    use crate::layer::dropout::Dropout;
    use burn::module::Module;
    use burn::tensor::Device;
    use wellfit_core::number::Rate;
    use wellfit_core::seed::Seed;

    /// y = norm(dropout(x) w): the linear model of the identity, where norm is none.
    #[derive(Module, Debug)]
    struct Linear {
        dropout: Dropout,
        weight: burn::module::Param<Tensor<2>>,
        norm: Option<BatchNorm>,
    }

    impl Network for Linear {
        fn forward(&self, inputs: Tensor<2>) -> Tensor<2> {
            let sums = self.dropout.forward(inputs).matmul(self.weight.val());
            match &self.norm {
                Some(norm) => norm.forward(sums),
                None => sums,
            }
        }
    }

    fn model(rate: f64, normed: bool) -> (Linear, StepClock) {
        let (clock, device) = (StepClock::new(), Device::flex().autodiff());
        let source = Source::new(Seed::new(9), "drop", &clock);
        let weight = Tensor::<2>::from_data([[0.5], [-1.0], [2.0], [0.1]], &device);
        let norm = || BatchNorm::new(1, batch_norm::Config::default(), &clock, &device);
        let model = Linear {
            dropout: Dropout::new(Rate::new(rate).unwrap(), source),
            weight: burn::module::Param::from_tensor(weight),
            norm: normed.then(norm),
        };
        (model.valid(), clock)
    }

    fn inputs() -> Tensor<2> {
        let rows = [[1.0, 2.0, -0.5, 3.0], [0.0, -1.0, 1.5, 1.0]];
        Tensor::from_data(rows, &Device::flex())
    }

    fn values(tensors: Vec<Tensor<2>>) -> Vec<Vec<f64>> {
        tensors.into_iter().map(|t| t.into_data().try_into_vec_as::<f64>().unwrap()).collect()
    }

    /// Mean x w and variance p / (1 - p) Σ x² w², of each example.
    #[test]
    fn mean_and_variance_of_a_linear_model_are_those_of_the_formula() {
        let (rate, samples) = (0.3, 40_000);
        let (model, clock) = model(rate, false);
        let outputs = values(monte_carlo(&model, &clock, &inputs(), samples));
        let expected = [(-2.2, 0.25 + 4.0 + 1.0 + 0.09), (4.1, 1.0 + 9.0 + 0.01)];
        for (row, (mean, squares)) in expected.into_iter().enumerate() {
            let variance: f64 = rate / (1.0 - rate) * squares;
            let n = samples as f64;
            let found = outputs.iter().map(|output| output[row]).sum::<f64>() / n;
            let moment = |power| {
                outputs.iter().map(|output| (output[row] - mean).powi(power)).sum::<f64>() / n
            };
            let bound = 5.0 * (variance / n).sqrt();
            assert!((found - mean).abs() < bound, "{found}, expected {mean} +- {bound}");
            let bound = 5.0 * ((moment(4) - moment(2).powi(2)) / n).sqrt();
            assert!((moment(2) - variance).abs() < bound, "{}, expected {variance}", moment(2));
        }
    }

    #[test]
    fn samples_repeat_by_address_and_differ_otherwise() {
        let (model, clock) = model(0.5, false);
        let next = || values(monte_carlo(&model, &clock, &inputs(), 6));
        let (first, second) = (next(), next());
        assert_ne!(first, second);
        clock.begin(0, 0);
        assert_eq!(next(), first);
        assert_eq!(next(), second);
    }

    #[test]
    fn afterwards_the_model_is_in_evaluation_again_and_no_statistic_has_moved() {
        let (model, clock) = model(0.5, true);
        let plain = model.forward(inputs()).into_data();
        let outputs = values(monte_carlo(&model, &clock, &inputs(), 20));
        assert!(outputs.windows(2).any(|pair| pair[0] != pair[1]), "dropout is live");
        assert_eq!(model.forward(inputs()).into_data(), plain);
    }
}

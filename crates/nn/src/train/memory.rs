//! How much memory training takes, before it takes it.

use super::{ROWS, TrainConfig};
use wellfit_data::Dataset;

/// Bytes of a number.
const NUMBER: u64 = 4;
/// Numbers that a step holds at its peak for each that a layer makes: its sums, its activations and
/// a gradient.
const OF_STEP: u64 = 3;
/// The same for the widest layer of an evaluation, which keeps nothing for a way back: what a
/// convolution, its norm, its activation and a shortcut hold at once.
const OF_EVALUATION: u64 = 5;

/// Bytes that training takes beside its examples, about: tensors of the size of the model, and what
/// the layers make of a batch or of the examples of an evaluation.
///
/// `layers` is what [`layer_sizes`](crate::model::ModelConfig::layer_sizes) gave, `parameters` the
/// numbers in the model. Techniques are not counted.
pub fn memory(layers: &[usize], parameters: usize, config: &TrainConfig, data: &Dataset) -> u64 {
    let count = |number: usize| number as u64;
    let moments = config.optimizer.moments();
    // The weights, the best ones, and what the optimizer keeps.
    let held = 2 + moments;
    // Weights and best ones once more, and then all of it as tensors and as bytes of a file.
    let checkpoint = 2 + 2 * (2 + moments);
    let batch = config.batch_size.get().min(data.len());
    let made = layers.iter().copied().map(count).sum::<u64>();
    let widest = layers.iter().copied().max().map_or(0, count);
    let step = OF_STEP.saturating_mul(count(batch)).saturating_mul(made);
    let step = step.saturating_add(count(parameters));
    let evaluation = OF_EVALUATION * count(ROWS.min(data.len())).saturating_mul(widest);
    let clean = count(data.len().min(config.clean_examples.get()) * data.width());
    let most = step.max(evaluation).max(checkpoint * count(parameters));
    NUMBER.saturating_mul(most.saturating_add(held * count(parameters) + clean))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wellfit_core::recipe::Recipe;
    use wellfit_data::Target;

    fn needed(layers: &[usize], parameters: usize, more: &str) -> u64 {
        let recipe = format!("[train]\nepochs = 1\nlearning_rate = 0.1\n{more}");
        let config = Recipe::parse("test", &recipe).unwrap().section("train").unwrap();
        let target = Target::Values(vec![0.0; 100]);
        let data = Dataset::new(vec![0.0; 300], vec![3], target, Vec::new()).unwrap();
        memory(layers, parameters, &config, &data)
    }

    #[test]
    fn the_largest_of_step_evaluation_and_checkpoint_counts() {
        // 300 clean numbers; 2 models held and 6 in a checkpoint.
        assert_eq!(needed(&[3, 1], 1000, "batch_size = 10"), 4 * (300 + 8 * 1000));
        // Adam: 4 held and 10 in a checkpoint.
        let adam = "batch_size = 10\noptimizer = \"adam\"";
        assert_eq!(needed(&[3, 1], 1000, adam), 4 * (300 + 14 * 1000));
        // A step: 3 numbers for each of 100 examples and 1003 sums, and a gradient.
        let step = 3 * 100 * 1003 + 20;
        assert_eq!(needed(&[3, 500, 500], 20, "batch_size = 1000"), 4 * (300 + 40 + step));
        // An evaluation: 5 numbers for each of 100 examples and 500 sums.
        let evaluation = 5 * 100 * 500;
        assert_eq!(needed(&[3, 500, 500], 20, "batch_size = 1"), 4 * (300 + 40 + evaluation));
    }
}

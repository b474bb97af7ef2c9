//! Points of two classes; a quarter of the labels is wrong, so that there is something to learn by
//! heart.

use burn::data::dataloader::{DataLoader, DataLoaderBuilder, batcher::Batcher};
use burn::data::dataset::InMemDataset;
use burn::tensor::{Device, Int, Tensor, TensorData};
use std::sync::Arc;

pub const INPUTS: usize = 8;

#[derive(Clone, Debug)]
pub struct Example {
    inputs: [f32; INPUTS],
    class: i64,
}

#[derive(Clone, Debug)]
pub struct Batch {
    pub inputs: Tensor<2>,
    pub targets: Tensor<1, Int>,
}

struct Stack;

impl Batcher<Example, Batch> for Stack {
    fn batch(&self, items: Vec<Example>, device: &Device) -> Batch {
        let inputs: Vec<f32> = items.iter().flat_map(|item| item.inputs).collect();
        let classes: Vec<i64> = items.iter().map(|item| item.class).collect();
        let count = items.len();
        Batch {
            inputs: Tensor::from_data(TensorData::new(inputs, [count, INPUTS]), device),
            targets: Tensor::from_data(TensorData::new(classes, [count]), device),
        }
    }
}

pub fn train() -> Arc<dyn DataLoader<Batch>> {
    loader(1, 120)
}

pub fn validation() -> Arc<dyn DataLoader<Batch>> {
    loader(2, 400)
}

fn loader(seed: u64, count: usize) -> Arc<dyn DataLoader<Batch>> {
    let mut uniform = uniform(seed);
    let mut example = || {
        let inputs: [f32; INPUTS] = std::array::from_fn(|_| 2.0 * uniform() - 1.0);
        let wrong = uniform() < 0.25;
        Example { inputs, class: i64::from((inputs[0] + 0.5 * inputs[1] > 0.0) != wrong) }
    };
    let items = (0..count).map(|_| example()).collect();
    DataLoaderBuilder::new(Stack).batch_size(40).build(InMemDataset::new(items))
}

/// Uniform numbers in [0, 1) by a linear congruential generator.
fn uniform(seed: u64) -> impl FnMut() -> f32 {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(1);
    move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1_u32 << 24) as f32
    }
}

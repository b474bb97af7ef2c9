//! The handwritten digits that come with wellfit, as Burn's loader gives them out. A fifth of the
//! training labels is wrong, so that there is something to learn by heart.

use burn::data::dataloader::{DataLoader, DataLoaderBuilder, batcher::Batcher};
use burn::data::dataset::InMemDataset;
use burn::tensor::{Device, Int, Tensor, TensorData};
use std::error::Error;
use std::sync::Arc;
use wellfit_core::number::Fraction;
use wellfit_core::seed::Seed;
use wellfit_data::{Dataset, Target, digits::digits, noise::flip};

pub const PIXELS: usize = 64;
pub const CLASSES: usize = 10;
pub const TRAIN: usize = 1000;
pub const BATCH: usize = 32;

#[derive(Clone, Debug)]
struct Example {
    pixels: Vec<f32>,
    class: i64,
}

#[derive(Clone, Debug)]
pub struct Batch {
    pub pixels: Tensor<2>,
    pub classes: Tensor<1, Int>,
}

struct Stack;

impl Batcher<Example, Batch> for Stack {
    fn batch(&self, items: Vec<Example>, device: &Device) -> Batch {
        let classes: Vec<i64> = items.iter().map(|item| item.class).collect();
        let pixels: Vec<f32> = items.into_iter().flat_map(|item| item.pixels).collect();
        let count = classes.len();
        Batch {
            pixels: Tensor::from_data(TensorData::new(pixels, [count, PIXELS]), device),
            classes: Tensor::from_data(TensorData::new(classes, [count]), device),
        }
    }
}

pub type Loader = Arc<dyn DataLoader<Batch>>;

/// Examples to train on, and the others to validate on.
pub fn loaders(seed: Seed) -> Result<(Loader, Loader), Box<dyn Error>> {
    let data = digits()?;
    let order = seed.stream("split").step(0).permutation(data.len());
    let (train, validation) = order.split_at(TRAIN);
    let (mut train, validation) = (data.select(train), data.select(validation));
    flip(&mut train.target, Fraction::new(0.2)?, &mut seed.stream("label_noise").step(0))?;
    let loader = || DataLoaderBuilder::new(Stack).batch_size(BATCH);
    let train = loader().shuffle(1).build(InMemDataset::new(examples(&train)));
    Ok((train, loader().build(InMemDataset::new(examples(&validation)))))
}

fn examples(data: &Dataset) -> Vec<Example> {
    let Target::Classes { labels, .. } = &data.target else { return Vec::new() };
    let rows = data.inputs.chunks(PIXELS).zip(labels);
    rows.map(|(row, &label)| Example {
        pixels: row.iter().map(|pixel| pixel / 16.0).collect(),
        class: i64::from(label),
    })
    .collect()
}

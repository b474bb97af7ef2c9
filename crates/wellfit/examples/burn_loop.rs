//! The doors in a training loop of your own: a hand-written Burn model and Burn's own optimizer,
//! with input noise, label smoothing, dropout, clipping, L2 and proximal L1 of wellfit.
//!
//! ```text
//! cargo run --release -p wellfit --example burn_loop
//! ```

#![allow(clippy::print_stdout, reason = "an example talks to its reader")]

use wellfit::core::seed::Address;
use wellfit::data::digits::digits;
use wellfit::nn::batch::Chance;
use wellfit::nn::batch::input_noise::input_noise;
use wellfit::nn::batch::label_smoothing::label_smoothing;
use wellfit::nn::burn;
use wellfit::nn::chance::Source;
use wellfit::nn::gradient::{GradientDoor, clip_global_norm::ClipGlobalNorm};
use wellfit::nn::layer::dropout::Dropout;
use wellfit::nn::loss::Loss;
use wellfit::nn::model::initializer::Init;
use wellfit::nn::own_loop::{on_gradients, on_weights};
use wellfit::nn::penalty::{PenaltyDoor, Place, Starts, StepSize, add_gradients, l1::L1, l2::L2};
use wellfit::prelude::*;

use burn::module::Module;
use burn::nn::{Linear, Relu};
use burn::optim::SgdConfig;
use burn::tensor::{Device, Tensor, TensorData};

/// A model as anyone writes it with Burn; one layer of it is ours.
#[derive(Module, Debug)]
struct Net {
    hidden: Linear,
    relu: Relu,
    dropout: Dropout,
    head: Linear,
}

impl Net {
    fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let hidden = self.relu.forward(self.hidden.forward(x));
        self.head.forward(self.dropout.forward(hidden))
    }
}

const EPOCHS: u64 = 15;
const BATCH: usize = 32;
const LEARNING_RATE: f64 = 0.05;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let data = digits()?;
    let (seed, clock, device) = (Seed::new(1), StepClock::new(), Device::flex().autodiff());
    let order = seed.stream("split").step(0).permutation(data.len());
    let (train, held_out) = order.split_at(1400);
    let n = train.len() as f64;

    // Burn draws initial weights from one generator of the whole process; these follow the seed.
    let mut model = Net {
        hidden: Init::KaimingNormal.linear(64, 128, seed, "hidden", &device),
        relu: Relu::new(),
        dropout: Dropout::new(Rate::new(0.3)?, Source::new(seed, "dropout", &clock)),
        head: Init::KaimingNormal.linear(128, 10, seed, "head", &device),
    };
    let mut optimizer = SgdConfig::new().init();
    let noise = NonNegative::new(0.05)?;
    let smoothing = Fraction::new(0.1)?;
    let clip = ClipGlobalNorm { max_norm: Positive::new(5.0)? };
    let l2: Vec<Box<dyn PenaltyDoor>> = vec![Box::new(L2::new(NonNegative::new(0.1)?))];
    let l1 = L1::new(NonNegative::new(0.1)?);
    let starts = Starts::of(&l2, &model);

    let mut step = 0;
    for epoch in 1..=EPOCHS {
        let shuffled = seed.stream("order").step(epoch).permutation(train.len());
        for rows in shuffled.chunks(BATCH) {
            let rows: Vec<usize> = rows.iter().map(|&row| train[row]).collect();
            let (x, y) = tensors(&data, &rows, &device);
            // One tick of the clock per step: all stochastic layers read it.
            clock.begin(step, 0);
            let done = step as f64 / shuffled.len().div_ceil(BATCH) as f64;
            clock.at_epoch(done);
            let address = Address { step, pass: 0, call: 0 };
            let chance = Chance { seed, address, epoch: done };
            let x = input_noise(x, noise, &mut seed.stream("input_noise").step(step));
            let loss = Loss::CrossEntropy.mean(model.forward(x), label_smoothing(y, smoothing));
            // What Bayesian layers would add: the divergence of their weights, a sum.
            let loss = match clock.take_terms() {
                Some(terms) => loss + terms / n,
                None => loss,
            };
            let gradients = on_gradients(&model, loss.backward(), |slots| {
                clip.apply(slots, &chance);
                add_gradients(&l2, slots, &starts, n);
            });
            model = optimizer.step(LEARNING_RATE, model, gradients);
            model = on_weights(model, |parameter, w| {
                l1.prox(w, &StepSize::Uniform(LEARNING_RATE), Place::of(parameter, n))
            });
            step += 1;
        }
        println!("epoch {epoch:2}: held-out accuracy {:.3}", accuracy(&model, &data, held_out));
    }
    Ok(())
}

fn tensors(
    data: &wellfit::data::Dataset,
    rows: &[usize],
    device: &Device,
) -> (Tensor<2>, Tensor<2>) {
    let picked = data.select(rows);
    let x = picked.inputs.iter().map(|pixel| pixel / 16.0).collect();
    let mut y = vec![0.0f32; rows.len() * 10];
    for (row, label) in labels(&picked).into_iter().enumerate() {
        y[row * 10 + label] = 1.0;
    }
    let tensor = |values: Vec<f32>, width: usize| {
        Tensor::from_data(TensorData::new(values, [rows.len(), width]), device)
    };
    (tensor(x, 64), tensor(y, 10))
}

fn labels(data: &wellfit::data::Dataset) -> Vec<usize> {
    match &data.target {
        wellfit::data::Target::Classes { labels, .. } => {
            labels.iter().map(|&label| label as usize).collect()
        }
        wellfit::data::Target::Values(_) => Vec::new(),
    }
}

/// `valid()` switches every stochastic layer off.
fn accuracy(model: &Net, data: &wellfit::data::Dataset, rows: &[usize]) -> f64 {
    let device = Device::flex();
    let (x, _) = tensors(data, rows, &device);
    let predicted =
        model.valid().forward(x).argmax(1).into_data().iter::<i64>().collect::<Vec<_>>();
    let actual = labels(&data.select(rows));
    let right = predicted.iter().zip(actual).filter(|(p, a)| **p == *a as i64).count();
    right as f64 / rows.len() as f64
}

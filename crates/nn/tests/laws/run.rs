//! A small run from a recipe, on made-up data.

use std::collections::BTreeMap;
use std::num::NonZeroU64;
use wellfit_core::recipe::Recipe;
use wellfit_core::run::Run;
use wellfit_core::seed::Seed;
use wellfit_data::{Dataset, Target};
use wellfit_nn::burn::tensor::Device;
use wellfit_nn::chance::StepClock;
use wellfit_nn::layer::Sites;
use wellfit_nn::model::{Model, ModelConfig};
use wellfit_nn::snapshot::Snapshot;
use wellfit_nn::technique::Doors;
use wellfit_nn::train::{Checkpoint, Job, TrainConfig, Trained, Watch, train};

/// A run on three Gaussian blobs in six dimensions, that overlap.
pub struct Small {
    pub config: TrainConfig,
    pub train: Dataset,
    pub validation: Dataset,
    model: ModelConfig,
    doors: Doors,
    seed: Seed,
}

/// A perceptron that trains for a moment; `more` is appended to the recipe.
pub const MLP: &str = "
[model]
mlp = { widths = [16, 16] }
[train]
epochs = 4
batch_size = 7
learning_rate = 0.05
";

impl Small {
    pub fn of(text: &str) -> Self {
        let recipe = Recipe::parse("test", text).unwrap();
        Self {
            config: recipe.section("train").unwrap(),
            model: recipe.section("model").unwrap(),
            doors: Doors::read(&recipe).unwrap(),
            train: blobs(60, "train"),
            validation: blobs(40, "validation"),
            seed: Seed::new(5),
        }
    }

    /// The same run of LeNet-5 on images, for techniques of convolutions.
    pub fn images(text: &str) -> Self {
        let small = Self::of(&text.replace("mlp = { widths = [16, 16] }", "lenet = {}"));
        let [train, validation] = [&small.train, &small.validation].map(|data| {
            // Each row of six numbers, wave after wave until it fills an image.
            let rows = data.inputs.chunks(6);
            let wave = |row: &[f32], at: usize| row[at % 6] * (at as f32 * 0.37).cos();
            let images = rows.flat_map(|row| (0..144).map(move |at| wave(row, at))).collect();
            Dataset::new(images, vec![1, 12, 12], data.target.clone(), Vec::new()).unwrap()
        });
        Self { train, validation, ..small }
    }

    pub fn run(&self) -> Trained<Model> {
        self.watched(None, &mut ())
    }

    pub fn epochs(mut self, epochs: u64) -> Self {
        self.config.epochs = NonZeroU64::new(epochs).unwrap();
        self
    }

    pub fn watched(&self, from: Option<Checkpoint>, watch: &mut dyn Watch) -> Trained<Model> {
        let clock = StepClock::new();
        let device = Device::flex().autodiff();
        let outputs = self.train.target.classes().unwrap_or(1);
        let build = || {
            let sites = Sites::new(&self.doors, self.seed, &clock, &device);
            self.model.build(&self.train, outputs, &sites)
        };
        let job = Job {
            build: &build,
            clock: &clock,
            train: &self.train,
            validation: &self.validation,
            doors: &self.doors,
            config: &self.config,
            loss: self.config.loss(&self.train.target),
            seed: self.seed,
            device: &device,
            teacher: None,
        };
        train(&job, from, watch).unwrap()
    }
}

/// The log and the weights of a run, as bits.
pub fn bits(trained: &Trained<Model>) -> (BTreeMap<String, Vec<u64>>, Snapshot, Snapshot) {
    (log_bits(&trained.log), Snapshot::of(&trained.best), Snapshot::of(&trained.last))
}

pub fn log_bits(log: &Run) -> BTreeMap<String, Vec<u64>> {
    let series = |s: &wellfit_core::run::Series| {
        (s.name(), s.values().into_iter().map(f64::to_bits).collect())
    };
    log.series.iter().map(series).collect()
}

fn blobs(count: usize, name: &str) -> Dataset {
    let mut draw = Seed::new(11).stream(name).step(0);
    let labels: Vec<u32> = (0..count as u32).map(|i| i % 3).collect();
    let centre = |label: u32, feature: usize| f64::from(u8::from(feature % 3 == label as usize));
    let inputs: Vec<f32> = labels
        .iter()
        .flat_map(|&label| (0..6).map(move |feature| centre(label, feature)))
        .map(|centre| (centre + draw.standard_normal()) as f32)
        .collect();
    let names = ["a", "b", "c"].map(str::to_owned).to_vec();
    Dataset::new(inputs, vec![6], Target::Classes { labels, names }, Vec::new()).unwrap()
}

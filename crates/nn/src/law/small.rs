//! A small run from a recipe, on made-up data.

use super::Bench;
use crate::Error;
use crate::chance::StepClock;
use crate::layer::Sites;
use crate::model::{Model, ModelConfig};
use crate::technique::Doors;
use crate::train::{Checkpoint, Job, TrainConfig, Trained, Watch, train};
use burn::tensor::{Device, Tensor};
use wellfit_core::number::Positive;
use wellfit_core::recipe::Recipe;
use wellfit_core::seed::Seed;
use wellfit_data::{Dataset, Embedded, Scaler, Target};

/// A perceptron that trains for a moment; techniques are appended to the recipe.
pub const MLP: &str = "
[model]
mlp = { widths = [16, 16] }
[train]
epochs = 4
batch_size = 7
learning_rate = 0.05
";

/// The same with residual blocks.
pub const SKIP: &str = "
[model]
mlp = { widths = [16, 16, 16], skip = true }
[train]
epochs = 4
batch_size = 7
learning_rate = 0.05
";

/// A residual network on small images.
pub const IMAGES: &str = "
[model]
resnet = { depth = 8 }
[train]
epochs = 2
batch_size = 30
learning_rate = 0.01
";

/// A run on three Gaussian blobs in six dimensions, that overlap, or on small images.
pub struct Small {
    /// How it trains.
    pub config: TrainConfig,
    /// The examples that it trains on.
    pub train: Dataset,
    /// The examples that choose the model.
    pub validation: Dataset,
    /// Its techniques.
    pub doors: Doors,
    model: ModelConfig,
    seed: Seed,
    device: Device,
}

impl Small {
    /// The run of a recipe.
    ///
    /// # Errors
    /// A value of the recipe is wrong.
    pub fn of(text: &str, bench: &Bench) -> Result<Self, Error> {
        let recipe = Recipe::parse("test", text)?;
        let model: ModelConfig = recipe.section("model")?;
        let shape: &[usize] = match model {
            ModelConfig::Resnet(_) => &[1, 8, 8],
            _ => &[6],
        };
        Ok(Self {
            config: recipe.section("train")?,
            model,
            doors: Doors::read(&recipe)?,
            train: blobs(60, shape, "train")?,
            validation: blobs(40, shape, "validation")?,
            seed: bench.seed(),
            device: bench.tracked(),
        })
    }

    /// The same recipe on small images in colour.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub fn of_images(text: &str, bench: &Bench) -> Result<Self, Error> {
        let (train, validation) = (pictures(60, "train")?, pictures(40, "validation")?);
        Ok(Self { train, validation, ..Self::of(text, bench)? })
    }

    /// The same recipe on blobs of which the first input became the level of a category.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub fn of_levels(text: &str, bench: &Bench) -> Result<Self, Error> {
        let small = Self::of(text, bench)?;
        let (train, validation) = (levels(small.train)?, levels(small.validation)?);
        Ok(Self { train, validation, ..small })
    }

    /// Whether all techniques find a place in the model.
    pub fn builds(&self) -> bool {
        let clock = StepClock::new();
        let sites = Sites::new(&self.doors, self.seed, &clock, &self.device);
        self.model.build(&self.train, 3, &sites).is_ok()
    }

    /// The model before its first step.
    ///
    /// # Errors
    /// A technique does not fit the model.
    pub fn build(&self, clock: &StepClock) -> Result<Model, Error> {
        let outputs = self.train.target.classes().unwrap_or(1);
        let sites = Sites::new(&self.doors, self.seed, clock, &self.device);
        self.model.build(&self.train, outputs, &sites)
    }

    /// The whole run.
    ///
    /// # Errors
    /// As [`train()`].
    pub fn run(&self) -> Result<Trained<Model>, Error> {
        self.watched(None, &mut ())
    }

    /// The run from a checkpoint, with somebody who watches it.
    ///
    /// # Errors
    /// As [`train()`].
    pub fn watched(
        &self,
        from: Option<Checkpoint>,
        watch: &mut dyn Watch,
    ) -> Result<Trained<Model>, Error> {
        let clock = StepClock::new();
        let build = || self.build(&clock);
        let outputs = self.train.target.classes().unwrap_or(1);
        let teach = |inputs: Tensor<2>| inputs.narrow(1, 0, outputs) * 2.0;
        let learns = self.doors.losses.iter().any(|door| door.teacher().is_some());
        let job = Job {
            build: &build,
            clock: &clock,
            train: &self.train,
            validation: &self.validation,
            doors: &self.doors,
            config: &self.config,
            loss: self.config.loss(&self.train.target),
            seed: self.seed,
            device: &self.device,
            teacher: learns.then_some(&teach),
        };
        train(&job, from, watch)
    }
}

fn labels(count: usize) -> Target {
    let names = ["a", "b", "c"].map(str::to_owned).to_vec();
    Target::Classes { labels: (0..count as u32).map(|i| i % 3).collect(), names }
}

fn dataset(inputs: Vec<f32>, shape: &[usize], count: usize) -> Result<Dataset, Error> {
    let data = Dataset::new(inputs, shape.to_vec(), labels(count), Vec::new());
    data.map_err(|error| Error::Mismatch(error.to_string()))
}

fn blobs(count: usize, shape: &[usize], name: &str) -> Result<Dataset, Error> {
    let mut draw = Seed::new(11).stream(name).step(0);
    let centre = |label: usize, feature: usize| f64::from(u8::from(feature % 3 == label));
    let features: usize = shape.iter().product();
    let inputs: Vec<f32> = (0..count)
        .flat_map(|i| (0..features).map(move |feature| centre(i % 3, feature)))
        .map(|centre| (centre + draw.standard_normal()) as f32)
        .collect();
    dataset(inputs, shape, count)
}

/// Six levels by the size of the first input.
fn levels(mut data: Dataset) -> Result<Dataset, Error> {
    let width = data.width();
    let level = |x: f32| (x * 2.0 + 2.0).floor().clamp(0.0, 5.0);
    data.inputs.iter_mut().step_by(width).for_each(|x| *x = level(*x));
    let data = data.with_embedded(vec![Embedded { column: 0, levels: 6 }]);
    data.map_err(|error| Error::Mismatch(error.to_string()))
}

/// Noise of 3 by 8 by 8 pixels, brighter in the channel of the class, on the scale of training.
fn pictures(count: usize, name: &str) -> Result<Dataset, Error> {
    let mut draw = Seed::new(12).stream(name).step(0);
    let pixel = |label: usize, place: usize| 0.6 * f64::from(u8::from(place / 64 == label));
    let inputs: Vec<f32> = (0..count)
        .flat_map(|i| (0..192).map(move |place| pixel(i % 3, place)))
        .map(|pixel| (pixel + draw.between(0.0, 0.4)) as f32)
        .collect();
    let mut data = dataset(inputs, &[3, 8, 8], count)?.with_white(Positive::ONE);
    let refused = |error: wellfit_data::Error| Error::Mismatch(error.to_string());
    data.scale(&Scaler::fit_channels(&data.inputs, [3, 8, 8]).map_err(refused)?)
        .map_err(refused)?;
    Ok(data)
}

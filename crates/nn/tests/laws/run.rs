//! A small run from a recipe, on made-up data.

use std::collections::BTreeMap;
use std::num::NonZeroU64;
use wellfit_core::number::Positive;
use wellfit_core::recipe::Recipe;
use wellfit_core::run::Run;
use wellfit_core::seed::Seed;
use wellfit_data::{Dataset, Scaler, Target};
use wellfit_nn::Error;
use wellfit_nn::burn::tensor::{Device, Tensor};
use wellfit_nn::chance::StepClock;
use wellfit_nn::gradient::GradientDoor;
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
    pub doors: Doors,
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

impl Small {
    pub fn of(text: &str) -> Self {
        let recipe = Recipe::parse("test", text).unwrap();
        let model: ModelConfig = recipe.section("model").unwrap();
        let shape: &[usize] = match model {
            ModelConfig::Resnet(_) => &[1, 8, 8],
            _ => &[6],
        };
        Self {
            config: recipe.section("train").unwrap(),
            model,
            doors: Doors::read(&recipe).unwrap(),
            train: blobs(60, shape, "train"),
            validation: blobs(40, shape, "validation"),
            seed: Seed::new(5),
        }
    }

    /// Whether all techniques find a place in the model.
    pub fn builds(&self) -> bool {
        let (clock, device) = (StepClock::new(), Device::flex().autodiff());
        let sites = Sites::new(&self.doors, self.seed, &clock, &device);
        self.model.build(&self.train, 3, &sites).is_ok()
    }

    /// The same recipe on small images in colour.
    pub fn of_images(text: &str) -> Self {
        let (train, validation) = (pictures(60, "train"), pictures(40, "validation"));
        Self { train, validation, ..Self::of(text) }
    }

    pub fn run(&self) -> Trained<Model> {
        self.watched(None, &mut ())
    }

    pub fn epochs(mut self, epochs: u64) -> Self {
        self.config.epochs = NonZeroU64::new(epochs).unwrap();
        self
    }

    /// A gradient technique of the test's own in front of the others.
    pub fn behind(mut self, door: Box<dyn GradientDoor>) -> Self {
        self.doors.gradients.insert(0, door);
        self
    }

    /// The model before its first step.
    pub fn start(&self) -> Model {
        self.build(&StepClock::new(), &Device::flex().autodiff()).unwrap()
    }

    fn build(&self, clock: &StepClock, device: &Device) -> Result<Model, Error> {
        let outputs = self.train.target.classes().unwrap_or(1);
        let sites = Sites::new(&self.doors, self.seed, clock, device);
        self.model.build(&self.train, outputs, &sites)
    }

    pub fn watched(&self, from: Option<Checkpoint>, watch: &mut dyn Watch) -> Trained<Model> {
        self.try_watched(from, watch).unwrap()
    }

    pub fn try_run(&self) -> Result<Trained<Model>, Error> {
        self.try_watched(None, &mut ())
    }

    fn try_watched(
        &self,
        from: Option<Checkpoint>,
        watch: &mut dyn Watch,
    ) -> Result<Trained<Model>, Error> {
        let clock = StepClock::new();
        let device = Device::flex().autodiff();
        let build = || self.build(&clock, &device);
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
            device: &device,
            teacher: learns.then_some(&teach),
        };
        train(&job, from, watch)
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

fn blobs(count: usize, shape: &[usize], name: &str) -> Dataset {
    let mut draw = Seed::new(11).stream(name).step(0);
    let labels: Vec<u32> = (0..count as u32).map(|i| i % 3).collect();
    let centre = |label: u32, feature: usize| f64::from(u8::from(feature % 3 == label as usize));
    let features: usize = shape.iter().product();
    let inputs: Vec<f32> = labels
        .iter()
        .flat_map(|&label| (0..features).map(move |feature| centre(label, feature)))
        .map(|centre| (centre + draw.standard_normal()) as f32)
        .collect();
    let names = ["a", "b", "c"].map(str::to_owned).to_vec();
    Dataset::new(inputs, shape.to_vec(), Target::Classes { labels, names }, Vec::new()).unwrap()
}

/// Noise of 3 by 8 by 8 pixels, brighter in the channel of the class, on the scale of training.
fn pictures(count: usize, name: &str) -> Dataset {
    let mut draw = Seed::new(12).stream(name).step(0);
    let labels: Vec<u32> = (0..count as u32).map(|i| i % 3).collect();
    let pixel = |label: u32, place: usize| 0.6 * f64::from(u8::from(place / 64 == label as usize));
    let inputs: Vec<f32> = labels
        .iter()
        .flat_map(|&label| (0..192).map(move |place| pixel(label, place)))
        .map(|pixel| (pixel + draw.between(0.0, 0.4)) as f32)
        .collect();
    let names = ["a", "b", "c"].map(str::to_owned).to_vec();
    let target = Target::Classes { labels, names };
    let data = Dataset::new(inputs, vec![3, 8, 8], target, Vec::new()).unwrap();
    let mut data = data.with_white(Positive::ONE);
    data.scale(&Scaler::fit_channels(&data.inputs, [3, 8, 8]).unwrap()).unwrap();
    data
}

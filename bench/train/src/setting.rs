//! A case made ready for our training loop, and handed over to PyTorch.

use crate::case::Case;
use bench_peer::Outcome;
use std::collections::HashMap;
use std::path::Path;
use wellfit_core::recipe::Recipe;
use wellfit_core::run::Part;
use wellfit_core::seed::Seed;
use wellfit_data::{Dataset, Target};
use wellfit_nn::burn::tensor::{Device, TensorData};
use wellfit_nn::chance::StepClock;
use wellfit_nn::layer::Sites;
use wellfit_nn::model::{Model, ModelConfig};
use wellfit_nn::snapshot::Snapshot;
use wellfit_nn::technique::Doors;
use wellfit_nn::train::{Job, TrainConfig, Trained, Watch, train};

const SEED: Seed = Seed::new(1);

/// More epochs than anyone measures.
const ENDLESS: u64 = 1_000_000;

/// Data, model and techniques of a case.
pub struct Setting {
    case: Case,
    data: Dataset,
    labels: Vec<u32>,
    /// One example: what is evaluated at the end of an epoch is not measured.
    validation: Dataset,
    model: ModelConfig,
    config: TrainConfig,
    doors: Doors,
    device: Device,
}

impl Setting {
    /// Noise in the shape of the case's data. The same case gives the same bits.
    pub fn new(case: Case, epochs: u64) -> Outcome<Self> {
        let recipe = Recipe::parse(case.id, &case.recipe(epochs))?;
        let width: usize = case.shape.iter().product();
        let mut draw = SEED.stream("examples").step(0);
        let inputs = draw.uniform(case.examples * width, 0.0, 1.0);
        let label = |_| draw.below(case.classes as u64) as u32;
        let labels: Vec<u32> = (0..case.examples).map(label).collect();
        let names = (0..case.classes).map(|k| k.to_string()).collect();
        let target = Target::Classes { labels: labels.clone(), names };
        let data = Dataset::new(inputs, case.shape.to_vec(), target, Vec::new())?;
        Ok(Self {
            case,
            validation: data.select(&[0]),
            data,
            labels,
            model: recipe.section("model")?,
            config: recipe.section("train")?,
            doors: Doors::read(&recipe)?,
            device: Device::flex().autodiff(),
        })
    }

    /// For a run that is measured until nobody asks any more.
    pub fn endless(case: Case) -> Outcome<Self> {
        Self::new(case, ENDLESS)
    }

    fn build(&self, clock: &StepClock) -> Result<Model, wellfit_nn::Error> {
        let sites = Sites::new(&self.doors, SEED, clock, &self.device);
        self.model.build(self.case.shape, self.case.classes, &sites)
    }

    /// Trains as every user of our loop does.
    pub fn train(&self, watch: &mut dyn Watch) -> Outcome<Trained<Model>> {
        let clock = StepClock::new();
        let build = || self.build(&clock);
        let job = Job {
            build: &build,
            clock: &clock,
            train: &self.data,
            validation: &self.validation,
            doors: &self.doors,
            config: &self.config,
            loss: self.config.loss(&self.data.target),
            seed: SEED,
            device: &self.device,
            teacher: None,
        };
        Ok(train(&job, None, watch)?)
    }

    /// The training loss of every epoch; of every step, where the batch is all there is.
    pub fn losses(&self) -> Outcome<Vec<f64>> {
        let trained = self.train(&mut ())?;
        let losses = trained.log.get(Part::Online, "loss").ok_or("the run logged no loss")?;
        Ok(losses.values())
    }

    /// Writes the case, its initial weights and its data where PyTorch's side reads them.
    pub fn hand_over(&self, file: &Path) -> Outcome<()> {
        let weights = Snapshot::of(&self.build(&StepClock::new())?);
        let rows = [self.data.len(), self.data.width()];
        let labels: Vec<f32> = self.labels.iter().map(|&label| label as f32).collect();
        let data = [
            ("data.inputs", TensorData::new(self.data.inputs.clone(), rows)),
            ("data.labels", TensorData::new(labels, [self.data.len()])),
        ];
        let weights = weights.tensors().iter().map(|(path, tensor)| (path.clone(), tensor.clone()));
        let data = data.into_iter().map(|(name, tensor)| (name.to_owned(), tensor));
        let all: Snapshot = weights.chain(data).collect();
        let metadata = HashMap::from([("case".to_owned(), self.case.json()?.to_string())]);
        std::fs::write(file, all.to_safetensors(metadata)?)
            .map_err(|error| format!("cannot write {}: {error}", file.display()).into())
    }
}

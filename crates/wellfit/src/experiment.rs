//! From a recipe to a trained model.

use crate::Error;
use std::path::{Path, PathBuf};
use wellfit_core::recipe::Recipe;
use wellfit_core::seed::Seed;
use wellfit_data::{DataConfig, Splits, Target, load};
use wellfit_nn::burn::tensor::Device;
use wellfit_nn::chance::StepClock;
use wellfit_nn::control::check_monitor;
use wellfit_nn::layer::Sites;
use wellfit_nn::loss::Loss;
use wellfit_nn::model::{Model, ModelConfig};
use wellfit_nn::optimizer::Optimizer;
use wellfit_nn::technique::Doors;
use wellfit_nn::train::{Checkpoint, Job, TrainConfig, Trained, Watch, train};

/// A recipe with its data loaded and its techniques at their doors.
pub struct Experiment {
    /// The document that all of it was read from.
    pub recipe: Recipe,
    /// The one seed.
    pub seed: Seed,
    /// Where data come from.
    pub source: DataConfig,
    /// The examples, split and scaled.
    pub data: Splits,
    /// Kind and size of the model.
    pub model: ModelConfig,
    /// Epochs, optimizer, ...
    pub config: TrainConfig,
    /// The techniques that are on.
    pub doors: Doors,
    /// The device to train on, with autodiff.
    pub device: Device,
}

impl Experiment {
    /// Reads the recipe's file, applies assignments as `--set` takes them, and loads the data.
    ///
    /// # Errors
    /// The file cannot be read, or as [`Self::new`].
    pub fn open(path: &Path, assignments: &[String]) -> Result<Self, Error> {
        let (recipe, base) = read(path, assignments)?;
        Self::new(recipe, &base)
    }

    /// Reads a recipe and loads its data; relative paths start at `base`.
    ///
    /// # Errors
    /// A wrong key or value with its place, data that cannot be read, techniques that conflict.
    pub fn new(recipe: Recipe, base: &Path) -> Result<Self, Error> {
        recipe.only(&["seed", "data", "model", "train"])?;
        let seed = if recipe.contains("seed") { recipe.section("seed")? } else { Seed::default() };
        let doors = Doors::read(&recipe)?;
        let model: ModelConfig = recipe.section("model")?;
        let config: TrainConfig = recipe.section("train")?;
        refuse_two_decays(&recipe, &config, &doors)?;
        let source: DataConfig = recipe.section("data")?;
        let mut split = seed.stream("split of data").step(0);
        let mut noise = seed.stream("label noise").step(0);
        let data = load(&source, base, &mut split, &mut noise)?;
        check_series(&recipe, &config, &doors, &data.train.target)?;
        let experiment = Self {
            recipe,
            seed,
            source,
            data,
            model,
            config,
            doors,
            device: Device::flex().autodiff(),
        };
        // A model that cannot be built is an error now, not after an epoch.
        experiment.build(&StepClock::new())?;
        Ok(experiment)
    }

    /// The untrained model, whose stochastic layers read `clock`.
    ///
    /// # Errors
    /// Techniques that do not fit the model.
    pub fn build(&self, clock: &StepClock) -> Result<Model, Error> {
        Ok(self.model.build(self.inputs(), self.outputs(), &self.sites(clock))?)
    }

    fn sites<'a>(&'a self, clock: &'a StepClock) -> Sites<'a> {
        Sites { doors: &self.doors, seed: self.seed, clock, device: &self.device }
    }

    /// Features of one example.
    pub fn inputs(&self) -> usize {
        self.data.train.width()
    }

    /// Outputs of the model: classes, or one value.
    pub fn outputs(&self) -> usize {
        self.data.train.target.classes().unwrap_or(1)
    }

    /// The loss of the run.
    pub fn loss(&self) -> Loss {
        self.config.loss(&self.data.train.target)
    }

    /// The metric that stands for quality beside the loss: `accuracy` for classes, `r2` for
    /// values.
    pub fn metric(&self) -> &'static str {
        match self.data.train.target {
            Target::Classes { .. } => "accuracy",
            Target::Values(_) => "r2",
        }
    }

    /// Trains; with `from`, goes on where that checkpoint was taken.
    ///
    /// # Errors
    /// As [`wellfit_nn::train::train`].
    pub fn train(
        &self,
        from: Option<Checkpoint>,
        watch: &mut dyn Watch,
    ) -> Result<Trained<Model>, Error> {
        let clock = StepClock::new();
        let build = || self.model.build(self.inputs(), self.outputs(), &self.sites(&clock));
        let job = Job {
            build: &build,
            clock: &clock,
            train: &self.data.train,
            validation: &self.data.validation,
            doors: &self.doors,
            config: &self.config,
            loss: self.loss(),
            seed: self.seed,
            device: &self.device,
        };
        Ok(train(&job, from, watch)?)
    }
}

/// The recipe in the file at `path` with all assignments, and the folder its paths start at.
fn read(path: &Path, assignments: &[String]) -> Result<(Recipe, PathBuf), Error> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::File {
        action: "read",
        path: path.to_owned(),
        source,
    })?;
    let mut recipe = Recipe::parse(&path.display().to_string(), &text)?;
    for assignment in assignments {
        recipe.set(assignment)?;
    }
    let base = path.parent().map(Path::to_owned).unwrap_or_default();
    Ok((recipe, base))
}

/// A loss or a monitored series that the target cannot have is an error now, not after an epoch.
fn check_series(
    recipe: &Recipe,
    config: &TrainConfig,
    doors: &Doors,
    target: &Target,
) -> Result<(), Error> {
    if config.loss(target).classifies() && target.classes().is_none() {
        let message = "this loss needs classes, but the target is a number: use squared_error";
        return Err(recipe.refuse_at("train", "loss", message.to_owned()).into());
    }
    check_monitor(&config.monitor, target)
        .map_err(|error| recipe.refuse_at("train", "monitor", error.to_string()))?;
    for monitor in doors.controls.iter().filter_map(|control| control.monitor()) {
        check_monitor(monitor, target)?;
    }
    Ok(())
}

/// AdamW brings a decay of its own; a second one would add to it unseen.
fn refuse_two_decays(recipe: &Recipe, config: &TrainConfig, doors: &Doors) -> Result<(), Error> {
    if !matches!(config.optimizer, Optimizer::AdamW(_)) || doors.weights.is_empty() {
        return Ok(());
    }
    let message = "adamw brings its own weight decay, and weight_decay would add to it: keep \
                   `adamw = { weight_decay = .. }` alone, or use adam with weight_decay";
    Err(recipe.refuse_at("train", "optimizer", message.to_owned()).into())
}

//! From a recipe to a trained model.

use crate::fine_tune::{self, Start};
use crate::teacher::Teacher;
use crate::{Error, bare_table, conflict, cure, found, threshold};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wellfit_core::recipe::Recipe;
use wellfit_core::seed::Seed;
use wellfit_data::{DataConfig, Splits, Target, TargetScale, load, load_again};
use wellfit_nn::burn::tensor::Tensor;
use wellfit_nn::chance::StepClock;
use wellfit_nn::layer::Sites;
use wellfit_nn::loss::Loss;
use wellfit_nn::model::{Model, ModelConfig};
use wellfit_nn::parameter::parameters;
use wellfit_nn::technique::Doors;
use wellfit_nn::train::{
    Checkpoint, Job, TrainConfig, Trained, Watch, check, names_fit, train, without_validation,
};
use wellfit_nn::{Device, Subject};
use wellfit_tune::conflict::Finding;

/// A recipe with its data loaded and its techniques at their doors.
pub struct Experiment {
    /// The document that all of it was read from.
    pub recipe: Recipe,
    /// The same as TOML without comments, with all assignments.
    pub canonical: String,
    /// Where its relative paths start.
    pub base: PathBuf,
    /// The one seed.
    pub seed: Seed,
    /// Where data come from.
    pub source: DataConfig,
    /// The examples, split and scaled; experiments may share them.
    pub data: Arc<Splits>,
    /// Kind and size of the model.
    pub model: ModelConfig,
    /// Epochs, optimizer, ...
    pub config: TrainConfig,
    /// The techniques that are on.
    pub doors: Doors,
    /// The trained model to start from.
    start: Option<Start>,
    /// The trained model to learn from.
    teacher: Option<Teacher>,
    /// The device to train on, with autodiff.
    pub device: Device,
    /// What there is to say about techniques that fight; none of them stops the run.
    pub findings: Vec<Finding>,
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

    /// An experiment on the table at `path`, of which nothing is told but the column to predict:
    /// a default recipe, with assignments as `--set` takes them.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn of_table(path: &Path, target: &str, assignments: &[String]) -> Result<Self, Error> {
        let mut recipe = bare_table::recipe(path, target)?;
        for assignment in assignments {
            recipe.set(assignment)?;
        }
        Self::new(recipe, Path::new(""))
    }

    /// Reads a recipe and loads its data; relative paths start at `base`.
    ///
    /// # Errors
    /// A wrong key or value with its place, data that cannot be read, techniques that conflict.
    pub fn new(recipe: Recipe, base: &Path) -> Result<Self, Error> {
        Self::on(recipe, base, None)
    }

    /// The same, on data that are there already: those of another experiment whose recipe has the
    /// same `[data]`, `[model]` and scale of the target.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn on(recipe: Recipe, base: &Path, data: Option<Arc<Splits>>) -> Result<Self, Error> {
        recipe.only(&["seed", "data", "model", "train", fine_tune::SECTION, cure::SECTION])?;
        let recipe = fine_tune::with_new_head(recipe)?;
        let canonical = recipe.canonical()?;
        let seed = if recipe.contains("seed") { recipe.section("seed")? } else { Seed::default() };
        let doors = Doors::read(&recipe)?;
        let start = Start::read(&recipe, base)?;
        let teacher = Teacher::read(&recipe, &doors, base)?;
        let model: ModelConfig = match &start {
            Some(start) if !recipe.contains("model") => start.model().clone(),
            _ => recipe.section("model")?,
        };
        let mut config: TrainConfig = recipe.section("train")?;
        let source: DataConfig = recipe.section("data")?;
        let data = match data {
            Some(data) => data,
            None => {
                let data = cut(&source, base, seed, 0).map_err(|e| in_data(&recipe, e))?;
                Arc::new(scaled(data, &model, &config))
            }
        };
        found::complete(&recipe, &doors, &mut config, &data)?;
        let (device, findings, base) = (Device::flex().autodiff(), Vec::new(), base.to_owned());
        #[rustfmt::skip]
        let mut experiment =
            Self { recipe, canonical, base, seed, source, data, model, config, doors, start, teacher, device, findings };
        experiment.check()?;
        Ok(experiment)
    }

    /// The data with training and validation cut anew, the `number`-th time; number 0 is as they
    /// are. The test rows stay. Label noise is drawn anew.
    ///
    /// # Errors
    /// The data cannot be read any more.
    pub fn cut_again(&self, number: u64) -> Result<Arc<Splits>, Error> {
        if number == 0 {
            return Ok(Arc::clone(&self.data));
        }
        let data = cut(&self.source, &self.base, self.seed, number);
        let data = data.map_err(|error| in_data(&self.recipe, error))?;
        Ok(Arc::new(scaled(data, &self.model, &self.config)))
    }

    /// Refuses what cannot be trained now, and not after an epoch.
    fn check(&mut self) -> Result<(), Error> {
        // First, for these errors say what to write instead; the size of the model plays no part.
        conflict::findings(self, usize::MAX)?;
        let checked = check(&self.doors, &self.config, &self.data.train);
        checked.map_err(|error| in_recipe(&self.recipe, error))?;
        threshold::check(&self.recipe, &self.config, &self.data)?;
        found::check(&self.recipe, &self.doors, &self.config, &self.data)?;
        if self.data.validation.is_empty() {
            let checked = without_validation(&self.doors, &self.config);
            checked.map_err(|error| in_recipe(&self.recipe, error))?;
        }
        if let Some(start) = &self.start {
            start.check(&self.recipe, &self.model, &self.data)?;
        }
        if let Some(teacher) = &self.teacher {
            teacher.check(&self.recipe, &self.data, self.loss())?;
        }
        let count = self.parameter_count().map_err(|error| in_recipe(&self.recipe, error))?;
        self.findings = conflict::findings(self, count)?;
        Ok(())
    }

    /// Whether the run starts from a trained model.
    pub fn starts_trained(&self) -> bool {
        self.start.is_some()
    }

    /// Weights, biases and statistics of the model.
    ///
    /// # Errors
    /// Techniques that do not fit the model.
    pub fn parameter_count(&self) -> Result<usize, wellfit_nn::Error> {
        let model = self.build(&StepClock::new())?;
        let parameters = parameters(&model);
        names_fit(&self.doors, &parameters)?;
        Ok(parameters.iter().map(|p| p.shape.iter().product::<usize>()).sum())
    }

    /// The model before its first step, whose stochastic layers read `clock`.
    ///
    /// # Errors
    /// Techniques that do not fit the model.
    pub fn build(&self, clock: &StepClock) -> Result<Model, wellfit_nn::Error> {
        let sites = Sites::new(&self.doors, self.seed, clock, &self.device);
        let fresh = self.model.build(&self.data.train, self.outputs(), &sites)?;
        match &self.start {
            Some(start) => start.apply(fresh),
            None => Ok(fresh),
        }
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

    /// What a checkpoint must have been made from to go on with: the recipe, the data as they were
    /// loaded, and this version.
    pub fn fingerprint(&self) -> String {
        let parts = [Some(&self.data.train), Some(&self.data.validation), self.data.test.as_ref()];
        let data = parts.into_iter().flatten().fold(FNV_OFFSET, |hash, part| {
            let inputs = part.inputs.iter().map(|input| u64::from(input.to_bits()));
            let targets: Vec<u64> = match &part.target {
                Target::Classes { labels, .. } => labels.iter().map(|&l| u64::from(l)).collect(),
                Target::Values(values) => values.iter().map(|value| value.to_bits()).collect(),
            };
            inputs.chain(targets).chain([part.len() as u64]).fold(hash, fnv)
        });
        let start = self.start.iter().flat_map(Start::bits);
        let teacher = self.teacher.iter().flat_map(Teacher::bits);
        let data = start.chain(teacher).fold(data, fnv);
        let version = env!("CARGO_PKG_VERSION");
        format!("{}# wellfit {version}, data {data:016x}\n", self.canonical)
    }

    /// The teacher's logits, where a technique learns from one.
    pub(crate) fn teach(&self) -> Option<Box<dyn Fn(Tensor<2>) -> Tensor<2> + Sync + '_>> {
        let teacher = self.teacher.as_ref()?;
        Some(Box::new(|inputs| teacher.outputs(inputs)))
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
        let build = || self.build(&clock);
        let teach = self.teach();
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
            teacher: teach.as_deref(),
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

/// Loads the data and cuts training and validation for the `number`-th time, from 0.
fn cut(
    source: &DataConfig,
    base: &Path,
    seed: Seed,
    number: u64,
) -> Result<Splits, wellfit_data::Error> {
    let mut split = seed.stream("split of data").step(0);
    let mut noise = seed.stream("label noise").step(number);
    match number {
        0 => load(source, base, &mut split, &mut noise),
        _ => {
            let mut again = seed.stream("split of data, again").step(number);
            load_again(source, base, &mut split, &mut again, &mut noise)
        }
    }
}

/// Values of a network's target in units of the training part's spread.
fn scaled(data: Splits, model: &ModelConfig, config: &TrainConfig) -> Splits {
    let linear = matches!(model, ModelConfig::Linear(_));
    if !config.standardize_target.unwrap_or(!linear) {
        return data;
    }
    let scale = TargetScale::fit(&data.train.target);
    Splits {
        train: data.train.with_target_scale(scale),
        validation: data.validation.with_target_scale(scale),
        test: data.test.map(|test| test.with_target_scale(scale)),
        ..data
    }
}

const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a by whole words: data that changed by accident shall show, nothing more.
fn fnv(hash: u64, word: u64) -> u64 {
    (hash ^ word).wrapping_mul(0x0100_0000_01b3)
}

/// Gives a refusal the place of what it is about.
fn in_recipe(recipe: &Recipe, error: wellfit_nn::Error) -> Error {
    let (subject, message) = match error {
        wellfit_nn::Error::Refused { subject, message } => (subject, message),
        wellfit_nn::Error::Stored { message, .. } => {
            return recipe.refuse_at(fine_tune::SECTION, "", message).into();
        }
        other => return other.into(),
    };
    match subject {
        Subject::Train(key) => recipe.refuse_at("train", key, message).into(),
        Subject::Model => recipe.refuse_at("model", "", message).into(),
        Subject::Data => recipe.refuse_at("data", "", message).into(),
        Subject::Technique(id) => {
            let entries = recipe.techniques().unwrap_or_default();
            match entries.iter().find(|entry| entry.id == id) {
                Some(entry) => recipe.refuse(entry, message, None).into(),
                None => {
                    Error::Core(wellfit_core::Error::Recipe { message, hint: None, place: None })
                }
            }
        }
    }
}

/// Errors about files name the file; those about the split stand in the recipe.
fn in_data(recipe: &Recipe, error: wellfit_data::Error) -> Error {
    match error {
        wellfit_data::Error::Split { .. } => recipe.refuse_at("data", "", error.to_string()).into(),
        wellfit_data::Error::NoiseOnValues => {
            recipe.refuse_at("data", "label_noise", error.to_string()).into()
        }
        error => error.into(),
    }
}

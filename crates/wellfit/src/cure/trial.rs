//! One run from a specification, for engines that carry runs to other machines.

use super::Candidate;
use super::Settings;
use super::race::pair_seed;
use super::stretch::{stretch, value_at};
use crate::{Error, Experiment, Metrics};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::time::Instant;
use wellfit_core::recipe::Recipe;
use wellfit_core::run::Part;

/// What to run. It holds all that decides the answer, so that any machine with the data gives it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// Version of this object's layout: 1.
    pub schema: u32,
    /// Comes back in the answer.
    #[serde(default)]
    pub id: u64,
    /// The recipe as TOML.
    pub recipe: String,
    /// Where its relative paths start; where the program was started unless told.
    #[serde(default)]
    pub folder: PathBuf,
    /// Epochs after which it ends, on the recipe's own schedule; all of the recipe's unless told.
    #[serde(default)]
    pub epochs: Option<u64>,
    /// Which pair of seed and split of a race; 0 and unless told, the recipe's own.
    #[serde(default)]
    pub pair: u64,
    /// The series that is the answer; `train.monitor` unless told.
    #[serde(default)]
    pub metric: Option<String>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Version of this object's layout: 1.
    pub schema: u32,
    /// The specification's.
    pub id: u64,
    /// The series.
    pub metric: String,
    /// Its value at the best epoch; none where it is not finite.
    pub value: Option<f64>,
    /// The best epoch.
    pub best_epoch: Option<u64>,
    /// Whole epochs done.
    pub epochs: u64,
    /// What ended it: `epochs`, `early_stopping`, `diverged` or `interrupt` at the epoch asked for.
    pub stopped_by: String,
    /// All series of the validation part at the best epoch.
    #[serde(skip_deserializing)]
    pub validation: Option<Metrics>,
    /// How long it took.
    pub seconds: f64,
}

impl Spec {
    /// Runs it.
    ///
    /// # Errors
    /// A layout of another version, a recipe that is wrong, data that are not there.
    pub fn run(&self, stop: &dyn Fn() -> bool) -> Result<Outcome, Error> {
        let began = Instant::now();
        if self.schema != 1 {
            let message = format!("the specification: expected schema 1, found {}", self.schema);
            return Err(wellfit_core::Error::Recipe { message, hint: None, place: None }.into());
        }
        let recipe = Recipe::parse("the specification's recipe", &self.recipe)?;
        let mut experiment = Experiment::new(recipe, &self.folder)?;
        if self.pair > 0 {
            let data = experiment.cut_again(self.pair)?;
            let seed = pair_seed(experiment.seed, self.pair);
            let whole = Candidate::whole(&experiment)?;
            experiment = whole.experiment(Some(seed), &data)?;
        }
        let settings = Settings { metric: self.metric.clone(), ..Settings::default() };
        settings.check(&experiment.recipe, &experiment)?;
        let metric = settings.metric(&experiment);
        let trained = stretch(&experiment, None, self.epochs, stop)?.trained;
        let best = trained.best_epoch;
        let value = value_at(&trained.log, &metric, best);
        let of_validation = trained.log.series.iter().filter(|s| s.part == Part::Validation);
        let validation = of_validation
            .map(|series| (series.metric.clone(), value_at(&trained.log, &series.name(), best)));
        Ok(Outcome {
            schema: 1,
            id: self.id,
            metric,
            value: value.is_finite().then_some(value),
            best_epoch: best,
            epochs: trained.epochs,
            stopped_by: trained.stopped_by.id().to_owned(),
            validation: Some(Metrics::new(validation)),
            seconds: began.elapsed().as_secs_f64(),
        })
    }
}

//! The `[tune]` table of a recipe.

use crate::{Error, Experiment};
use serde::{Deserialize, Serialize};
use std::num::{NonZeroU64, NonZeroUsize};
use wellfit_core::number::Fraction;
use wellfit_core::recipe::Recipe;
use wellfit_core::run::Part;
use wellfit_nn::technique::shelf;
use wellfit_nn::train::metrics;

/// How the cure is searched and proven; every key may be left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The series by which configurations are compared, as `validation.accuracy`: its value at the
    /// epoch that `train.monitor` chooses. `train.monitor` itself unless told otherwise.
    pub metric: Option<String>,
    /// Configurations that the search tries at most, the portfolio among them.
    pub trials: usize,
    /// Configurations that are compared with each other on a rung.
    pub cohort: NonZeroUsize,
    /// Rungs at which a cohort is halved, the last being the whole run; 1 for no halving.
    pub rungs: NonZeroU64,
    /// Of so many configurations on a rung one goes on: 2 or 3.
    pub factor: u64,
    /// Share of the places on the next rung that is kept for heavily regularized configurations.
    pub quota: Fraction,
    /// Cuts of training and validation, each with a seed of its own, over which the value of a trial
    /// is the mean. Few validation rows say little: unless told, as many cuts as make 1000 of them, 3
    /// at most.
    pub cuts: Option<NonZeroU64>,
    /// Ids of the techniques that are searched; those that suit model and data unless told.
    pub techniques: Option<Vec<String>>,
    /// Most techniques of one configuration.
    pub at_most: usize,
    /// Pairs of the race: each has a seed and, where chance cut the data, a split of its own.
    pub seeds: usize,
    /// The best of the search that race against the plain recipe.
    pub finalists: usize,
    /// Whether the chosen recipe is also run with its λ made weaker and stronger, on five pairs at
    /// most: the report's figure of the metric against λ.
    pub band: bool,
    /// The chance of a verdict where there is no difference, for all finalists together.
    pub level: Fraction,
}

const COHORT: NonZeroUsize = NonZeroUsize::new(9).unwrap();
const RUNGS: NonZeroU64 = NonZeroU64::new(3).unwrap();

impl Default for Settings {
    fn default() -> Self {
        let share = |value| Fraction::new(value).unwrap_or(Fraction::ZERO);
        Self {
            metric: None,
            trials: 60,
            cohort: COHORT,
            rungs: RUNGS,
            factor: 3,
            quota: share(0.34),
            cuts: None,
            techniques: None,
            at_most: 4,
            seeds: 10,
            finalists: 5,
            band: true,
            level: share(0.05),
        }
    }
}

/// Validation rows that tell mixes apart, all cuts together.
const ENOUGH: u64 = 1000;
/// Most cuts unless told.
const MOST_CUTS: u64 = 3;

/// The key of the table.
pub(crate) const SECTION: &str = "tune";

impl Settings {
    /// Those of a recipe; the defaults where it has none.
    ///
    /// # Errors
    /// A wrong key or value with its place.
    pub fn of(experiment: &Experiment) -> Result<Self, Error> {
        let recipe = &experiment.recipe;
        let settings: Self =
            if recipe.contains(SECTION) { recipe.section(SECTION)? } else { Self::default() };
        settings.check(recipe, experiment)?;
        Ok(settings)
    }

    pub(super) fn check(&self, recipe: &Recipe, experiment: &Experiment) -> Result<(), Error> {
        let refuse =
            |key: &str, message: String| Err(recipe.refuse_at(SECTION, key, message).into());
        if self.seeds < 2 {
            return refuse("seeds", format!("expected 2 or more, found {}", self.seeds));
        }
        if let Some(cuts) = self.cuts.filter(|cuts| cuts.get() > 100) {
            return refuse("cuts", format!("expected 100 or less, found {cuts}"));
        }
        if !(2..=3).contains(&self.factor) {
            return refuse("factor", format!("expected 2 or 3, found {}", self.factor));
        }
        if self.level.get() <= 0.0 || self.level.get() > 0.5 {
            let found = self.level.get();
            return refuse(
                "level",
                format!("expected a level above 0 and up to 0.5, found {found}"),
            );
        }
        for (key, value) in
            [("trials", self.trials), ("finalists", self.finalists), ("at_most", self.at_most)]
        {
            if value == 0 {
                return refuse(key, "expected 1 or more, found 0".to_owned());
            }
        }
        let known: Vec<&str> = shelf().map(|shelved| shelved.card.id).collect();
        let unknown = |id: &&String| !known.contains(&id.as_str());
        if let Some(id) = self.techniques.iter().flatten().find(unknown) {
            return refuse("techniques", format!("expected ids of techniques, found `{id}`"));
        }
        if experiment.data.validation.is_empty() {
            let message = "configurations are compared on validation rows, and there are none: hold \
                           some back";
            return Err(recipe.refuse_at("data", "validation", message.to_owned()).into());
        }
        let series: Vec<String> = metrics(&experiment.data.train.target)
            .iter()
            .map(|metric| format!("{}.{metric}", Part::Validation.name()))
            .collect();
        let metric = self.metric(experiment);
        if !series.contains(&metric) {
            let place =
                if self.metric.is_some() { (SECTION, "metric") } else { ("train", "monitor") };
            let message = format!(
                "expected a series of the validation part to compare by, one of {}, found `{metric}`",
                series.join(", ")
            );
            return Err(recipe.refuse_at(place.0, place.1, message).into());
        }
        Ok(())
    }

    /// Cuts of training and validation behind the value of a trial.
    pub fn cuts(&self, experiment: &Experiment) -> u64 {
        let rows = experiment.data.validation.len().max(1) as u64;
        self.cuts.map_or(ENOUGH.div_ceil(rows).min(MOST_CUTS), NonZeroU64::get)
    }

    /// The series by which configurations are compared.
    pub fn metric(&self, experiment: &Experiment) -> String {
        self.metric.clone().unwrap_or_else(|| experiment.config.monitor.clone())
    }
}

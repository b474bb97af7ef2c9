//! What a search will do and about how long that takes.

use super::{Candidate, Event, Mixes, Ran, Settings, Tuning, menu};
use crate::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};
use wellfit_core::run::Direction;
use wellfit_diagnose::Diagnosis;
use wellfit_tune::halving::Ladder;
use wellfit_tune::portfolio::portfolio;
use wellfit_tune::search;
use wellfit_tune::space::{Cocktails, Configuration};
use wellfit_tune::study;

/// Cuts of the search have numbers above this: none is one of the race.
const SEARCHED: u64 = 1 << 32;

/// A run with techniques takes about so many times one without.
const HEAVIER: f64 = 1.3;

impl Tuning<'_> {
    /// The mixes of all techniques that suit.
    pub(super) fn mixes(&self, plain: &Candidate, settings: &Settings) -> Result<Mixes, Error> {
        let cards = menu(self.experiment, plain, settings.techniques.as_deref());
        if cards.is_empty() {
            let message = "none of the techniques has a place in this model".to_owned();
            let recipe = &self.experiment.recipe;
            return Err(recipe.refuse_at(super::SECTION, "techniques", message).into());
        }
        let cut = |number| Ok((number, self.experiment.cut_again(number)?));
        let further = (1..settings.cuts(self.experiment)).map(|cut| SEARCHED + cut).map(cut);
        Ok(Mixes {
            cocktails: Cocktails::of(&cards)?,
            plain: plain.clone(),
            data: Arc::clone(&self.experiment.data),
            further: further.collect::<Result<_, Error>>()?,
            seed: self.experiment.seed,
            at_most: settings.at_most,
        })
    }

    /// What the search does: what was prescribed is tried first.
    pub(super) fn plan(
        &self,
        settings: &Settings,
        metric: &str,
        mixes: &Mixes,
        diagnosis: &Diagnosis,
    ) -> Result<search::Settings, Error> {
        let prescribed: Vec<&str> =
            diagnosis.prescription.iter().map(|remedy| remedy.technique).collect();
        let prepared = portfolio(&mixes.cocktails, &prescribed).into_iter();
        let trains = |mix: &Configuration| mixes.experiment(mix).is_ok();
        let portfolio: Vec<Configuration> =
            prepared.map(|one| one.configuration).filter(trains).take(settings.trials).collect();
        let epochs = self.experiment.config.epochs;
        Ok(search::Settings {
            study: self.name.clone(),
            seed: self.experiment.seed,
            direction: match Direction::of(metric) {
                Direction::Lower => study::Direction::Minimize,
                Direction::Higher => study::Direction::Maximize,
            },
            ladder: Ladder::new(epochs, settings.rungs, settings.factor)?,
            cohort: settings.cohort,
            cohorts: (settings.trials - portfolio.len()) / settings.cohort.get(),
            quota: settings.quota,
            portfolio,
        })
    }

    /// Tells how long it will take, by the plain runs, and when the search must end for the race.
    pub(super) fn deadline(
        &self,
        settings: &Settings,
        plan: &search::Settings,
        baseline: &[Ran],
        began: Instant,
    ) -> Option<Instant> {
        let timed: Vec<f64> = baseline.iter().filter_map(|run| run.seconds).collect();
        // Nothing was run anew: there is no estimate, and no time is kept for the race.
        let run = timed.iter().sum::<f64>() / timed.len().max(1) as f64 * HEAVIER;
        let lanes = self.workers.get() as f64;
        let epochs = plan.ladder.cost(plan.portfolio.len())
            + plan.cohorts as u64 * plan.ladder.cost(plan.cohort.get());
        let whole = self.experiment.config.epochs.get() as f64;
        let cuts = settings.cuts(self.experiment) as f64;
        let search = cuts * epochs as f64 / whole * run / lanes;
        let race = (settings.finalists * settings.seeds) as f64 * run / lanes;
        if !timed.is_empty() {
            self.observer.see(&Event::Estimate { search, race });
        }
        let race = Duration::try_from_secs_f64(race).unwrap_or_default();
        self.budget.map(|budget| began + budget.saturating_sub(race))
    }
}

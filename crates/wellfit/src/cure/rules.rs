//! What the search knows of techniques: which mixes make sense, and how heavy they are.

use super::Candidate;
use crate::Experiment;
use std::sync::Arc;
use wellfit_core::seed::{Draw, Seed};
use wellfit_data::Splits;
use wellfit_tune::search::Rules;
use wellfit_tune::space::{Cocktails, Configuration};
use wellfit_tune::study::Attributes;

/// The mixes of a menu over the plain recipe.
pub struct Mixes {
    /// The techniques.
    pub cocktails: Cocktails,
    /// What they are added to.
    pub plain: Candidate,
    /// The data of the search.
    pub data: Arc<Splits>,
    /// Further cuts of them, with their numbers, that a trial is trained on too.
    pub further: Vec<(u64, Arc<Splits>)>,
    /// The recipe's seed.
    pub seed: Seed,
    /// Most techniques of one mix.
    pub at_most: usize,
}

impl Mixes {
    /// The recipe of a configuration.
    pub fn candidate(&self, configuration: &Configuration) -> Candidate {
        let techniques = self.cocktails.techniques(configuration);
        let ids: Vec<&str> = techniques.iter().map(|(id, _)| id.as_str()).collect();
        let name = if ids.is_empty() { "plain".to_owned() } else { ids.join(" + ") };
        self.plain.with(&name, techniques)
    }

    /// The experiment of a configuration.
    ///
    /// # Errors
    /// Techniques that do not fit each other.
    pub fn experiment(&self, configuration: &Configuration) -> Result<Experiment, crate::Error> {
        self.candidate(configuration).experiment(None, &self.data)
    }

    /// The number and the data of every cut that a trial is trained on; the recipe's own is number 0.
    pub fn cuts(&self) -> impl Iterator<Item = (u64, &Arc<Splits>)> {
        let further = self.further.iter().map(|(number, data)| (*number, data));
        std::iter::once((0, &self.data)).chain(further)
    }

    fn on(&self, configuration: &Configuration) -> Vec<&'static str> {
        self.cocktails.ids().filter(|id| self.cocktails.is_on(configuration, id)).collect()
    }
}

impl Rules for Mixes {
    /// Techniques give way, drawn ones first, until the recipe is one that trains.
    fn settle(&self, configuration: Configuration, draw: &mut Draw) -> Configuration {
        let mut settled = self.cocktails.at_most(self.at_most, &configuration, draw);
        while self.experiment(&settled).is_err() {
            let on = self.on(&settled);
            let order = draw.permutation(on.len());
            let less = |place: &usize| self.cocktails.without(&settled, on[*place]);
            let trains = |mix: &Configuration| self.experiment(mix).is_ok();
            let one_less = order.iter().map(less).find(trains);
            match (one_less, order.first()) {
                (Some(mix), _) => return mix,
                (None, Some(first)) => settled = less(first),
                (None, None) => return settled,
            }
        }
        settled
    }

    fn heaviness(&self, configuration: &Configuration) -> f64 {
        self.cocktails.heaviness(configuration)
    }

    fn note(&self, configuration: &Configuration) -> Attributes {
        let text = self.cocktails.to_toml(configuration);
        Attributes::from_iter([("recipe".to_owned(), text.into())])
    }
}

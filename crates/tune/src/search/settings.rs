//! What a search does, settled before it begins and kept in its study file.

use super::Search;
use crate::Error;
use crate::halving::Ladder;
use crate::space::{Configuration, Space};
use crate::study::{Attributes, Direction, Distribution, Operation, Studies, Study};
use serde_json::{Value, json};
use std::num::NonZeroUsize;
use std::ops::Range;
use wellfit_core::number::Fraction;
use wellfit_core::seed::Seed;

/// Under this attribute a study keeps what it was begun with.
const BEGUN_WITH: &str = "wellfit:search";

/// What a search does. Two with equal settings on the same objective find the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Name of the study.
    pub study: String,
    /// Of all its draws.
    pub seed: Seed,
    /// Whether less or more is better.
    pub direction: Direction,
    /// Epochs at which trials are compared.
    pub ladder: Ladder,
    /// Trials that are compared with each other.
    pub cohort: NonZeroUsize,
    /// Cohorts that the sampler proposes, behind the portfolio. More may be asked for later, and
    /// the trials are those of a search that was asked for all at once.
    pub cohorts: usize,
    /// Share of the places on the next rung that is kept for the heavier half of a cohort.
    pub quota: Fraction,
    /// What is tried first, as a cohort of its own.
    pub portfolio: Vec<Configuration>,
}

impl Settings {
    /// Trials of all cohorts.
    pub fn trials(&self) -> usize {
        self.portfolio.len() + self.cohorts * self.cohort.get()
    }

    /// Numbers of the trials of a cohort; none behind the last. The portfolio is cohort 0, also
    /// if it is empty.
    pub(super) fn members(&self, cohort: usize) -> Option<Range<usize>> {
        let first = self.portfolio.len();
        match cohort.checked_sub(1) {
            None => Some(0..first),
            Some(behind) if behind < self.cohorts => {
                let size = self.cohort.get();
                Some(first + behind * size..first + (behind + 1) * size)
            }
            Some(_) => None,
        }
    }

    fn sign(&self) -> f64 {
        if self.direction == Direction::Maximize { -1.0 } else { 1.0 }
    }

    /// A value such that less is better, and back.
    pub(super) fn oriented(&self, value: f64) -> f64 {
        self.sign() * value
    }

    /// All that decides which trials there are, but for how many.
    fn begun_with(&self, space: &Space) -> Value {
        let dimensions: Vec<Value> = space
            .dimensions()
            .iter()
            .map(|of| json!([of.name, Distribution::from(&of.domain), of.condition]))
            .collect();
        json!({
            "seed": self.seed,
            "rungs": self.ladder.rungs(),
            "kept": self.ladder.kept(6),
            "cohort": self.cohort,
            "quota": self.quota,
            "portfolio": self.portfolio.iter().map(|c| &c.values).collect::<Vec<_>>(),
            "space": dimensions,
        })
    }
}

impl Search<'_> {
    /// Finds the study in the file, or begins it.
    pub(super) fn begin_study(&mut self) -> Result<(), Error> {
        let (name, direction) = (&self.settings.study, self.settings.direction);
        // As it comes back from the file, so that both can be compared.
        let ours = self.settings.begun_with(self.space).to_string();
        self.journal.append_with(|studies| {
            let create =
                || Operation::CreateStudy { name: name.clone(), directions: vec![direction] };
            let noted = |study: &Study| study.attributes.contains_key(BEGUN_WITH);
            let note = Operation::SetStudyAttribute {
                study: studies.named(name).map_or(studies.next_study(), |study| study.id),
                system: false,
                attributes: Attributes::from_iter([(BEGUN_WITH.to_owned(), json!(ours))]),
            };
            match studies.named(name) {
                None => vec![create(), note],
                Some(study) if study.trials.is_empty() && !noted(study) => vec![note],
                Some(_) => Vec::new(),
            }
        })?;
        let refuse =
            |message: &str| Err(Error::Study { study: name.clone(), message: message.to_owned() });
        match self.study() {
            Ok(study) if study.directions != [direction] => {
                refuse("it was begun with another direction")
            }
            Ok(study) if study.attributes.get(BEGUN_WITH) != Some(&json!(ours)) => refuse(
                "it was begun with other settings, or by another program: \
                 take another name, or the settings that it was begun with",
            ),
            Ok(_) => Ok(()),
            Err(error) => Err(error),
        }
    }

    pub(super) fn study(&self) -> Result<&Study, Error> {
        let studies: &Studies = self.journal.studies();
        let name = &self.settings.study;
        studies.named(name).ok_or_else(|| Error::Study {
            study: name.clone(),
            message: "it is no longer in its file".to_owned(),
        })
    }
}

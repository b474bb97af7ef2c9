//! Trials in the study file, and configurations back from them.

use super::Search;
use crate::Error;
use crate::space::{Configuration, Space};
use crate::study::{NewTrial, Operation, State, Trial, now};
use serde_json::{Value, json};

/// Under this attribute a trial keeps its number in the search: other programs may add trials of
/// their own between ours.
const NUMBER: &str = "wellfit:trial";

impl Search<'_> {
    /// Looks for trials of ours among those that were added to the file.
    pub(super) fn recognize(&mut self) -> Result<(), Error> {
        let study = self.journal.studies().named(&self.settings.study);
        for trial in study.map_or(&[][..], |study| &study.trials).iter().skip(self.scanned) {
            self.scanned += 1;
            if trial.attributes.get(NUMBER).and_then(Value::as_u64) != Some(self.own.len() as u64) {
                continue;
            }
            let configuration = configuration(self.space, trial).ok_or_else(|| Error::Study {
                study: self.settings.study.clone(),
                message: format!("trial {} does not fit the space", trial.number),
            })?;
            self.own.push((trial.number as usize, configuration));
        }
        Ok(())
    }

    /// The trial of that number in the search.
    pub(super) fn trial(&self, number: usize) -> Result<&Trial, Error> {
        let trial = self.own.get(number).and_then(|(at, _)| self.study().ok()?.trials.get(*at));
        trial.ok_or_else(|| Error::Study {
            study: self.settings.study.clone(),
            message: format!("trial {number} is no longer in its file"),
        })
    }

    /// The line that begins a trial.
    pub(super) fn begun(
        &self,
        number: usize,
        configuration: &Configuration,
    ) -> Result<Operation, Error> {
        let live = self.space.dimensions().iter().zip(&configuration.values);
        let parameters = live
            .filter_map(|(of, value)| Some((of.name.clone(), ((*value)?, (&of.domain).into()))));
        let mut attributes = self.rules.note(configuration);
        attributes.insert(NUMBER.to_owned(), json!(number));
        Ok(Operation::CreateTrial(Box::new(NewTrial {
            study: self.study()?.id,
            parameters: parameters.collect(),
            attributes,
            started: Some(now()),
            ..NewTrial::default()
        })))
    }

    /// The line that ends a trial which reached `epochs`, if it has not ended.
    pub(super) fn ended(
        &self,
        number: usize,
        state: State,
        epochs: u64,
    ) -> Result<Option<Operation>, Error> {
        let trial = self.trial(number)?;
        if trial.state.is_ended() {
            return Ok(None);
        }
        let value = trial.intermediate.get(&(epochs as i64)).copied().unwrap_or(f64::NAN);
        let (state, values) = match state {
            // Optuna knows no complete trial without a value.
            State::Complete if value.is_nan() => (State::Fail, None),
            State::Complete => (state, Some(vec![value])),
            state => (state, None),
        };
        Ok(Some(Operation::SetState { trial: trial.id, state, values, time: now() }))
    }
}

/// The configuration that a trial's parameters are; none if they do not fit.
fn configuration(space: &Space, trial: &Trial) -> Option<Configuration> {
    let value = |name: &str| trial.parameters.get(name).map(|(value, _)| *value);
    let values = space.dimensions().iter().map(|of| value(&of.name)).collect();
    let configuration = Configuration { values };
    space.holds(&configuration).then_some(configuration)
}

//! What a journal says, line by line, put together as Optuna does.

use super::operation::NewTrial;
use super::{Attributes, Direction, Distribution, Operation, State};
use std::collections::BTreeMap;

/// All studies of a file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Studies {
    studies: BTreeMap<u64, Study>,
    next: u64,
    /// Study and number of each trial; its place is the trial's id.
    trials: Vec<(u64, usize)>,
}

/// One study.
#[derive(Debug, Clone, PartialEq)]
pub struct Study {
    /// Its id in the file.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// One for each of its values.
    pub directions: Vec<Direction>,
    /// The user's attributes.
    pub attributes: Attributes,
    /// The program's own.
    pub system_attributes: Attributes,
    /// Its trials, in the order of their numbers.
    pub trials: Vec<Trial>,
    /// What each parameter may be, from the first trial that has it.
    kinds: BTreeMap<String, Distribution>,
}

/// One trial.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// Its id in the file.
    pub id: u64,
    /// Its number in the study, from 0.
    pub number: u64,
    /// How far it is.
    pub state: State,
    /// Values of its parameters and what they could have been; a choice by its index.
    pub parameters: BTreeMap<String, (f64, Distribution)>,
    /// The user's attributes.
    pub attributes: Attributes,
    /// The program's own.
    pub system_attributes: Attributes,
    /// Its final values.
    pub values: Option<Vec<f64>>,
    /// Its values on the way, by epoch.
    pub intermediate: BTreeMap<i64, f64>,
    /// When it began.
    pub started: Option<String>,
    /// When it ended.
    pub ended: Option<String>,
}

impl Studies {
    /// The studies in the order in which they began.
    pub fn all(&self) -> impl Iterator<Item = &Study> {
        self.studies.values()
    }

    /// The study of that name.
    pub fn named(&self, name: &str) -> Option<&Study> {
        self.all().find(|study| study.name == name)
    }

    /// The id that the next study will have.
    pub fn next_study(&self) -> u64 {
        self.next
    }

    /// The id that the next trial of any study will have.
    pub fn next_trial(&self) -> u64 {
        self.trials.len() as u64
    }

    /// Does what a line says. What cannot be done is passed over, as Optuna passes over what other
    /// programs tried: a study of a name that is taken, a change of a trial that has ended.
    pub fn apply(&mut self, operation: Operation) {
        match operation {
            Operation::CreateStudy { name, directions } => self.create_study(name, directions),
            Operation::DeleteStudy(id) => {
                self.studies.remove(&id);
            }
            Operation::SetStudyAttribute { study, system, attributes } => {
                if let Some(study) = self.studies.get_mut(&study) {
                    let own = [&mut study.attributes, &mut study.system_attributes];
                    own[usize::from(system)].extend(attributes);
                }
            }
            Operation::CreateTrial(new) => self.create_trial(*new),
            Operation::SetParameter { trial, name, value, distribution } => {
                self.set_parameter(trial, name, value, distribution);
            }
            Operation::SetState { trial, state, values, time } => {
                if let Some(trial) = self.open_trial(trial) {
                    trial.set_state(state, values, time);
                }
            }
            Operation::SetIntermediate { trial, step, value } => {
                if let Some(trial) = self.open_trial(trial) {
                    trial.intermediate.insert(step, value);
                }
            }
            Operation::SetTrialAttribute { trial, system, attributes } => {
                if let Some(trial) = self.open_trial(trial) {
                    let own = [&mut trial.attributes, &mut trial.system_attributes];
                    own[usize::from(system)].extend(attributes);
                }
            }
            Operation::Nothing => (),
        }
    }

    fn create_study(&mut self, name: String, directions: Vec<Direction>) {
        if self.named(&name).is_some() {
            return;
        }
        let (id, empty) = (self.next, Attributes::new());
        let study = Study {
            id,
            name,
            directions,
            attributes: empty.clone(),
            system_attributes: empty,
            trials: Vec::new(),
            kinds: BTreeMap::new(),
        };
        self.studies.insert(id, study);
        self.next += 1;
    }

    fn create_trial(&mut self, new: NewTrial) {
        let Some(study) = self.studies.get_mut(&new.study) else { return };
        let (id, number) = (self.trials.len() as u64, study.trials.len());
        for (name, (_, distribution)) in &new.parameters {
            if !study.kinds.contains_key(name) {
                study.kinds.insert(name.clone(), distribution.clone());
            }
        }
        self.trials.push((study.id, number));
        study.trials.push(Trial {
            id,
            number: number as u64,
            state: new.state,
            parameters: new.parameters,
            attributes: new.attributes,
            system_attributes: new.system_attributes,
            values: new.values,
            intermediate: new.intermediate,
            started: new.started,
            ended: new.ended,
        });
    }

    fn set_parameter(&mut self, trial: u64, name: String, value: f64, distribution: Distribution) {
        let Some(&(study, number)) = self.trials.get(trial as usize) else { return };
        let Some(study) = self.studies.get_mut(&study) else { return };
        let kind = study.kinds.entry(name.clone()).or_insert_with(|| distribution.clone());
        let agrees = kind.agrees(&distribution);
        let trial = study.trials.get_mut(number).filter(|trial| !trial.state.is_ended());
        if let Some(trial) = trial.filter(|_| agrees) {
            trial.parameters.insert(name, (value, distribution));
        }
    }

    /// A trial that may still change.
    fn open_trial(&mut self, id: u64) -> Option<&mut Trial> {
        let &(study, number) = self.trials.get(usize::try_from(id).ok()?)?;
        let trial = self.studies.get_mut(&study)?.trials.get_mut(number)?;
        (!trial.state.is_ended()).then_some(trial)
    }
}

impl Trial {
    fn set_state(&mut self, state: State, values: Option<Vec<f64>>, time: String) {
        if state == State::Running {
            // Another program has begun it already.
            if self.state == State::Running {
                return;
            }
            self.started = Some(time);
        } else if state.is_ended() {
            self.ended = Some(time);
        }
        self.state = state;
        self.values = values.or(self.values.take());
    }

    /// The first of its final values.
    pub fn value(&self) -> Option<f64> {
        self.values.as_ref()?.first().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn studies(operations: Vec<Operation>) -> Studies {
        let mut studies = Studies::default();
        operations.into_iter().for_each(|operation| studies.apply(operation));
        studies
    }

    fn study(name: &str) -> Operation {
        let directions = vec![Direction::Minimize];
        Operation::CreateStudy { name: name.to_owned(), directions }
    }

    fn trial(study: u64) -> Operation {
        Operation::CreateTrial(Box::new(NewTrial { study, ..NewTrial::default() }))
    }

    fn state(trial: u64, state: State, value: Option<f64>) -> Operation {
        let values = value.map(|value| vec![value]);
        Operation::SetState { trial, state, values, time: "now".to_owned() }
    }

    fn parameter(trial: u64, log: bool) -> Operation {
        let distribution = Distribution::Float { low: 0.1, high: 1.0, log, step: None };
        Operation::SetParameter { trial, name: "x".to_owned(), value: 0.5, distribution }
    }

    #[test]
    fn ids_count_through_the_file_and_numbers_through_the_study() {
        let studies =
            studies(vec![study("a"), study("b"), study("a"), trial(0), trial(1), trial(0)]);
        let ids = |name: &str| -> Vec<(u64, u64)> {
            studies.named(name).unwrap().trials.iter().map(|t| (t.id, t.number)).collect()
        };
        assert_eq!((ids("a"), ids("b")), (vec![(0, 0), (2, 1)], vec![(1, 0)]));
        assert_eq!(studies.all().count(), 2);
    }

    #[test]
    fn what_has_ended_changes_no_more() {
        let studies = studies(vec![
            study("a"),
            trial(0),
            state(0, State::Complete, Some(0.5)),
            state(0, State::Fail, Some(0.9)),
            parameter(0, true),
            Operation::SetIntermediate { trial: 0, step: 1, value: 1.0 },
        ]);
        let trial = &studies.named("a").unwrap().trials[0];
        assert_eq!((trial.state, trial.value()), (State::Complete, Some(0.5)));
        assert!(trial.parameters.is_empty() && trial.intermediate.is_empty());
    }

    #[test]
    fn a_parameter_stays_of_one_kind() {
        let studies = studies(vec![
            study("a"),
            trial(0),
            parameter(0, true),
            trial(0),
            parameter(1, false),
            trial(0),
            parameter(2, true),
        ]);
        let has: Vec<usize> =
            studies.named("a").unwrap().trials.iter().map(|t| t.parameters.len()).collect();
        assert_eq!(has, [1, 0, 1]);
    }

    #[test]
    fn lines_about_nothing_known_are_passed_over() {
        let studies = studies(vec![
            trial(3),
            state(9, State::Complete, None),
            study("a"),
            Operation::DeleteStudy(0),
            study("a"),
            Operation::Nothing,
        ]);
        assert_eq!(studies.named("a").unwrap().id, 1);
        assert_eq!(studies.next_trial(), 0);
    }
}

//! What a line of the journal says was done.

use super::distribution::{Distribution, Nested};
use super::line::{
    CreateStudy, CreateTrial, SetAttribute, SetIntermediate, SetParameter, SetState, StudyId,
    floats, plain,
};
use super::python::{Float, marked, spoken};
use super::{Direction, State};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Attributes that anyone may hang on a study or a trial.
pub type Attributes = Map<String, Value>;

/// Who wrote the line. Always the same, so that a resumed study equals an uninterrupted one.
const WORKER: &str = "wellfit";

/// One line of the journal.
#[derive(Debug, Clone, PartialEq)]
pub enum Operation {
    /// A study begins.
    CreateStudy {
        /// Its name, unique in the file.
        name: String,
        /// One for each of its values.
        directions: Vec<Direction>,
    },
    /// A study is taken away; its number is not given again.
    DeleteStudy(u64),
    /// Something is noted about a study.
    SetStudyAttribute {
        /// The study.
        study: u64,
        /// Whether the program's own, else the user's.
        system: bool,
        /// What is added or replaced.
        attributes: Attributes,
    },
    /// A trial begins.
    CreateTrial(Box<NewTrial>),
    /// A parameter of a trial is decided.
    SetParameter {
        /// The trial, by its id in the file.
        trial: u64,
        /// The parameter.
        name: String,
        /// Its value; the index of a choice.
        value: f64,
        /// What it could have been.
        distribution: Distribution,
    },
    /// A trial ends, or begins after it waited.
    SetState {
        /// The trial, by its id in the file.
        trial: u64,
        /// Its state from now on.
        state: State,
        /// Its final values.
        values: Option<Vec<f64>>,
        /// When.
        time: String,
    },
    /// How a trial does on its way.
    SetIntermediate {
        /// The trial, by its id in the file.
        trial: u64,
        /// How far it is: epochs.
        step: i64,
        /// How it does.
        value: f64,
    },
    /// Something is noted about a trial.
    SetTrialAttribute {
        /// The trial, by its id in the file.
        trial: u64,
        /// Whether the program's own, else the user's.
        system: bool,
        /// What is added or replaced.
        attributes: Attributes,
    },
    /// Something that Optuna passes over too.
    Nothing,
}

/// A trial as it is made: all of it in one line, so that no crash leaves half of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NewTrial {
    /// The study that it belongs to.
    pub study: u64,
    /// Running, unless it waits or was copied from elsewhere.
    pub state: State,
    /// Parameters that are decided already.
    pub parameters: BTreeMap<String, (f64, Distribution)>,
    /// The user's attributes.
    pub attributes: Attributes,
    /// The program's own.
    pub system_attributes: Attributes,
    /// Values of a trial that has ended.
    pub values: Option<Vec<f64>>,
    /// Values on the way.
    pub intermediate: BTreeMap<i64, f64>,
    /// When it began.
    pub started: Option<String>,
    /// When it ended.
    pub ended: Option<String>,
}

impl Operation {
    /// Reads a line.
    pub(super) fn read(line: &str) -> Result<Self, serde_json::Error> {
        #[derive(Deserialize)]
        struct Code {
            op_code: u8,
        }
        let line = marked(line);
        let Code { op_code } = serde_json::from_str(&line)?;
        fn of<T: DeserializeOwned>(line: &str) -> Result<T, serde_json::Error> {
            serde_json::from_str(line)
        }
        Ok(match op_code {
            0 => {
                let CreateStudy { study_name: name, directions } = of(&line)?;
                Self::CreateStudy { name, directions }
            }
            1 => Self::DeleteStudy(of::<StudyId>(&line)?.study_id),
            2 | 3 => {
                let SetAttribute { of: study, attributes } = of(&line)?;
                Self::SetStudyAttribute { study, system: op_code == 3, attributes }
            }
            4 => Self::CreateTrial(Box::new(NewTrial::from(of::<CreateTrial>(&line)?))),
            5 => {
                let set: SetParameter = of(&line)?;
                let (trial, name, value) =
                    (set.trial_id, set.param_name, set.param_value_internal.0);
                Self::SetParameter { trial, name, value, distribution: set.distribution.0 }
            }
            6 => {
                let set: SetState = of(&line)?;
                let values = set.values.map(plain);
                let time = set.datetime_complete.or(set.datetime_start).unwrap_or_default();
                Self::SetState { trial: set.trial_id, state: set.state, values, time }
            }
            7 => {
                let SetIntermediate { trial_id: trial, step, intermediate_value } = of(&line)?;
                Self::SetIntermediate { trial, step, value: intermediate_value.0 }
            }
            8 | 9 => {
                let SetAttribute { of: trial, attributes } = of(&line)?;
                Self::SetTrialAttribute { trial, system: op_code == 9, attributes }
            }
            _ => Self::Nothing,
        })
    }

    /// The line, without its end; nothing for what is no operation.
    pub(super) fn line(&self) -> Result<Option<String>, serde_json::Error> {
        let (code, fields) = match self {
            Self::CreateStudy { name, directions } => {
                (0, json!({"study_name": name, "directions": directions}))
            }
            Self::DeleteStudy(study) => (1, json!({"study_id": study})),
            Self::SetStudyAttribute { study, system, attributes } => {
                let (code, key) = if *system { (3, "system_attr") } else { (2, "user_attr") };
                (code, json!({"study_id": study, key: attributes}))
            }
            Self::CreateTrial(trial) => {
                (4, serde_json::to_value(CreateTrial::from(trial.as_ref().clone()))?)
            }
            Self::SetParameter { trial, name, value, distribution } => {
                let set = SetParameter {
                    trial_id: *trial,
                    param_name: name.clone(),
                    param_value_internal: Float(*value),
                    distribution: Nested(distribution.clone()),
                };
                (5, serde_json::to_value(set)?)
            }
            Self::SetState { trial, state, values, time } => {
                let values = values.as_ref().map(|values| floats(values));
                let when = if state.is_ended() { "datetime_complete" } else { "datetime_start" };
                (6, json!({"trial_id": trial, "state": state, "values": values, when: time}))
            }
            Self::SetIntermediate { trial, step, value } => {
                let value = Float(*value);
                (7, json!({"trial_id": trial, "step": step, "intermediate_value": value}))
            }
            Self::SetTrialAttribute { trial, system, attributes } => {
                let (code, key) = if *system { (9, "system_attr") } else { (8, "user_attr") };
                (code, json!({"trial_id": trial, key: attributes}))
            }
            Self::Nothing => return Ok(None),
        };
        let mut whole = json!({"op_code": code, "worker_id": WORKER});
        if let (Value::Object(whole), Value::Object(fields)) = (&mut whole, fields) {
            whole.extend(fields);
        }
        Ok(Some(spoken(&serde_json::to_string(&whole)?)))
    }
}

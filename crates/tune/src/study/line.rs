//! What stands in a line of the journal, in Optuna's words.

use super::distribution::{Distribution, Nested};
use super::operation::{Attributes, NewTrial};
use super::python::Float;
use super::{Direction, State};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Deserialize)]
pub(super) struct StudyId {
    pub(super) study_id: u64,
}

#[derive(Deserialize)]
pub(super) struct CreateStudy {
    pub(super) study_name: String,
    pub(super) directions: Vec<Direction>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct CreateTrial {
    pub(super) study_id: u64,
    #[serde(default)]
    pub(super) state: State,
    #[serde(default)]
    pub(super) value: Option<Float>,
    #[serde(default)]
    pub(super) values: Option<Vec<Float>>,
    #[serde(default)]
    pub(super) distributions: BTreeMap<String, Nested>,
    #[serde(default)]
    pub(super) params: BTreeMap<String, Float>,
    #[serde(default)]
    pub(super) user_attrs: Attributes,
    #[serde(default)]
    pub(super) system_attrs: Attributes,
    #[serde(default)]
    pub(super) intermediate_values: BTreeMap<String, Float>,
    pub(super) datetime_start: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) datetime_complete: Option<String>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct SetParameter {
    pub(super) trial_id: u64,
    pub(super) param_name: String,
    pub(super) param_value_internal: Float,
    pub(super) distribution: Nested,
}

#[derive(Deserialize)]
pub(super) struct SetState {
    pub(super) trial_id: u64,
    pub(super) state: State,
    pub(super) values: Option<Vec<Float>>,
    pub(super) datetime_start: Option<String>,
    pub(super) datetime_complete: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct SetIntermediate {
    pub(super) trial_id: u64,
    pub(super) step: i64,
    pub(super) intermediate_value: Float,
}

#[derive(Deserialize)]
pub(super) struct SetAttribute {
    #[serde(alias = "study_id", alias = "trial_id")]
    pub(super) of: u64,
    #[serde(alias = "user_attr", alias = "system_attr")]
    pub(super) attributes: Attributes,
}

pub(super) fn plain(values: Vec<Float>) -> Vec<f64> {
    values.into_iter().map(|value| value.0).collect()
}

pub(super) fn floats(values: &[f64]) -> Vec<Float> {
    values.iter().copied().map(Float).collect()
}

impl From<CreateTrial> for NewTrial {
    fn from(read: CreateTrial) -> Self {
        let mut params = read.params;
        let parameters = read.distributions.into_iter().filter_map(|(name, distribution)| {
            let value = params.remove(&name)?.0;
            Some((name, (value, distribution.0)))
        });
        let step = |(step, value): (String, Float)| Some((step.parse().ok()?, value.0));
        Self {
            study: read.study_id,
            state: read.state,
            parameters: parameters.collect(),
            attributes: read.user_attrs,
            system_attributes: read.system_attrs,
            values: read.values.map(plain).or(read.value.map(|value| vec![value.0])),
            intermediate: read.intermediate_values.into_iter().filter_map(step).collect(),
            started: read.datetime_start,
            ended: read.datetime_complete,
        }
    }
}

impl From<NewTrial> for CreateTrial {
    fn from(new: NewTrial) -> Self {
        // Optuna keeps one value apart from several.
        let (value, values) = match new.values.as_deref() {
            Some([value]) => (Some(Float(*value)), None),
            values => (None, values.map(floats)),
        };
        let value_of =
            |(name, (value, _)): (&String, &(f64, Distribution))| (name.clone(), Float(*value));
        Self {
            study_id: new.study,
            state: new.state,
            value,
            values,
            params: new.parameters.iter().map(value_of).collect(),
            distributions: new
                .parameters
                .into_iter()
                .map(|(name, (_, d))| (name, Nested(d)))
                .collect(),
            user_attrs: new.attributes,
            system_attrs: new.system_attributes,
            intermediate_values: new
                .intermediate
                .into_iter()
                .map(|(step, value)| (step.to_string(), Float(value)))
                .collect(),
            datetime_start: new.started,
            datetime_complete: new.ended,
        }
    }
}

//! Optuna's distributions: what a parameter could have been.

use crate::space::{Choice, Domain};
use serde::{Deserialize, Serialize};
use wellfit_core::card::Scale;

/// A distribution as Optuna writes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", content = "attributes")]
pub enum Distribution {
    /// Numbers.
    #[serde(rename = "FloatDistribution")]
    Float {
        /// Smallest.
        low: f64,
        /// Largest.
        high: f64,
        /// Logarithmic or linear.
        log: bool,
        /// Distance of neighbours, where there are but some.
        step: Option<f64>,
    },
    /// Whole numbers.
    #[serde(rename = "IntDistribution")]
    Int {
        /// Smallest.
        low: i64,
        /// Largest.
        high: i64,
        /// Logarithmic or linear.
        log: bool,
        /// Distance of neighbours.
        step: i64,
    },
    /// One of several.
    #[serde(rename = "CategoricalDistribution")]
    Categorical {
        /// All of them.
        choices: Vec<Choice>,
    },
}

impl Distribution {
    /// Whether both may stand for the same parameter of one study: numbers may change their ends,
    /// choices nothing.
    pub(super) fn agrees(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Float { log: a, .. }, Self::Float { log: b, .. })
            | (Self::Int { log: a, .. }, Self::Int { log: b, .. }) => a == b,
            (Self::Categorical { choices: a }, Self::Categorical { choices: b }) => a == b,
            _ => false,
        }
    }
}

impl From<&Domain> for Distribution {
    fn from(domain: &Domain) -> Self {
        match domain {
            Domain::Float { low, high, scale } => {
                Self::Float { low: *low, high: *high, log: *scale == Scale::Log, step: None }
            }
            Domain::Integer { low, high, scale } => {
                Self::Int { low: *low, high: *high, log: *scale == Scale::Log, step: 1 }
            }
            Domain::Category(choices) => Self::Categorical { choices: choices.clone() },
        }
    }
}

/// As the journal has it: JSON inside a JSON string.
pub(super) mod nested {
    use super::Distribution;
    use serde::{Deserialize, Deserializer, Serializer, de, ser};

    pub(in super::super) fn serialize<S: Serializer>(
        distribution: &Distribution,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let text = serde_json::to_string(distribution).map_err(ser::Error::custom)?;
        serializer.serialize_str(&text)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Distribution, D::Error> {
        let text = String::deserialize(deserializer)?;
        serde_json::from_str(&text).map_err(|error| {
            de::Error::custom(format!("expected a distribution of Optuna 3 or later: {error}"))
        })
    }
}

/// A distribution in its string.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Nested(#[serde(with = "nested")] pub(super) Distribution);

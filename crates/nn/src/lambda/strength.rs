//! A strength that is given, or found in the run.

use serde::de::{Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use wellfit_core::number::NonNegative;

const AUTO: &str = "auto";

/// λ as a recipe gives it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lambda {
    /// This number; 0 is off.
    Fixed(NonNegative),
    /// `"auto"`: one number for each tensor of weights, found by the run. Outside of such a run it
    /// is 1.
    Auto,
}

impl Lambda {
    /// The number that the run's factors multiply: 1 where the factor is λ itself.
    pub const fn get(self) -> f64 {
        match self {
            Self::Fixed(lambda) => lambda.get(),
            Self::Auto => 1.0,
        }
    }

    /// Whether it is 0.
    pub fn is_off(self) -> bool {
        self == Self::Fixed(NonNegative::ZERO)
    }

    /// `factor` of a layer where λ is found in the run.
    pub(crate) fn found(self, factor: f64) -> Option<f64> {
        (self == Self::Auto).then_some(factor)
    }
}

impl From<NonNegative> for Lambda {
    fn from(lambda: NonNegative) -> Self {
        Self::Fixed(lambda)
    }
}

impl fmt::Display for Lambda {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(lambda) => lambda.get().fmt(f),
            Self::Auto => f.write_str(
                "auto (by layer; from the validation loss, or from the evidence where \
                 train.lambda_from says so)",
            ),
        }
    }
}

impl Serialize for Lambda {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Fixed(lambda) => lambda.serialize(serializer),
            Self::Auto => serializer.serialize_str(AUTO),
        }
    }
}

impl<'de> Deserialize<'de> for Lambda {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberOrAuto)
    }
}

struct NumberOrAuto;

impl Visitor<'_> for NumberOrAuto {
    type Value = Lambda;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a finite number of at least 0, or \"auto\"")
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Lambda, E> {
        NonNegative::new(value).map(Lambda::Fixed).map_err(E::custom)
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Lambda, E> {
        self.visit_f64(value as f64)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Lambda, E> {
        self.visit_f64(value as f64)
    }

    fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<Lambda, E> {
        match word {
            AUTO => Ok(Lambda::Auto),
            _ => Err(E::invalid_value(Unexpected::Str(word), &self)),
        }
    }
}

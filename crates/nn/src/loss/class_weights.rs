//! Class weights: how much an example counts in the loss, by its class.
//!
//! C0 = Σ_i Σ_k w_k t_ik L_k(z_i) / Σ_i w_{y_i}
//!
//! L_k is the loss of an example of class k, t the soft targets, y_i the example's own class before
//! a technique softened its target. For hard targets this is PyTorch's
//! `CrossEntropyLoss(weight)`, with label smoothing its `label_smoothing`. (For probabilities as
//! targets PyTorch divides by the number of examples instead, which moves the loss's scale with
//! the classes that a batch happens to hold.) Mixup and CutMix of batches and of pairs only move
//! shares about: the sum of w_k t_ik stays what the divisor is. Mixing by example keeps it on
//! average.

use super::Loss;
use crate::chance::rows;
use crate::error::{Error, Subject};
use burn::tensor::Tensor;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;
use wellfit_core::number::Positive;
use wellfit_core::recipe::closest;
use wellfit_data::Target;

/// The `class_weights` key of `[train]`.
#[derive(Debug, Clone, PartialEq)]
pub enum ClassWeights {
    /// n / (K n_k): every class counts the same, n_k examples of K classes that occur among n.
    /// (As in scikit-learn. King and Zeng 2001, Political Analysis 9(2).)
    Balanced,
    /// By the name of a class; 1 for those without one.
    ByName(BTreeMap<String, Positive>),
    /// One for every class, in the order of the model's outputs.
    InOrder(Vec<Positive>),
}

impl ClassWeights {
    /// The weight of every class of the training target.
    ///
    /// # Errors
    /// A target of numbers, a name that is no class, or a list of another length than the classes.
    pub fn of(&self, target: &Target) -> Result<Vec<f64>, Error> {
        let Target::Classes { labels, names } = target else {
            return Err(refused("class_weights need classes, but the target is a number"));
        };
        match self {
            Self::Balanced => Ok(balanced(labels, names.len())),
            Self::ByName(weights) => by_name(weights, names),
            Self::InOrder(weights) if weights.len() == names.len() => {
                Ok(weights.iter().map(|weight| weight.get()).collect())
            }
            Self::InOrder(weights) => Err(refused(format!(
                "expected one weight for each of the {} classes, {}, found {}",
                names.len(),
                names.join(", "),
                weights.len()
            ))),
        }
    }
}

fn refused(message: impl Into<String>) -> Error {
    Error::refused(Subject::Train("class_weights"), message)
}

/// A class that does not occur weighs 1, so that a smoothed target stays finite.
fn balanced(labels: &[u32], classes: usize) -> Vec<f64> {
    let mut counts = vec![0usize; classes];
    labels.iter().for_each(|&label| counts[label as usize] += 1);
    let occurring = counts.iter().filter(|&&count| count > 0).count();
    let weight = |&count: &usize| match count {
        0 => 1.0,
        count => labels.len() as f64 / (occurring * count) as f64,
    };
    counts.iter().map(weight).collect()
}

fn by_name(weights: &BTreeMap<String, Positive>, names: &[String]) -> Result<Vec<f64>, Error> {
    if let Some(unknown) = weights.keys().find(|name| !names.contains(name)) {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let hint = closest(unknown, &names).map_or_else(String::new, |hint| format!(": {hint}"));
        let known = names.join(", ");
        return Err(refused(format!("there is no class `{unknown}` among {known}{hint}")));
    }
    Ok(names.iter().map(|name| weights.get(name).map_or(1.0, |weight| weight.get())).collect())
}

/// The weights of a batch: a factor for every class, and what the sum is divided by.
#[derive(Debug, Clone)]
pub struct Weighted {
    weights: Tensor<2>,
    total: Tensor<1>,
}

impl Weighted {
    /// Weighs a batch by its targets as they are before a technique changes them.
    ///
    /// # Shapes
    /// targets [batch, classes], one-hot; one weight per class
    pub fn new(targets: &Tensor<2>, weights: &[f64]) -> Self {
        let row = weights.iter().map(|&weight| weight as f32).collect();
        let weights = rows(row, weights.len(), &targets.device());
        Self { total: (targets.clone() * weights.clone()).sum(), weights }
    }

    /// The weighted mean of `loss`, C0.
    ///
    /// # Shapes
    /// outputs and targets [batch, classes] -> one number
    pub fn mean(&self, loss: Loss, outputs: Tensor<2>, targets: Tensor<2>) -> Tensor<1> {
        loss.of_shares(outputs, targets * self.weights.clone()).sum() / self.total.clone()
    }
}

impl Serialize for ClassWeights {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Balanced => out.serialize_str("balanced"),
            Self::ByName(weights) => weights.serialize(out),
            Self::InOrder(weights) => weights.serialize(out),
        }
    }
}

impl<'de> Deserialize<'de> for ClassWeights {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_any(Written)
    }
}

/// The three ways to write weights.
struct Written;

impl<'de> Visitor<'de> for Written {
    type Value = ClassWeights;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "\"balanced\", a weight by class as { yes = 3.0 }, or a list with one for each class",
        )
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<ClassWeights, E> {
        match word {
            "balanced" => Ok(ClassWeights::Balanced),
            _ => Err(E::invalid_value(de::Unexpected::Str(word), &self)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ClassWeights, A::Error> {
        Deserialize::deserialize(MapAccessDeserializer::new(map)).map(ClassWeights::ByName)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<ClassWeights, A::Error> {
        Deserialize::deserialize(SeqAccessDeserializer::new(list)).map(ClassWeights::InOrder)
    }
}

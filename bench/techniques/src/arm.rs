//! The arms: a network, and the same network with one technique at its default.

use crate::Outcome;
use serde::{Deserialize, Serialize};
use std::path::Path;
use wellfit::core::card::{Card, Door};
use wellfit::nn::train::evaluate;
use wellfit::prelude::{Experiment, Recipe, shelf};

/// What all arms share but the network.
pub struct Setting {
    /// Folder of MNIST's four files, as recipes write it.
    pub mnist: String,
}

/// One arm.
#[derive(Debug, Clone)]
pub struct Arm {
    /// Id of the technique, or `plain`.
    pub id: String,
    /// How the table calls it.
    pub label: String,
    /// The `[model]` and the batch size.
    pub network: Network,
    technique: String,
}

/// The networks, by the techniques that need them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// 784-128-128-10.
    Mlp,
    /// The same whose second block has a shortcut, for what skips branches.
    Residual,
    /// LeNet-5, for what needs channels.
    Lenet,
    /// 784-128-128-10 in batches of this size.
    InBatches(u64),
}

/// How a trained network does.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// Accuracy on the 10,000 test images.
    pub accuracy: f64,
    /// Mean cross-entropy there, nats.
    pub nll: f64,
    /// That less the cross-entropy on the training images, clean and with their wrong labels.
    pub gap: f64,
}

impl Network {
    fn recipe(self) -> (&'static str, u64) {
        match self {
            Self::Mlp => ("mlp = { widths = [128, 128] }", 32),
            Self::Residual => ("mlp = { widths = [128, 128], skip = true }", 32),
            Self::Lenet => ("lenet = {}", 32),
            Self::InBatches(size) => ("mlp = { widths = [128, 128] }", size),
        }
    }

    /// The network in words.
    pub fn words(self) -> String {
        match self {
            Self::Mlp => "784-128-128-10".to_owned(),
            Self::Residual => "the same with a shortcut".to_owned(),
            Self::Lenet => "LeNet-5".to_owned(),
            Self::InBatches(size) => format!("784-128-128-10, batches of {size}"),
        }
    }

    /// The network on which a technique stands.
    fn of(card: &Card) -> Self {
        match card.id {
            "stochastic_depth" => Self::Residual,
            "bayes_conv"
            | "spatial_dropout"
            | "drop_block"
            | "instance_norm"
            | "weight_standardization" => Self::Lenet,
            _ => Self::Mlp,
        }
    }
}

/// Techniques that a single run on pictures cannot show: for tables, time axes, and those that learn
/// from another model.
const ELSEWHERE: &[&str] = &[
    "swap_noise",
    "feature_mask",
    "embedding_dropout",
    "locked_dropout",
    "distillation",
    "l2_sp",
    "mixout",
];

/// Every technique alone, and each of their networks plain.
pub fn arms() -> Vec<Arm> {
    let plain = |network| Arm::new("plain", "plain", network, "");
    let mut arms = vec![plain(Network::Mlp), plain(Network::Residual), plain(Network::Lenet)];
    for card in shelf().map(|shelved| shelved.card).filter(|card| !ELSEWHERE.contains(&card.id)) {
        let mut lines = format!("[[regularize]]\n{} = {}\n", card.id, card.example);
        let mut label = format!("{} {}", card.id, card.example);
        // These act only together with another.
        let beside = match card.id {
            "r_drop" => Some("dropout = { rate = 0.2 }"),
            "weight_standardization" => Some("group_norm = { groups = 2 }"),
            _ => None,
        };
        if let Some(other) = beside {
            lines += &format!("[[regularize]]\n{other}\n");
            label += &format!(" beside {other}");
        }
        arms.push(Arm::new(card.id, &label, Network::of(card), &lines));
    }
    arms
}

/// The norms in small and in usual batches.
pub fn norms() -> Vec<Arm> {
    let of_size = |size| {
        ["", "batch_norm = {}", "group_norm = { groups = 8 }", "layer_norm = {}"].map(|technique| {
            let id = technique.split(' ').next().unwrap_or_default();
            let lines = match technique {
                "" => String::new(),
                technique => format!("[[regularize]]\n{technique}\n"),
            };
            let id = if id.is_empty() { "plain" } else { id };
            Arm::new(id, id, Network::InBatches(size), &lines)
        })
    };
    [2, 32].into_iter().flat_map(of_size).collect()
}

impl Arm {
    fn new(id: &str, label: &str, network: Network, technique: &str) -> Self {
        let (id, label, technique) = (id.to_owned(), label.to_owned(), technique.to_owned());
        Self { id, label, network, technique }
    }

    /// Whether it is the network without a technique.
    pub fn is_plain(&self) -> bool {
        self.id == "plain"
    }

    /// One run before its first step.
    ///
    /// # Errors
    /// The technique has no place in the network, or the data are not there.
    pub fn experiment(&self, setting: &Setting, seed: u64) -> Outcome<Experiment> {
        let recipe = Recipe::parse(&self.label, &setting.recipe(self, seed))?;
        Ok(Experiment::new(recipe, Path::new("."))?)
    }

    /// Trains and judges one run.
    pub fn judge(&self, setting: &Setting, seed: u64) -> Outcome<Judged> {
        let experiment = self.experiment(setting, seed)?;
        let trained = experiment.train(None, &mut ())?;
        let stops = shelf().any(|s| s.card.id == self.id && s.card.door == Door::Control);
        let model = if stops { &trained.best } else { &trained.last };
        let on = |data| evaluate(model, data, experiment.loss(), &experiment.device);
        let test = experiment.data.test.as_ref().ok_or("the data have no test part")?;
        let (test, train) = (on(test)?, on(&experiment.data.train)?);
        let of =
            |scores: &wellfit::nn::train::Scores, metric| scores.get(metric).unwrap_or(f64::NAN);
        let nll = of(&test, "loss");
        Ok(Judged { accuracy: of(&test, "accuracy"), nll, gap: nll - of(&train, "loss") })
    }
}

impl Setting {
    /// The whole recipe of an arm.
    pub fn recipe(&self, arm: &Arm, seed: u64) -> String {
        let (model, batch_size) = arm.network.recipe();
        // In proportion to the batch. (Goyal et al. 2017, arXiv 1706.02677.)
        let rate = 0.05 * batch_size as f64 / 32.0;
        format!(
            "seed = {seed}\n[data]\nidx = {{ dir = \"{}\" }}\norder = \"as_given\"\n\
             validation = 1000\nfirst = 1000\nlabel_noise = 0.15\n[model]\n{model}\n[train]\n\
             epochs = 40\nbatch_size = {batch_size}\nlearning_rate = {rate}\n\
             optimizer = {{ sgd = {{ momentum = 0.9 }} }}\nschedule = \"cosine\"\n{}",
            self.mnist, arm.technique
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_technique_has_a_place_in_its_network() {
        if std::env::var_os("WELLFIT_DATA").is_none() {
            eprintln!("SKIPPED: WELLFIT_DATA does not name the folder of the data");
            return;
        }
        let setting = Setting { mnist: "${WELLFIT_DATA}/mnist".to_owned() };
        for arm in arms().into_iter().chain(norms()) {
            let experiment = arm.experiment(&setting, 1);
            assert!(experiment.is_ok(), "{}: {}", arm.label, experiment.err().unwrap());
        }
    }
}

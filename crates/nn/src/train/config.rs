//! The `[train]` table of a recipe.

use super::named::named;
use super::sampling::Sampling;
use crate::lambda::LambdaFrom;
use crate::loss::{ClassWeights, Loss};
use crate::optimizer::schedule::{LearningRate, Schedule};
use crate::optimizer::{Optimizer, Sgd};
use serde::{Deserialize, Serialize};
use std::num::{NonZeroU64, NonZeroUsize};
use wellfit_core::metric::Criterion;
use wellfit_core::number::{Fraction, NonNegative, Positive};
use wellfit_core::seed::Seed;
use wellfit_data::{Dataset, Target};

/// How to train.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainConfig {
    /// Passes over the training examples.
    pub epochs: NonZeroU64,
    /// Examples of one step; where they do not divide the training examples, all batches of an epoch
    /// are a little smaller and nearly equal.
    pub batch_size: NonZeroUsize,
    /// Learning rate η at its peak.
    pub learning_rate: Positive,
    /// Optimizer; plain SGD unless told otherwise.
    #[serde(default = "plain_sgd", deserialize_with = "named")]
    pub optimizer: Optimizer,
    /// How the learning rate changes; not at all unless told otherwise.
    #[serde(default, deserialize_with = "named")]
    pub schedule: Schedule,
    /// Factor on the learning rate from each layer to the one below it, so that the last layer
    /// learns fastest, as fine-tuning wants it; 1 for all alike. (Howard and Ruder 2018, arXiv
    /// 1801.06146.)
    #[serde(default = "alike", skip_serializing_if = "is_alike")]
    pub layer_decay: Fraction,
    /// Epochs of linear warm-up.
    #[serde(default)]
    pub warm_up_epochs: u64,
    /// The loss; cross-entropy for classes and squared error for values unless told otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loss: Option<Loss>,
    /// How much the examples of each class count in the loss that is trained: `"balanced"`, by name
    /// or in order; all the same unless told otherwise. The evaluated losses stay unweighted, so
    /// that runs with other weights compare.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_weights: Option<ClassWeights>,
    /// Which examples an epoch holds: each once, or all classes equally often.
    #[serde(default)]
    pub sampling: Sampling,
    /// Whether values are brought to mean 0 and standard deviation 1 of the training part; unless
    /// told otherwise so for networks, and not for the linear model, whose penalties then mean what
    /// they mean in ridge and lasso.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standardize_target: Option<bool>,
    /// The series that chooses the best model, as `validation.loss` or `validation.f1`.
    #[serde(default = "validation_loss")]
    pub monitor: String,
    /// What the decision threshold maximises, which is chosen on the validation examples for the
    /// best model when the run ends; for two classes. Left out, the likelier class is predicted.
    /// `train` leaves it to whoever stores the model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<Criterion>,
    /// Whether the stored model is trained again, with the best epochs' number, on the examples
    /// that were held back. `train` leaves it to whoever stores the model.
    #[serde(default, skip_serializing_if = "Refit::is_none")]
    pub refit: Refit,
    /// What the run looks at to find λ where a technique has `lambda = "auto"`: `"validation"`
    /// unless told otherwise, or `"evidence"`, which needs no validation examples.
    #[serde(default, skip_serializing_if = "LambdaFrom::is_default")]
    pub lambda_from: LambdaFrom,
    /// Longest step of ln λ where a technique has `lambda = "auto"`, of an epoch where λ comes from
    /// the evidence; 0 leaves λ where it begins.
    #[serde(default = "tenth", skip_serializing_if = "is_tenth")]
    pub lambda_rate: NonNegative,
    /// Training examples that are evaluated clean after every epoch; a fixed random subset where
    /// there are more.
    #[serde(default = "ten_thousand")]
    pub clean_examples: NonZeroUsize,
}

/// The examples that a last training adds once the number of epochs is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refit {
    /// There is no last training: the best epoch's model is stored.
    #[default]
    None,
    /// The validation examples. The test examples then judge the model that is stored.
    WithValidation,
    /// Validation and test examples: most is learned, and nothing is left to judge it by. The
    /// model that was judged had less to learn from.
    WithAll,
}

impl Refit {
    fn is_none(&self) -> bool {
        *self == Self::None
    }
}

fn plain_sgd() -> Optimizer {
    Optimizer::Sgd(Sgd::default())
}

fn alike() -> Fraction {
    Fraction::ONE
}

fn is_alike(decay: &Fraction) -> bool {
    *decay == Fraction::ONE
}

fn validation_loss() -> String {
    "validation.loss".to_owned()
}

fn tenth() -> NonNegative {
    NonNegative::TENTH
}

fn is_tenth(rate: &NonNegative) -> bool {
    *rate == NonNegative::TENTH
}

fn ten_thousand() -> NonZeroUsize {
    const { NonZeroUsize::new(10_000).unwrap() }
}

impl TrainConfig {
    /// The loss for this target.
    pub fn loss(&self, target: &Target) -> Loss {
        self.loss.unwrap_or(match target {
            Target::Classes { .. } => Loss::CrossEntropy,
            Target::Values(_) => Loss::SquaredError,
        })
    }

    /// The learning rate of every step, given the steps of an epoch.
    pub fn learning_rate(&self, per_epoch: u64) -> LearningRate {
        LearningRate {
            peak: self.learning_rate,
            schedule: self.schedule,
            warm_up: self.warm_up_epochs.saturating_mul(per_epoch),
            epoch: per_epoch,
            total: self.epochs.get().saturating_mul(per_epoch),
        }
    }

    /// The training examples that are evaluated clean after every epoch.
    pub fn clean_subset(&self, train: &Dataset, seed: Seed) -> Dataset {
        let wanted = self.clean_examples.get();
        if train.len() <= wanted {
            return train.clone();
        }
        let mut rows = seed.stream("clean subset").step(0).permutation(train.len());
        rows.truncate(wanted);
        rows.sort_unstable();
        train.select(&rows)
    }
}

//! Batch normalization.
//!
//! y = γ (x - mean) / sqrt(var + eps) + β, mean and biased variance over the batch in training,
//! running averages in evaluation: running <- (1 - momentum) running + momentum batch, where the
//! batch's variance is the unbiased one, of n - 1, as in the paper and in PyTorch (Burn's is
//! biased)
//!
//! Ioffe and Szegedy 2015, arXiv 1502.03167; ghost batches: Hoffer et al. 2017, arXiv 1705.08741.

use super::{Layer, LayerDoor, Site, SiteKind, settle};
use crate::chance::{Statistics, StepClock};
use crate::clock::lock;
use crate::error::{Error, Subject};
use crate::technique::{Door, Technique};
use burn::module::{Flag, Module, Param, RunningState};
use burn::tensor::module::{batch_norm, batch_norm_train};
use burn::tensor::{Bool, Device, Tensor};
use serde::{Deserialize, Serialize};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};
use wellfit_core::card::{self, Card, Family};
use wellfit_core::number::{Fraction, Positive};

const CARD: Card = Card {
    id: "batch_norm",
    name: "Batch normalization",
    door: card::Door::Layer,
    family: Family::ArchitectureBased,
    one_line: "Normalizes each feature over the batch; noise of the batch regularizes a little.",
    formula: "y = γ (x - mean) / sqrt(var + ε) + β",
    paper: "Ioffe and Szegedy 2015, arXiv 1502.03167",
    when: "Deep networks with batches of 16 examples or more. `ghost = 32` normalizes parts of \
           32 of a large batch by themselves.",
    watch_out: "Small batches make its statistics noise: use group_norm there. Averages of weights \
                need their statistics collected anew.",
    example: "{}",
    off: None,
    search: &[],
};

/// Batch normalization between each hidden layer and its activation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Weight of the newest batch in the running statistics, in [0, 1]; 0 keeps those that the
    /// model began with.
    #[serde(default = "momentum")]
    pub momentum: Fraction,
    /// Added to the variance.
    #[serde(default = "super::epsilon")]
    pub epsilon: Positive,
    /// Normalizes parts of the batch of at most so many examples, as equal as can be, each by
    /// itself; the whole batch unless told otherwise. Of examples with one number for each feature,
    /// none is left alone: 3 in parts of at most 2 stay together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ghost: Option<NonZeroUsize>,
    /// Normalizes by the running statistics in training too, and leaves them as they are: for a
    /// model that starts from a trained one. Scale and shift are trained.
    #[serde(default)]
    pub frozen: bool,
    /// Whether there are a trained scale γ and shift β.
    #[serde(default = "super::yes")]
    pub affine: bool,
}

fn momentum() -> Fraction {
    Fraction::TENTH
}

impl Default for Config {
    fn default() -> Self {
        let (momentum, epsilon) = (momentum(), super::epsilon());
        Self { momentum, epsilon, ghost: None, frozen: false, affine: true }
    }
}

impl Technique for Config {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        false
    }

    fn at_door(self) -> Door {
        Door::Layer(Box::new(self))
    }
}

impl LayerDoor for Config {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn build(&self, site: &Site<'_>) -> Result<Option<Layer>, Error> {
        if site.kind != SiteKind::Norm {
            return Ok(None);
        }
        if self.ghost == Some(NonZeroUsize::MIN) && !site.spatial {
            let message = format!(
                "a ghost batch of one example has no variance at `{}`: expected 2 or more",
                site.path
            );
            return Err(Error::refused(Subject::Technique(CARD.id), message));
        }
        let layer = BatchNorm::new(site.features, *self, site.clock, site.device);
        Ok(Some(Layer::BatchNorm(layer)))
    }
}

/// The layer. It obeys its clock: in a pass that holds the statistics they do not move, and in
/// Monte Carlo inference it is in evaluation.
///
/// # Shapes
/// [batch, features, ...] -> the same
#[derive(Module, Debug)]
pub struct BatchNorm {
    gamma: Option<Param<Tensor<1>>>,
    beta: Option<Param<Tensor<1>>>,
    running_mean: RunningState<Tensor<1>>,
    running_var: RunningState<Tensor<1>>,
    training: Param<Flag>,
    #[module(skip)]
    config: Config,
    #[module(skip)]
    clock: StepClock,
    #[module(skip)]
    collected: Arc<Mutex<Collected>>,
}

/// Parts that have made up the running statistics, in one collection.
#[derive(Debug, Default)]
struct Collected {
    collection: u64,
    parts: u64,
}

impl BatchNorm {
    /// A layer over `features` features, with running mean 0 and variance 1.
    pub fn new(features: usize, config: Config, clock: &StepClock, device: &Device) -> Self {
        let (zeros, ones) = (Tensor::zeros([features], device), Tensor::ones([features], device));
        Self {
            gamma: config.affine.then(|| Param::from_tensor(ones.clone())),
            beta: config.affine.then(|| Param::from_tensor(zeros.clone())),
            running_mean: RunningState::new(zeros),
            running_var: RunningState::new(ones),
            training: Param::from_bool(true),
            config,
            clock: clock.clone(),
            collected: Arc::default(),
        }
    }

    /// Normalizes over the batch in training, by the running statistics in evaluation.
    pub fn forward<const D: usize>(&self, input: Tensor<D>) -> Tensor<D> {
        if !self.sees_batch(&input) {
            let running = [self.running_mean.value(), self.running_var.value()];
            let (gamma, beta) = self.affine(&running[0]);
            let [mean, var] = running;
            return batch_norm(input, gamma, beta, mean, var, self.config.epsilon.get());
        }
        let batch = input.dims()[0];
        let parts = self.parts(&input);
        if parts <= 1 {
            return self.over_part(input);
        }
        let part = |i: usize| {
            let (start, end) = (i * batch / parts, (i + 1) * batch / parts);
            self.over_part(input.clone().narrow(0, start, end - start))
        };
        Tensor::cat((0..parts).map(part).collect(), 0)
    }

    /// Parts of a batch that are normalized each by itself.
    fn parts<const D: usize>(&self, input: &Tensor<D>) -> usize {
        let dims = input.dims();
        let parts = self.config.ghost.map_or(1, |most| dims[0].div_ceil(most.get()));
        // A number that is alone has no variance; a channel of an image has one by itself.
        let has_one_number = dims.iter().skip(2).product::<usize>() == 1;
        if has_one_number { parts.min(dims[0] / 2) } else { parts }
    }

    fn sees_batch<const D: usize>(&self, input: &Tensor<D>) -> bool {
        let tick = self.clock.tick();
        let collects = matches!(tick.statistics, Statistics::Collect(_));
        let trains = input.device().is_autodiff() && !tick.sampling;
        self.training.is_enabled() && !self.config.frozen && (collects || trains)
    }

    fn affine(&self, like: &Tensor<1>) -> (Tensor<1>, Tensor<1>) {
        let or = |param: &Option<Param<Tensor<1>>>, fill: fn(&Tensor<1>) -> Tensor<1>| {
            param.as_ref().map_or_else(|| fill(like), Param::val)
        };
        (or(&self.gamma, Tensor::ones_like), or(&self.beta, Tensor::zeros_like))
    }

    /// Normalizes over all of `input`.
    fn over_part<const D: usize>(&self, input: Tensor<D>) -> Tensor<D> {
        let count = input.shape().num_elements() / input.dims()[1].max(1);
        let (gamma, beta) = self.affine(&self.running_mean.value());
        let seen = batch_norm_train(input, gamma, beta, self.config.epsilon.get());
        // One number has no variance to learn from.
        if count > 1 {
            let unbiased = seen.variance * (count as f64 / (count - 1) as f64);
            self.learn(seen.mean.inner(), unbiased.inner());
        }
        seen.output
    }

    /// Moves the running statistics towards those of a part, but for features of which these are
    /// not finite: one broken example would stay in them for good.
    fn learn(&self, mean: Tensor<1>, variance: Tensor<1>) {
        let finite = mean.clone().is_finite().bool_and(variance.clone().is_finite());
        let share = match self.clock.tick().statistics {
            Statistics::Hold => return,
            Statistics::Move => self.config.momentum.get(),
            Statistics::Collect(_) if !finite.clone().all().into_scalar::<bool>() => return,
            Statistics::Collect(_) => 1.0 / self.collected() as f64,
        };
        if share > 0.0 {
            towards(&self.running_mean, mean, &finite, share);
            towards(&self.running_var, variance, &finite, share);
        }
    }

    /// Counts one more part of this collection, and gives their number.
    fn collected(&self) -> u64 {
        let collection = self.clock.tick().collection;
        let mut collected = lock(&self.collected);
        if collected.collection != collection {
            *collected = Collected { collection, parts: 0 };
        }
        collected.parts += 1;
        collected.parts
    }
}

/// Collects the running statistics of a model's batch norms anew, as their plain mean over
/// `batches`: for averaged weights, or for other data. Random layers rest. (PyTorch's `update_bn`.)
///
/// Takes a model in evaluation and gives it back in evaluation; `clock` is the one that its layers
/// hold, and `forward` sends one batch through it.
pub fn recalibrate<M: Module, B>(
    model: M,
    clock: &StepClock,
    batches: impl IntoIterator<Item = B>,
    forward: impl Fn(&M, B),
) -> M {
    let model = model.train();
    // Shares its statistics with the model, and needs no tape.
    let untracked = model.clone().no_grad();
    for (passes, batch) in batches.into_iter().enumerate() {
        clock.statistics(Statistics::Collect(passes as u64));
        forward(&untracked, batch);
    }
    clock.statistics(Statistics::Move);
    model.valid()
}

fn towards(
    running: &RunningState<Tensor<1>>,
    part: Tensor<1>,
    finite: &Tensor<1, Bool>,
    share: f64,
) {
    let old = running.value().inner();
    let part = part * share;
    let moved = if share == 1.0 { part } else { old.clone() * (1.0 - share) + part };
    settle(running, old.mask_where(finite.clone(), moved));
}

#[cfg(test)]
mod tests;

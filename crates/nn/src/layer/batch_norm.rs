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
use crate::error::{Error, Subject};
use crate::technique::{Door, Technique};
use burn::module::{Flag, Module, Param, RunningState};
use burn::tensor::module::{batch_norm, batch_norm_train};
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};
use std::num::NonZeroUsize;
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
    /// itself; the whole batch unless told otherwise.
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
        let parts = self.config.ghost.map_or(1, |most| batch.div_ceil(most.get()));
        if parts <= 1 {
            return self.over_part(input, 0, 1);
        }
        let part = |i: usize| {
            let (start, end) = (i * batch / parts, (i + 1) * batch / parts);
            self.over_part(input.clone().narrow(0, start, end - start), i as u64, parts as u64)
        };
        Tensor::cat((0..parts).map(part).collect(), 0)
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

    /// Normalizes over all of `input`, part `part` of the `parts` of this pass.
    fn over_part<const D: usize>(&self, input: Tensor<D>, part: u64, parts: u64) -> Tensor<D> {
        let count = input.shape().num_elements() / input.dims()[1].max(1);
        let (gamma, beta) = self.affine(&self.running_mean.value());
        let seen = batch_norm_train(input, gamma, beta, self.config.epsilon.get());
        let share = match self.clock.tick().statistics {
            Statistics::Move => self.config.momentum.get(),
            Statistics::Hold => 0.0,
            Statistics::Collect(passes) => 1.0 / (passes * parts + part + 1) as f64,
        };
        // One number has no variance to learn from.
        if share > 0.0 && count > 1 {
            let unbiased = seen.variance * (count as f64 / (count - 1) as f64);
            towards(&self.running_mean, seen.mean, share);
            towards(&self.running_var, unbiased, share);
        }
        seen.output
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

fn towards(running: &RunningState<Tensor<1>>, batch: Tensor<1>, share: f64) {
    let batch = batch.inner() * share;
    let old = || running.value().inner() * (1.0 - share);
    settle(running, if share == 1.0 { batch } else { old() + batch });
}

#[cfg(test)]
mod tests;

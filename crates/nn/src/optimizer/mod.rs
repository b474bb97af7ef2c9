//! The optimizers: how a gradient becomes a step.
//!
//! They act on flat tensors and keep their state by path, so that a checkpoint needs no
//! parameter ids. Defaults are PyTorch's: no dampening of the momentum, ε = 1e-8 in Adam.

pub mod schedule;
mod state;

pub use state::{Around, Moments, Updater};

use crate::penalty::StepSize;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use wellfit_core::number::{NonNegative, Positive, Rate};

/// Which optimizer, with its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Optimizer {
    /// Stochastic gradient descent.
    Sgd(Sgd),
    /// Adam (Kingma and Ba 2015, arXiv 1412.6980).
    Adam(Adam),
    /// Adam with decoupled weight decay (Loshchilov and Hutter 2019, arXiv 1711.05101).
    #[serde(rename = "adamw")]
    AdamW(AdamW),
}

/// v <- μ v + g; w <- w - η v, or with Nesterov w <- w - η (g + μ v).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sgd {
    /// μ, in [0, 1).
    #[serde(default = "no_momentum")]
    pub momentum: Rate,
    /// Whether to look ahead along the momentum.
    #[serde(default)]
    pub nesterov: bool,
}

/// m <- β1 m + (1 - β1) g; v <- β2 v + (1 - β2) g²; w <- w - η m̂ / (sqrt(v̂) + ε).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adam {
    /// Decay of the first moment.
    #[serde(default = "beta1")]
    pub beta1: Rate,
    /// Decay of the second moment.
    #[serde(default = "beta2")]
    pub beta2: Rate,
    /// Added to the root of the second moment.
    #[serde(default = "epsilon")]
    pub epsilon: Positive,
}

/// Adam, and the decay of `weight_decay`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdamW {
    /// Decay of the first moment.
    #[serde(default = "beta1")]
    pub beta1: Rate,
    /// Decay of the second moment.
    #[serde(default = "beta2")]
    pub beta2: Rate,
    /// Added to the root of the second moment.
    #[serde(default = "epsilon")]
    pub epsilon: Positive,
    /// λ of w <- (1 - ηλ) w, on weights alone.
    #[serde(default = "decay")]
    pub weight_decay: NonNegative,
}

fn no_momentum() -> Rate {
    Rate::ZERO
}

fn beta1() -> Rate {
    Rate::BETA1
}

fn beta2() -> Rate {
    Rate::BETA2
}

fn epsilon() -> Positive {
    Positive::TINY
}

fn decay() -> NonNegative {
    NonNegative::HUNDREDTH
}

impl Default for Sgd {
    fn default() -> Self {
        Self { momentum: no_momentum(), nesterov: false }
    }
}

impl Default for Adam {
    fn default() -> Self {
        Self { beta1: beta1(), beta2: beta2(), epsilon: epsilon() }
    }
}

impl AdamW {
    /// The Adam within.
    pub const fn adam(self) -> Adam {
        Adam { beta1: self.beta1, beta2: self.beta2, epsilon: self.epsilon }
    }
}

impl Sgd {
    /// The direction to step against, scaled by the learning rate. Plain SGD keeps no state.
    fn step(self, learning_rate: f64, gradient: Tensor<1>, state: &mut Moments) -> Tensor<1> {
        let momentum = self.momentum.get();
        if momentum == 0.0 {
            return gradient * learning_rate;
        }
        let velocity = match state.first.take() {
            Some(velocity) => velocity * momentum + gradient.clone(),
            None => gradient.clone(),
        };
        state.first = Some(velocity.clone());
        let direction = if self.nesterov { velocity * momentum + gradient } else { velocity };
        direction * learning_rate
    }
}

impl Adam {
    fn step(self, learning_rate: f64, gradient: Tensor<1>, state: &mut Moments) -> Tensor<1> {
        let (beta1, beta2) = (self.beta1.get(), self.beta2.get());
        let decayed = |moment: Option<Tensor<1>>, beta: f64, new: Tensor<1>| match moment {
            Some(moment) => moment * beta + new * (1.0 - beta),
            None => new * (1.0 - beta),
        };
        let first = decayed(state.first.take(), beta1, gradient.clone());
        let second = decayed(state.second.take(), beta2, gradient.square());
        state.steps += 1;
        let rate = learning_rate / (1.0 - beta1.powf(state.steps as f64));
        let step = first.clone() * rate / self.scale(second.clone(), state.steps);
        state.first = Some(first);
        state.second = Some(second);
        step
    }

    /// sqrt(v̂) + ε.
    fn scale(self, second: Tensor<1>, steps: u64) -> Tensor<1> {
        let correction = (1.0 - self.beta2.get().powf(steps as f64)).sqrt();
        second.sqrt() / correction + self.epsilon.get()
    }

    fn step_size(self, learning_rate: f64, state: &Moments) -> StepSize {
        match &state.second {
            Some(second) => {
                let scale = self.scale(second.clone(), state.steps);
                StepSize::PerElement(scale.recip() * learning_rate)
            }
            None => StepSize::Uniform(learning_rate),
        }
    }
}

impl Optimizer {
    /// What to subtract from a tensor, and the new state of the tensor's moments.
    pub fn step(self, learning_rate: f64, gradient: Tensor<1>, state: &mut Moments) -> Tensor<1> {
        match self {
            Self::Sgd(sgd) => sgd.step(learning_rate, gradient, state),
            Self::Adam(adam) => adam.step(learning_rate, gradient, state),
            Self::AdamW(adamw) => adamw.adam().step(learning_rate, gradient, state),
        }
    }

    /// The step along a constant gradient, for proximal operators.
    pub fn step_size(self, learning_rate: f64, state: &Moments) -> StepSize {
        match self {
            Self::Sgd(sgd) => StepSize::Uniform(learning_rate / sgd.momentum.keep()),
            Self::Adam(adam) => adam.step_size(learning_rate, state),
            Self::AdamW(adamw) => adamw.adam().step_size(learning_rate, state),
        }
    }

    /// The decoupled decay that the optimizer brings along.
    pub fn weight_decay(self) -> f64 {
        match self {
            Self::AdamW(adamw) => adamw.weight_decay.get(),
            Self::Sgd(_) | Self::Adam(_) => 0.0,
        }
    }
}

#[cfg(test)]
mod tests;

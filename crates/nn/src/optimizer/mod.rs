//! The optimizers: how a gradient becomes a step.
//!
//! They act on flat tensors and keep their state by path, so that a checkpoint needs no
//! parameter ids. Defaults are PyTorch's: no dampening of the momentum, ε = 1e-8 in Adam.

pub mod schedule;
mod state;

pub use state::{Around, Moments, Updater};

use crate::elementwise::{map, zip, zip_with_state, zip_with_states};
use crate::penalty::{Reach, StepSize};
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
    /// Plain SGD keeps no state.
    fn update(self, rate: f64, value: Tensor<1>, g: Tensor<1>, kept: &mut Moments) -> Tensor<1> {
        let (rate, momentum) = (rate as f32, self.momentum.get() as f32);
        if momentum == 0.0 {
            return zip(value, &g, move |w, g| w - rate * g);
        }
        let ahead = if self.nesterov { momentum } else { 0.0 };
        match &mut kept.first {
            Some(velocity) if self.nesterov => {
                zip_with_state(value, velocity, &g, move |w, v, g| {
                    let v = momentum * v + g;
                    (w - rate * (momentum * v + g), v)
                })
            }
            Some(velocity) => zip_with_state(value, velocity, &g, move |w, v, g| {
                let v = momentum * v + g;
                (w - rate * v, v)
            }),
            None => {
                let value = zip(value, &g, move |w, g| w - rate * (ahead * g + g));
                kept.first = Some(g);
                value
            }
        }
    }
}

impl Adam {
    fn update(self, rate: f64, value: Tensor<1>, g: Tensor<1>, kept: &mut Moments) -> Tensor<1> {
        kept.steps += 1;
        let rate = (rate / (1.0 - self.beta1.get().powf(kept.steps as f64))) as f32;
        let (beta1, beta2) = (self.beta1.get() as f32, self.beta2.get() as f32);
        let (rest1, rest2) = (self.beta1.keep() as f32, self.beta2.keep() as f32);
        let scale = self.scale(kept.steps);
        let first = kept.first.get_or_insert_with(|| value.zeros_like());
        let second = kept.second.get_or_insert_with(|| value.zeros_like());
        zip_with_states(value, (first, second), &g, move |w, first, second, g| {
            let first = beta1 * first + rest1 * g;
            let second = beta2 * second + rest2 * (g * g);
            (w - rate * first / scale(second), first, second)
        })
    }

    /// sqrt(v̂) + ε of a second moment after so many steps.
    fn scale(self, steps: u64) -> impl Fn(f32) -> f32 + Sync + Copy {
        let correction = (1.0 - self.beta2.get().powf(steps as f64)).sqrt() as f32;
        let epsilon = self.epsilon.get() as f32;
        move |second| second.sqrt() / correction + epsilon
    }

    fn reach(self, rate: f64, kept: &Moments) -> StepSize {
        let share = self.beta1.keep() / (1.0 - self.beta1.get().powf(kept.steps as f64));
        self.step_size(rate * share, kept)
    }

    fn step_size(self, rate: f64, kept: &Moments) -> StepSize {
        match &kept.second {
            Some(second) => {
                let (rate, scale) = (rate as f32, self.scale(kept.steps));
                StepSize::PerElement(map(second.clone(), move |second| rate / scale(second)))
            }
            None => StepSize::Uniform(rate),
        }
    }
}

impl Optimizer {
    /// The tensor after a step against its gradient, whose moments are `kept`. Decay is not in it.
    pub fn update(
        self,
        rate: f64,
        value: Tensor<1>,
        gradient: Tensor<1>,
        kept: &mut Moments,
    ) -> Tensor<1> {
        match self {
            Self::Sgd(sgd) => sgd.update(rate, value, gradient, kept),
            Self::Adam(adam) => adam.update(rate, value, gradient, kept),
            Self::AdamW(adamw) => adamw.adam().update(rate, value, gradient, kept),
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

    /// How far the step that left `state` moved a weight for each unit of what pulled at it. For
    /// Adam the second moment is taken as given.
    pub fn reach(self, rate: f64, state: &Moments) -> Reach {
        let gradient = match self {
            Self::Sgd(sgd) if sgd.nesterov => StepSize::Uniform(rate * (1.0 + sgd.momentum.get())),
            Self::Sgd(_) => StepSize::Uniform(rate),
            Self::Adam(adam) => adam.reach(rate, state),
            Self::AdamW(adamw) => adamw.adam().reach(rate, state),
        };
        Reach { gradient, proximal: self.step_size(rate, state) }
    }

    /// Numbers that it keeps for each weight.
    pub fn moments(self) -> u64 {
        match self {
            Self::Sgd(sgd) => u64::from(sgd.momentum.get() > 0.0),
            Self::Adam(_) | Self::AdamW(_) => 2,
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

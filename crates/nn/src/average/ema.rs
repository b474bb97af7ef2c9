//! EMA: an exponential moving average of the weights is evaluated and stored.
//!
//! m_t = d_t m_{t-1} + (1 - d_t) w_t after every step, m_0 the initial weights; d_t = d, and with a
//! warm-up d_t = min(d, 1 - t^(-2/3)), so that m_1 = w_1 and early weights are soon forgotten (timm's
//! ModelEmaV3 with its default exponent)
//!
//! Polyak and Juditsky 1992, SIAM J. Control Optim. 30(4):838-855; Tarvainen and Valpola 2017,
//! arXiv 1703.01780. Running statistics are those of the training model, which are moving averages
//! themselves.

use super::{AverageDoor, Moment, Use};
use crate::technique::{Door, Technique};
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::{Positive, Rate};

const CARD: Card = Card {
    id: "ema",
    name: "Exponential moving average of weights",
    door: card::Door::Average,
    family: Family::TrainingControl,
    one_line: "Evaluates and stores a moving average of the weights; training goes on without it.",
    formula: "m <- d m + (1 - d) w after every step, d = 2^(-1/half_life)",
    paper: "Polyak and Juditsky 1992, SIAM J. Control Optim. 30(4):838-855",
    when: "The validation curve is jagged, or the learning rate does not fall to zero.",
    watch_out: "An average over many epochs lags behind, and early stopping then watches the lag: \
                half an epoch to a few epochs of half-life. It cures noise more than overfitting.",
    example: "{ half_life = 10 }",
    off: Some("{ decay = 0.0 }"),
    search: &[Range { key: "half_life", low: 10.0, high: 1e4, scale: Scale::Log }],
};

/// A moving average of the weights; one of `decay` and `half_life`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Keys", into = "Keys")]
pub struct Ema {
    /// How fast it forgets.
    pub memory: Memory,
    /// Whether the decay grows from zero, which rids a short run of its initial weights.
    pub warm_up: bool,
}

/// How fast an average forgets, in one of two units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Memory {
    /// d, in [0, 1): the share that stays in a step; 0 is off.
    Decay(Rate),
    /// Steps after which half is forgotten: d = 2^(-1/half_life).
    HalfLife(Positive),
}

/// The keys as they are written.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    decay: Option<Rate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    half_life: Option<Positive>,
    #[serde(default = "yes")]
    warm_up: bool,
}

fn yes() -> bool {
    true
}

impl TryFrom<Keys> for Ema {
    type Error = &'static str;

    fn try_from(keys: Keys) -> Result<Self, &'static str> {
        let memory = match (keys.decay, keys.half_life) {
            (Some(decay), None) => Memory::Decay(decay),
            (None, Some(half_life)) => Memory::HalfLife(half_life),
            _ => return Err("expected one of `decay = 0.999` and `half_life = 1000` (in steps)"),
        };
        Ok(Self { memory, warm_up: keys.warm_up })
    }
}

impl From<Ema> for Keys {
    fn from(Ema { memory, warm_up }: Ema) -> Self {
        let (decay, half_life) = match memory {
            Memory::Decay(decay) => (Some(decay), None),
            Memory::HalfLife(half_life) => (None, Some(half_life)),
        };
        Self { decay, half_life, warm_up }
    }
}

impl Ema {
    /// d, in [0, 1).
    pub fn decay(&self) -> f64 {
        match self.memory {
            Memory::Decay(decay) => decay.get(),
            Memory::HalfLife(half_life) => (-1.0 / half_life.get()).exp2(),
        }
    }

    /// d_t of step `step`, from 1.
    pub fn decay_at(&self, step: u64) -> f64 {
        let most = if self.warm_up { 1.0 - (step as f64).powf(-2.0 / 3.0) } else { 1.0 };
        self.decay().min(most)
    }
}

impl Technique for Ema {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.decay() == 0.0
    }

    fn at_door(self) -> Door {
        Door::Average(Box::new(self))
    }
}

impl AverageDoor for Ema {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn purpose(&self) -> Use {
        Use::Evaluation
    }

    fn keep(&self, at: Moment) -> Option<f64> {
        Some(self.decay_at(at.step))
    }
}

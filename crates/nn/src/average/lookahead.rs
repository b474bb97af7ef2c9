//! Lookahead: every k steps, training goes back to a slow average of its own path.
//!
//! slow <- slow + α (w - slow), w <- slow after every k steps; the optimizer keeps its moments
//!
//! Zhang et al. 2019, arXiv 1907.08610.

use super::{AverageDoor, Moment, Use};
use crate::technique::{Door, Technique};
use serde::{Deserialize, Serialize};
use std::num::NonZeroU64;
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::Fraction;

const CARD: Card = Card {
    id: "lookahead",
    name: "Lookahead",
    door: card::Door::Average,
    family: Family::TrainingControl,
    one_line: "Every k steps, the weights go back to a point between where they were and are.",
    formula: "slow <- slow + α (w - slow), w <- slow every k steps",
    paper: "Zhang et al. 2019, arXiv 1907.08610",
    when: "Training is noisy or sensitive to its learning rate.",
    watch_out: "Momentum points to where the fast weights went; the paper keeps it as well. An \
                evaluation between two averages sees the fast weights.",
    example: "{ k = 5, alpha = 0.5 }",
    off: Some("{ k = 5, alpha = 1.0 }"),
    search: &[Range { key: "alpha", low: 0.2, high: 0.8, scale: Scale::Linear }],
};

/// Slow weights behind the optimizer's fast ones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lookahead {
    /// Steps between two averages.
    #[serde(default = "five")]
    pub k: NonZeroU64,
    /// α, the share of the way that the slow weights go, in [0, 1]; 1 is off.
    #[serde(default = "half")]
    pub alpha: Fraction,
}

fn five() -> NonZeroU64 {
    const { NonZeroU64::new(5).unwrap() }
}

fn half() -> Fraction {
    Fraction::HALF
}

impl Technique for Lookahead {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.alpha.get() == 1.0
    }

    fn at_door(self) -> Door {
        Door::Average(Box::new(self))
    }
}

impl AverageDoor for Lookahead {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn purpose(&self) -> Use {
        Use::Training
    }

    fn keep(&self, at: Moment) -> Option<f64> {
        at.step.is_multiple_of(self.k.get()).then(|| 1.0 - self.alpha.get())
    }
}

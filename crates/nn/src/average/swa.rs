//! SWA: the plain average of the weights at the ends of the last epochs is evaluated and stored.
//!
//! m = (w_s + ... + w_e) / (e - s + 1), w_i the weights at the end of epoch i, s the first epoch
//! behind the share `start` of the run; running statistics are collected anew for m
//!
//! Izmailov et al. 2018, arXiv 1803.05407.

use super::{AverageDoor, Moment, Use};
use crate::technique::{Door, Technique};
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::Rate;

const CARD: Card = Card {
    id: "swa",
    name: "Stochastic weight averaging",
    door: card::Door::Average,
    family: Family::TrainingControl,
    one_line: "Evaluates and stores the mean of the weights at the ends of the last epochs.",
    formula: "m = (w_s + ... + w_e) / (e - s + 1), w_i the weights at the end of epoch i",
    paper: "Izmailov et al. 2018, arXiv 1803.05407",
    when: "The last quarter of a run at a learning rate that keeps the weights moving.",
    watch_out: "A schedule that falls to zero leaves nothing to average: use a constant one. Early \
                stopping may end the run before it starts. Batch norm costs a pass over the \
                training examples at the end of every averaged epoch.",
    example: "{ start = 0.5 }",
    off: None,
    search: &[Range { key: "start", low: 0.5, high: 0.9, scale: Scale::Linear }],
};

/// The mean of the weights over the last epochs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Swa {
    /// Share of the run's epochs that is over before averaging starts, in [0, 1).
    #[serde(default = "three_quarters")]
    pub start: Rate,
}

fn three_quarters() -> Rate {
    Rate::THREE_QUARTERS
}

impl Technique for Swa {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        false
    }

    fn at_door(self) -> Door {
        Door::Average(Box::new(self))
    }
}

impl AverageDoor for Swa {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn purpose(&self) -> Use {
        Use::RecalibratedEvaluation
    }

    /// The k-th average of k weights keeps (k - 1) / k of the one before.
    fn keep(&self, at: Moment) -> Option<f64> {
        if !at.step.is_multiple_of(at.per_epoch) {
            return None;
        }
        let (epoch, epochs) = (at.step / at.per_epoch, at.steps / at.per_epoch);
        let before = (self.start.get() * epochs as f64) as u64;
        let count = epoch.checked_sub(before).filter(|&count| count > 0)?;
        Some((count - 1) as f64 / count as f64)
    }

    fn begins_with_initial(&self) -> bool {
        false
    }
}

//! When to stop, judged from plain numbers: the same code stops a run and replays on its log.

mod early_stopping;
mod noise_aware;
mod prechelt;
mod rise;

pub use early_stopping::{EarlyStopping, EarlyStoppingConfig, MinDelta};
pub use noise_aware::NoiseAware;
pub use prechelt::{Criterion, Prechelt, generalization_loss, training_progress};
pub use rise::{MIN_RELATIVE, MIN_Z, MIN_Z_SHORT, Rise, SHORT, rise};

use serde::{Deserialize, Serialize};
use std::fmt;

/// What a stopping rule says after an evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Train on.
    Continue,
    /// End the run.
    Stop(Reason),
}

/// Why a rule ends the run; it reads as a sentence with its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The monitored value did not improve for this many evaluations.
    NoImprovement {
        /// Evaluations since the last improvement.
        waited: u64,
    },
    /// The monitored value is NaN or infinite.
    NotFinite,
    /// Prechelt's GL: the validation error is this far above its minimum.
    GeneralizationLoss {
        /// In percent of the minimum.
        percent: f64,
    },
    /// Prechelt's PQ: the generalization loss is large beside the progress of training.
    ProgressQuotient {
        /// Generalization loss in percent over training progress in per mille.
        quotient: f64,
    },
    /// The validation error has risen since its minimum by more than noise explains.
    Risen {
        /// In percent of the minimum, corrected for noise.
        percent: f64,
        /// Standard errors of the rise.
        z: f64,
    },
    /// Prechelt's UP: the validation error rose in this many successive strips.
    Rising {
        /// Number of strips.
        strips: u64,
    },
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoImprovement { waited: 1 } => write!(f, "no improvement for 1 evaluation"),
            Self::NoImprovement { waited } => write!(f, "no improvement for {waited} evaluations"),
            Self::NotFinite => write!(f, "the monitored value is NaN or infinite"),
            Self::GeneralizationLoss { percent } => {
                write!(f, "the validation error is {percent:.1}% above its minimum")
            }
            Self::ProgressQuotient { quotient } => {
                write!(f, "generalization loss over training progress is {quotient:.2}")
            }
            Self::Risen { percent, z } => write!(
                f,
                "the validation error has risen by {percent:.1}% since its minimum, {z:.1} \
                 standard errors"
            ),
            Self::Rising { strips } => {
                write!(f, "the validation error rose in {strips} successive strips")
            }
        }
    }
}

//! Studies in Optuna's journal: a file of JSON lines that only grows.
//!
//! Optuna's `JournalStorage` reads what is written here and may write to the same file, and
//! optuna-dashboard shows it while a search runs.

mod distribution;
mod journal;
mod line;
mod lock;
mod operation;
mod python;
mod studies;
mod time;

pub use distribution::Distribution;
pub use journal::{Durability, Journal};
pub use operation::{Attributes, NewTrial, Operation};
pub use studies::{Studies, Study, Trial};
pub use time::now;

use serde::{Deserialize, Serialize};

/// Whether less or more is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Direction {
    /// Nobody has said.
    NotSet,
    /// Less is better.
    Minimize,
    /// More is better.
    Maximize,
}

/// How far a trial is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum State {
    /// Under way.
    #[default]
    Running,
    /// Ran to its end.
    Complete,
    /// Given up on its way.
    Pruned,
    /// Broke.
    Fail,
    /// Not begun.
    Waiting,
}

impl State {
    /// Whether nothing more will come.
    pub fn is_ended(self) -> bool {
        !matches!(self, Self::Running | Self::Waiting)
    }
}

const DIRECTIONS: [Direction; 3] = [Direction::NotSet, Direction::Minimize, Direction::Maximize];
const STATES: [State; 5] =
    [State::Running, State::Complete, State::Pruned, State::Fail, State::Waiting];

impl TryFrom<u8> for Direction {
    type Error = String;
    fn try_from(number: u8) -> Result<Self, String> {
        let known = DIRECTIONS.get(usize::from(number)).copied();
        known.ok_or_else(|| format!("expected a direction of 0 to 2, found {number}"))
    }
}

impl From<Direction> for u8 {
    fn from(direction: Direction) -> u8 {
        direction as u8
    }
}

impl TryFrom<u8> for State {
    type Error = String;
    fn try_from(number: u8) -> Result<Self, String> {
        let known = STATES.get(usize::from(number)).copied();
        known.ok_or_else(|| format!("expected a state of 0 to 4, found {number}"))
    }
}

impl From<State> for u8 {
    fn from(state: State) -> u8 {
        state as u8
    }
}

//! The laws that techniques obey: what the tests and `wellfit prove` both check.
//!
//! A [`Law`] is asked about every technique of the shelf and measures a distance from what must
//! hold, on the [`Bench`]'s device. Tests run all of them on the processor; a user runs them on
//! their own device. Statistical laws have fixed seeds and bounds of five standard errors.

mod average;
mod bench;
mod clip;
mod decide;
mod divergence;
mod draws;
mod expectation;
mod loss;
mod measured;
mod mixing;
mod noise;
mod norm;
mod own_picture;
mod penalty;
mod placed;
mod recipe;
mod run;
mod scale;
mod small;
mod target;
mod weight;

pub use bench::Bench;
pub use measured::Measured;
pub use small::{IMAGES, MLP, SKIP, Small};

use crate::Error;
use crate::technique::{Shelved, shelf};

/// One thing that must hold of techniques.
#[derive(Clone, Copy)]
pub struct Law {
    /// Name of the law, as `expectation`.
    pub id: &'static str,
    /// What must hold, in one line.
    pub says: &'static str,
    /// Ids of the techniques that it is about; all of them where there are none.
    pub about: &'static [&'static str],
    /// How far a technique is from it; none where the law does not speak of the technique.
    pub measure: fn(&Bench, Shelved) -> Result<Option<Measured>, Error>,
}

impl Law {
    /// Whether it may be asked about a technique.
    pub fn concerns(&self, id: &str) -> bool {
        self.about.is_empty() || self.about.contains(&id)
    }
}

/// What a law found out about a technique.
pub struct Proof {
    /// Id of the technique.
    pub technique: &'static str,
    /// The law.
    pub law: Law,
    /// What was measured, or why it could not be.
    pub outcome: Result<Measured, Error>,
}

impl Proof {
    /// Whether the law holds.
    pub fn holds(&self) -> bool {
        self.outcome.as_ref().is_ok_and(|measured| measured.holds())
    }
}

/// All laws.
pub fn laws() -> impl Iterator<Item = Law> {
    [
        recipe::LAWS,
        run::LAWS,
        draws::LAWS,
        target::LAWS,
        mixing::LAWS,
        own_picture::LAWS,
        noise::LAWS,
        expectation::LAWS,
        norm::LAWS,
        scale::LAWS,
        divergence::LAWS,
        loss::LAWS,
        clip::LAWS,
        penalty::LAWS,
        weight::LAWS,
        average::LAWS,
        decide::LAWS,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// Asks all laws about one technique.
pub fn prove(bench: &Bench, shelved: Shelved) -> Vec<Proof> {
    let technique = shelved.card.id;
    let of = |law: Law| match (law.measure)(bench, shelved) {
        Ok(None) => None,
        Ok(Some(measured)) => Some(Proof { technique, law, outcome: Ok(measured) }),
        Err(error) => Some(Proof { technique, law, outcome: Err(error) }),
    };
    laws().filter(|law| law.concerns(technique)).filter_map(of).collect()
}

/// Asks all laws about all techniques, in the order of the shelf.
pub fn prove_all(bench: &Bench) -> Vec<Proof> {
    shelf().flat_map(|shelved| prove(bench, shelved)).collect()
}

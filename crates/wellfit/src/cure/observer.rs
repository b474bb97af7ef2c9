//! What a search for a cure tells while it goes.

use wellfit_diagnose::Diagnosis;

/// Something that happened.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A run of the race has ended, of the plain recipe or of another.
    Raced {
        /// Name of the recipe.
        name: &'a str,
        /// Which pair of seed and split, from 1.
        pair: u64,
        /// Value of the metric.
        value: f64,
        /// How long it took.
        seconds: f64,
    },
    /// What is wrong with the plain recipe.
    Diagnosed(&'a Diagnosis),
    /// About how long search and race will take from here on, in seconds.
    Estimate {
        /// Of the search.
        search: f64,
        /// Of the race.
        race: f64,
    },
    /// A trial of the search has reached a rung.
    Trial {
        /// Its number, from 0.
        number: u64,
        /// Its techniques.
        name: &'a str,
        /// Epochs so far.
        epochs: u64,
        /// Value of the metric.
        value: f64,
        /// How long this stretch took.
        seconds: f64,
    },
    /// The search has ended, and so many race against the plain recipe.
    Finalists(&'a [String]),
}

/// Looks on, and may stop it.
pub trait Observer: Sync {
    /// Called when something happened, by any thread.
    fn see(&self, event: &Event<'_>) {
        let _ = event;
    }

    /// Asked often; all that was done until then is kept.
    fn stop(&self) -> bool {
        false
    }
}

/// Looks at nothing.
impl Observer for () {}

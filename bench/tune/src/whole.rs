//! The whole search, cohorts and halving included, on a loss that takes no time.

use crate::surrogate::{loss, space};
use bench_peer::Outcome;
use std::num::{NonZeroU64, NonZeroUsize};
use std::path::Path;
use std::sync::Mutex;
use std::time::Instant;
use wellfit_core::number::Fraction;
use wellfit_core::seed::Seed;
use wellfit_tune::halving::Ladder;
use wellfit_tune::sampler::Tpe;
use wellfit_tune::search::{Job, NoRules, Objective, Search, Settings};
use wellfit_tune::space::Space;
use wellfit_tune::study::{Direction, Durability, Journal};

/// Trials that are compared with each other.
const COHORT: usize = 9;
/// Cohorts; the last ten are measured, which are those of the 1,000th trial.
const COHORTS: usize = 112;

struct Timed {
    space: Space,
    /// When each cohort began.
    begun: Mutex<Vec<Instant>>,
}

impl Objective for Timed {
    fn run(&self, job: &Job<'_>) -> Option<f64> {
        let opens_cohort = job.from == 0 && (job.trial as usize).is_multiple_of(COHORT);
        if let (true, Ok(mut begun)) = (opens_cohort, self.begun.lock()) {
            begun.push(Instant::now());
        }
        Some(loss(&self.space, job.configuration) + 1.0 / job.to as f64)
    }
}

/// Seconds a trial, in each of the last ten cohorts: proposing, halving and the study file.
pub fn seconds(folder: &Path) -> Outcome<Vec<f64>> {
    let (epochs, rungs) = (NonZeroU64::MIN.saturating_add(26), NonZeroU64::MIN.saturating_add(2));
    let settings = Settings {
        study: "surrogate".to_owned(),
        seed: Seed::new(1),
        direction: Direction::Minimize,
        ladder: Ladder::new(epochs, rungs, 3)?,
        cohort: NonZeroUsize::MIN.saturating_add(COHORT - 1),
        cohorts: COHORTS,
        quota: Fraction::ZERO,
        portfolio: Vec::new(),
    };
    let (space, sampler) = (space()?, Tpe::default());
    let timed = Timed { space: space.clone(), begun: Mutex::new(Vec::new()) };
    let journal = Journal::open(&folder.join("whole.log"), Durability::Cached)?;
    let mut search = Search::open(settings, &space, &sampler, &NoRules, journal)?;
    search.run(&timed, NonZeroUsize::MIN, &|| false)?;
    let begun = timed.begun.into_inner().map_err(|_| "a worker broke")?;
    let last = begun.iter().rev().zip(begun.iter().rev().skip(1)).take(10);
    Ok(last.map(|(after, before)| (*after - *before).as_secs_f64() / COHORT as f64).collect())
}

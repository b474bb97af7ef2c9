//! A search over two techniques on a formula, with its study file:
//! `cargo run --release -p wellfit-tune --example search -- study.log`. Stop it and run it again, and
//! it goes on; meanwhile Optuna and optuna-dashboard may read the file.

#![allow(clippy::print_stdout)]

use std::error::Error;
use std::num::{NonZeroU64, NonZeroUsize};
use std::path::Path;
use wellfit_core::card::Scale;
use wellfit_core::number::Fraction;
use wellfit_core::seed::Seed;
use wellfit_tune::halving::Ladder;
use wellfit_tune::sampler::Tpe;
use wellfit_tune::search::{Job, NoRules, Objective, Search, Settings};
use wellfit_tune::space::{Domain, Space};
use wellfit_tune::study::{Direction, Durability, Journal};

/// A loss that falls with the epochs, to what rate and λ allow.
struct Formula;

impl Objective for Formula {
    fn run(&self, job: &Job<'_>) -> Option<f64> {
        let rate = job.configuration.get(1).unwrap_or(0.0);
        let lambda = job.configuration.get(2).unwrap_or(1.0);
        let loss = (rate - 0.4).powi(2) + 0.1 * (lambda / 0.01).log10().powi(2);
        Some(loss + 1.0 / job.to as f64)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).unwrap_or_else(|| "study.log".to_owned());
    let mut space = Space::default();
    let dropout = space.add("dropout", Domain::switch())?;
    let rate = Domain::Float { low: 0.05, high: 0.7, scale: Scale::Linear };
    space.add_under(dropout, 1.0, "dropout.rate", rate)?;
    space.add("l2.lambda", Domain::Float { low: 1e-3, high: 1e2, scale: Scale::Log })?;

    let (epochs, rungs) = (NonZeroU64::MIN.saturating_add(26), NonZeroU64::MIN.saturating_add(2));
    let settings = Settings {
        study: "formula".to_owned(),
        seed: Seed::new(1),
        direction: Direction::Minimize,
        ladder: Ladder::new(epochs, rungs, 3)?,
        cohort: NonZeroUsize::MIN.saturating_add(8),
        cohorts: 10,
        quota: Fraction::ZERO,
        portfolio: Vec::new(),
    };
    let journal = Journal::open(Path::new(&file), Durability::Synced)?;
    let (sampler, rules) = (Tpe::default(), NoRules);
    let mut search = Search::open(settings, &space, &sampler, &rules, journal)?;
    search.run(&Formula, NonZeroUsize::MIN.saturating_add(1), &|| false)?;
    println!("best: {:?}", search.best()?);
    println!("the first rung foretold the last: {:?}", search.foresight()?);
    Ok(())
}

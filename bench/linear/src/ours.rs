//! Our own solvers.

use crate::case::Task;
use crate::data::Data;
use bench_peer::Outcome;
use std::time::Instant;
use wellfit_core::number::{Fraction, Positive};
use wellfit_core::seed::Seed;
use wellfit_linear::cross_validation::{self, Folds};
use wellfit_linear::{Lambdas, Problem, Settings, datafit, path, penalty::Mix, ridge};

/// Seconds and an answer as the peers give it.
pub fn solve(data: &Data, tolerance: f64) -> Outcome<(f64, Vec<f64>)> {
    let tolerance = Positive::new(tolerance)?;
    let settings = Settings { standardize: false, tolerance, ..Settings::default() };
    let problem = Problem::new(data.design()?, &data.target);
    let start = Clock::start();
    match data.task {
        Task::Path => paths(data, &problem, &settings, start),
        Task::Folds => folds(data, &problem, &settings, start),
        Task::Ridge => ridges(data, &problem, &settings, start),
    }
}

fn paths(
    data: &Data,
    problem: &Problem<'_>,
    settings: &Settings,
    start: Clock,
) -> Outcome<(f64, Vec<f64>)> {
    let mix = Mix(Fraction::new(data.ratio)?);
    let lambdas = Lambdas::List(data.lambdas.clone());
    let path = match data.logistic {
        true => path::fit(problem, &datafit::Logistic, &mix, &lambdas, settings)?,
        false => path::fit(problem, &datafit::Gaussian, &mix, &lambdas, settings)?,
    };
    let seconds = start.seconds();
    let answer = |fit: &path::Fit| [&[fit.intercept], &fit.coefficients[..]].concat();
    Ok((seconds, path.fits.iter().flat_map(answer).collect()))
}

fn folds(
    data: &Data,
    problem: &Problem<'_>,
    settings: &Settings,
    start: Clock,
) -> Outcome<(f64, Vec<f64>)> {
    let lasso = Mix(Fraction::new(1.0)?);
    let lambdas = Lambdas::List(data.lambdas.clone());
    // As many groups as folds: each fold is one of them.
    let folds = (&Folds::Grouped(10, data.folds.clone()), Seed::new(1));
    let gaussian = &datafit::Gaussian;
    let found = cross_validation::fit(problem, gaussian, &lasso, &lambdas, settings, folds)?;
    Ok((start.seconds(), found.curve.mean))
}

fn ridges(
    data: &Data,
    problem: &Problem<'_>,
    settings: &Settings,
    start: Clock,
) -> Outcome<(f64, Vec<f64>)> {
    let n = data.target.len() as f64;
    let lambdas = Lambdas::List(data.lambdas.iter().map(|lambda| lambda / n).collect());
    let path = ridge::fit(problem, &lambdas, settings)?;
    Ok((start.seconds(), path.fits.iter().map(|fit| fit.leave_one_out).collect()))
}

/// Time of this thread on a processor; of the wall where the system does not tell.
pub struct Clock(Option<f64>, Instant);

impl Clock {
    pub fn start() -> Self {
        Self(on_processor(), Instant::now())
    }

    pub fn seconds(&self) -> f64 {
        match (self.0, on_processor()) {
            (Some(start), Some(end)) => end - start,
            _ => self.1.elapsed().as_secs_f64(),
        }
    }
}

fn on_processor() -> Option<f64> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split(' ').next()?.parse::<f64>().ok().map(|nanoseconds| nanoseconds * 1e-9)
}

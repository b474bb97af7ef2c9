//! The tree-structured Parzen estimator, one dimension at a time.
//!
//! The trials so far are split into the best few and the rest. Of 24 candidates from the density
//! l(x) of the best, the one with the highest l(x) / g(x) is proposed, g being the density of the
//! rest; that maximizes the expected improvement (Bergstra et al. 2011, "Algorithms for
//! hyper-parameter optimization"; 2013, "Making a science of model search"). Numbers that the
//! papers leave open are those of Optuna's `TPESampler(multivariate=False)`.

use super::parzen::Parzen;
use super::random::uniform;
use super::{History, Observation, Sampler, draw};
use crate::space::{Configuration, Domain, Space};
use std::cmp::Ordering;
use wellfit_core::seed::{Draw, Seed};

/// The univariate tree-structured Parzen estimator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tpe {
    /// Trials that must have ended before it says anything; until then it draws uniformly. 10.
    pub startup: usize,
    /// Candidates of which the most promising is proposed, at least 1. 24.
    pub candidates: usize,
    /// Share of the ended trials that count as the best. 0.1.
    pub best_share: f64,
    /// Most trials that count as the best. 25.
    pub most_best: usize,
    /// How many observations the prior weighs, above 0. 1.
    pub prior_weight: f64,
}

impl Default for Tpe {
    fn default() -> Self {
        Self { startup: 10, candidates: 24, best_share: 0.1, most_best: 25, prior_weight: 1.0 }
    }
}

impl Sampler for Tpe {
    fn sample(&self, space: &Space, seed: Seed, trial: u64, history: History<'_>) -> Configuration {
        let known = history.ended.len() >= self.startup;
        let (best, rest) = if known { self.split(history) } else { Default::default() };
        space.decide(|index, dimension| {
            let domain = &dimension.domain;
            let mut draw = draw(seed, trial, &dimension.name);
            if !known {
                return uniform(domain, &mut draw);
            }
            let density = |trials: &[&Configuration]| {
                let values: Vec<f64> = trials.iter().filter_map(|t| t.get(index)).collect();
                Parzen::of(domain, &values, self.prior_weight)
            };
            self.choose(domain, &density(&best), &density(&rest), &mut draw)
        })
    }
}

/// The best trials and the rest, both in the order of their numbers.
type Split<'a> = (Vec<&'a Configuration>, Vec<&'a Configuration>);

impl Tpe {
    /// Running trials belong to the rest, so that siblings keep away from each other.
    fn split<'a>(&self, history: History<'a>) -> Split<'a> {
        let ended = history.ended;
        let count = (self.best_share * ended.len() as f64).ceil() as usize;
        let mut order: Vec<usize> = (0..ended.len()).collect();
        order.sort_by(|&a, &b| better(&ended[a], &ended[b]));
        let mut is_best = vec![false; ended.len()];
        order.iter().take(count.min(self.most_best)).for_each(|&trial| is_best[trial] = true);
        let of = |best: bool| {
            let trials = ended.iter().zip(&is_best).filter(move |(_, is)| **is == best);
            trials.map(|(trial, _)| &trial.configuration)
        };
        (of(true).collect(), of(false).chain(history.running).collect())
    }

    fn choose(&self, domain: &Domain, best: &Parzen, rest: &Parzen, draw: &mut Draw) -> f64 {
        let candidates = (0..self.candidates.max(1)).map(|_| best.sample(domain, draw));
        choose(domain, best, rest, candidates)
    }
}

/// The first of the candidates with the highest ratio; whole numbers and choices come often, and
/// are judged once.
fn choose(
    domain: &Domain,
    best: &Parzen,
    rest: &Parzen,
    candidates: impl Iterator<Item = f64>,
) -> f64 {
    let mut judged: Vec<f64> = Vec::new();
    let mut chosen = (f64::NAN, f64::NEG_INFINITY);
    for candidate in candidates {
        if judged.contains(&candidate) {
            continue;
        }
        judged.push(candidate);
        let ratio = best.log_density(domain, candidate) - rest.log_density(domain, candidate);
        if ratio > chosen.1 || chosen.0.is_nan() {
            chosen = (candidate, ratio);
        }
    }
    chosen.0
}

/// Those that ran to their end come first, then those that ran longest; among equals the value
/// decides. Those that broke come last.
fn better(a: &Observation, b: &Observation) -> Ordering {
    let lasted = |trial: &Observation| trial.given_up.unwrap_or(u64::MAX);
    let broke = a.value.is_nan().cmp(&b.value.is_nan());
    broke.then(lasted(b).cmp(&lasted(a))).then(a.value.total_cmp(&b.value))
}

#[cfg(test)]
#[path = "tpe_tests.rs"]
mod tests;

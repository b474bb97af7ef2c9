//! An honest score of the whole procedure, the choice of λ included.

use super::{CrossValidated, Folds, Part, Select, deviance, fit};
use crate::datafit::Datafit;
use crate::penalty::Family;
use crate::{Error, Lambdas, Problem, Settings};
use wellfit_core::seed::Seed;

/// Errors on samples that neither the fit nor the choice of λ has seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Nested {
    /// Deviance of each outer fold.
    pub scores: Vec<f64>,
    /// The λ that each outer fold chose.
    pub lambdas: Vec<f64>,
    /// Mean of the scores, weighted by the samples.
    pub mean: f64,
    /// Standard error of the mean.
    pub se: f64,
}

/// Chooses λ by cross-validation inside the training rows of each outer fold, and scores the choice
/// on the rows that were left out.
///
/// The smallest error of a cross-validation curve flatters, because it was chosen for being small;
/// this one does not. Inner folds that need groups take them from `folds` by row.
///
/// # Errors
/// As [`fit`].
pub fn nested<D: Datafit, F: Family + Sync>(
    problem: &Problem<'_>,
    datafit: &D,
    family: &F,
    (lambdas, select): (&Lambdas, Select),
    settings: &Settings,
    (folds, seed): (&Folds, Seed),
) -> Result<Nested, Error> {
    let (mut scores, mut weights, mut chosen) = (vec![], vec![], vec![]);
    for (place, fold) in folds.deal(problem.target, seed)?.iter().enumerate() {
        let (train, test) = (Part::new(problem, &fold.train), Part::new(problem, &fold.test));
        let inner = match folds {
            Folds::Grouped(count, groups) => {
                Folds::Grouped(*count, fold.train.iter().map(|&row| groups[row]).collect())
            }
            other => other.clone(),
        };
        // A seed of its own, so that inner folds do not repeat the outer ones.
        let seed = Seed::new(seed.get().wrapping_add(1 + place as u64));
        let found: CrossValidated =
            fit(&train.problem(), datafit, family, lambdas, settings, (&inner, seed))?;
        let best = found.select(select);
        scores.push(deviance(&test.problem(), datafit, best)?);
        weights.push(test.weight());
        chosen.push(best.lambda);
    }
    let total: f64 = weights.iter().sum();
    let average = |of: &dyn Fn(f64) -> f64| -> f64 {
        scores.iter().zip(&weights).map(|(score, w)| w * of(*score)).sum::<f64>() / total
    };
    let mean = average(&|score| score);
    let between = (scores.len() - 1).max(1) as f64;
    let se = (average(&|score| (score - mean).powi(2)) / between).sqrt();
    Ok(Nested { scores, lambdas: chosen, mean, se })
}

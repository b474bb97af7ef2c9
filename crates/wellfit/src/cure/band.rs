//! The metric against λ: how much the strength of the chosen recipe matters.

use super::answer::moments;
use super::{Candidate, Race};
use crate::{Error, Number};
use serde::Serialize;
use toml::Value;
use wellfit_core::run::Direction;

/// Strengths that are tried, in that of the chosen recipe: two decades around it.
const FACTORS: [f64; 5] = [0.1, 0.316, 1.0, 3.16, 10.0];
/// Most pairs of the race on which each is run.
const PAIRS: u64 = 5;

/// The chosen recipe with its λ made weaker and stronger, on pairs of the race.
///
/// Two of them are marked: the best, and the strongest that is no more than one standard error
/// worse than it (Breiman et al. 1984, Classification and Regression Trees, 3.4.3).
#[derive(Debug, Clone, Serialize)]
pub struct Band {
    /// The technique whose λ it is.
    pub technique: String,
    /// The strengths, the weakest first.
    pub lambdas: Vec<f64>,
    /// Mean of the metric at each, over the pairs.
    pub mean: Vec<Number>,
    /// Its standard error.
    pub se: Vec<Number>,
    /// Place of the best.
    pub min: usize,
    /// Place of the strongest within one standard error of the best.
    pub one_se: usize,
    /// Pairs of seed and split.
    pub pairs: u64,
}

impl Band {
    /// Runs a recipe at several strengths; none where it has no λ that is a number above 0, or where
    /// it was stopped.
    ///
    /// # Errors
    /// Files that cannot be written.
    pub fn of(race: &Race<'_>, chosen: &Candidate) -> Result<Option<Self>, Error> {
        let Some((technique, lambda)) = lambda(chosen) else { return Ok(None) };
        let lambdas = FACTORS.map(|factor| lambda * factor);
        let strengths: Vec<(String, Candidate)> = (1..)
            .zip(lambdas)
            .map(|(place, lambda)| (format!("strength{place}"), at(chosen, &technique, lambda)))
            .collect();
        let entrants: Vec<(&str, &Candidate)> =
            strengths.iter().map(|(file, candidate)| (file.as_str(), candidate)).collect();
        let few = Race { pairs: race.pairs.min(PAIRS), ..race.clone() };
        let Some(ran) = few.run(&entrants)? else { return Ok(None) };
        let values = |runs: &Vec<super::Ran>| runs.iter().map(|run| run.value).collect::<Vec<_>>();
        let moments: Vec<(Number, Number)> =
            ran.iter().map(|runs| moments(&values(runs))).collect();
        let root = (few.pairs as f64).sqrt();
        let (mean, se): (Vec<Number>, Vec<Number>) =
            moments.into_iter().map(|(mean, sd)| (mean, Number(sd.0 / root))).unzip();
        let Some((min, one_se)) = marked(&mean, &se, Direction::of(&race.metric)) else {
            return Ok(None);
        };
        let (lambdas, pairs) = (lambdas.to_vec(), few.pairs);
        Ok(Some(Self { technique, lambdas, mean, se, min, one_se, pairs }))
    }
}

/// The first technique with a λ that is a number above 0.
fn lambda(chosen: &Candidate) -> Option<(String, f64)> {
    chosen.techniques().into_iter().find_map(|id| {
        let lambda =
            chosen.values(&id)?.get("lambda")?.as_float().filter(|lambda| *lambda > 0.0)?;
        Some((id, lambda))
    })
}

fn at(chosen: &Candidate, technique: &str, lambda: f64) -> Candidate {
    let mut values = chosen.values(technique).unwrap_or_default();
    values.insert("lambda".to_owned(), Value::Float(lambda));
    let name = format!("{technique} at lambda {lambda:.3e}");
    chosen.without(technique).with(&name, vec![(technique.to_owned(), values)])
}

/// Places of the best and of the strongest within one standard error of it; none where nothing is
/// finite.
fn marked(mean: &[Number], se: &[Number], direction: Direction) -> Option<(usize, usize)> {
    let cost = |place: &usize| direction.as_cost(mean[*place].0);
    let finite = (0..mean.len()).filter(|place| cost(place).is_finite());
    let min = finite.clone().min_by(|a, b| cost(a).total_cmp(&cost(b)))?;
    let bound = cost(&min) + se[min].0.max(0.0);
    let one_se = finite.rev().find(|place| cost(place) <= bound)?;
    Some((min, one_se.max(min)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_standard_error_means_the_stronger() {
        let numbers = |values: &[f64]| values.iter().copied().map(Number).collect::<Vec<_>>();
        let mean = numbers(&[0.9, 0.5, 0.4, 0.45, 0.7]);
        let of = |se: f64| marked(&mean, &numbers(&[se; 5]), Direction::Lower);
        assert_eq!(of(0.04), Some((2, 2)));
        assert_eq!(of(0.06), Some((2, 3)));
        assert_eq!(of(0.31), Some((2, 4)));
        assert_eq!(marked(&mean, &numbers(&[0.1; 5]), Direction::Higher), Some((0, 0)));
        assert_eq!(marked(&numbers(&[f64::NAN; 2]), &mean, Direction::Lower), None);
    }
}

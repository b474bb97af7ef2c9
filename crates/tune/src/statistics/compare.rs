//! One against another on the same seeds: better, worse, or not to be told apart.

use super::wilcoxon::smallest_p;
use super::{Interval, bootstrap, holm, paired_t, smallest_detectable, wilcoxon};
use crate::Error;
use serde::Serialize;
use std::fmt;
use wellfit_core::number::Fraction;
use wellfit_core::seed::Seed;

/// What may be said of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Better than chance explains.
    Better,
    /// Worse than chance explains.
    Worse,
    /// Chance explains it as well.
    Inconclusive,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Better => "better",
            Self::Worse => "worse",
            Self::Inconclusive => "inconclusive",
        })
    }
}

/// Which test gave the p-value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Wilcoxon's signed-rank test, exact.
    Wilcoxon,
    /// Student's paired t-test, where so few pairs could never convince Wilcoxon's.
    T,
}

/// Paired differences, judged.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Comparison {
    /// Pairs.
    pub pairs: usize,
    /// Mean of the differences; above zero is better.
    pub mean: f64,
    /// Lower end of its bootstrap interval.
    pub low: f64,
    /// Upper end of its bootstrap interval.
    pub high: f64,
    /// Which test.
    pub method: Method,
    /// Its p-value, corrected for all comparisons that were made together (Holm).
    pub p: f64,
    /// The smallest true difference that four such experiments in five would have shown.
    pub detectable: f64,
    /// What may be said.
    pub verdict: Verdict,
}

/// Judges several candidates against the same baseline. Each has its differences, candidate minus
/// baseline on the same seed and split, in the unit of the metric with more being better.
///
/// A verdict needs both: a corrected p below `level`, and an interval that leaves zero out.
///
/// # Errors
/// [`Error::Sample`] for less than two pairs, and for differences that are not finite.
pub fn compare(
    candidates: &[Vec<f64>],
    level: Fraction,
    seed: Seed,
) -> Result<Vec<Comparison>, Error> {
    let tested: Vec<(Method, f64)> =
        candidates.iter().map(|d| test(d, level, candidates.len())).collect::<Result<_, _>>()?;
    let raw: Vec<f64> = tested.iter().map(|(_, p)| *p).collect();
    let corrected = holm(&raw);
    let confidence = Fraction::new(1.0 - level.get()).unwrap_or(Fraction::HALF);
    let judged = candidates.iter().zip(tested).zip(corrected).enumerate();
    judged
        .map(|(number, ((differences, (method, _)), p))| {
            let stream = seed.stream(&format!("tune.bootstrap.{number}"));
            let Interval { low, high } = bootstrap(differences, confidence, stream)?;
            let convinced = p < level.get();
            let verdict = match (convinced && low > 0.0, convinced && high < 0.0) {
                (true, _) => Verdict::Better,
                (_, true) => Verdict::Worse,
                _ => Verdict::Inconclusive,
            };
            let (pairs, mean) = (differences.len(), super::mean(differences));
            let detectable = smallest_detectable(differences, level)?;
            Ok(Comparison { pairs, mean, low, high, method, p, detectable, verdict })
        })
        .collect()
}

fn test(differences: &[f64], level: Fraction, together: usize) -> Result<(Method, f64), Error> {
    super::check("a comparison", differences, 2)?;
    if smallest_p(differences.len()) * (together as f64) < level.get() {
        return Ok((Method::Wilcoxon, wilcoxon(differences).p));
    }
    Ok((Method::T, paired_t(differences)?.p))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level() -> Fraction {
        Fraction::new(0.05).unwrap()
    }

    fn one(differences: &[f64]) -> Comparison {
        compare(&[differences.to_vec()], level(), Seed::new(1)).unwrap()[0]
    }

    #[test]
    fn a_clear_gain_is_better_and_its_mirror_worse() {
        let gain = [1.2, 0.9, 1.5, 0.7, 1.1, 1.3, 0.8, 1.0];
        let better = one(&gain);
        assert_eq!((better.verdict, better.method), (Verdict::Better, Method::Wilcoxon));
        assert!(better.low > 0.7 && better.high < 1.5 && better.detectable < 0.4);
        let worse = one(&gain.map(|d| -d));
        assert_eq!((worse.verdict, worse.p), (Verdict::Worse, better.p));
    }

    #[test]
    fn few_pairs_are_tested_by_t() {
        assert_eq!(one(&[1.0, 1.1, 0.9, 1.05]).method, Method::T);
        assert_eq!(one(&[1.0, 1.1, 0.9, 1.05]).verdict, Verdict::Better);
        assert_eq!(one(&[1.0, -1.1, 0.9, 0.05]).verdict, Verdict::Inconclusive);
    }

    #[test]
    fn equal_runs_are_inconclusive() {
        let equal = one(&[0.0; 10]);
        assert_eq!((equal.verdict, equal.p, equal.mean), (Verdict::Inconclusive, 1.0, 0.0));
    }

    #[test]
    fn many_candidates_need_more_than_one_alone() {
        let lucky = vec![0.2, 0.5, 0.1, 0.4, -0.05, 0.3, 0.25, 0.15];
        let noise = vec![0.2, -0.5, 0.1, -0.4, 0.5, -0.3, -0.1, 0.35];
        assert_eq!(one(&lucky).verdict, Verdict::Better);
        let mut all = vec![lucky];
        all.extend(vec![noise; 5]);
        let judged = compare(&all, level(), Seed::new(1)).unwrap();
        assert_eq!(judged[0].verdict, Verdict::Inconclusive);
        assert!(judged[0].p > one(&all[0]).p);
    }

    /// Of 500 experiments on nothing but noise, 12.5 should be called better and as many worse, or
    /// fewer, since the interval must agree; 30 is five standard deviations above that.
    #[test]
    fn noise_is_seldom_called_better() {
        for pairs in [5, 10] {
            let (mut better, mut worse) = (0, 0);
            for experiment in 0..500 {
                let mut draw = Seed::new(9).stream("noise").step(experiment);
                let noise: Vec<f64> = (0..pairs).map(|_| draw.standard_normal()).collect();
                match one(&noise).verdict {
                    Verdict::Better => better += 1,
                    Verdict::Worse => worse += 1,
                    Verdict::Inconclusive => (),
                }
            }
            assert!(better <= 30 && worse <= 30 && better + worse >= 5, "{better}, {worse}");
        }
    }
}

//! What a race says: which recipe did best, and whether that is more than chance.

use super::answer::{Baseline, Chosen, Difference, Finalist, Test, moments};
use super::{Answer, Candidate, Ran, Tested};
use crate::{Error, Number};
use std::path::PathBuf;
use wellfit_core::number::Fraction;
use wellfit_core::run::Direction;
use wellfit_core::seed::Seed;
use wellfit_diagnose::Diagnosis;
use wellfit_tune::statistics::{Comparison, Method, Verdict, compare};

/// A recipe and its runs, pair by pair.
#[derive(Clone, Copy)]
pub struct Lane<'a> {
    /// The recipe.
    pub of: &'a Candidate,
    /// Its runs.
    pub runs: &'a [Ran],
}

impl Lane<'_> {
    fn values(&self) -> Vec<f64> {
        self.runs.iter().map(|run| run.value).collect()
    }
}

/// A race, judged.
pub struct Judgement<'a> {
    plain: Lane<'a>,
    lanes: Vec<Lane<'a>>,
    /// One for each lane; none for one that diverged in some pair.
    compared: Vec<Option<Comparison>>,
    metric: &'a str,
}

impl<'a> Judgement<'a> {
    /// Compares all lanes with plain, on the series `metric`.
    ///
    /// # Errors
    /// None for two pairs or more.
    pub fn of(
        plain: Lane<'a>,
        lanes: Vec<Lane<'a>>,
        metric: &'a str,
        level: Fraction,
        seed: Seed,
    ) -> Result<Self, Error> {
        let direction = Direction::of(metric);
        let gains = |lane: &Lane<'_>| -> Vec<f64> {
            let pairs = plain.runs.iter().zip(lane.runs);
            pairs.map(|(a, b)| direction.as_cost(a.value) - direction.as_cost(b.value)).collect()
        };
        let all: Vec<Vec<f64>> = lanes.iter().map(gains).collect();
        let is_sound = |gains: &Vec<f64>| gains.iter().all(|gain| gain.is_finite());
        let sound: Vec<Vec<f64>> = all.iter().filter(|gains| is_sound(gains)).cloned().collect();
        let mut judged = compare(&sound, level, seed)?.into_iter();
        let mut compared: Vec<Option<Comparison>> =
            all.iter().map(|gains| is_sound(gains).then(|| judged.next())?).collect();
        for (lane, compared) in lanes.iter().zip(&mut compared) {
            if let Some(compared) = compared.as_mut().filter(|one| one.verdict == Verdict::Better) {
                let over =
                    |run: &Ran| direction.as_cost(run.constant) - direction.as_cost(run.value);
                let gains: Vec<f64> = lane.runs.iter().map(over).collect();
                // Closer to an answer that is always the same is no cure.
                if compare(&[gains], level, seed)?.iter().any(|c| c.verdict != Verdict::Better) {
                    compared.verdict = Verdict::Inconclusive;
                }
            }
        }
        Ok(Self { plain, lanes, compared, metric })
    }

    /// The place of the lane with the greatest mean gain over plain; none where none is above 0.
    fn best(&self) -> Option<(usize, &Comparison)> {
        let sound = self.compared.iter().enumerate();
        let sound = sound.filter_map(|(place, compared)| Some((place, compared.as_ref()?)));
        let sound = sound.filter(|(_, compared)| compared.mean > 0.0);
        // Of equals the first, which did better in the search.
        sound.reduce(|best, next| if next.1.mean > best.1.mean { next } else { best })
    }

    /// The lane that did best; plain where none did better.
    pub fn chosen(&self) -> Lane<'a> {
        self.best().and_then(|(place, _)| self.lanes.get(place)).copied().unwrap_or(self.plain)
    }

    /// Comparisons with plain, lane by lane; none for one that diverged.
    pub fn compared(&self) -> &[Option<Comparison>] {
        &self.compared
    }

    /// Places, plain being 0, of the lanes that make an ensemble: none of them diverged.
    pub fn sound(&self) -> Vec<usize> {
        let sound = |(place, compared): (usize, &Option<Comparison>)| {
            compared.is_some().then_some(place + 1)
        };
        self.compared.iter().enumerate().filter_map(sound).collect()
    }

    /// All in numbers. Trials, time and study are the search's to fill in.
    pub fn answer(&self, tested: &(Vec<Tested>, Tested), diagnosis: Diagnosis) -> Answer {
        let best = self.best();
        let chosen = self.chosen();
        let none = Difference {
            mean: Number(0.0),
            low: Number(0.0),
            high: Number(0.0),
            p: Number(1.0),
            method: Method::T,
            detectable: Number(f64::NAN),
            verdict: Verdict::Inconclusive,
        };
        let difference = best.map_or(none, |(_, compared)| compared.into());
        let (mean, sd) = moments(&self.plain.values());
        let last: Vec<f64> = self.plain.runs.iter().map(|run| run.last).collect();
        let numbers = |values: Vec<f64>| values.into_iter().map(Number).collect();
        let baseline = Baseline {
            metric: self.metric.to_owned(),
            mean,
            sd,
            per_seed: numbers(self.plain.values()),
            last_epoch: moments(&last).0,
        };
        let (mean, sd) = moments(&chosen.values());
        let (name, per_seed) = (chosen.of.name.clone(), numbers(chosen.values()));
        let chosen = Chosen { recipe: chosen.of.absolute(), name, mean, sd, per_seed };
        Answer {
            schema: 1,
            baseline,
            chosen,
            difference,
            accepted: difference.verdict == Verdict::Better,
            test: self.test(tested),
            finalists: self.finalists(),
            band: None,
            foresight: None,
            diagnosis,
            trials: 0,
            seconds: 0.0,
            study: PathBuf::new(),
        }
    }

    fn finalists(&self) -> Vec<Finalist> {
        let finalist = |(lane, compared): (&Lane<'_>, &Option<Comparison>)| {
            let (name, mean) = (lane.of.name.clone(), moments(&lane.values()).0);
            Some(Finalist { name, mean, difference: compared.as_ref()?.into() })
        };
        self.lanes.iter().zip(&self.compared).filter_map(finalist).collect()
    }

    fn test(&self, (alone, together): &(Vec<Tested>, Tested)) -> Option<Test> {
        let metric = self.metric.split_once('.').map_or(self.metric, |(_, metric)| metric);
        let mean = |tested: &Tested| {
            let values: Vec<f64> =
                tested.iter().filter_map(|metrics| metrics.get(metric)).collect();
            moments(&values).0
        };
        let plain = alone.first().filter(|tested| !tested.is_empty())?;
        // By place: several lanes may have the same techniques, and so the same name.
        let chosen = self.best().and_then(|(place, _)| alone.get(place + 1)).unwrap_or(plain);
        let ensemble = if together.is_empty() { plain } else { together };
        Some(Test { baseline: mean(plain), chosen: mean(chosen), ensemble: mean(ensemble) })
    }
}

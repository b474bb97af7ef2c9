//! Single techniques against each other: each alone, and each left out.

use super::files::claim;
use super::judgement::{Judgement, Lane};
use super::{Candidate, Difference, Observer, Race, Ran, Settings};
use crate::{Error, Experiment, Number};
use serde::Serialize;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use toml::Table;
use wellfit_nn::technique::shelf;

/// Techniques of a recipe, or named ones, compared on the same seeds and splits.
pub struct Comparing<'a> {
    /// The recipe.
    pub experiment: &'a Experiment,
    /// Where runs are kept, so that it can be stopped and goes on.
    pub out: PathBuf,
    /// Runs at the same time. The cost of a step is that of runs beside each other.
    pub workers: NonZeroUsize,
    /// Who looks on.
    pub observer: &'a dyn Observer,
}

/// The last line of `wellfit compare --json`.
#[derive(Debug, Clone, Serialize)]
pub struct Compared {
    /// Version of this object's layout.
    pub schema: u32,
    /// The series by which recipes are compared.
    pub metric: String,
    /// Pairs of seed and split.
    pub pairs: usize,
    /// Each technique alone, against plain.
    pub added: Against,
    /// The recipe without each of its techniques, against the whole recipe; none for less than two.
    pub left_out: Option<Against>,
}

/// Recipes against one.
#[derive(Debug, Clone, Serialize)]
pub struct Against {
    /// What they are compared with.
    pub baseline: Row,
    /// The others.
    pub rows: Vec<Row>,
}

/// One recipe of a comparison.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// What it is.
    pub name: String,
    /// Mean of the metric over the pairs.
    pub mean: Number,
    /// Against the baseline, which has none; nor has one that diverged.
    pub difference: Option<Difference>,
    /// Time of a step, in that of the plain recipe; none where the runs were there already.
    pub cost: Option<Number>,
}

impl Comparing<'_> {
    /// Runs all pairs; none where it was stopped. Without names, the techniques are the recipe's
    /// own.
    ///
    /// # Errors
    /// A name that is none, techniques that do not fit the model, files that cannot be written.
    pub fn run(&self, wanted: &[String]) -> Result<Option<Compared>, Error> {
        let settings = Settings::of(self.experiment)?;
        let metric = settings.metric(self.experiment);
        let whole = Candidate::whole(self.experiment)?;
        let plain = whole.plain();
        let alone = self.alone(&whole, &plain, wanted)?;
        let own = whole.techniques();
        let without: Vec<Candidate> = match own.len() {
            0 | 1 => Vec::new(),
            _ => own.iter().map(|id| whole.without(id)).collect(),
        };
        let mut everyone = vec![("plain".to_owned(), &plain)];
        everyone.extend(alone.iter().map(|one| (format!("alone-{}", one.name), one)));
        if !without.is_empty() {
            everyone.push(("whole".to_owned(), &whole));
            everyone.extend(own.iter().map(|id| format!("without-{id}")).zip(&without));
        }
        for (_, candidate) in &everyone {
            candidate.experiment(None, &self.experiment.data)?;
        }
        claim(&self.out, self.experiment)?;
        let entrants: Vec<(&str, &Candidate)> =
            everyone.iter().map(|(file, one)| (file.as_str(), *one)).collect();
        let race = Race {
            experiment: self.experiment,
            pairs: settings.seeds as u64,
            folder: self.out.join("race"),
            metric: metric.clone(),
            workers: self.workers,
            observer: self.observer,
        };
        let Some(ran) = race.run(&entrants)? else { return Ok(None) };
        let lanes: Vec<Lane<'_>> =
            entrants.iter().zip(&ran).map(|((_, of), runs)| Lane { of, runs }).collect();
        let cost = step_time(lanes[0].runs);
        let judge = |from: usize, to: usize| -> Result<Against, Error> {
            let (baseline, others) = (lanes[from], lanes[from + 1..to].to_vec());
            let (level, seed) = (settings.level, self.experiment.seed);
            let judged = Judgement::of(baseline, others.clone(), &metric, level, seed)?;
            let differences =
                judged.compared().iter().map(|one| one.as_ref().map(Difference::from));
            let rows = others.iter().zip(differences).map(|(lane, of)| row(lane, of, cost));
            Ok(Against { baseline: row(&baseline, None, cost), rows: rows.collect() })
        };
        let added = judge(0, alone.len() + 1)?;
        let left_out = match without.is_empty() {
            true => None,
            false => Some(judge(alone.len() + 1, lanes.len())?),
        };
        Ok(Some(Compared { schema: 1, metric, pairs: settings.seeds, added, left_out }))
    }

    /// Plain and one technique: with the recipe's values where it has it, with those of the card's
    /// example else.
    fn alone(
        &self,
        whole: &Candidate,
        plain: &Candidate,
        wanted: &[String],
    ) -> Result<Vec<Candidate>, Error> {
        let own = whole.techniques();
        let ids = if wanted.is_empty() { &own } else { wanted };
        if ids.is_empty() {
            return Err(refused("the recipe has no technique to compare".to_owned()));
        }
        let alone = |id: &String| {
            let card = shelf().map(|shelved| shelved.card).find(|card| card.id == id.as_str());
            let Some(card) = card else {
                return Err(refused(format!("there is no technique `{id}`")));
            };
            let example = format!("value = {}", card.example).parse::<Table>().ok();
            let example = example.and_then(|table| table.get("value")?.as_table().cloned());
            let values = whole.values(id).or(example).unwrap_or_default();
            Ok(plain.with(id, vec![(id.clone(), values)]))
        };
        ids.iter().map(alone).collect()
    }
}

fn refused(message: String) -> Error {
    let hint = Some("name some of those that `wellfit techniques` lists".to_owned());
    wellfit_core::Error::Recipe { message, hint, place: None }.into()
}

fn row(lane: &Lane<'_>, difference: Option<Difference>, plain: Option<f64>) -> Row {
    let values: Vec<f64> = lane.runs.iter().map(|run| run.value).collect();
    let mean = Number(values.iter().sum::<f64>() / values.len() as f64);
    let cost = plain.and_then(|plain| Some(Number(step_time(lane.runs)? / plain)));
    Row { name: lane.of.name.clone(), mean, difference, cost }
}

/// The median time of a step, of the runs that were timed.
fn step_time(runs: &[Ran]) -> Option<f64> {
    let mut times: Vec<f64> =
        runs.iter().filter_map(|run| Some(run.seconds? / run.steps.max(1) as f64)).collect();
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied()
}

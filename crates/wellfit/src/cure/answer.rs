//! What a search for a cure found, as numbers.

use super::Band;
use crate::Number;
use serde::Serialize;
use std::path::PathBuf;
use wellfit_diagnose::Diagnosis;
use wellfit_tune::halving::Foresight;
use wellfit_tune::statistics::{Comparison, Method, Verdict};

/// The last line of `wellfit tune --json`.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    /// Version of this object's layout.
    pub schema: u32,
    /// The plain recipe in the race.
    pub baseline: Baseline,
    /// The recipe that did best in the race.
    pub chosen: Chosen,
    /// Chosen against plain, pair by pair.
    pub difference: Difference,
    /// Whether the chosen recipe is proven better; otherwise plain is what to keep.
    pub accepted: bool,
    /// On the test rows, opened once, mean over the pairs; none without test rows.
    pub test: Option<Test>,
    /// All that raced, in the order of the search.
    pub finalists: Vec<Finalist>,
    /// The metric against the λ of the chosen recipe; none where it has none.
    pub band: Option<Band>,
    /// How well the first rung of the search foretold the last.
    pub foresight: Option<Foresight>,
    /// What was wrong with the plain recipe.
    pub diagnosis: Diagnosis,
    /// Trials of the search.
    pub trials: usize,
    /// How long all took; of a search that was stopped, the last part.
    pub seconds: f64,
    /// The study file.
    pub study: PathBuf,
}

/// The plain recipe in the race.
#[derive(Debug, Clone, Serialize)]
pub struct Baseline {
    /// The series by which recipes are compared.
    pub metric: String,
    /// Mean over the pairs, at the best epochs.
    pub mean: Number,
    /// Standard deviation over the pairs.
    pub sd: Number,
    /// One for each pair.
    pub per_seed: Vec<Number>,
    /// Mean over the pairs at the last epochs: without going back to the best.
    pub last_epoch: Number,
}

/// A recipe in the race.
#[derive(Debug, Clone, Serialize)]
pub struct Chosen {
    /// The recipe as TOML.
    pub recipe: String,
    /// Its techniques, as `dropout + mixup`.
    pub name: String,
    /// Mean over the pairs.
    pub mean: Number,
    /// Standard deviation over the pairs.
    pub sd: Number,
    /// One for each pair.
    pub per_seed: Vec<Number>,
}

/// A paired difference; above zero is better, whatever the metric.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Difference {
    /// Mean.
    pub mean: Number,
    /// Lower end of the interval.
    pub low: Number,
    /// Upper end of the interval.
    pub high: Number,
    /// P-value, corrected for all finalists.
    pub p: Number,
    /// The test.
    pub method: Method,
    /// The smallest true difference that four such races in five would have shown.
    pub detectable: Number,
    /// What may be said.
    pub verdict: Verdict,
}

impl From<&Comparison> for Difference {
    fn from(of: &Comparison) -> Self {
        Self {
            mean: Number(of.mean),
            low: Number(of.low),
            high: Number(of.high),
            p: Number(of.p),
            method: of.method,
            detectable: Number(of.detectable),
            verdict: of.verdict,
        }
    }
}

/// One that raced.
#[derive(Debug, Clone, Serialize)]
pub struct Finalist {
    /// Its techniques.
    pub name: String,
    /// Mean over the pairs.
    pub mean: Number,
    /// Against plain.
    pub difference: Difference,
}

/// The metric on the test rows.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Test {
    /// Plain.
    pub baseline: Number,
    /// Chosen.
    pub chosen: Number,
    /// All finalists together, their probabilities averaged.
    pub ensemble: Number,
}

impl Answer {
    /// The answer in words.
    pub fn sentence(&self) -> String {
        let Difference { mean, p, detectable, verdict, .. } = self.difference;
        let name = &self.chosen.name;
        if verdict == Verdict::Better {
            let (mean, p) = (mean.0, p.0);
            return format!(
                "{name} is better than plain by {mean:.4} (p = {p:.4}): go on with chosen.toml"
            );
        }
        if self.chosen.name == "plain" {
            return "plain was fine: nothing that was tried did better on fresh seeds and splits"
                .to_owned();
        }
        format!(
            "plain was fine: {name} gains {:+.4}, which chance explains (p = {:.4}); a gain of {:.4} \
             would have been seen four times in five",
            mean.0, p.0, detectable.0
        )
    }
}

/// Mean and standard deviation.
pub(super) fn moments(values: &[f64]) -> (Number, Number) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (Number(mean), Number((squares / (n - 1.0)).sqrt()))
}

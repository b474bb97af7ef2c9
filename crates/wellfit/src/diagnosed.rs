//! A log with its diagnosis, and no more of its values than is shown.

use serde_json::{Value, json};
use wellfit_core::run::{Part, Run, Series};
use wellfit_diagnose::read::{Axis, Log};
use wellfit_diagnose::{Chosen, Diagnosis, diagnose};
use wellfit_plot::{Chart, Curve};

/// Points of a series that are kept where there are many logs.
const FEW_POINTS: usize = 2000;
/// Panels of one run; more are no longer looked at.
const MOST_PANELS: usize = 8;

/// What was found in a log.
#[derive(Debug, Clone)]
pub struct Diagnosed {
    /// The diagnosis; its series are named `part.metric`.
    pub diagnosis: Diagnosis,
    /// The same series under the names that the log gives them.
    pub columns: Chosen,
    /// The series that were logged.
    pub run: Run,
    /// What is counted along the axis.
    pub axis: Axis,
}

/// A series by its part and metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeriesName<'a> {
    /// Whose values.
    pub part: Part,
    /// Of what.
    pub metric: &'a str,
}

impl<'a> SeriesName<'a> {
    /// Takes `part.metric` apart; none where it is not that.
    pub fn of(words: &'a str) -> Option<Self> {
        let parts = [Part::Train, Part::Online, Part::Validation, Part::Test];
        let (part, metric) = words.split_once('.')?;
        let part = parts.into_iter().find(|known| known.name() == part)?;
        Some(Self { part, metric })
    }
}

impl Diagnosed {
    /// Diagnoses a log. Of one among many, long series are thinned and what is not judged is let
    /// go, so that a thousand logs fit into memory.
    pub fn of(log: Log, among_many: bool) -> Self {
        let mut diagnosis = diagnose(&log.run);
        diagnosis.path = Some(log.path.display().to_string());
        diagnosis.format = Some(log.format.name().to_owned());
        diagnosis.warnings.splice(0..0, log.warnings.iter().cloned());
        let column = |words: &Option<String>| {
            let name = SeriesName::of(words.as_deref()?)?;
            let known = log.column(name.part, name.metric).map(str::to_owned);
            known.or_else(|| words.clone())
        };
        let series = &diagnosis.series;
        let columns = Chosen {
            train: column(&series.train),
            validation: column(&series.validation),
            metric: column(&series.metric),
        };
        let mut found = Self { columns, axis: log.axis, run: log.run, diagnosis };
        if among_many {
            found.slim();
        }
        found
    }

    fn slim(&mut self) {
        let shown = self.metrics();
        let shown: Vec<String> = shown.into_iter().map(str::to_owned).collect();
        self.run.series.retain(|series| shown.contains(&series.metric));
        for Series { points, .. } in &mut self.run.series {
            let step = points.len().div_ceil(FEW_POINTS).max(1);
            let last = points.len().saturating_sub(1);
            let mut at = 0..points.len();
            points.retain(|_| at.next().is_none_or(|at| at % step == 0 || at == last));
            points.shrink_to_fit();
        }
        self.run.series.shrink_to_fit();
    }

    /// The metrics that were judged: the loss or what stands for it, and the other metric.
    pub fn metrics(&self) -> Vec<&str> {
        let series = &self.diagnosis.series;
        let judged = [series.validation.as_ref().or(series.train.as_ref()), series.metric.as_ref()];
        let names = judged.into_iter().flatten().filter_map(|words| SeriesName::of(words));
        let mut metrics: Vec<&str> = names.map(|name| name.metric).collect();
        metrics.dedup();
        metrics
    }

    /// All metrics that are worth a panel: the judged ones first, then the others.
    pub fn shown(&self) -> Vec<String> {
        let mut shown: Vec<String> = self.metrics().into_iter().map(str::to_owned).collect();
        for series in &self.run.series {
            if !shown.contains(&series.metric) {
                shown.push(series.metric.clone());
            }
        }
        shown.truncate(MOST_PANELS);
        shown
    }

    /// A run with the best epoch that was found, and the onset where it overfits.
    pub fn marked<'a>(&self, run: &'a Run) -> Curve<'a> {
        let curve = Curve::new(run).best_or_none(self.diagnosis.best_epoch);
        match self.diagnosis.onset_epoch {
            Some(onset) => curve.onset(onset),
            None => curve,
        }
    }

    /// The curves that answer the pointer.
    pub fn chart(&self) -> Chart {
        Chart::of(&self.marked(&self.run), &self.shown(), self.axis.name())
    }

    /// The verdict with what belongs to it: `overfit since epoch 5`.
    pub fn headline(&self) -> String {
        let Diagnosis { verdict, onset_epoch, .. } = &self.diagnosis;
        match onset_epoch {
            Some(onset) => format!("{verdict} since {} {onset}", self.axis.name()),
            None => verdict.to_string(),
        }
    }

    /// The run of `wellfit diagnose --json`: the diagnosis with the log's own names of its series, and
    /// whole numbers for epochs that are whole.
    pub fn json(&self) -> Value {
        // Numbers that are not finite are null, and all else has a JSON form.
        let mut run = serde_json::to_value(&self.diagnosis).unwrap_or_default();
        run["series"] = serde_json::to_value(&self.columns).unwrap_or_default();
        run["best_epoch"] = whole(self.diagnosis.best_epoch);
        run["onset_epoch"] = whole(self.diagnosis.onset_epoch);
        run
    }
}

/// An epoch as a whole number where it is one, as the log wrote it.
pub fn whole(epoch: Option<f64>) -> Value {
    match epoch {
        Some(whole) if whole.fract() == 0.0 && whole.abs() < 1e15 => json!(whole as i64),
        other => json!(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn epochs_are_numbered_as_in_the_log() {
        let written = [Some(5.0), Some(2.5), None, Some(f64::NAN)].map(|e| whole(e).to_string());
        assert_eq!(written, ["5", "2.5", "null", "null"]);
    }
}

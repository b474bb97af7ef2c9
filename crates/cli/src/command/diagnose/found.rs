//! A log with its diagnosis, and no more of its values than is shown.

use wellfit::diagnose::read::{Axis, Log};
use wellfit::diagnose::{Chosen, Diagnosis, diagnose};
use wellfit::prelude::{Part, Run, Series};

/// Points of a series that are kept where there are many logs.
const FEW_POINTS: usize = 2000;

/// What was found in a log.
pub struct Found {
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
pub struct Name<'a> {
    pub part: Part,
    pub metric: &'a str,
}

/// Takes `part.metric` apart.
pub fn name(words: &str) -> Option<Name<'_>> {
    let parts = [Part::Train, Part::Online, Part::Validation, Part::Test];
    let (part, metric) = words.split_once('.')?;
    let part = parts.into_iter().find(|known| known.name() == part)?;
    Some(Name { part, metric })
}

impl Found {
    /// Diagnoses a log. Of one among many, long series are thinned and what is not judged is let
    /// go, so that a thousand logs fit into memory.
    pub fn of(log: Log, among_many: bool) -> Self {
        let mut diagnosis = diagnose(&log.run);
        diagnosis.path = Some(log.path.display().to_string());
        diagnosis.format = Some(log.format.name().to_owned());
        diagnosis.warnings.splice(0..0, log.warnings.iter().cloned());
        let column = |words: &Option<String>| {
            let name = name(words.as_deref()?)?;
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
        let names = judged.into_iter().flatten().filter_map(|words| name(words));
        let mut metrics: Vec<&str> = names.map(|name| name.metric).collect();
        metrics.dedup();
        metrics
    }

    /// The verdict with what belongs to it: `overfit since epoch 5`.
    pub fn headline(&self) -> String {
        let Diagnosis { verdict, onset_epoch, .. } = &self.diagnosis;
        match onset_epoch {
            Some(onset) => format!("{verdict} since {} {onset}", self.axis.name()),
            None => verdict.to_string(),
        }
    }
}

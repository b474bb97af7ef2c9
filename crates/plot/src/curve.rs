//! What a learning curve is asked to show, checked once for SVG, PNG and terminal.

use crate::svg::number;
use crate::{Error, scale::Scale, scale::drawable};
use wellfit_core::run::{Direction, Part, Run, Series};

/// The parts of the data that a learning curve shows, the most important last and so on top. The
/// test set is opened once and has no curve.
pub(crate) const PARTS: [Part; 3] = [Part::Online, Part::Train, Part::Validation];

/// A run with the epochs to mark in it.
#[derive(Debug, Clone, Copy)]
pub struct Curve<'a> {
    pub(crate) run: &'a Run,
    pub(crate) best: Option<f64>,
    pub(crate) stop: Option<f64>,
    pub(crate) onset: Option<f64>,
}

impl<'a> Curve<'a> {
    /// Marks the epoch of the lowest validation loss as best: the first of equals, none when
    /// fewer than two losses are finite.
    pub fn new(run: &'a Run) -> Self {
        let best = run.get(Part::Validation, "loss").and_then(lowest);
        Self { run, best, stop: None, onset: None }
    }

    /// Marks no epoch as best but this one, if any.
    pub fn best_or_none(mut self, epoch: Option<f64>) -> Self {
        self.best = epoch;
        self
    }

    /// Marks another epoch as best, such as that of a monitored metric.
    pub fn best(mut self, epoch: f64) -> Self {
        self.best = Some(epoch);
        self
    }

    /// Marks the epoch after which training was stopped.
    pub fn stop(mut self, epoch: f64) -> Self {
        self.stop = Some(epoch);
        self
    }

    /// Marks the epoch since which the run overfits.
    pub fn onset(mut self, epoch: f64) -> Self {
        self.onset = Some(epoch);
        self
    }

    /// The marked epochs with their names.
    pub(crate) fn marks(&self) -> impl Iterator<Item = (&'static str, f64)> {
        [("best", self.best), ("stop", self.stop), ("onset", self.onset)]
            .into_iter()
            .filter_map(|(what, epoch)| Some((what, epoch?)))
    }

    /// The words for each marked epoch: `best 3`, `best and onset 5`.
    pub(crate) fn labels(&self) -> Vec<(String, f64)> {
        let mut named: Vec<(String, f64)> = Vec::new();
        for (what, epoch) in self.marks() {
            match named.iter_mut().find(|mark| mark.1 == epoch) {
                Some((names, _)) => names.push_str(&format!(" and {what}")),
                None => named.push((what.to_owned(), epoch)),
            }
        }
        let worded = |(names, epoch)| (format!("{names} {}", number(epoch)), epoch);
        named.into_iter().map(worded).collect()
    }

    /// The series that one panel shows of this run.
    pub(crate) fn series(&self, metric: &str) -> impl Iterator<Item = &'a Series> {
        let run = self.run;
        PARTS.into_iter().filter_map(move |part| run.get(part, metric))
    }
}

fn lowest(series: &Series) -> Option<f64> {
    let points = || series.points.iter().filter(|p| drawable(p.0) && drawable(p.1));
    let lowest = points().min_by(|a, b| a.1.total_cmp(&b.1))?;
    (points().count() > 1).then_some(lowest.0)
}

/// The words around a learning curve and what it shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The headline; none when empty.
    pub title: String,
    /// One sentence under the headline that says what to see; none when empty.
    pub verdict: String,
    /// The metric below the loss, such as `accuracy` or `r2`; none when empty.
    pub metric: String,
    /// The metric in the first place, such as `rmse`; `loss` when empty.
    pub loss: String,
    /// What is counted along the axis, such as `step`; `epoch` when empty.
    pub axis: String,
}

impl Options {
    pub(crate) fn loss(&self) -> &str {
        if self.loss.is_empty() { "loss" } else { &self.loss }
    }

    pub(crate) fn axis(&self) -> &str {
        if self.axis.is_empty() { "epoch" } else { &self.axis }
    }
}

/// A request whose metrics and markers exist.
pub(crate) struct Checked<'a> {
    /// Metrics to draw, one panel each, the loss first.
    pub metrics: Vec<&'a str>,
    /// The axis of epochs that all panels share.
    pub epochs: Scale,
}

/// Checks that there is something to draw and that every marker lies on the axis.
pub(crate) fn check<'a>(curves: &[Curve], options: &'a Options) -> Result<Checked<'a>, Error> {
    let logged = |metric: &str| curves.iter().any(|c| c.series(metric).next().is_some());
    let metric = options.metric.as_str();
    let names = names(curves);
    if !metric.is_empty() && !logged(metric) && !names.is_empty() {
        return Err(Error::Metric { expected: names.join(", "), found: metric.to_owned() });
    }
    let mut metrics = vec![options.loss(), metric];
    metrics.dedup();
    metrics.retain(|m| logged(m));
    let series = curves.iter().flat_map(|c| metrics.iter().flat_map(|m| c.series(m)));
    let epochs = series.flat_map(|s| &s.points).map(|p| p.0).filter(|e| drawable(*e));
    let epochs: Vec<f64> = epochs.collect();
    let axis = Scale::of_epochs(&epochs).ok_or(Error::Empty)?;
    let first = epochs.iter().copied().fold(f64::INFINITY, f64::min);
    let last = epochs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    for curve in curves {
        let outside = curve.marks().find(|mark| !(first..=last).contains(&mark.1));
        if let Some((what, found)) = outside {
            let run = curve.run.name.clone();
            return Err(Error::Marker { what, run, first, last, found });
        }
    }
    Ok(Checked { metrics, epochs: axis })
}

/// The metrics that could be drawn.
fn names<'a>(curves: &[Curve<'a>]) -> Vec<&'a str> {
    let series = curves.iter().flat_map(|c| &c.run.series).filter(|s| PARTS.contains(&s.part));
    let mut names: Vec<&str> = series.map(|s| s.metric.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The axis of values that all runs share in the panel of `metric`; none when nothing is finite.
/// Losses and errors may be logarithmic.
pub(crate) fn values(curves: &[Curve], metric: &str) -> Option<Scale> {
    let series = curves.iter().flat_map(|c| c.series(metric));
    let points = series.flat_map(|s| &s.points).filter(|p| drawable(p.0));
    Scale::of_values(points.map(|p| p.1), Direction::of(metric) == Direction::Lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(losses: &[f64]) -> Run {
        let mut run = Run::new("r");
        for (i, loss) in losses.iter().enumerate() {
            run.push(Part::Validation, "loss", i as f64 + 1.0, *loss);
        }
        run
    }

    #[test]
    fn best_is_the_first_lowest_finite_validation_loss() {
        let best = |losses: &[f64]| Curve::new(&run(losses)).best;
        assert_eq!(best(&[3.0, 1.0, 2.0, 1.0]), Some(2.0));
        assert_eq!(best(&[f64::NAN, 2.0, f64::NEG_INFINITY, 1.0]), Some(4.0));
        assert_eq!(best(&[3.0]), None);
        assert_eq!(best(&[f64::NAN, f64::NAN]), None);
    }

    #[test]
    fn errors_name_what_is_wrong() {
        let logged = run(&[2.0, 1.0]);
        let options = Options { metric: "accuracy".into(), ..Options::default() };
        let error =
            |curves: &[Curve], options: &Options| check(curves, options).err().unwrap().to_string();
        assert_eq!(
            error(&[Curve::new(&logged)], &options),
            "no run logged metric `accuracy`; expected one of: loss"
        );
        assert_eq!(
            error(&[Curve::new(&logged).stop(9.0)], &Options::default()),
            "stop epoch of run `r`: expected an epoch between 1 and 2, found 9"
        );
        assert_eq!(error(&[Curve::new(&Run::new("e"))], &options), Error::Empty.to_string());
        assert_eq!(error(&[], &Options::default()), Error::Empty.to_string());
    }
}

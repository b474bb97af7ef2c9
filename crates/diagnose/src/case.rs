//! What the rules look at: the curves of a run, each measured once.

use crate::curve::{Curve, curves};
use crate::diagnosis::Context;
use crate::rule::diverged::{Broken, broken};
use crate::rule::gap::Gap;
use crate::rule::metric_drop::is_traded;
use crate::segment::last_segment;
use crate::trend::End;
use crate::turn::{Turn, leans, turn};
use wellfit_core::run::Run;

/// A run, measured.
pub(crate) struct Case<'a> {
    pub context: &'a Context,
    /// Where the run broke down, if it did.
    pub broken: Option<Broken>,
    /// The loss on validation examples.
    pub loss: Option<Measured>,
    /// The other metrics.
    pub metrics: Vec<Measured>,
}

/// A curve and what was measured on it.
pub(crate) struct Measured {
    pub curve: Curve,
    pub turn: Option<Turn>,
    pub gap: Option<Gap>,
    pub end: Option<End>,
    pub train_end: Option<End>,
}

impl<'a> Case<'a> {
    pub fn new(run: &Run, context: &'a Context) -> Self {
        let (loss, metrics) = curves(run);
        let segment = |curve: &Curve| last_segment(run, curve);
        // Of few points, a loss and a metric that turn together say more than each alone.
        let metric_leans = metrics.iter().any(|metric| leans(metric, 0, true));
        let loss_leans = loss.as_ref().is_some_and(|loss| leans(loss, 0, true));
        let measured = |curve, agrees| Measured::new(segment(&curve), curve, agrees);
        let loss = loss.map(|loss| measured(loss, metric_leans));
        let mut metrics: Vec<Measured> =
            metrics.into_iter().map(|metric| measured(metric, loss_leans)).collect();
        let traded: Vec<bool> = metrics.iter().map(|m| is_traded(m, &metrics)).collect();
        for (metric, _) in metrics.iter_mut().zip(traded).filter(|(_, traded)| *traded) {
            metric.turn = None;
        }
        Self { context, broken: broken(run), loss, metrics }
    }

    /// The loss and then the metrics.
    pub fn all(&self) -> impl Iterator<Item = &Measured> {
        self.loss.iter().chain(&self.metrics)
    }

    /// What the run is judged by: the loss, or without one the first metric.
    pub fn watched(&self) -> Option<&Measured> {
        self.loss.as_ref().or(self.metrics.first())
    }

    /// Number of values of the watched curve.
    pub fn points(&self) -> usize {
        self.watched().map_or(0, |watched| watched.curve.validation.len())
    }
}

impl Measured {
    fn new(segment: usize, curve: Curve, agrees: bool) -> Self {
        let train_end = curve.train.as_deref().and_then(End::of);
        let end = End::of(&curve.validation);
        let turn = turn(&curve, segment, agrees);
        let mut measured = Self { turn, gap: None, end, train_end, curve };
        measured.gap = Gap::of(&measured);
        measured
    }

    /// Whether validation became worse while training did not.
    pub fn has_turned(&self) -> bool {
        self.turn.as_ref().is_some_and(|turn| turn.is_overfit)
    }

    /// Whether validation still got better when the log ended.
    pub fn still_improves(&self) -> bool {
        let curve = &self.curve;
        self.end.is_some_and(|end| end.improves(&curve.validation, curve.smallest_gain(end.level)))
    }

    /// Whether training still got better when the log ended.
    pub fn training_improves(&self) -> bool {
        let (Some(end), Some(train)) = (self.train_end, self.curve.train.as_deref()) else {
            return false;
        };
        end.improves(train, self.curve.smallest_gain(end.level))
    }
}

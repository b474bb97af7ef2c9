//! One metric on training and validation examples, side by side.

use crate::align::aligned;
use crate::kind::Kind;
use wellfit_core::run::{Direction, Part, Run, Series};

/// Share of what a loss had gained that a rise must take back to matter, ...
const OF_GAIN: f64 = 0.05;
/// ... but at least this share of its minimum, ...
const AT_LEAST: f64 = 0.025;
/// ... and at most this: a first value may be arbitrarily high.
const AT_MOST: f64 = 0.1;
/// Fall of an accuracy, an F1 or an R² that matters.
const SCORE: f64 = 0.02;
/// Share of a loss, or difference of a score, that is worth a word.
const NOTICEABLE: (f64, f64) = (0.03, 0.02);
/// The same for a gain from one tenth of a run to the next, after which it is not over.
const GAIN: (f64, f64) = (0.02, 0.005);

/// A metric over epochs. Values are costs: lower is better, and shares run from 0 to 1.
#[derive(Debug, Clone)]
pub(crate) struct Curve {
    pub metric: String,
    pub kind: Kind,
    pub epochs: Vec<f64>,
    /// Finite values on validation examples, or on test examples where there are none.
    pub validation: Vec<f64>,
    /// Values on training examples at the same epochs.
    pub train: Option<Vec<f64>>,
    /// Names of the two series.
    pub validation_name: String,
    pub train_name: Option<String>,
    direction: Direction,
    unit: f64,
}

impl Curve {
    /// The curve of `metric`, when it was measured on validation or test examples.
    fn new(run: &Run, metric: &str) -> Option<Self> {
        let filled = |part| run.get(part, metric).filter(|series| !series.points.is_empty());
        let judged = filled(Part::Validation).or_else(|| filled(Part::Test))?;
        let train = filled(Part::Train).or_else(|| filled(Part::Online));
        let direction = Direction::of(metric);
        let (kind, unit) = Kind::of(metric, direction, judged);
        let cost = |value: f64| direction.as_cost(value) / unit;
        let finite: Vec<(f64, f64)> =
            judged.points.iter().copied().filter(|point| point.1.is_finite()).collect();
        let epochs: Vec<f64> = finite.iter().map(|point| point.0).collect();
        let aligned = train.and_then(|series| aligned(series, &epochs));
        Some(Self {
            metric: metric.to_owned(),
            kind,
            validation: finite.iter().map(|point| cost(point.1)).collect(),
            train_name: aligned.as_ref().and(train).map(Series::name),
            train: aligned.map(|values| values.into_iter().map(cost).collect()),
            epochs,
            validation_name: judged.name(),
            direction,
            unit,
        })
    }

    /// The value that the log shows for a cost.
    pub fn shown(&self, cost: f64) -> f64 {
        self.direction.as_cost(cost) * self.unit
    }

    /// The cost of a model without any error.
    pub fn perfect(&self) -> f64 {
        let best_is_one =
            self.direction == Direction::Higher && matches!(self.kind, Kind::Share | Kind::R2);
        if best_is_one { -1.0 } else { 0.0 }
    }

    /// The smallest rise above `minimum` that matters: a twentieth of what validation had gained
    /// since its first value, within 2.5% and 10% of the minimum; of a score always 0.02.
    pub fn smallest_rise(&self, minimum: f64) -> f64 {
        if self.is_score() {
            return SCORE;
        }
        let gained = self.validation.first().map_or(0.0, |first| first - minimum);
        let size = self.size(minimum);
        // Unlike `clamp`, this takes numbers so large that their differences overflow.
        (OF_GAIN * gained).max(AT_LEAST * size).min(AT_MOST * size)
    }

    /// A difference near `level` that is worth a word.
    pub fn noticeable(&self, level: f64) -> f64 {
        self.part_of(level, NOTICEABLE)
    }

    /// A gain from one tenth of a run to the next that says it is not over.
    pub fn smallest_gain(&self, level: f64) -> f64 {
        self.part_of(level, GAIN)
    }

    /// The first of `shares` of a loss near `level`, or the second, as it is, of a score.
    pub fn part_of(&self, level: f64, shares: (f64, f64)) -> f64 {
        if self.is_score() { shares.1 } else { shares.0 * self.size(level) }
    }

    /// Whether differences have an absolute meaning.
    pub fn is_score(&self) -> bool {
        matches!(self.kind, Kind::Share | Kind::R2)
    }

    /// What a change is compared with: the level, or where a loss can be negative and so its zero
    /// has no meaning, the range that the curve has run through.
    fn size(&self, minimum: f64) -> f64 {
        let lowest = self.validation.iter().copied().fold(f64::INFINITY, f64::min);
        if lowest > 0.0 || self.kind == Kind::Score {
            return minimum.abs();
        }
        self.validation.iter().copied().fold(f64::NEG_INFINITY, f64::max) - lowest
    }

    /// Whether the metric is one that training minimizes.
    fn is_loss(&self) -> bool {
        matches!(self.kind, Kind::Loss | Kind::Error)
    }
}

/// The loss of a run and its other metrics.
///
/// The loss is the series of that name, or else the first loss or error, one with a training twin
/// rather than one without.
pub(crate) fn curves(run: &Run) -> (Option<Curve>, Vec<Curve>) {
    let judged = |series: &&Series| matches!(series.part, Part::Validation | Part::Test);
    let mut names: Vec<&str> = Vec::new();
    for series in run.series.iter().filter(judged) {
        if !names.contains(&series.metric.as_str()) {
            names.push(&series.metric);
        }
    }
    let mut all: Vec<Curve> = names.iter().filter_map(|name| Curve::new(run, name)).collect();
    let rank = |curve: &Curve| (curve.metric != "loss", curve.train.is_none());
    let best = (0..all.len()).filter(|&i| all[i].is_loss()).min_by_key(|&i| rank(&all[i]));
    let loss = best.map(|at| all.remove(at));
    all.retain(|curve| curve.kind != Kind::Loss);
    (loss, all)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Points<'a> = (Part, &'a str, &'a [(f64, f64)]);

    fn run(series: &[Points]) -> Run {
        let mut run = Run::new("r");
        for (part, metric, points) in series {
            points.iter().for_each(|point| run.push(*part, metric, point.0, point.1));
        }
        run
    }

    #[test]
    fn percentages_become_shares_and_are_shown_as_logged() {
        let run = run(&[(Part::Validation, "accuracy", &[(1.0, 72.0), (2.0, 65.0)])]);
        let (loss, metrics) = curves(&run);
        assert!(loss.is_none());
        assert_eq!(
            (metrics[0].kind, &metrics[0].validation[..]),
            (Kind::Share, &[-0.72, -0.65][..])
        );
        assert_eq!(metrics[0].shown(metrics[0].validation[1]), 65.0);
    }

    #[test]
    fn the_loss_is_preferred_and_not_finite_points_are_left_out() {
        let run = run(&[
            (Part::Validation, "mse", &[(1.0, 2.0)]),
            (Part::Validation, "loss", &[(1.0, 2.0), (2.0, f64::NAN), (3.0, 1.0)]),
            (Part::Validation, "r2", &[(1.0, -3.0)]),
        ]);
        let (loss, metrics) = curves(&run);
        let loss = loss.unwrap();
        assert_eq!((loss.metric.as_str(), &loss.epochs[..]), ("loss", &[1.0, 3.0][..]));
        let kinds: Vec<Kind> = metrics.iter().map(|metric| metric.kind).collect();
        assert_eq!(kinds, [Kind::Error, Kind::R2]);
    }
}

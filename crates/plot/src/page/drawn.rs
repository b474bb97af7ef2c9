//! What the script of a page draws, as it goes into JSON.

use super::Chart;
use crate::scale::drawable;
use crate::trace::column;
use serde::Serialize;
use wellfit_core::run::{Direction, Part, Series};

/// Longer series are thinned; about what the widest screen shows.
const MOST_POINTS: usize = 4000;
/// What the script draws of one run.
#[derive(Serialize)]
pub struct Drawn<'a> {
    axis: &'a str,
    marks: Vec<(String, f64)>,
    panels: Vec<Panel<'a>>,
}

#[derive(Serialize)]
pub struct Panel<'a> {
    metric: &'a str,
    /// Whether a logarithmic axis makes sense.
    log: bool,
    lines: Vec<Line>,
}

#[derive(Serialize)]
pub struct Line {
    part: &'static str,
    /// JSON has no word for values that are not finite: they become `null`.
    points: Vec<(f64, f64)>,
}

impl<'a> Drawn<'a> {
    /// What is drawn of a run.
    pub fn of(chart: &'a Chart) -> Self {
        let panel = |metric: &'a String| Panel::of(chart, metric);
        let panels = chart.metrics.iter().map(panel).collect();
        Self { axis: chart.axis, marks: chart.curve.labels(), panels }
    }
}

impl<'a> Panel<'a> {
    fn of(chart: &Chart, metric: &'a str) -> Self {
        let parts = [Part::Online, Part::Train, Part::Test, Part::Validation];
        let series = parts.into_iter().filter_map(|part| chart.curve.run.get(part, metric));
        let lines: Vec<Line> = series.map(line).collect();
        let values = lines.iter().flat_map(|line| &line.points).map(|point| point.1);
        let positive = values.filter(|value| value.is_finite()).all(|value| value > 0.0);
        Self { metric, log: positive && Direction::of(metric) == Direction::Lower, lines }
    }
}

fn line(series: &Series) -> Line {
    let points: Vec<(f64, f64)> =
        series.points.iter().copied().filter(|point| drawable(point.0)).collect();
    let chunk = points.len().div_ceil(MOST_POINTS / 4);
    let points = if points.len() <= MOST_POINTS {
        points
    } else {
        points.chunks(chunk).flat_map(column).collect()
    };
    Line { part: series.part.name(), points }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_series_are_thinned_and_keep_their_spikes_and_gaps() {
        let mut points: Vec<(f64, f64)> = (0..50_000).map(|i| (f64::from(i), 1.0)).collect();
        points[777].1 = 90.0;
        points[30_001].1 = f64::NAN;
        let series = Series { part: Part::Train, metric: "loss".to_owned(), points };
        let thin = line(&series).points;
        assert!(thin.len() <= MOST_POINTS, "{}", thin.len());
        assert!(thin.contains(&(777.0, 90.0)) && thin.iter().any(|point| point.1.is_nan()));
        assert_eq!((thin[0].0, thin[thin.len() - 1].0), (0.0, 49_999.0));
    }
}

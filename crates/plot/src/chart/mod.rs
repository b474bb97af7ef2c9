//! Curves that answer the pointer: what the script of a page draws, as it goes into JSON. The offline
//! reports and the lab's page have the same script.

use crate::scale::drawable;
use crate::svg::escape;
use crate::trace::column;
use crate::{Curve, Figure};
use serde::Serialize;
use std::fmt::Write;
use wellfit_core::run::{Direction, Part, Series};

/// The script without what begins it: it exports the class `Chart`.
pub(crate) const SCRIPT: &str = include_str!("chart.js");
/// How the curves look.
pub(crate) const STYLE: &str = include_str!("chart.css");
/// Longer series are thinned; about what the widest screen shows.
const MOST_POINTS: usize = 4000;
/// How high a panel of a run's curves is, in pixels.
const HEIGHT: u32 = 230;
/// Kinds of line that can be told apart by colour.
const TONES: usize = 6;

/// Panels of curves below each other, over one axis.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chart {
    /// What is counted along the axis.
    pub axis: String,
    /// Places along the axis to mark, and the words for each.
    pub marks: Vec<(String, f64)>,
    /// The panels, the first on top.
    pub panels: Vec<ChartPanel>,
}

/// Curves with one axis of values.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChartPanel {
    /// What the values are.
    pub title: String,
    /// Whether a logarithmic axis makes sense.
    pub log: bool,
    /// Pixels from top to bottom.
    pub height: u32,
    /// The curves, the last on top.
    pub lines: Vec<ChartLine>,
}

/// One curve.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChartLine {
    /// Its name; lines of the same name in several panels are switched together.
    pub name: String,
    /// Its look: classes of `chart.css`.
    pub style: String,
    /// Place along the axis and value. JSON has no word for values that are not finite: they become
    /// `null`, and are drawn as gaps.
    pub points: Vec<(f64, f64)>,
}

impl Chart {
    /// A run's curves, a panel for each of some metrics; `axis` is what is counted, `epoch` or `step`.
    pub fn of(curve: &Curve, metrics: &[impl AsRef<str>], axis: &str) -> Self {
        let panels = metrics.iter().map(|metric| ChartPanel::of(curve, metric.as_ref())).collect();
        Self { axis: axis.to_owned(), marks: curve.labels(), panels }
    }

    /// The curves of several runs over each other, told apart by their names.
    pub fn together(curves: &[Curve], metrics: &[impl AsRef<str>], axis: &str) -> Self {
        let mut all = Self { axis: axis.to_owned(), marks: vec![], panels: vec![] };
        for (number, curve) in curves.iter().enumerate() {
            let name = |words: &str| format!("{}: {words}", curve.run.name);
            let own = Self::of(curve, metrics, axis);
            all.marks.extend(own.marks.into_iter().map(|(words, at)| (name(&words), at)));
            for (place, mut panel) in own.panels.into_iter().enumerate() {
                for line in &mut panel.lines {
                    line.name = name(&line.name);
                    line.style = format!("{} run{number}", line.style);
                }
                match all.panels.get_mut(place) {
                    Some(shared) => {
                        shared.log &= panel.log;
                        shared.lines.extend(panel.lines);
                    }
                    None => all.panels.push(panel),
                }
            }
        }
        all
    }

    /// The place of the chart in a page whose script looks for it, with a picture for browsers
    /// without scripts.
    pub(crate) fn html(&self, figure: Option<&Figure>) -> String {
        // Names and numbers always have a JSON form; nothing in it can end the element that holds it.
        let json = serde_json::to_string(self).unwrap_or_default();
        let json = json.replace('<', "\\u003c").replace('&', "\\u0026");
        let mut html = format!(
            "<figure class=\"chart\" aria-label=\"{}\"><script type=\"application/json\">{json}</script>",
            escape(&self.panels.iter().map(|panel| &*panel.title).collect::<Vec<_>>().join(", "))
        );
        if let Some(figure) = figure {
            let _ = write!(html, "<noscript>\n{}</noscript>", figure.svg());
        }
        html + "</figure>\n"
    }
}

impl ChartPanel {
    fn of(curve: &Curve, metric: &str) -> Self {
        let parts = [Part::Online, Part::Train, Part::Test, Part::Validation];
        let series = parts.into_iter().filter_map(|part| curve.run.get(part, metric));
        let lines: Vec<ChartLine> = series.map(ChartLine::of).collect();
        let values = lines.iter().flat_map(|line| &line.points).map(|point| point.1);
        let positive = values.filter(|value| value.is_finite()).all(|value| value > 0.0);
        let log = positive && Direction::of(metric) == Direction::Lower;
        Self { title: metric.to_owned(), log, height: HEIGHT, lines }
    }
}

impl ChartLine {
    fn of(series: &Series) -> Self {
        let points = series.points.iter().copied().filter(|point| drawable(point.0)).collect();
        let name = series.part.name().to_owned();
        Self { style: name.clone(), name, points: thin(points) }
    }

    /// The look of the `number`th of many lines: by colour first, then by dashes.
    pub fn tone(number: usize) -> String {
        let dashes = ["", " dashed", " dotted"][number / TONES % 3];
        format!("tone{}{dashes}", number % TONES)
    }
}

fn thin(points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    let chunk = points.len().div_ceil(MOST_POINTS / 4);
    if points.len() <= MOST_POINTS {
        return points;
    }
    points.chunks(chunk).flat_map(column).collect()
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
        let thin = ChartLine::of(&series).points;
        assert!(thin.len() <= MOST_POINTS, "{}", thin.len());
        assert!(thin.contains(&(777.0, 90.0)) && thin.iter().any(|point| point.1.is_nan()));
        assert_eq!((thin[0].0, thin[thin.len() - 1].0), (0.0, 49_999.0));
    }

    #[test]
    fn many_lines_are_told_apart() {
        let tones: std::collections::HashSet<_> = (0..18).map(ChartLine::tone).collect();
        assert_eq!(tones.len(), 18);
    }
}

//! The learning curve: loss and metric of one run over its epochs, or of several runs side by
//! side on shared axes.

use crate::curve::{Checked, check, values};
use crate::label::{letters, width, wrap};
use crate::panel::{Panel, QUIET, TICK_SIZE, TICKS};
use crate::scale::drawable;
use crate::svg::{Svg, number};
use crate::trace::Place;
use crate::{Curve, Error, Figure, Options};

/// The most runs that one figure compares.
pub const MOST_RUNS: usize = 6;

const INK: &str = "#222222";
const TITLE_SIZE: f64 = 18.0;
const VERDICT_SIZE: f64 = 13.0;
const MARKER_SIZE: f64 = 11.0;
const EDGE: f64 = 20.0;
const PANEL_HEIGHT: f64 = 190.0;
const PANEL_GAP: f64 = 24.0;
/// Room at the right of each panel for the names of its lines.
const NAMES: f64 = 92.0;
/// Room below the last panel for the axis of epochs.
const FOOT: f64 = 48.0;

/// Draws `curves`, one column each: the loss above, `options.metric` below, over epochs.
///
/// All columns share their axes. The shaded area is the gap between train and validation, a cross
/// marks a point that is NaN or infinite, and losses that span more than three decades are shown
/// on a logarithmic axis. Series of any length are thinned to what the pixels can show, spikes
/// kept. The test set has no curve.
///
/// # Errors
/// [`Error::Empty`] when no run has a point, [`Error::TooManyRuns`] above [`MOST_RUNS`],
/// [`Error::Metric`] when no run logged `options.metric`, and [`Error::Marker`] when an epoch to
/// mark lies outside the logged epochs.
pub fn learning_curve(curves: &[Curve], options: &Options) -> Result<Figure, Error> {
    if curves.len() > MOST_RUNS {
        return Err(Error::TooManyRuns { most: MOST_RUNS, found: curves.len() });
    }
    let checked = check(curves, options)?;
    let layout = Layout::new(curves, options, &checked);
    let (wide, high) = layout.size(curves.len(), checked.metrics.len());
    let mut svg = Svg::new(wide, high, &options.title, &options.verdict);
    layout.head(&mut svg);
    for (row, metric) in checked.metrics.iter().enumerate() {
        let last = row + 1 == checked.metrics.len();
        for (column, curve) in curves.iter().enumerate() {
            let panel = layout.panel(column, row, curves, metric, &checked);
            panel.draw(&mut svg, curve, column == 0);
            panel.epoch_axis(&mut svg, last);
            if row == 0 {
                layout.column_head(&mut svg, &panel, curve, curves.len() > 1);
            }
            if column == 0 {
                side(&mut svg, &panel);
            }
            if last {
                let place = (panel.corner.0 + layout.wide / 2.0, high - 12.0);
                svg.text(place, 12.0, "middle", &[("fill", &QUIET)], options.axis());
            }
        }
    }
    Ok(Figure::new(wide, high, svg.finish()))
}

/// Where everything stands.
struct Layout {
    title: Vec<String>,
    verdict: Vec<String>,
    /// The upper left corner of the first panel.
    corner: Place,
    /// Width of one panel.
    wide: f64,
}

impl Layout {
    fn new(curves: &[Curve], options: &Options, checked: &Checked) -> Self {
        let wide = match curves.len() {
            1 => 560.0,
            2 => 330.0,
            _ => 260.0,
        };
        let scales = checked.metrics.iter().filter_map(|m| values(curves, m));
        let labels = scales.flat_map(|s| s.ticks(TICKS)).map(|t| width(&t.1, TICK_SIZE));
        let left = EDGE + 22.0 + labels.fold(20.0, f64::max);
        let room = left + (wide + NAMES) * curves.len() as f64 - 2.0 * EDGE;
        let title = wrap(&options.title, letters(room, TITLE_SIZE), 2);
        let verdict = wrap(&options.verdict, letters(room, VERDICT_SIZE), 3);
        let names = if curves.len() > 1 { 22.0 } else { 0.0 };
        let head = 24.0 * title.len() as f64 + 18.0 * verdict.len() as f64;
        Self { title, verdict, corner: (left, EDGE + head + names + 28.0), wide }
    }

    fn size(&self, columns: usize, rows: usize) -> (f64, f64) {
        let wide = self.corner.0 + (self.wide + NAMES) * columns as f64;
        let high = (PANEL_HEIGHT + PANEL_GAP) * rows as f64 - PANEL_GAP;
        (wide.ceil(), self.corner.1 + high + FOOT)
    }

    fn panel<'a>(
        &self,
        column: usize,
        row: usize,
        curves: &[Curve],
        metric: &'a str,
        checked: &Checked,
    ) -> Panel<'a> {
        let x = self.corner.0 + (self.wide + NAMES) * column as f64;
        let y = self.corner.1 + (PANEL_HEIGHT + PANEL_GAP) * row as f64;
        let mut points = curves.iter().flat_map(|c| c.series(metric)).flat_map(|s| &s.points);
        Panel {
            corner: (x, y),
            size: (self.wide, PANEL_HEIGHT),
            epochs: checked.epochs,
            values: values(curves, metric),
            strip: points.any(|p| !drawable(p.1)),
            metric,
        }
    }

    fn head(&self, svg: &mut Svg) {
        let mut y = EDGE;
        for line in &self.title {
            y += 24.0;
            svg.text((EDGE, y - 8.0), TITLE_SIZE, "start", &[("fill", &INK)], line);
        }
        for line in &self.verdict {
            y += 18.0;
            svg.text((EDGE, y - 5.0), VERDICT_SIZE, "start", &[("fill", &QUIET)], line);
        }
    }

    /// The name of the run, when there are several, and the epochs that are marked in it.
    fn column_head(&self, svg: &mut Svg, panel: &Panel, curve: &Curve, named: bool) {
        let (x, y) = panel.corner;
        if named {
            for name in wrap(&curve.run.name, letters(self.wide, 14.0), 1) {
                svg.text((x, y - 28.0), 14.0, "start", &[("fill", &INK)], &name);
            }
        }
        for (x, anchor, words) in markers(panel, curve) {
            svg.text((x, y - 9.0), MARKER_SIZE, anchor, &[("fill", &QUIET)], &words);
        }
    }
}

/// The labels of the marked epochs: x, anchor and words. Close ones lean away from each other.
fn markers(panel: &Panel, curve: &Curve) -> Vec<(f64, &'static str, String)> {
    let place = |(words, epoch)| (panel.x(epoch), "middle", words);
    let mut labels: Vec<_> = curve.labels().into_iter().map(place).collect();
    labels.sort_by(|a, b| a.0.total_cmp(&b.0));
    if let [left, right] = labels.as_mut_slice() {
        let room = (width(&left.2, MARKER_SIZE) + width(&right.2, MARKER_SIZE)) / 2.0;
        if right.0 - left.0 < room {
            (left.1, right.1) = ("end", "start");
        }
    }
    labels
}

/// The name of the metric, upright along the axis of values.
fn side(svg: &mut Svg, panel: &Panel) {
    let (x, y) = (EDGE + 4.0, panel.corner.1 + panel.size.1 / 2.0);
    let turn = format!("rotate(-90 {} {})", number(x), number(y));
    let mut words = wrap(panel.metric, 20, 1).concat();
    if panel.values.is_some_and(|scale| scale.log) {
        words.push_str(" (log scale)");
    }
    svg.text((x, y), 12.0, "middle", &[("fill", &INK), ("transform", &turn)], &words);
}

//! One panel of a learning curve: a metric of one run over epochs.

use crate::Curve;
use crate::label::spread;
use crate::pen::{DENSE, LABEL_SIZE, Pen, dot, name, pen};
use crate::scale::Scale;
use crate::svg::{Attribute, Svg, points};
use crate::trace::{Place, Trace, between};
use wellfit_core::run::Part;

/// Text that explains, such as tick labels.
pub const QUIET: &str = "#555555";
const GRID: &str = "#e4e4e4";
const AXIS: &str = "#8c8c8c";
/// The height of the strip above the values where marks of lost points stand.
const STRIP: f64 = 28.0;
/// About the most labels on the axis of values.
pub const TICKS: usize = 7;
/// Font size of tick labels.
pub const TICK_SIZE: f64 = 11.0;

/// The frame of a panel and its axes.
pub struct Panel<'a> {
    /// The upper left corner of the plotting area.
    pub corner: Place,
    /// Width and height of the plotting area.
    pub size: (f64, f64),
    /// The axis of epochs.
    pub epochs: Scale,
    /// The axis of values; none when nothing is finite.
    pub values: Option<Scale>,
    /// Whether room is kept for marks of points that are not finite.
    pub strip: bool,
    /// Metric that is shown.
    pub metric: &'a str,
}

impl Panel<'_> {
    /// Draws the curves of one run, with value labels when this is the first panel of its row.
    pub fn draw(&self, svg: &mut Svg, curve: &Curve, first: bool) {
        let run = &curve.run.name;
        svg.open(&[("data-run", run), ("data-metric", &self.metric)]);
        if let Some(values) = &self.values {
            self.grid(svg, values, first);
        }
        self.markers(svg, curve);
        let traces = self.traces(curve);
        self.band(svg, &traces);
        for (part, trace) in &traces {
            self.line(svg, *part, trace);
        }
        self.best(svg, curve);
        self.names(svg, &traces);
        if traces.iter().all(|t| t.1.lines.is_empty()) {
            let lost = traces.iter().any(|t| !t.1.gaps.is_empty());
            let centre = (self.x_at(0.5), self.corner.1 + self.size.1 / 2.0);
            let why = if lost { "no finite points" } else { "no points" };
            svg.text(centre, LABEL_SIZE, "middle", &[("fill", &QUIET)], why);
        }
        svg.close();
    }

    fn x_at(&self, share: f64) -> f64 {
        self.corner.0 + self.size.0 * share
    }

    /// The x of an epoch.
    pub fn x(&self, epoch: f64) -> f64 {
        self.x_at(self.epochs.place(epoch))
    }

    fn y(&self, scale: &Scale, value: f64) -> f64 {
        let strip = if self.strip { STRIP } else { 0.0 };
        self.corner.1 + strip + (self.size.1 - strip) * (1.0 - scale.place(value))
    }

    fn bottom(&self) -> f64 {
        self.corner.1 + self.size.1
    }

    fn grid(&self, svg: &mut Svg, scale: &Scale, first: bool) {
        for (value, label) in scale.ticks(TICKS) {
            let y = self.y(scale, value);
            svg.line((self.x_at(0.0), y), (self.x_at(1.0), y), &[("stroke", &GRID)]);
            if first {
                let place = (self.x_at(0.0) - 7.0, y + 4.0);
                svg.text(place, TICK_SIZE, "end", &[("fill", &QUIET), ("class", &"y")], &label);
            }
        }
    }

    /// The axis of epochs under the panel, with labels when this is the last panel of its column.
    pub fn epoch_axis(&self, svg: &mut Svg, last: bool) {
        let y = self.bottom();
        svg.line((self.x_at(0.0), y), (self.x_at(1.0), y), &[("stroke", &AXIS)]);
        for (epoch, label) in self.epochs.ticks((self.size.0 / 55.0) as usize) {
            let x = self.x(epoch);
            svg.line((x, y), (x, y + 4.0), &[("stroke", &AXIS)]);
            if last {
                let place = (x, y + 17.0);
                svg.text(place, TICK_SIZE, "middle", &[("fill", &QUIET), ("class", &"x")], &label);
            }
        }
    }

    fn markers(&self, svg: &mut Svg, curve: &Curve) {
        for (what, epoch) in curve.marks() {
            let dashes = match what {
                "best" => "none",
                "stop" => "1 3",
                _ => "5 4",
            };
            let x = self.x(epoch);
            let style: [Attribute; 2] = [("stroke", &AXIS), ("stroke-dasharray", &dashes)];
            svg.line((x, self.corner.1 - 3.0), (x, self.bottom()), &style);
        }
    }

    fn traces(&self, curve: &Curve) -> Vec<(Part, Trace)> {
        let y = |value| self.values.map_or(self.corner.1, |scale| self.y(&scale, value));
        let trace = |points: &[(f64, f64)]| Trace::new(points, |epoch| self.x(epoch), y);
        curve.series(self.metric).map(|s| (s.part, trace(&s.points))).collect()
    }

    /// Shades the gap between train and validation.
    fn band(&self, svg: &mut Svg, traces: &[(Part, Trace)]) {
        let of = |part| traces.iter().find(|t| t.0 == part).map(|t| &t.1);
        let (Some(train), Some(validation)) = (of(Part::Train), of(Part::Validation)) else {
            return;
        };
        let colour = pen(Part::Validation).colour;
        for outline in between(train, validation) {
            let outline = points(&outline);
            svg.leaf(
                "polygon",
                &[("fill", &colour), ("fill-opacity", &"0.1"), ("points", &outline)],
            );
        }
    }

    fn line(&self, svg: &mut Svg, part: Part, trace: &Trace) {
        let Pen { colour, width, dashes } = pen(part);
        let dense = trace.lines.iter().map(Vec::len).sum::<usize>() > DENSE;
        let width = if dense { 1.2 } else { width };
        svg.open(&[
            ("data-part", &part.name()),
            ("fill", &"none"),
            ("stroke", &colour),
            ("stroke-width", &width),
            ("stroke-linejoin", &"round"),
        ]);
        for line in &trace.lines {
            match line.as_slice() {
                [lone] => dot(svg, *lone, &[("fill", &colour)]),
                line => svg
                    .leaf("polyline", &[("stroke-dasharray", &dashes), ("points", &points(line))]),
            }
        }
        let mut free = f64::NEG_INFINITY;
        for &x in &trace.gaps {
            if x >= free {
                free = x + 8.0;
                self.lost(svg, part, x);
            }
        }
        svg.close();
    }

    /// A cross in the strip above the values: a point was logged here and was not finite.
    fn lost(&self, svg: &mut Svg, part: Part, x: f64) {
        let row = match part {
            Part::Train => 0.0,
            Part::Validation => 1.0,
            Part::Online | Part::Test => 2.0,
        };
        let y = self.corner.1 + 4.0 + 9.0 * row;
        let cross =
            [((x - 3.0, y - 3.0), (x + 3.0, y + 3.0)), ((x - 3.0, y + 3.0), (x + 3.0, y - 3.0))];
        for (from, to) in cross {
            svg.line(from, to, &[("stroke-width", &1.5), ("class", &"gap")]);
        }
    }

    /// A ring on the validation curve at the best epoch.
    fn best(&self, svg: &mut Svg, curve: &Curve) {
        let validation = curve.run.get(Part::Validation, self.metric);
        let (Some(series), Some(scale)) = (validation, &self.values) else { return };
        let at_best = series.points.iter().find(|p| Some(p.0) == curve.best && p.1.is_finite());
        if let Some(&(epoch, value)) = at_best {
            let place = (self.x(epoch), self.y(scale, value));
            let colour = pen(Part::Validation).colour;
            dot(svg, place, &[("fill", &"#ffffff"), ("stroke", &colour), ("stroke-width", &2.0)]);
        }
    }

    /// Names the lines at their ends, and the crosses where there are some.
    fn names(&self, svg: &mut Svg, traces: &[(Part, Trace)]) {
        let ends: Vec<(Part, Place)> =
            traces.iter().filter_map(|(part, t)| Some((*part, t.last()?))).collect();
        let mut heights: Vec<f64> = ends.iter().map(|e| e.1.1).collect();
        let top = self.corner.1 + if self.strip { STRIP + 4.0 } else { 4.0 };
        spread(&mut heights, 14.0, top, self.bottom() - 8.0);
        for ((part, end), y) in ends.iter().zip(heights) {
            // Lines that end close to each other have their names in one column.
            let near = ends.iter().map(|e| e.1.0).filter(|x| (0.0..60.0).contains(&(x - end.0)));
            let x = near.fold(end.0, f64::max) + 8.0;
            name(svg, (x, y + 4.0), pen(*part).colour, part.name());
        }
        if traces.iter().any(|t| !t.1.gaps.is_empty()) {
            name(svg, (self.x_at(1.0) + 8.0, self.corner.1 + 8.0), QUIET, "× not finite");
        }
    }
}

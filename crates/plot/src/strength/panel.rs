//! One panel over λ.

use super::{INK, Strength, StrengthLine, short};
use crate::label::{spread, width, wrap};
use crate::panel::{QUIET, TICK_SIZE, TICKS};
use crate::pen::{dot, name};
use crate::scale::{Scale, drawable};
use crate::svg::{Attribute, Svg, points};
use crate::trace::Place;

/// Colours of Okabe and Ito (2008) that are dark enough for lines on white.
const COLOURS: [&str; 6] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];
/// Dashes that tell lines of one colour apart.
const DASHES: [&str; 3] = ["none", "6 3", "2 3"];
const THIN: &str = "#b4b4b4";
const GRID: &str = "#e4e4e4";
const AXIS: &str = "#8c8c8c";
const MARK_SIZE: f64 = 11.0;

/// A panel whose axes are known.
pub struct Panel<'a> {
    strength: &'a Strength,
    corner: Place,
    size: (f64, f64),
    lambdas: Scale,
    values: Scale,
    /// Places of the λ that are drawn, from the strongest on.
    order: Vec<usize>,
}

impl<'a> Panel<'a> {
    /// None when no λ is above 0.
    pub fn new(
        strength: &'a Strength,
        corner: Place,
        size: (f64, f64),
        values: Scale,
    ) -> Option<Self> {
        let all = &strength.lambdas;
        let shown = |at: &usize| all[*at] > 0.0 && drawable(all[*at]);
        let mut order: Vec<usize> = (0..all.len()).filter(shown).collect();
        order.sort_by(|a, b| all[*b].total_cmp(&all[*a]));
        let lambdas = Scale::of_strengths(order.iter().map(|&at| all[at]))?;
        Some(Self { strength, corner, size, lambdas, values, order })
    }

    /// Draws everything, with labels of the values when this is the first panel.
    /// A name has the pen of its place in `names`, in every panel.
    pub fn draw(&self, svg: &mut Svg, first: bool, names: &[&str]) {
        svg.open(&[("data-panel", &self.strength.name)]);
        self.grid(svg, first);
        self.axis(svg);
        self.marks(svg);
        let named = |line: &&StrengthLine| !line.name.is_empty();
        for line in self.strength.lines.iter().filter(|line| !named(line)) {
            self.line(svg, line, (THIN, "none"), 1.0);
        }
        let place = |line: &StrengthLine| names.iter().position(|name| *name == line.name);
        let named = self.strength.lines.iter().filter(named);
        let named: Vec<(&StrengthLine, Colour)> =
            named.map(|line| (line, pen(place(line).unwrap_or(0)))).collect();
        for (line, pen) in &named {
            self.line(svg, line, *pen, 2.0);
        }
        self.names(svg, &named);
        for head in wrap(&self.strength.name, 40, 1) {
            let place = (self.corner.0, self.corner.1 - 28.0);
            svg.text(place, 14.0, "start", &[("fill", &INK)], &head);
        }
        svg.close();
    }

    /// Weak penalties stand at the right, where paths end.
    fn x(&self, lambda: f64) -> f64 {
        self.corner.0 + self.size.0 * (1.0 - self.lambdas.place(lambda))
    }

    fn y(&self, value: f64) -> f64 {
        self.corner.1 + self.size.1 * (1.0 - self.values.place(value))
    }

    fn grid(&self, svg: &mut Svg, first: bool) {
        let (from, to) = (self.corner.0, self.corner.0 + self.size.0);
        for (value, label) in self.values.ticks(TICKS) {
            let (y, stroke) = (self.y(value), if value == 0.0 { AXIS } else { GRID });
            svg.line((from, y), (to, y), &[("stroke", &stroke)]);
            if first {
                svg.text((from - 7.0, y + 4.0), TICK_SIZE, "end", &[("fill", &QUIET)], &label);
            }
        }
    }

    fn axis(&self, svg: &mut Svg) {
        let bottom = self.corner.1 + self.size.1;
        let (from, to) = (self.corner.0, self.corner.0 + self.size.0);
        svg.line((from, bottom), (to, bottom), &[("stroke", &AXIS)]);
        for (lambda, label) in self.lambdas.ticks((self.size.0 / 60.0) as usize) {
            let x = self.x(lambda);
            svg.line((x, bottom), (x, bottom + 4.0), &[("stroke", &AXIS)]);
            let style: [Attribute; 1] = [("fill", &QUIET)];
            svg.text((x, bottom + 17.0), TICK_SIZE, "middle", &style, &label);
        }
        let place = (f64::midpoint(from, to), bottom + 38.0);
        let words = "λ, log scale: strong at the left, weak at the right";
        svg.text(place, 12.0, "middle", &[("fill", &QUIET)], words);
    }

    /// Marked λ with their words, which lean away from each other where they are close.
    fn marks(&self, svg: &mut Svg) {
        let marks = self.strength.marks.iter().filter(|(lambda, _)| *lambda > 0.0);
        let mut marks: Vec<(f64, &String)> = marks.map(|(l, words)| (self.x(*l), words)).collect();
        marks.sort_by(|a, b| a.0.total_cmp(&b.0));
        let half = |words: &str| width(words, MARK_SIZE) / 2.0;
        for (place, (x, words)) in marks.iter().enumerate() {
            let meets = |other: Option<&(f64, &String)>| {
                other.is_some_and(|(at, more)| (at - x).abs() < half(words) + half(more))
            };
            let before = place.checked_sub(1).and_then(|before| marks.get(before));
            let anchor = match (meets(before), meets(marks.get(place + 1))) {
                (true, false) => "start",
                (false, true) => "end",
                _ => "middle",
            };
            let (top, bottom) = (self.corner.1 - 3.0, self.corner.1 + self.size.1);
            let style: [Attribute; 2] = [("stroke", &AXIS), ("stroke-dasharray", &"5 4")];
            svg.line((*x, top), (*x, bottom), &style);
            let style: [Attribute; 1] = [("fill", &QUIET)];
            svg.text((*x, top - 6.0), MARK_SIZE, anchor, &style, words);
        }
    }

    fn line(&self, svg: &mut Svg, line: &StrengthLine, (colour, dashes): Colour, wide: f64) {
        let drawn = self.order.iter().filter(|&&at| drawable(line.values[at]));
        let places: Vec<(usize, Place)> = drawn
            .map(|&at| (at, (self.x(self.strength.lambdas[at]), self.y(line.values[at]))))
            .collect();
        for (at, (x, _)) in &places {
            if let Some(spread) = line.spread.get(*at).filter(|spread| spread.is_finite()) {
                let [low, high] = [-spread, *spread].map(|by| self.y(line.values[*at] + by));
                let style: [Attribute; 2] = [("stroke", &colour), ("stroke-opacity", &"0.4")];
                svg.line((*x, low), (*x, high), &style);
            }
        }
        let line: Vec<Place> = places.into_iter().map(|(_, place)| place).collect();
        if let [lone] = line.as_slice() {
            return dot(svg, *lone, &[("fill", &colour)]);
        }
        let style: [Attribute; 6] = [
            ("fill", &"none"),
            ("stroke", &colour),
            ("stroke-width", &wide),
            ("stroke-linejoin", &"round"),
            ("stroke-dasharray", &dashes),
            ("points", &points(&line)),
        ];
        svg.leaf("polyline", &style);
    }

    /// Names at the weak ends.
    fn names(&self, svg: &mut Svg, named: &[(&StrengthLine, Colour)]) {
        let Some(&end) = self.order.last() else { return };
        let ends = named.iter().map(|(line, _)| line.values[end]);
        let (top, bottom) = (self.corner.1 + 4.0, self.corner.1 + self.size.1 - 6.0);
        let at = |value: f64| if drawable(value) { self.y(value) } else { bottom };
        let mut heights: Vec<f64> = ends.map(at).collect();
        spread(&mut heights, 14.0, top, bottom);
        for ((line, pen), y) in named.iter().zip(heights) {
            let x = self.corner.0 + self.size.0 + 8.0;
            name(svg, (x, y + 4.0), pen.0, &short(&line.name));
        }
    }
}

/// Colour and dashes of a line.
type Colour = (&'static str, &'static str);

fn pen(place: usize) -> Colour {
    (COLOURS[place % COLOURS.len()], DASHES[(place / COLOURS.len()) % DASHES.len()])
}

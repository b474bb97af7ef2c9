//! Two weights in their plane: contours of the loss, the body of the penalty, and the optimum where
//! they touch.

use crate::label::{letters, width, wrap};
use crate::panel::{QUIET, TICK_SIZE};
use crate::pen::{dot, name};
use crate::scale::Scale;
use crate::svg::{Attribute, Svg, number, points};
use crate::{Error, Figure};

/// The most planes that stand side by side.
pub const MOST_PLANES: usize = 3;

const INK: &str = "#222222";
const GRID: &str = "#e4e4e4";
const AXIS: &str = "#8c8c8c";
const LOSS: &str = "#0072b2";
const BODY: &str = "#d55e00";
const PATH: &str = "#8a3b8f";
const STEPS: &str = "#009e73";
const EDGE: f64 = 20.0;
const SIDE: f64 = 420.0;
const BETWEEN: f64 = 56.0;
const FOOT: f64 = 84.0;

/// One plane. All points are pairs of the first and the second weight.
#[derive(Debug, Clone, Default)]
pub struct WeightPlane {
    /// Its headline; none when empty.
    pub name: String,
    /// Contours of the loss, closed; the first is drawn bold, for it touches the body.
    pub contours: Vec<Vec<[f64; 2]>>,
    /// The edge of the penalty's body, closed.
    pub body: Vec<[f64; 2]>,
    /// The optima as λ changes.
    pub path: Vec<[f64; 2]>,
    /// Steps of descent: a name and its points.
    pub steps: Vec<(String, Vec<[f64; 2]>)>,
    /// The optimum without the penalty.
    pub least_squares: [f64; 2],
    /// The optimum with it.
    pub optimum: [f64; 2],
}

/// The words around the planes.
#[derive(Debug, Clone, Default)]
pub struct WeightPlaneOptions {
    /// The headline.
    pub title: String,
    /// A sentence below it.
    pub subtitle: String,
}

/// Draws planes side by side, all in one scale.
///
/// # Errors
/// [`Error::Empty`] for no plane or one without a finite point, [`Error::TooManyRuns`] above
/// [`MOST_PLANES`].
pub fn weight_planes(
    planes: &[WeightPlane],
    options: &WeightPlaneOptions,
) -> Result<Figure, Error> {
    if planes.len() > MOST_PLANES {
        return Err(Error::TooManyRuns { most: MOST_PLANES, found: planes.len() });
    }
    let shown = Square::around(planes).ok_or(Error::Empty)?;
    let left = EDGE + 44.0;
    let all = left + planes.len() as f64 * (SIDE + BETWEEN);
    let title = wrap(&options.title, letters(all - 2.0 * EDGE, 18.0), 2);
    let subtitle = wrap(&options.subtitle, letters(all - 2.0 * EDGE, 13.0), 3);
    let top = EDGE + 24.0 * title.len() as f64 + 18.0 * subtitle.len() as f64 + 34.0;
    let high = top + SIDE + FOOT;
    let mut svg = Svg::new(all, high, &options.title, &options.subtitle);
    let mut y = EDGE;
    for line in &title {
        y += 24.0;
        svg.text((EDGE, y - 8.0), 18.0, "start", &[("fill", &INK)], line);
    }
    for line in &subtitle {
        y += 18.0;
        svg.text((EDGE, y - 5.0), 13.0, "start", &[("fill", &QUIET)], line);
    }
    for (place, plane) in planes.iter().enumerate() {
        let corner = (left + place as f64 * (SIDE + BETWEEN), top);
        Drawing { shown, corner }.draw(&mut svg, plane);
    }
    let keys = [
        (LOSS, "loss"),
        (BODY, "penalty"),
        (PATH, "optima along lambda"),
        (STEPS, "descent; dotted: without the penalty"),
    ];
    let mut x = left;
    for (colour, words) in keys {
        svg.line(
            (x, high - 22.0),
            (x + 22.0, high - 22.0),
            &[("stroke", &colour), ("stroke-width", &2)],
        );
        svg.text((x + 28.0, high - 18.0), 12.0, "start", &[("fill", &INK)], words);
        x += 42.0 + 7.0 * words.len() as f64;
    }
    Ok(Figure::new(all, high, svg.finish()))
}

/// What part of the plane is shown: as wide as high, so that a disc is round.
#[derive(Clone, Copy)]
struct Square {
    low: [f64; 2],
    side: f64,
}

impl Square {
    /// Around optima, bodies, paths, the start of descent and the origin; contours may leave it.
    fn around(planes: &[WeightPlane]) -> Option<Self> {
        let inner = |plane: &WeightPlane| {
            let first = plane.steps.iter().filter_map(|(_, steps)| steps.first().copied());
            let mut all = vec![plane.least_squares, plane.optimum, [0.0; 2]];
            all.extend(plane.body.iter().chain(&plane.path).copied().chain(first));
            all
        };
        let all: Vec<[f64; 2]> = planes.iter().flat_map(inner).collect();
        if all.is_empty() || !all.iter().flatten().all(|weight| weight.is_finite()) {
            return None;
        }
        let edge = |axis: usize, least: fn(f64, f64) -> f64| {
            all.iter().map(|point| point[axis]).reduce(least).unwrap_or_default()
        };
        let low = [edge(0, f64::min), edge(1, f64::min)];
        let high = [edge(0, f64::max), edge(1, f64::max)];
        let side = (high[0] - low[0]).max(high[1] - low[1]).max(1e-6) * 1.2;
        let low = [0, 1].map(|axis| (low[axis] + high[axis] - side) / 2.0);
        Some(Self { low, side })
    }
}

struct Drawing {
    shown: Square,
    corner: (f64, f64),
}

impl Drawing {
    fn place(&self, w: [f64; 2]) -> (f64, f64) {
        let share = |axis: usize| (w[axis] - self.shown.low[axis]) / self.shown.side;
        (self.corner.0 + SIDE * share(0), self.corner.1 + SIDE * (1.0 - share(1)))
    }

    fn draw(&self, svg: &mut Svg, plane: &WeightPlane) {
        let (x, y) = self.corner;
        if !plane.name.is_empty() {
            svg.text((x, y - 12.0), 14.0, "start", &[("fill", &INK)], &plane.name);
        }
        self.axes(svg);
        // A nested drawing cuts off what leaves the plane.
        let (w, h) = (SIDE, SIDE);
        svg.open_window((x, y), (w, h));
        let inside = Self { corner: (0.0, 0.0), ..*self };
        inside.curves(svg, plane);
        svg.close_window();
        let (star, found) = (self.place(plane.least_squares), self.place(plane.optimum));
        dot(svg, star, &[("fill", &LOSS)]);
        name(svg, (star.0 + 7.0, star.1 - 7.0), LOSS, "least squares");
        dot(svg, found, &[("fill", &BODY), ("stroke", &INK)]);
        let words = format!("({}, {})", short(plane.optimum[0]), short(plane.optimum[1]));
        // Towards the origin, away from the other.
        let left = if plane.optimum[0] > plane.least_squares[0] {
            9.0
        } else {
            -9.0 - width(&words, 12.0)
        };
        name(svg, (found.0 + left, found.1 + 16.0), BODY, &words);
    }

    fn axes(&self, svg: &mut Svg) {
        let (x, y) = self.corner;
        for axis in [0, 1] {
            let (low, high) = (self.shown.low[axis], self.shown.low[axis] + self.shown.side);
            let Some(scale) = Scale::of_values([low, high].into_iter(), false) else { continue };
            for (value, label) in scale.ticks(5) {
                if !(low..=high).contains(&value) {
                    continue;
                }
                let mut at = self.shown.low;
                at[axis] = value;
                let (px, py) = self.place(at);
                let colour = if value == 0.0 { AXIS } else { GRID };
                if axis == 0 {
                    svg.line((px, y), (px, y + SIDE), &[("stroke", &colour)]);
                    svg.text(
                        (px, y + SIDE + 16.0),
                        TICK_SIZE,
                        "middle",
                        &[("fill", &QUIET)],
                        &label,
                    );
                } else {
                    svg.line((x, py), (x + SIDE, py), &[("stroke", &colour)]);
                    svg.text((x - 6.0, py + 4.0), TICK_SIZE, "end", &[("fill", &QUIET)], &label);
                }
            }
        }
        let foot = (x + SIDE / 2.0, y + SIDE + 36.0);
        svg.text(foot, 12.0, "middle", &[("fill", &INK)], "first weight");
        let side = (x - 40.0, y + SIDE / 2.0);
        let turn = format!("rotate(-90 {} {})", number(side.0), number(side.1));
        let style: [Attribute; 2] = [("fill", &INK), ("transform", &turn)];
        svg.text(side, 12.0, "middle", &style, "second weight");
    }

    fn curves(&self, svg: &mut Svg, plane: &WeightPlane) {
        let at = |list: &[[f64; 2]]| -> String {
            points(&list.iter().map(|&w| self.place(w)).collect::<Vec<_>>())
        };
        let body: [Attribute; 5] = [
            ("points", &at(&plane.body)),
            ("fill", &BODY),
            ("fill-opacity", &0.14),
            ("stroke", &BODY),
            ("stroke-width", &2),
        ];
        svg.leaf("polygon", &body);
        for (number, contour) in plane.contours.iter().enumerate() {
            let (width, dashes) = if number == 0 { (2.0, "none") } else { (1.0, "none") };
            let style: [Attribute; 5] = [
                ("points", &at(contour)),
                ("fill", &"none"),
                ("stroke", &LOSS),
                ("stroke-width", &width),
                ("stroke-dasharray", &dashes),
            ];
            svg.leaf("polygon", &style);
        }
        let line = |svg: &mut Svg, list: &[[f64; 2]], colour: &str, dashes: &str| {
            let style: [Attribute; 5] = [
                ("points", &at(list)),
                ("fill", &"none"),
                ("stroke", &colour),
                ("stroke-width", &1.8),
                ("stroke-dasharray", &dashes),
            ];
            svg.leaf("polyline", &style);
        };
        for (number, (_, steps)) in plane.steps.iter().enumerate() {
            line(svg, steps, STEPS, if number == 0 { "2 3" } else { "none" });
        }
        line(svg, &plane.path, PATH, "7 3");
    }
}

/// Three digits; an exact zero says so.
fn short(weight: f64) -> String {
    if weight == 0.0 { "0".to_owned() } else { format!("{weight:.3}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane() -> WeightPlane {
        WeightPlane {
            name: "L1".to_owned(),
            contours: vec![vec![[1.0, 0.0], [2.0, 1.0], [1.0, 2.0]]],
            body: vec![[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]],
            path: vec![[0.0, 0.0], [1.0, 0.5]],
            steps: vec![("plain".to_owned(), vec![[-1.0, 1.0], [1.0, 1.0]])],
            least_squares: [1.5, 1.0],
            optimum: [1.0, 0.0],
        }
    }

    #[test]
    fn a_disc_would_be_round_and_an_exact_zero_is_told() {
        let shown = Square::around(&[plane()]).unwrap();
        let drawing = Drawing { shown, corner: (0.0, 0.0) };
        let (a, b, c) =
            (drawing.place([0.0, 0.0]), drawing.place([1.0, 0.0]), drawing.place([0.0, 1.0]));
        assert!(((b.0 - a.0) - (a.1 - c.1)).abs() < 1e-12);
        let figure = weight_planes(&[plane()], &WeightPlaneOptions::default()).unwrap();
        assert!(figure.svg().contains("(1.000, 0)"), "{}", figure.svg());
        roxmltree::Document::parse(figure.svg()).unwrap();
    }

    #[test]
    fn nothing_and_what_is_not_finite_is_an_error() {
        let options = WeightPlaneOptions::default();
        assert!(weight_planes(&[], &options).is_err());
        let broken = WeightPlane { optimum: [f64::NAN, 0.0], ..plane() };
        assert!(weight_planes(&[broken], &options).is_err());
        assert!(weight_planes(&vec![plane(); 4], &options).is_err());
    }
}

//! Numbers above zero on their way through a run: strengths by layer, over epochs.

use crate::label::{letters, width, wrap};
use crate::panel::{QUIET, TICK_SIZE, TICKS};
use crate::scale::Scale;
use crate::svg::{Attribute, Svg, number, points};
use crate::{Error, Figure};

const INK: &str = "#222222";
const GRID: &str = "#e4e4e4";
const AXIS: &str = "#8c8c8c";
/// Okabe and Ito's colours, which all eyes tell apart; more lines begin anew.
const COLOURS: [&str; 6] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00"];
const EDGE: f64 = 20.0;
const WIDE: f64 = 640.0;
const HIGH: f64 = 240.0;
const FOOT: f64 = 58.0;
/// Height of a name below the picture.
const ROW: f64 = 18.0;

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct Trajectory {
    /// Its name.
    pub name: String,
    /// Pairs of epoch and value; values that are not above 0 are left out.
    pub points: Vec<(f64, f64)>,
}

/// Draws the lines on a logarithmic axis of values, their names below with their last values.
///
/// # Errors
/// [`Error::Empty`] when no value is above 0.
pub fn trajectories(
    lines: &[Trajectory],
    title: &str,
    subtitle: &str,
    values: &str,
) -> Result<Figure, Error> {
    let drawn = |line: &Trajectory| -> Vec<(f64, f64)> {
        line.points.iter().copied().filter(|(_, v)| *v > 0.0 && v.is_finite()).collect()
    };
    let drawn: Vec<Vec<(f64, f64)>> = lines.iter().map(drawn).collect();
    let heights = drawn.iter().flatten().map(|point| point.1.log10());
    let log = Scale::of_values(heights, false).ok_or(Error::Empty)?;
    let epochs: Vec<f64> = drawn.iter().flatten().map(|point| point.0).collect();
    let epochs = Scale::of_epochs(&epochs).ok_or(Error::Empty)?;
    let ticks: Vec<(f64, String)> =
        log.ticks(TICKS).into_iter().map(|(at, _)| (at, words(at))).collect();
    let widest = ticks.iter().map(|tick| width(&tick.1, TICK_SIZE)).fold(20.0, f64::max);
    let left = EDGE + 24.0 + widest;
    let all = left + WIDE + EDGE;
    let head = wrap(title, letters(all - 2.0 * EDGE, 18.0), 2);
    let under = wrap(subtitle, letters(all - 2.0 * EDGE, 13.0), 2);
    let top = EDGE + 24.0 * head.len() as f64 + 18.0 * under.len() as f64 + 14.0;
    let bottom = top + HIGH;
    let height = bottom + FOOT + ROW * lines.len() as f64;
    let mut svg = Svg::new(all, height, title, subtitle);
    let mut row = EDGE;
    for line in &head {
        row += 24.0;
        svg.text((EDGE, row - 8.0), 18.0, "start", &[("fill", &INK)], line);
    }
    for line in &under {
        row += 18.0;
        svg.text((EDGE, row - 5.0), 13.0, "start", &[("fill", &QUIET)], line);
    }
    let x = |epoch: f64| left + WIDE * epochs.place(epoch);
    let y = |log10: f64| top + HIGH * (1.0 - log.place(log10));
    for (at, label) in &ticks {
        svg.line((left, y(*at)), (left + WIDE, y(*at)), &[("stroke", &GRID)]);
        svg.text((left - 7.0, y(*at) + 4.0), TICK_SIZE, "end", &[("fill", &QUIET)], label);
    }
    svg.line((left, bottom), (left + WIDE, bottom), &[("stroke", &AXIS)]);
    for (epoch, label) in epochs.ticks(TICKS) {
        svg.text((x(epoch), bottom + 17.0), TICK_SIZE, "middle", &[("fill", &QUIET)], &label);
    }
    svg.text((left + WIDE / 2.0, bottom + 38.0), 12.0, "middle", &[("fill", &QUIET)], "epoch");
    let side = (EDGE + 4.0, top + HIGH / 2.0);
    let turn = format!("rotate(-90 {} {})", number(side.0), number(side.1));
    let style: [Attribute; 2] = [("fill", &INK), ("transform", &turn)];
    svg.text(side, 12.0, "middle", &style, values);
    for (at, (line, drawn)) in lines.iter().zip(&drawn).enumerate() {
        let colour = COLOURS[at % COLOURS.len()];
        let path: Vec<(f64, f64)> = drawn.iter().map(|&(e, v)| (x(e), y(v.log10()))).collect();
        let style: [Attribute; 4] = [
            ("points", &points(&path)),
            ("fill", &"none"),
            ("stroke", &colour),
            ("stroke-width", &1.8),
        ];
        svg.leaf("polyline", &style);
        let last = line.points.last().map_or(f64::NAN, |point| point.1);
        let place = (left, bottom + FOOT + ROW * at as f64);
        let name = format!("{}: {last:.3e}", line.name);
        svg.text(place, 12.0, "start", &[("fill", &colour)], &name);
    }
    Ok(Figure::new(all, height, svg.finish()))
}

/// A tick of the logarithm as the number itself.
fn words(log10: f64) -> String {
    let value = 10f64.powf(log10);
    if (1e-3..1e4).contains(&value) { format!("{value:.3}") } else { format!("{value:.1e}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_their_names_and_zeros_are_left_out() {
        let line = |name: &str, values: [f64; 3]| Trajectory {
            name: name.to_owned(),
            points: (1..).map(f64::from).zip(values).collect(),
        };
        let lines = [line("l2 <head>", [0.3, 1.0, 20.0]), line("l2 stem", [0.0; 3])];
        let figure = trajectories(&lines, "λ", "by layer", "λ").unwrap();
        let svg = figure.svg();
        assert!(svg.contains("l2 &lt;head&gt;: 2.000e1") && svg.matches("<polyline").count() == 2);
        assert_eq!(trajectories(&lines[1..], "λ", "", "λ").unwrap_err(), Error::Empty);
    }
}

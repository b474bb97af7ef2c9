//! The trials of a search: what each came to, how far it went, and the best so far.

use crate::label::{letters, width, wrap};
use crate::panel::{QUIET, TICK_SIZE, TICKS};
use crate::scale::{Scale, drawable};
use crate::svg::{Attribute, Svg, number, points};
use crate::{Error, Figure};
use wellfit_core::run::Direction;

const INK: &str = "#222222";
const GRID: &str = "#e4e4e4";
const AXIS: &str = "#8c8c8c";
const WHOLE: &str = "#0072b2";
const BEST: &str = "#d55e00";
const EDGE: f64 = 20.0;
const WIDE: f64 = 640.0;
const HIGH: f64 = 280.0;
const FOOT: f64 = 70.0;

/// One trial.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrialDot {
    /// Its value at the last rung that it reached.
    pub value: f64,
    /// Share of the whole run that it was given, in (0, 1].
    pub share: f64,
}

/// The words around the trials.
#[derive(Debug, Clone, Default)]
pub struct TrialOptions {
    /// The headline.
    pub title: String,
    /// A sentence below it.
    pub subtitle: String,
    /// What the values are.
    pub values: String,
}

/// Draws a dot for each trial in order, pale and small where it was given up early, and a line of
/// the best of those that ran to their end.
///
/// # Errors
/// [`Error::Empty`] when no trial has a finite value.
pub fn trials(
    dots: &[TrialDot],
    direction: Direction,
    options: &TrialOptions,
) -> Result<Figure, Error> {
    let values = Scale::of_values(dots.iter().map(|dot| dot.value), false).ok_or(Error::Empty)?;
    let numbers: Vec<f64> = (0..dots.len()).map(|number| number as f64).collect();
    let order = Scale::of_epochs(&numbers).ok_or(Error::Empty)?;
    let labels = values.ticks(TICKS).into_iter().map(|tick| width(&tick.1, TICK_SIZE));
    let left = EDGE + 24.0 + labels.fold(20.0, f64::max);
    let all = left + WIDE + EDGE;
    let title = wrap(&options.title, letters(all - 2.0 * EDGE, 18.0), 2);
    let subtitle = wrap(&options.subtitle, letters(all - 2.0 * EDGE, 13.0), 2);
    let top = EDGE + 24.0 * title.len() as f64 + 18.0 * subtitle.len() as f64 + 14.0;
    let bottom = top + HIGH;
    let mut svg = Svg::new(all, bottom + FOOT, &options.title, &options.subtitle);
    let mut y = EDGE;
    for line in &title {
        y += 24.0;
        svg.text((EDGE, y - 8.0), 18.0, "start", &[("fill", &INK)], line);
    }
    for line in &subtitle {
        y += 18.0;
        svg.text((EDGE, y - 5.0), 13.0, "start", &[("fill", &QUIET)], line);
    }
    // Room at both sides, so that no dot is cut.
    let x = |number: f64| left + 8.0 + (WIDE - 16.0) * order.place(number);
    let y = |value: f64| top + HIGH * (1.0 - values.place(value));
    for (value, label) in values.ticks(TICKS) {
        svg.line((left, y(value)), (left + WIDE, y(value)), &[("stroke", &GRID)]);
        let place = (left - 7.0, y(value) + 4.0);
        svg.text(place, TICK_SIZE, "end", &[("fill", &QUIET)], &label);
    }
    svg.line((left, bottom), (left + WIDE, bottom), &[("stroke", &AXIS)]);
    for (number, label) in order.ticks(TICKS) {
        let place = (x(number), bottom + 17.0);
        svg.text(place, TICK_SIZE, "middle", &[("fill", &QUIET)], &label);
    }
    let words = "trial; pale and small: given up early; line: the best that ran to its end";
    let place = (left + WIDE / 2.0, bottom + 40.0);
    svg.text(place, 12.0, "middle", &[("fill", &QUIET)], words);
    let side = (EDGE + 4.0, top + HIGH / 2.0);
    let turn = format!("rotate(-90 {} {})", number(side.0), number(side.1));
    let style: [Attribute; 2] = [("fill", &INK), ("transform", &turn)];
    svg.text(side, 12.0, "middle", &style, &options.values);
    let best: Vec<(f64, f64)> = best(dots, direction)
        .into_iter()
        .flat_map(|(from, to, value)| [(x(from), y(value)), (x(to), y(value))])
        .collect();
    let line: [Attribute; 4] =
        [("points", &points(&best)), ("fill", &"none"), ("stroke", &BEST), ("stroke-width", &1.5)];
    svg.leaf("polyline", &line);
    for (at, dot) in dots.iter().enumerate().filter(|(_, dot)| drawable(dot.value)) {
        let share = dot.share.clamp(0.0, 1.0);
        let (cx, cy) = (number(x(at as f64)), number(y(dot.value)));
        let (r, opacity) = (number(2.0 + 2.0 * share), number(0.25 + 0.75 * share));
        let style: [Attribute; 5] =
            [("cx", &cx), ("cy", &cy), ("r", &r), ("fill", &WHOLE), ("opacity", &opacity)];
        svg.leaf("circle", &style);
    }
    Ok(Figure::new(all, bottom + FOOT, svg.finish()))
}

/// Steps of the best so far among those that ran to their end: from where to where, and its value.
fn best(dots: &[TrialDot], direction: Direction) -> Vec<(f64, f64, f64)> {
    let mut steps: Vec<(f64, f64, f64)> = Vec::new();
    for (at, dot) in dots.iter().enumerate() {
        if dot.share < 1.0 || !drawable(dot.value) {
            continue;
        }
        let cost = |value: f64| direction.as_cost(value);
        if steps.last().is_none_or(|last| cost(dot.value) < cost(last.2)) {
            let end = at as f64;
            if let Some(last) = steps.last_mut() {
                last.1 = end;
            }
            steps.push((end, dots.len().saturating_sub(1) as f64, dot.value));
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dot(value: f64, share: f64) -> TrialDot {
        TrialDot { value, share }
    }

    #[test]
    fn the_best_is_of_whole_runs_and_goes_one_way() {
        let dots = [dot(0.5, 1.0), dot(0.1, 0.3), dot(0.6, 1.0), dot(f64::NAN, 1.0), dot(0.4, 1.0)];
        assert_eq!(best(&dots, Direction::Lower), [(0.0, 4.0, 0.5), (4.0, 4.0, 0.4)]);
        assert_eq!(best(&dots, Direction::Higher), [(0.0, 2.0, 0.5), (2.0, 4.0, 0.6)]);
    }

    #[test]
    fn every_finite_trial_has_a_dot() {
        let dots = [dot(0.5, 1.0), dot(0.1, 0.3), dot(f64::NAN, 1.0)];
        let figure = trials(&dots, Direction::Lower, &TrialOptions::default()).unwrap();
        roxmltree::Document::parse(figure.svg()).unwrap();
        assert_eq!(figure.svg().matches("<circle").count(), 2);
        assert!(trials(&dots[2..], Direction::Lower, &TrialOptions::default()).is_err());
    }
}

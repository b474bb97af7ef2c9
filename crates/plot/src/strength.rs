//! Curves over the strength of a penalty: paths of coefficients, and errors of cross-validation.

mod panel;

use crate::label::{letters, width, wrap};
use crate::panel::{QUIET, TICK_SIZE, TICKS};
use crate::scale::Scale;
use crate::svg::{Svg, number};
use crate::{Error, Figure};
use panel::Panel;

/// The most panels that stand side by side.
pub const MOST_STRENGTHS: usize = 3;

const INK: &str = "#222222";
const EDGE: f64 = 20.0;
const HIGH: f64 = 330.0;
/// Room below a panel for its axis.
const FOOT: f64 = 52.0;
/// Letters of a name that are shown.
const NAME: usize = 24;

/// One panel: what changes along λ. All slices of a panel are as long as `lambdas`.
#[derive(Debug, Clone, Default)]
pub struct Strength {
    /// Its headline; none when empty.
    pub name: String,
    /// The λ, in any order; those that are not above 0 have no place on a logarithmic axis and are
    /// left out.
    pub lambdas: Vec<f64>,
    /// The lines.
    pub lines: Vec<StrengthLine>,
    /// λ that a vertical line marks, and the words above it.
    pub marks: Vec<(f64, String)>,
}

/// One line of a panel.
#[derive(Debug, Clone, Default)]
pub struct StrengthLine {
    /// Its name at its weak end; a line without a name is drawn thin.
    pub name: String,
    /// A value for each λ.
    pub values: Vec<f64>,
    /// How uncertain each value is, drawn as bars of value ± spread; none when empty.
    pub spread: Vec<f64>,
}

/// The words around the panels.
#[derive(Debug, Clone, Default)]
pub struct StrengthOptions {
    /// The headline.
    pub title: String,
    /// A sentence below it.
    pub subtitle: String,
    /// What the values are.
    pub values: String,
}

/// Draws panels side by side on one axis of values, each over its own λ, which is logarithmic and
/// grows weaker to the right, as a path is followed.
///
/// # Errors
/// [`Error::Empty`] when no λ above 0 has a finite value, [`Error::TooManyRuns`] above
/// [`MOST_STRENGTHS`].
///
/// # Example
/// ```
/// use wellfit_plot::{Strength, StrengthLine, StrengthOptions, strengths};
///
/// let line = StrengthLine { name: "age".into(), values: vec![0.0, 0.4, 0.7], spread: vec![] };
/// let lambdas = vec![1.0, 0.1, 0.01];
/// let panel = Strength { lambdas, lines: vec![line], ..Strength::default() };
/// let options = StrengthOptions { title: "Lasso".into(), ..StrengthOptions::default() };
/// assert!(strengths(&[panel], &options)?.svg().contains("age"));
/// # Ok::<(), wellfit_plot::Error>(())
/// ```
pub fn strengths(panels: &[Strength], options: &StrengthOptions) -> Result<Figure, Error> {
    if panels.len() > MOST_STRENGTHS {
        return Err(Error::TooManyRuns { most: MOST_STRENGTHS, found: panels.len() });
    }
    let values = Scale::of_values(panels.iter().flat_map(Strength::reach), false);
    let values = values.ok_or(Error::Empty)?;
    let labels = values.ticks(TICKS).into_iter().map(|tick| width(&tick.1, TICK_SIZE));
    let left = EDGE + 24.0 + labels.fold(20.0, f64::max);
    let wide = if panels.len() == 1 { 560.0 } else { 380.0 };
    let names: Vec<f64> = panels.iter().map(Strength::room).collect();
    let all = left + names.iter().map(|name| wide + name).sum::<f64>();
    let title = wrap(&options.title, letters(all - 2.0 * EDGE, 18.0), 2);
    let subtitle = wrap(&options.subtitle, letters(all - 2.0 * EDGE, 13.0), 2);
    let named = panels.iter().any(|panel| !panel.name.is_empty());
    let top = EDGE + 24.0 * title.len() as f64 + 18.0 * subtitle.len() as f64;
    let top = top + if named { 50.0 } else { 28.0 };
    let mut svg = Svg::new(all.ceil(), top + HIGH + FOOT, &options.title, &options.subtitle);
    head(&mut svg, &title, &subtitle);
    let lines = panels.iter().flat_map(|panel| &panel.lines);
    let mut all_names: Vec<&str> = vec![];
    for name in lines.map(|line| line.name.as_str()).filter(|name| !name.is_empty()) {
        if !all_names.contains(&name) {
            all_names.push(name);
        }
    }
    let mut x = left;
    for (place, (strength, room)) in panels.iter().zip(&names).enumerate() {
        let corner = (x, top);
        if let Some(panel) = Panel::new(strength, corner, (wide, HIGH), values) {
            panel.draw(&mut svg, place == 0, &all_names);
        }
        x += wide + room;
    }
    side(&mut svg, top + HIGH / 2.0, &options.values);
    Ok(Figure::new(all.ceil(), top + HIGH + FOOT, svg.finish()))
}

impl Strength {
    /// All values that are drawn, with their bars.
    fn reach(&self) -> impl Iterator<Item = f64> {
        let shown = |at: &usize| self.lambdas[*at] > 0.0;
        let of = move |line: &StrengthLine, at: usize| {
            let spread = line.spread.get(at).copied().filter(|spread| spread.is_finite());
            let spread = spread.unwrap_or(0.0);
            [line.values[at] - spread, line.values[at] + spread]
        };
        let places: Vec<usize> = (0..self.lambdas.len()).filter(shown).collect();
        let all = self.lines.iter().flat_map(|line| places.iter().flat_map(|&at| of(line, at)));
        all.collect::<Vec<_>>().into_iter()
    }

    /// Room at the right for names.
    fn room(&self) -> f64 {
        let names = self.lines.iter().map(|line| width(&short(&line.name), 12.0));
        names.fold(12.0, f64::max) + 24.0
    }
}

/// A name that is not too long.
fn short(name: &str) -> String {
    wrap(name, NAME, 1).concat()
}

fn head(svg: &mut Svg, title: &[String], subtitle: &[String]) {
    let mut y = EDGE;
    for line in title {
        y += 24.0;
        svg.text((EDGE, y - 8.0), 18.0, "start", &[("fill", &INK)], line);
    }
    for line in subtitle {
        y += 18.0;
        svg.text((EDGE, y - 5.0), 13.0, "start", &[("fill", &QUIET)], line);
    }
}

/// The name of the values, upright along their axis.
fn side(svg: &mut Svg, y: f64, words: &str) {
    let x = EDGE + 4.0;
    let turn = format!("rotate(-90 {} {})", number(x), number(y));
    svg.text((x, y), 12.0, "middle", &[("fill", &INK), ("transform", &turn)], words);
}

#[cfg(test)]
mod tests;

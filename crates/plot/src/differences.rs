//! Paired differences with their intervals, one below the other.

use crate::label::{letters, wrap};
use crate::panel::{QUIET, TICK_SIZE, TICKS};
use crate::pen::dot;
use crate::scale::{Scale, drawable};
use crate::svg::{Attribute, Svg, number};
use crate::{Error, Figure};

const INK: &str = "#222222";
const GRID: &str = "#e4e4e4";
const AXIS: &str = "#8c8c8c";
const BETTER: &str = "#009e73";
const WORSE: &str = "#d55e00";
const EDGE: f64 = 20.0;
const WIDE: f64 = 400.0;
const ROW: f64 = 30.0;
const NAMES: f64 = 260.0;
const FOOT: f64 = 50.0;

/// One difference.
#[derive(Debug, Clone, Default)]
pub struct GainRow {
    /// What was compared.
    pub name: String,
    /// Mean of the paired differences, above zero being better.
    pub mean: f64,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end of its interval.
    pub high: f64,
    /// What is told at the right; `better` and `worse` have colours of their own.
    pub verdict: String,
}

/// The words around the rows.
#[derive(Debug, Clone, Default)]
pub struct GainOptions {
    /// The headline.
    pub title: String,
    /// A sentence below it.
    pub subtitle: String,
    /// What the differences are of.
    pub values: String,
}

/// Draws each difference as a dot on its interval, on one axis with a line at zero. Rows that are
/// not finite keep their name and have no dot.
///
/// # Errors
/// [`Error::Empty`] when no row has a finite mean.
pub fn gains(rows: &[GainRow], options: &GainOptions) -> Result<Figure, Error> {
    let reach = rows.iter().flat_map(|row| [row.mean, row.low, row.high]).chain([0.0]);
    if !rows.iter().any(|row| drawable(row.mean)) {
        return Err(Error::Empty);
    }
    let reach: Vec<f64> = reach.filter(|value| drawable(*value)).collect();
    // An axis of its own that always has zero inside, whatever the values.
    let most = reach.iter().fold(0.0f64, |most, value| most.max(value.abs())).max(1e-12);
    let scale = Scale::of_values(reach.iter().copied().chain([-0.1 * most, 0.1 * most]), false);
    let scale = scale.ok_or(Error::Empty)?;
    let all = EDGE + NAMES + WIDE + 120.0;
    let title = wrap(&options.title, letters(all - 2.0 * EDGE, 18.0), 2);
    let subtitle = wrap(&options.subtitle, letters(all - 2.0 * EDGE, 13.0), 2);
    let top = EDGE + 24.0 * title.len() as f64 + 18.0 * subtitle.len() as f64 + 14.0;
    let bottom = top + ROW * rows.len() as f64;
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
    let x = |value: f64| EDGE + NAMES + WIDE * scale.place(value);
    for (value, label) in scale.ticks(TICKS) {
        let stroke = if value == 0.0 { AXIS } else { GRID };
        svg.line((x(value), top), (x(value), bottom), &[("stroke", &stroke)]);
        let place = (x(value), bottom + 17.0);
        svg.text(place, TICK_SIZE, "middle", &[("fill", &QUIET)], &label);
    }
    let place = (EDGE + NAMES + WIDE / 2.0, bottom + 38.0);
    svg.text(place, 12.0, "middle", &[("fill", &QUIET)], &options.values);
    for (place, row) in rows.iter().enumerate() {
        draw(&mut svg, row, top + ROW * (place as f64 + 0.5), &x);
    }
    Ok(Figure::new(all, bottom + FOOT, svg.finish()))
}

fn draw(svg: &mut Svg, row: &GainRow, y: f64, x: &dyn Fn(f64) -> f64) {
    let name = wrap(&row.name, letters(NAMES - 14.0, 12.0), 1).concat();
    svg.text((EDGE + NAMES - 14.0, y + 4.0), 12.0, "end", &[("fill", &INK)], &name);
    let colour = match row.verdict.as_str() {
        "better" => BETTER,
        "worse" => WORSE,
        _ => QUIET,
    };
    if drawable(row.low) && drawable(row.high) {
        let style: [Attribute; 2] = [("stroke", &colour), ("stroke-width", &2)];
        svg.line((x(row.low), y), (x(row.high), y), &style);
        for end in [row.low, row.high] {
            svg.line((x(end), y - 4.0), (x(end), y + 4.0), &style);
        }
    }
    if drawable(row.mean) {
        dot(svg, (x(row.mean), y), &[("fill", &colour), ("data-value", &number(row.mean))]);
    }
    let at = (EDGE + NAMES + WIDE + 12.0, y + 4.0);
    svg.text(at, 12.0, "start", &[("fill", &colour)], &row.verdict);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, mean: f64, low: f64, high: f64) -> GainRow {
        let verdict = if low > 0.0 {
            "better"
        } else if high < 0.0 {
            "worse"
        } else {
            "?"
        };
        GainRow { name: name.into(), mean, low, high, verdict: verdict.into() }
    }

    #[test]
    fn zero_is_always_on_the_axis_and_colours_tell_the_side() {
        let rows =
            [row("<up>", 2.0, 1.0, 3.0), row("down", -2.0, -3.0, -1.0), row("?", 0.1, -1.0, 1.0)];
        let options = GainOptions { title: "Gains".into(), ..GainOptions::default() };
        let svg = gains(&rows, &options).unwrap().svg().to_owned();
        roxmltree::Document::parse(&svg).unwrap();
        for expected in [BETTER, WORSE, "&lt;up&gt;", ">0<"] {
            assert!(svg.contains(expected), "{expected}");
        }
        let alone = gains(&rows[..1], &options).unwrap();
        assert!(alone.svg().contains(">0<"));
    }

    #[test]
    fn what_diverged_keeps_its_name_alone() {
        let nan = f64::NAN;
        let rows = [row("fine", 1.0, 0.5, 1.5), row("broke", nan, nan, nan)];
        let svg = gains(&rows, &GainOptions::default()).unwrap().svg().to_owned();
        assert_eq!(svg.matches("<circle").count(), 1);
        assert!(svg.contains("broke"));
        assert!(gains(&rows[1..], &GainOptions::default()).is_err());
    }
}

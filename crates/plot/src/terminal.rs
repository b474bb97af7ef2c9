//! The learning curve as text.

use crate::braille::{Canvas, ascii_mark};
use crate::curve::{check, values};
use crate::label::{spread, wrap};
use crate::row::Row;
use crate::scale::Scale;
use crate::trace::Trace;
use crate::{Curve, Error, Options};
use wellfit_core::run::Part;

/// Room at the right for the names of the lines.
const NAMES: usize = 13;
const LEAST_WIDTH: usize = 40;
const LEAST_ROWS: usize = 4;

/// The terminal that text is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terminal {
    /// Columns; fewer than 40 count as 40.
    pub width: usize,
    /// Lines that the text fills; each panel takes at least 4 for its curves.
    pub height: usize,
    /// Whether the terminal shows ANSI colours.
    pub color: bool,
    /// Whether only ASCII letters are safe; else lines are drawn in Braille dots.
    pub ascii: bool,
}

impl Default for Terminal {
    fn default() -> Self {
        Self { width: 80, height: 24, color: false, ascii: false }
    }
}

/// Draws the curves of one run as lines of text, each ended by a newline: the loss, and
/// `options.metric` below it. Train is solid, validation dashed, online dotted; a cross in the
/// first row of a panel marks a point that is NaN or infinite.
///
/// # Errors
/// As [`learning_curve`](crate::learning_curve).
pub fn terminal(curve: &Curve, options: &Options, terminal: &Terminal) -> Result<String, Error> {
    let curves = std::slice::from_ref(curve);
    let checked = check(curves, options)?;
    let width = terminal.width.max(LEAST_WIDTH);
    let mut lines = wrap(&options.title, width, 2);
    lines.extend(wrap(&options.verdict, width, 3));
    let panels = checked.metrics.len();
    let marked = usize::from(curve.marks().next().is_some());
    let fixed = lines.len() + panels + 2 + marked;
    let rows = (terminal.height.saturating_sub(fixed) / panels).max(LEAST_ROWS);
    let scales: Vec<Option<Scale>> = checked.metrics.iter().map(|m| values(curves, m)).collect();
    let labels = scales.iter().flatten().flat_map(|s| s.ticks(rows.div_ceil(2)));
    let left = labels.map(|t| t.1.len()).fold(4, usize::max);
    let axis = options.axis();
    let text = Text { curve, terminal, axis, epochs: checked.epochs, left, rows, width };
    for (metric, scale) in checked.metrics.iter().zip(&scales) {
        text.panel(&mut lines, metric, scale.as_ref());
    }
    text.foot(&mut lines);
    let lines = lines.iter().map(|line| line.trim_end());
    let lines: String = lines.flat_map(|line| [line, "\n"]).collect();
    Ok(if terminal.ascii { lines.replace('…', "~") } else { lines })
}

/// What all panels share.
struct Text<'a> {
    curve: &'a Curve<'a>,
    terminal: &'a Terminal,
    /// What is counted along the axis.
    axis: &'a str,
    epochs: Scale,
    /// Columns of the tick labels.
    left: usize,
    /// Rows of one panel.
    rows: usize,
    width: usize,
}

impl Text<'_> {
    fn columns(&self) -> usize {
        self.width - self.left - 2 - NAMES
    }

    fn column(&self, epoch: f64) -> usize {
        (self.epochs.place(epoch) * (self.columns() - 1) as f64).round() as usize
    }

    /// Dots across and down in one letter.
    fn dots(&self) -> (usize, usize) {
        Canvas::cell(self.terminal.ascii)
    }

    /// One of two letters: with Unicode, without.
    fn letter(&self, unicode: char, ascii: char) -> char {
        if self.terminal.ascii { ascii } else { unicode }
    }

    fn panel(&self, lines: &mut Vec<String>, metric: &str, scale: Option<&Scale>) {
        let name = wrap(metric, self.width - 12, 1).concat();
        let log = if scale.is_some_and(|s| s.log) { " (log scale)" } else { "" };
        lines.push(format!("{:>1$}{name}{log}", "", self.left + 2));
        let canvas = self.canvas(metric, scale);
        let names = self.names(metric, scale);
        let ticks = self.ticks(scale);
        for row in 0..self.rows {
            let mut line = format!("{:>1$} ", ticks[row], self.left);
            line.push(self.letter('│', '|'));
            let cells: Vec<(char, Option<Part>)> = canvas.row(row).collect();
            for same in cells.chunk_by(|a, b| a.1 == b.1) {
                let letters: String = same.iter().map(|cell| cell.0).collect();
                line.push_str(&self.paint(&letters, same[0].1));
            }
            line.push_str(&names[row]);
            lines.push(line);
        }
    }

    /// The label of each row, empty between ticks.
    fn ticks(&self, scale: Option<&Scale>) -> Vec<String> {
        let mut labels = vec![String::new(); self.rows];
        for (value, label) in scale.iter().flat_map(|s| s.ticks(self.rows.div_ceil(2))) {
            let place = scale.map_or(0.0, |s| s.place(value));
            let dots = self.rows * self.dots().1;
            let dot = ((1.0 - place) * (dots - 1) as f64).round() as usize;
            labels[dot / self.dots().1] = label;
        }
        labels
    }

    fn canvas(&self, metric: &str, scale: Option<&Scale>) -> Canvas {
        let mut canvas = Canvas::new(self.columns(), self.rows, self.terminal.ascii);
        for (_, epoch) in self.curve.marks() {
            for row in 0..self.rows {
                canvas.behind(self.column(epoch), row, self.letter('┊', ':'));
            }
        }
        for (part, trace) in self.traces(metric, scale) {
            for line in &trace.lines {
                canvas.line(part, line);
            }
            for x in &trace.gaps {
                canvas.behind(*x as usize / self.dots().0, 0, self.letter('×', 'x'));
            }
        }
        canvas
    }

    fn traces(&self, metric: &str, scale: Option<&Scale>) -> Vec<(Part, Trace)> {
        let (across, down) = self.dots();
        let wide = (self.columns() * across - 1) as f64;
        let high = (self.rows * down - 1) as f64;
        let x = |epoch| (self.epochs.place(epoch) * wide).round();
        let y = |value| scale.map_or(0.0, |s| ((1.0 - s.place(value)) * high).round());
        self.curve.series(metric).map(|s| (s.part, Trace::new(&s.points, x, y))).collect()
    }

    /// The name of each line, in the row where it ends.
    fn names(&self, metric: &str, scale: Option<&Scale>) -> Vec<String> {
        let traces = self.traces(metric, scale);
        let ends: Vec<(Part, f64)> = traces
            .iter()
            .filter_map(|(part, t)| Some((*part, (t.last()?.1 / self.dots().1 as f64).floor())))
            .collect();
        let mut rows: Vec<f64> = ends.iter().map(|e| e.1).collect();
        spread(&mut rows, 1.0, 0.0, (self.rows - 1) as f64);
        let mut names = vec![String::new(); self.rows];
        if ends.is_empty() {
            names[0] = "no points".to_owned();
        }
        for ((part, _), row) in ends.iter().zip(rows) {
            let mark = match part {
                _ if self.terminal.ascii => ascii_mark(*part),
                Part::Train => '─',
                Part::Validation => '╌',
                Part::Online | Part::Test => '·',
            };
            let name = format!(" {mark} {}", part.name());
            names[row as usize] = self.paint(&name, Some(*part));
        }
        names
    }

    /// The axis of epochs and the marked epochs below the last panel.
    fn foot(&self, lines: &mut Vec<String>) {
        let ticks = self.epochs.ticks(self.columns() / 8);
        let mut axis = vec![self.letter('─', '-'); self.columns()];
        let mut labels = Row::new(self.columns() + NAMES);
        for (epoch, label) in ticks {
            let column = self.column(epoch);
            axis[column] = self.letter('┴', '+');
            labels.place(column, &label);
        }
        labels.place(self.columns() + 2, self.axis);
        let corner = self.letter('└', '+');
        let axis: String = axis.into_iter().collect();
        lines.push(format!("{:1$}{corner}{axis}", "", self.left + 1));
        lines.push(format!("{:1$}{2}", "", self.left + 2, labels.text()));
        let mut marks = Row::new(self.columns() + NAMES);
        let marked = self.curve.labels();
        for (words, epoch) in &marked {
            marks.place(self.column(*epoch), words);
        }
        if !marked.is_empty() {
            lines.push(format!("{:1$}{2}", "", self.left + 2, marks.text()));
        }
    }

    fn paint(&self, text: &str, part: Option<Part>) -> String {
        let code = match part.filter(|_| self.terminal.color) {
            None => return text.to_owned(),
            Some(Part::Train) => 36,
            Some(Part::Validation) => 33,
            Some(Part::Online | Part::Test) => 32,
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

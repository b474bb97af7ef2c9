//! A canvas of characters on which lines are drawn as Braille dots or as ASCII letters.

use crate::trace::Place;
use wellfit_core::run::Part;

/// The dots of a Braille letter by row and column, as Unicode numbers them.
const DOTS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

/// One character of the canvas.
#[derive(Clone, Default)]
struct Cell {
    dots: u8,
    part: Option<Part>,
    /// A letter that stands behind the lines.
    behind: Option<char>,
}

/// A field of characters.
pub struct Canvas {
    columns: usize,
    ascii: bool,
    cells: Vec<Cell>,
}

impl Canvas {
    /// An empty canvas.
    pub fn new(columns: usize, rows: usize, ascii: bool) -> Self {
        Self { columns, ascii, cells: vec![Cell::default(); columns * rows] }
    }

    /// Dots across and down in one letter.
    pub fn cell(ascii: bool) -> (usize, usize) {
        if ascii { (1, 1) } else { (2, 4) }
    }

    /// Draws a line through places that are given in dots; a lone place is drawn larger.
    pub fn line(&mut self, part: Part, line: &[Place]) {
        if let [lone] = line {
            for (dx, dy) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)] {
                let spread = if self.ascii { 0.0 } else { 1.0 };
                self.dot(part, lone.0 + dx * spread, lone.1 + dy * spread);
            }
        }
        let mut walked = 0;
        for ends in line.windows(2) {
            let (dx, dy) = (ends[1].0 - ends[0].0, ends[1].1 - ends[0].1);
            let steps = dx.abs().max(dy.abs()).ceil().max(1.0) as usize;
            for step in 0..=steps {
                let share = step as f64 / steps as f64;
                if self.ascii || inked(part, walked + step) {
                    self.dot(part, ends[0].0 + dx * share, ends[0].1 + dy * share);
                }
            }
            walked += steps;
        }
    }

    fn dot(&mut self, part: Part, x: f64, y: f64) {
        let (across, down) = Self::cell(self.ascii);
        let rows = self.cells.len() / self.columns;
        let x = (x as usize).min(self.columns * across - 1);
        let y = (y as usize).min(rows * down - 1);
        let cell = &mut self.cells[y / down * self.columns + x / across];
        cell.dots |= DOTS[y % down][x % across];
        cell.part = Some(part);
    }

    /// Puts a letter behind the lines.
    pub fn behind(&mut self, column: usize, row: usize, letter: char) {
        self.cells[row * self.columns + column].behind = Some(letter);
    }

    /// The letters of one row, each with the part whose line it shows.
    pub fn row(&self, row: usize) -> impl Iterator<Item = (char, Option<Part>)> + '_ {
        let cells = &self.cells[row * self.columns..(row + 1) * self.columns];
        cells.iter().map(|cell| match cell.part {
            Some(part) if self.ascii => (ascii_mark(part), Some(part)),
            Some(part) => {
                (char::from_u32(0x2800 + u32::from(cell.dots)).unwrap_or(' '), Some(part))
            }
            None => (cell.behind.unwrap_or(' '), None),
        })
    }
}

/// Whether a line has ink after so many dots: train is solid, validation dashed, online dotted.
fn inked(part: Part, walked: usize) -> bool {
    match part {
        Part::Train => true,
        Part::Validation => walked % 6 < 3,
        Part::Online | Part::Test => walked.is_multiple_of(4),
    }
}

/// The letter of a part where there is only ASCII.
pub fn ascii_mark(part: Part) -> char {
    match part {
        Part::Train => '*',
        Part::Validation => 'o',
        Part::Online | Part::Test => '.',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(canvas: &Canvas, row: usize) -> String {
        canvas.row(row).map(|cell| cell.0).collect()
    }

    #[test]
    fn braille_dots_stand_where_unicode_puts_them() {
        let mut canvas = Canvas::new(2, 1, false);
        canvas.line(Part::Train, &[(0.0, 0.0), (3.0, 3.0)]);
        assert_eq!(row(&canvas, 0), "⠑⢄");
        assert_eq!(canvas.row(0).next().unwrap().1, Some(Part::Train));
    }

    #[test]
    fn parts_differ_without_colour() {
        let draw = |part, ascii| {
            let mut canvas = Canvas::new(6, 1, ascii);
            canvas.line(part, &[(0.0, 0.0), (11.0, 0.0)]);
            row(&canvas, 0)
        };
        assert_eq!(draw(Part::Train, false), "⠉⠉⠉⠉⠉⠉");
        assert_eq!(draw(Part::Validation, false), "⠉⠁ ⠉⠁ ");
        assert_eq!(draw(Part::Online, true), "......");
    }

    #[test]
    fn places_beyond_the_edge_stay_on_it() {
        let mut canvas = Canvas::new(2, 2, true);
        canvas.behind(0, 0, '|');
        canvas.line(Part::Train, &[(9.0, 9.0)]);
        assert_eq!([row(&canvas, 0), row(&canvas, 1)], ["| ", " *"]);
    }
}

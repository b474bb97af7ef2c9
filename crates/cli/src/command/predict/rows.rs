//! Predictions as rows of cells, and as lines of CSV or JSON.

use crate::error::Failure;
use serde::ser::{Serialize, SerializeMap, Serializer};
use wellfit::data::Kept;
use wellfit::{Number, Prediction, Spread};

/// One line: a prediction, and what samples say of it.
pub type Row = (Prediction, Option<Spread>);

/// What the lines of a table of predictions are made of.
pub struct Rows<'a> {
    classes: &'a [String],
    kept: &'a [Kept],
    names: Vec<String>,
    probabilities: bool,
}

/// Columns of what samples of a classifier say.
const SPREAD: [&str; 2] = ["entropy", "mutual_information"];

/// One cell.
pub enum Cell<'a> {
    Text(&'a str),
    Number(f64),
}

impl<'a> Rows<'a> {
    /// Lines with the kept columns in front.
    pub fn new(
        classes: &'a [String],
        kept: &'a [Kept],
        probabilities: bool,
        sampled: bool,
    ) -> Result<Self, Failure> {
        let mut names: Vec<String> = kept.iter().map(|column| column.name.clone()).collect();
        names.push("prediction".to_owned());
        if probabilities {
            names.extend(classes.iter().map(|class| format!("probability_{class}")));
        }
        if sampled {
            let spread: &[&str] = if classes.is_empty() { &["std"] } else { &SPREAD };
            names.extend(spread.iter().map(|name| (*name).to_owned()));
        }
        let twice = names.iter().enumerate().find(|(place, name)| names[..*place].contains(name));
        if let Some((_, name)) = twice {
            let message = format!("two columns of the result would be named `{name}`");
            let hint = "leave out one --keep, or name the column otherwise in the table";
            return Err(Failure::new(message, Some(hint.to_owned())));
        }
        Ok(Self { classes, kept, names, probabilities })
    }

    /// Names of the columns.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The first line of CSV.
    pub fn header(&self) -> Result<Vec<u8>, Failure> {
        encode([self.names.iter().map(String::as_str)])
    }

    /// Lines of CSV for the examples from `start` on.
    pub fn csv(&self, start: usize, part: &[Row]) -> Result<Vec<u8>, Failure> {
        let text = |cell: Cell| match cell {
            Cell::Text(text) => text.to_owned(),
            // As short as it can be without losing a bit.
            Cell::Number(number) => format!("{number:?}"),
        };
        let cells = |(row, prediction)| self.cells(row, prediction).into_iter().map(text);
        encode((start..).zip(part).map(cells))
    }

    /// An object a line for the examples from `start` on.
    pub fn json(&self, start: usize, part: &[Row]) -> Result<Vec<u8>, Failure> {
        let mut text = Vec::new();
        for (row, prediction) in (start..).zip(part) {
            let object = Object(&self.names, self.cells(row, prediction));
            serde_json::to_writer(&mut text, &object).map_err(unwritable)?;
            text.push(b'\n');
        }
        Ok(text)
    }

    /// The cells of one example, in the order of the columns.
    pub fn cells<'b>(&'b self, row: usize, (prediction, spread): &'b Row) -> Vec<Cell<'b>> {
        let mut cells: Vec<Cell<'b>> =
            self.kept.iter().map(|column| Cell::Text(&column.cells[row])).collect();
        match prediction {
            Prediction::Value(value) => cells.push(Cell::Number(*value)),
            Prediction::Class { class, probabilities } => {
                cells.push(Cell::Text(&self.classes[*class]));
                if self.probabilities {
                    cells.extend(probabilities.iter().copied().map(Cell::Number));
                }
            }
        }
        match spread {
            Some(Spread::Class { entropy, mutual_information }) => {
                cells.extend([*entropy, *mutual_information].map(Cell::Number));
            }
            Some(Spread::Value(std)) => cells.push(Cell::Number(*std)),
            None => {}
        }
        cells
    }
}

fn encode<R: IntoIterator<Item: AsRef<[u8]>>>(
    rows: impl IntoIterator<Item = R>,
) -> Result<Vec<u8>, Failure> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(unwritable)?;
    }
    writer.into_inner().map_err(unwritable)
}

/// A prediction that its form cannot hold.
pub fn unwritable(error: impl std::fmt::Display) -> Failure {
    Failure::new(format!("cannot write a prediction: {error}"), None)
}

/// Names and cells, in order.
struct Object<'a>(&'a [String], Vec<Cell<'a>>);

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, cell) in self.0.iter().zip(&self.1) {
            match cell {
                Cell::Text(text) => map.serialize_entry(name, text)?,
                Cell::Number(number) => map.serialize_entry(name, &Number(*number))?,
            }
        }
        map.end()
    }
}

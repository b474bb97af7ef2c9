//! A table in memory: named columns of numbers or words, cells that may be missing.

use crate::{Error, csv_table, file, parquet_table};
use std::path::{Path, PathBuf};

/// A table as its file has it, before anything is decided about its columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// The file, for errors.
    pub path: PathBuf,
    /// The columns in the file's order, all of the same length.
    pub columns: Vec<Column>,
    /// Where each row stands.
    pub places: Places,
}

/// Where the rows of a table stand in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Places {
    /// The line each row begins at, counted from 1.
    Lines(Vec<u64>),
    /// So many rows, which the file does not keep as lines.
    Rows(usize),
    /// So many rows of a larger file, of which `first` stand before them.
    Part {
        /// Rows of the file before these.
        first: usize,
        /// Rows here.
        rows: usize,
    },
}

/// One column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name, unlike all others of the table.
    pub name: String,
    /// Its cells.
    pub cells: Cells,
}

/// The cells of a column; `None` is a missing one.
#[derive(Debug, Clone, PartialEq)]
pub enum Cells {
    /// Every cell that is there is a number, maybe an infinite one, never NaN.
    Numbers(Vec<Option<f64>>),
    /// Text without white space around it.
    Words(Vec<Option<String>>),
}

impl Frame {
    /// Reads a table: Parquet, or CSV that is plain, gzipped or packed with zstd. The content
    /// decides, not the name.
    ///
    /// Cells of CSV are separated by `,`, `;` or tabs, whichever the header has most of. An empty
    /// cell is missing, and so is one of [`csv_table::MISSING`]. A column is read as numbers when
    /// all its cells are, unless `words` names it: `02134` keeps its zero there.
    ///
    /// Parquet knows the types of its columns. Dates count days since 1970, moments seconds since
    /// 1970 and times of the day seconds, whatever unit the file keeps them in; booleans are the
    /// words `false` and `true`; null, NaN and blank text are missing.
    ///
    /// # Errors
    /// [`Error::Read`], [`Error::Packed`], [`Error::Format`] for a table without columns or rows
    /// or with a bad header, for a Parquet file that is damaged or has a nested column, and for a
    /// file of another kind, [`Error::Line`] for a line that is ragged or not UTF-8.
    pub fn read(path: &Path, words: &[&str]) -> Result<Self, Error> {
        let start = file::start(path)?;
        if start == parquet_table::MAGIC || start == parquet_table::ENCRYPTED {
            return parquet_table::read(path);
        }
        csv_table::parse(path, &file::read(path)?, words)
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        match &self.places {
            Places::Lines(lines) => lines.len(),
            Places::Rows(rows) | Places::Part { rows, .. } => *rows,
        }
    }

    /// The column of that name, when there is one.
    pub fn get(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The column of that name.
    ///
    /// # Errors
    /// [`Error::NoColumn`] with the closest name and all names.
    pub fn column(&self, name: &str) -> Result<&Column, Error> {
        self.get(name).ok_or_else(|| self.missing(name))
    }

    fn missing(&self, column: &str) -> Error {
        let header: Vec<&str> = self.columns.iter().map(|column| column.name.as_str()).collect();
        let edits = |name: &str| strsim::osa_distance(&name.to_lowercase(), &column.to_lowercase());
        let close = header.iter().min_by_key(|name| edits(name));
        let close = close.filter(|name| edits(name) <= column.chars().count() / 3);
        let hint = close.map_or(String::new(), |name| format!(" (did you mean `{name}`?)"));
        let mut columns = header[..header.len().min(20)].join(", ");
        if header.len() > 20 {
            columns += &format!(" and {} more", header.len() - 20);
        }
        Error::NoColumn { path: self.path.clone(), column: column.to_owned(), hint, columns }
    }

    /// The error about one cell.
    pub(crate) fn refuse(&self, row: usize, column: &str, expected: &str, found: &str) -> Error {
        let at = match &self.places {
            Places::Lines(lines) => format!("line {}", lines[row]),
            Places::Rows(_) => format!("row {}", row + 1),
            Places::Part { first, .. } => format!("row {}", first + row + 1),
        };
        let (path, column) = (self.path.clone(), column.to_owned());
        Error::Cell { path, at, column, expected: expected.to_owned(), found: found.to_owned() }
    }
}

impl Cells {
    /// Number of cells, missing ones among them.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Numbers(cells) => cells.len(),
            Self::Words(cells) => cells.len(),
        }
    }
}

impl Column {
    /// How many cells are missing.
    pub fn missing(&self) -> usize {
        match &self.cells {
            Cells::Numbers(cells) => cells.iter().filter(|cell| cell.is_none()).count(),
            Cells::Words(cells) => cells.iter().filter(|cell| cell.is_none()).count(),
        }
    }

    /// The numbers, each finite in 32 bits as networks hold them.
    ///
    /// # Errors
    /// [`Error::Cell`] for a word and for a number beyond that range.
    pub(crate) fn numbers(&self, frame: &Frame) -> Result<Vec<Option<f64>>, Error> {
        const EXPECTED: &str = "a finite number of at most 3.4e38";
        let number = |row: usize, cell: &dyn ToString, parsed: Option<f64>| {
            let inside = parsed.filter(|number| number.abs() <= f64::from(f32::MAX));
            let found = || format!("`{}`", cell.to_string());
            inside.ok_or_else(|| frame.refuse(row, &self.name, EXPECTED, &found())).map(Some)
        };
        match &self.cells {
            Cells::Numbers(cells) => (0..)
                .zip(cells)
                .map(|(row, cell)| cell.map_or(Ok(None), |x| number(row, &x, Some(x))))
                .collect(),
            Cells::Words(cells) => (0..)
                .zip(cells)
                .map(|(row, cell)| {
                    cell.as_ref().map_or(Ok(None), |word| number(row, word, word.parse().ok()))
                })
                .collect(),
        }
    }

    /// The words; a number is written as short as it can be, `2` and not `2.0`.
    pub(crate) fn words(&self) -> Vec<Option<String>> {
        match &self.cells {
            Cells::Numbers(cells) => {
                // Adding zero turns -0 into 0.
                cells.iter().map(|cell| cell.map(|number| (number + 0.0).to_string())).collect()
            }
            Cells::Words(cells) => cells.clone(),
        }
    }
}

//! What every reader makes of its file: numbers under the names that the log uses, row by row.

use std::collections::{HashMap, HashSet};

/// A table with gaps. Columns come in the order in which they were first seen.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    /// What tells this run from the others of its file; empty where it is the only one.
    pub name: String,
    /// Sentences for the report.
    pub notes: Vec<String>,
    columns: Vec<String>,
    known: HashMap<String, u32>,
    cells: Vec<Cell>,
    rows: u32,
}

/// A number and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub row: u32,
    pub column: u32,
    pub value: f64,
}

impl Table {
    /// An empty table of the run called `name`.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Begins the next row.
    pub fn begin_row(&mut self) {
        self.rows += 1;
    }

    /// Puts a value into the current row. A second value for a column is kept; the last counts.
    pub fn put(&mut self, column: &str, value: f64) {
        let column = self.column(column);
        self.cells.push(Cell { row: self.rows.max(1) - 1, column, value });
    }

    fn column(&mut self, name: &str) -> u32 {
        if let Some(&column) = self.known.get(name) {
            return column;
        }
        let column = self.columns.len() as u32;
        self.columns.push(name.to_owned());
        self.known.insert(name.to_owned(), column);
        column
    }

    /// The table with other names over its columns.
    pub fn renamed(&self, name: impl Fn(&String) -> String) -> Self {
        let mut renamed =
            Self { name: self.name.clone(), notes: self.notes.clone(), ..Self::default() };
        for row in self.by_row() {
            renamed.begin_row();
            for cell in row {
                renamed.put(&name(&self.columns[cell.column as usize]), cell.value);
            }
        }
        renamed
    }

    /// The table without some rows.
    pub fn without(&self, rows: &HashSet<u32>) -> Self {
        let mut kept =
            Self { name: self.name.clone(), notes: self.notes.clone(), ..Self::default() };
        for row in self.by_row().filter(|row| !rows.contains(&row[0].row)) {
            kept.begin_row();
            row.iter().for_each(|cell| kept.put(&self.columns[cell.column as usize], cell.value));
        }
        kept
    }

    /// Names of the columns.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// All cells, row by row.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// Number of rows, gaps counted.
    pub fn rows(&self) -> usize {
        self.rows as usize
    }

    /// Cells of each row that has some.
    pub fn by_row(&self) -> impl Iterator<Item = &[Cell]> {
        self.cells.chunk_by(|a, b| a.row == b.row)
    }
}

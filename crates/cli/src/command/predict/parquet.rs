//! Predictions as a Parquet file, by Arrow's writer.

use super::rows::{Cell, Row, Rows, unwritable};
use crate::error::Failure;
use arrow_array::builder::{Float64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use std::mem::take;
use std::sync::Arc;

/// A file in the making, of which this holds what is not written yet.
pub struct Table(ArrowWriter<Vec<u8>>);

impl Table {
    /// A file with the columns of `first`.
    pub fn begin(first: &RecordBatch) -> Result<Self, Failure> {
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let writer = ArrowWriter::try_new(Vec::new(), first.schema(), Some(properties));
        writer.map(Self).map_err(unwritable)
    }

    /// Adds rows; gives the bytes that are ready.
    pub fn add(&mut self, rows: &RecordBatch) -> Result<Vec<u8>, Failure> {
        self.0.write(rows).map_err(unwritable)?;
        Ok(take(self.0.inner_mut()))
    }

    /// The rest of the file.
    pub fn end(self) -> Result<Vec<u8>, Failure> {
        self.0.into_inner().map_err(unwritable)
    }
}

/// The examples from `start` on: text, missing where it is empty, and 64-bit floats.
pub fn columns(rows: &Rows<'_>, start: usize, part: &[Row]) -> Result<RecordBatch, Failure> {
    let mut columns: Vec<Column> = Vec::new();
    for (row, prediction) in (start..).zip(part) {
        let cells = rows.cells(row, prediction);
        if columns.is_empty() {
            columns = cells.iter().map(Column::of).collect();
        }
        for (column, cell) in columns.iter_mut().zip(cells) {
            column.add(&cell);
        }
    }
    let arrays = columns.iter_mut().map(Column::finish);
    let named = rows.names().iter().zip(arrays).map(|(name, array)| (name, array, true));
    RecordBatch::try_from_iter_with_nullable(named).map_err(unwritable)
}

enum Column {
    Text(StringBuilder),
    Number(Float64Builder),
}

impl Column {
    fn of(cell: &Cell<'_>) -> Self {
        match cell {
            Cell::Text(_) => Self::Text(StringBuilder::new()),
            Cell::Number(_) => Self::Number(Float64Builder::new()),
        }
    }

    /// A column is of one kind all the way down.
    fn add(&mut self, cell: &Cell<'_>) {
        match (self, cell) {
            (Self::Text(column), Cell::Text(text)) => {
                column.append_option((!text.is_empty()).then_some(text));
            }
            (Self::Number(column), Cell::Number(number)) => column.append_value(*number),
            (Self::Text(column), Cell::Number(_)) => column.append_null(),
            (Self::Number(column), Cell::Text(_)) => column.append_null(),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(column) => Arc::new(column.finish()),
            Self::Number(column) => Arc::new(column.finish()),
        }
    }
}

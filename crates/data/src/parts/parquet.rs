//! Parquet, some rows at a time.

use super::Source;
use crate::frame::{Cells, Column, Places};
use crate::parquet_table::{append, builder, damaged, empties};
use crate::{Error, Frame};
use parquet::arrow::arrow_reader::ParquetRecordBatchReader;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// An open file.
pub struct File {
    path: PathBuf,
    reader: ParquetRecordBatchReader,
    names: Vec<String>,
    /// The columns before their first row.
    empty: Vec<Cells>,
    seen: usize,
    rows: usize,
}

impl File {
    pub fn open(path: &Path, rows: usize) -> Result<Self, Error> {
        // A damaged page makes the reader panic.
        let open = || {
            let builder = builder(path)?;
            let (names, empty) = empties(path, &builder)?;
            let all = usize::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or(0);
            let reader = builder.with_batch_size(rows).build();
            let reader = reader.map_err(|error| damaged(path, error))?;
            Ok(Self { path: path.into(), reader, names, empty, seen: 0, rows: all })
        };
        let opened = catch_unwind(open);
        opened.unwrap_or_else(|_| Err(damaged(path, "a page breaks its format")))
    }

    fn read(&mut self) -> Option<Result<Frame, Error>> {
        let batch = match self.reader.next()? {
            Ok(batch) => batch,
            Err(error) => return Some(Err(damaged(&self.path, error))),
        };
        let mut columns = self.empty.clone();
        append(&mut columns, &batch);
        let rows = batch.num_rows();
        let columns = self.names.iter().cloned().zip(columns);
        let columns = columns.map(|(name, cells)| Column { name, cells }).collect();
        let places = Places::Part { first: self.seen, rows };
        self.seen += rows;
        Some(Ok(Frame { path: self.path.clone(), columns, places }))
    }
}

impl Source for File {
    fn next(&mut self) -> Option<Result<Frame, Error>> {
        let read = catch_unwind(AssertUnwindSafe(|| self.read()));
        read.unwrap_or_else(|_| Some(Err(damaged(&self.path, "a page breaks its format"))))
    }

    fn share(&self) -> f64 {
        self.seen as f64 / self.rows.max(1) as f64
    }
}

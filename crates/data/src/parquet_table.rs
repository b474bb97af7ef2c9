//! Parquet into a [`Frame`], by Arrow's reader.

mod cells;

use crate::frame::{Cells, Column, Places};
use crate::{Error, Frame, csv_table};
use arrow_array::{RecordBatch, new_empty_array};
use arrow_schema::Field;
use cells::cells;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use std::fmt::Display;
use std::fs::File;
use std::panic::catch_unwind;
use std::path::Path;

/// What a Parquet file begins with.
pub(crate) const MAGIC: &[u8] = b"PAR1";
/// The same where even the names of the columns are encrypted.
pub(crate) const ENCRYPTED: &[u8] = b"PARE";
/// Rows that are unpacked at once.
const BATCH: usize = 8192;

/// Reads a file of flat columns with however many row groups.
///
/// Numbers and decimals become 64-bit floats, dates days since 1970, moments seconds since 1970,
/// times of the day seconds, whatever unit the file keeps them in; booleans become `false` and
/// `true`, bytes that are no text hexadecimal. Null, NaN and blank text are missing.
///
/// # Errors
/// [`Error::Read`]; [`Error::Format`] for a file that is cut, damaged or encrypted, without rows,
/// with a bad header or with a nested column.
pub(crate) fn read(path: &Path) -> Result<Frame, Error> {
    // The reader believes lengths within a page, and panics where a damaged one leads out of it.
    let read = catch_unwind(|| columns(path));
    let columns = read.unwrap_or_else(|_| Err(damaged(path, "a page breaks its format")))?;
    let rows = columns.first().map_or(0, |column| column.cells.len());
    if rows == 0 {
        return Err(wrong(path, "rows", "none".to_owned()));
    }
    Ok(Frame { path: path.into(), columns, places: Places::Rows(rows) })
}

fn columns(path: &Path) -> Result<Vec<Column>, Error> {
    let builder = builder(path)?;
    let (names, mut columns) = empties(path, &builder)?;
    let batches = builder.with_batch_size(BATCH).build().map_err(|error| damaged(path, error))?;
    for batch in batches {
        append(&mut columns, &batch.map_err(|error| damaged(path, error))?);
    }
    Ok(names.into_iter().zip(columns).map(|(name, cells)| Column { name, cells }).collect())
}

/// An open file.
pub(crate) type Builder = ParquetRecordBatchReaderBuilder<File>;

/// Opens a file without reading a row.
pub(crate) fn builder(path: &Path) -> Result<Builder, Error> {
    let open = |why: std::io::Error| Error::Read { path: path.into(), why: why.to_string() };
    let file = File::open(path).map_err(open)?;
    // The writer's own Arrow types, dictionaries and views among them, are ways to store the same
    // cells: without them there are fewer types to tell apart.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    Builder::try_new_with_options(file, options).map_err(|error| damaged(path, error))
}

/// Names of the columns, and the columns before their first row.
pub(crate) fn empties(path: &Path, builder: &Builder) -> Result<(Vec<String>, Vec<Cells>), Error> {
    let fields = builder.schema().fields();
    let names: Vec<String> = fields.iter().map(|field| field.name().clone()).collect();
    csv_table::check(path, &names)?;
    let columns: Result<Vec<_>, _> = fields.iter().map(|field| empty(path, field)).collect();
    Ok((names, columns?))
}

/// A column before its first row, when its type is one that a table can have.
fn empty(path: &Path, field: &Field) -> Result<Cells, Error> {
    let kind = field.data_type();
    cells(&new_empty_array(kind)).ok_or_else(|| {
        let expected = "columns of numbers, text, dates or booleans";
        let why =
            if kind.is_nested() { "which nests others".to_owned() } else { format!("{kind}") };
        wrong(path, expected, format!("`{}`, {why}", field.name()))
    })
}

pub(crate) fn append(columns: &mut [Cells], batch: &RecordBatch) {
    for (column, array) in columns.iter_mut().zip(batch.columns()) {
        match (column, cells(array)) {
            (Cells::Numbers(all), Some(Cells::Numbers(more))) => all.extend(more),
            (Cells::Words(all), Some(Cells::Words(more))) => all.extend(more),
            // All batches have the types of the schema that `empty` looked at.
            _ => {}
        }
    }
}

pub(crate) fn damaged(path: &Path, error: impl Display) -> Error {
    let found = format!("one that is cut, damaged or encrypted ({error})");
    wrong(path, "a whole Parquet file", found)
}

fn wrong(path: &Path, expected: &str, found: String) -> Error {
    Error::Format { path: path.into(), expected: expected.to_owned(), found }
}

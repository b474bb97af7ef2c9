//! Parquet into a [`Frame`].

use crate::frame::{Cells, Column, Places};
use crate::{Error, Frame, csv_table};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use std::path::Path;

/// Reads a file of flat columns. Numbers become 64-bit floats, dates and times count from 1970 in
/// the file's unit, booleans become `false` and `true`.
pub(crate) fn read(path: &Path) -> Result<Frame, Error> {
    let open = |why: std::io::Error| Error::Read { path: path.into(), why: why.to_string() };
    let file = std::fs::File::open(path).map_err(open)?;
    let damaged = |error: parquet::errors::ParquetError| {
        wrong(path, "a whole Parquet file", format!("a cut or damaged one ({error})"))
    };
    let reader = SerializedFileReader::new(file).map_err(damaged)?;
    let schema = reader.metadata().file_metadata().schema();
    let names: Vec<String> = schema.get_fields().iter().map(|f| f.name().to_owned()).collect();
    csv_table::check(path, &names)?;
    let mut columns: Vec<Vec<Field>> = vec![Vec::new(); names.len()];
    for row in reader.get_row_iter(None).map_err(damaged)? {
        let row = row.map_err(damaged)?;
        for (column, (_, field)) in columns.iter_mut().zip(row.get_column_iter()) {
            column.push(field.clone());
        }
    }
    let rows = columns.first().map_or(0, Vec::len);
    if rows == 0 {
        return Err(wrong(path, "rows", "none".to_owned()));
    }
    let column = |(name, fields): (String, Vec<Field>)| {
        let cells = cells(&fields)
            .ok_or_else(|| wrong(path, "flat columns", format!("`{name}`, which nests others")))?;
        Ok(Column { name, cells })
    };
    let columns = names.into_iter().zip(columns).map(column).collect::<Result<_, Error>>()?;
    Ok(Frame { path: path.into(), columns, places: Places::Rows(rows) })
}

fn wrong(path: &Path, expected: &str, found: String) -> Error {
    Error::Format { path: path.into(), expected: expected.to_owned(), found }
}

/// `None` for nested columns.
fn cells(fields: &[Field]) -> Option<Cells> {
    let all: Option<Vec<_>> = fields.iter().map(number).collect();
    match all {
        Some(numbers) => Some(Cells::Numbers(numbers)),
        None => fields.iter().map(word).collect::<Option<_>>().map(Cells::Words),
    }
}

/// The number in a cell, `Some(None)` for a missing one, `None` for anything else.
fn number(field: &Field) -> Option<Option<f64>> {
    let number = match field {
        Field::Null => return Some(None),
        Field::Byte(x) => f64::from(*x),
        Field::Short(x) => f64::from(*x),
        Field::Int(x) | Field::Date(x) | Field::TimeMillis(x) => f64::from(*x),
        Field::UByte(x) => f64::from(*x),
        Field::UShort(x) => f64::from(*x),
        Field::UInt(x) => f64::from(*x),
        Field::ULong(x) => *x as f64,
        Field::Long(x)
        | Field::TimeMicros(x)
        | Field::TimestampMillis(x)
        | Field::TimestampMicros(x) => *x as f64,
        Field::Float16(x) => f64::from(*x),
        Field::Float(x) => f64::from(*x),
        Field::Double(x) => *x,
        Field::Decimal(_) => field.to_string().parse().ok()?,
        _ => return None,
    };
    Some(Some(number).filter(|number| !number.is_nan()))
}

fn word(field: &Field) -> Option<Option<String>> {
    match field {
        Field::Null => Some(None),
        Field::Bool(is) => Some(Some(is.to_string())),
        Field::Str(text) => Some(Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
        Field::Bytes(bytes) => Some(Some(String::from_utf8_lossy(bytes.data()).into_owned())),
        _ => None,
    }
}

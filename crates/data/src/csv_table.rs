//! CSV into a [`Frame`].
//!
//! The `csv` crate reads it, not Arrow's reader: a wrong cell is to be told by line and column, and
//! types are to be decided on the whole column, not on a sample of it.

use crate::frame::{Cells, Column, Places};
use crate::{Error, Frame};
use csv::{ErrorKind, Position, StringRecord, Trim};
use std::path::{Path, PathBuf};

/// What a cell that is there says to be missing; an empty one is too.
pub const MISSING: [&str; 8] = ["NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "?"];

/// What files begin with that are often taken for CSV.
const OTHERS: [(&[u8], &str); 9] = [
    (b"PK\x03\x04", "an Excel or zip file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file"),
    (b"ARROW1", "an Arrow or Feather file"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x89HDF", "an HDF5 file"),
    (b"\x89PNG", "a picture"),
    (b"%PDF", "a PDF file"),
    (b"\xff\xfe", "UTF-16 text; save it as UTF-8"),
    (b"\xfe\xff", "UTF-16 text; save it as UTF-8"),
];

/// Parses a table whose first line names its columns.
pub(crate) fn parse(path: &Path, bytes: &[u8], words: &[&str]) -> Result<Frame, Error> {
    known(path, bytes)?;
    let mut reader =
        csv::ReaderBuilder::new().delimiter(separator(bytes)).trim(Trim::All).from_reader(bytes);
    let broken = |error: csv::Error| line_error(path, bytes, error);
    let header: Vec<String> = reader.headers().map_err(broken)?.iter().map(str::to_owned).collect();
    check(path, &header)?;
    let rows: Vec<StringRecord> = reader.records().collect::<Result<_, _>>().map_err(broken)?;
    if rows.is_empty() {
        return Err(wrong(path, "rows below the header", "none".to_owned()));
    }
    let lines = lines(bytes, &rows);
    let column = |(place, name): (usize, String)| {
        let cells = cells(&rows, place, words.contains(&name.as_str()));
        Column { name, cells }
    };
    let columns = header.into_iter().enumerate().map(column).collect();
    Ok(Frame { path: path.into(), columns, places: Places::Lines(lines) })
}

/// Refuses files of other kinds that are often taken for CSV.
pub(crate) fn known(path: &Path, start: &[u8]) -> Result<(), Error> {
    match OTHERS.iter().find(|(other, _)| start.starts_with(other)) {
        Some((_, found)) => Err(wrong(path, "a table in CSV or Parquet", (*found).to_owned())),
        None => Ok(()),
    }
}

/// The separator that the header has most of outside quotes; a comma when it has none.
pub(crate) fn separator(bytes: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [(0, b','), (0, b';'), (0, b'\t')];
    for &byte in bytes {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if quoted => {}
            _ => counts.iter_mut().filter(|(_, mark)| *mark == byte).for_each(|(n, _)| *n += 1),
        }
    }
    // The last of equals wins, so the comma comes last.
    counts.iter().rev().max_by_key(|(count, _)| *count).map_or(b',', |(_, mark)| *mark)
}

pub(crate) fn cells(rows: &[StringRecord], place: usize, as_words: bool) -> Cells {
    let cells = || rows.iter().map(|row| row.get(place).filter(|cell| !is_missing(cell)));
    let number = |cell: Option<&str>| match cell.map(str::parse::<f64>) {
        None => Ok(None),
        Some(Ok(number)) if !number.is_nan() => Ok(Some(number)),
        Some(_) => Err(()),
    };
    match cells().map(number).collect() {
        Ok(numbers) if !as_words => Cells::Numbers(numbers),
        _ => Cells::Words(cells().map(|cell| cell.map(str::to_owned)).collect()),
    }
}

fn is_missing(cell: &str) -> bool {
    cell.is_empty() || MISSING.contains(&cell)
}

fn wrong(path: &Path, expected: &str, found: String) -> Error {
    Error::Format { path: path.into(), expected: expected.to_owned(), found }
}

/// Refuses a header that does not give each column a name of its own.
pub(crate) fn check(path: &Path, header: &[String]) -> Result<(), Error> {
    if header.is_empty() {
        return Err(wrong(path, "a header line", "an empty file".to_owned()));
    }
    for (place, name) in header.iter().enumerate() {
        if name.is_empty() {
            let found = format!("none for column {} (a row index?)", place + 1);
            return Err(wrong(path, "a name for every column", found));
        }
        if let Some(first) = header[..place].iter().position(|other| other == name) {
            let found = format!("`{name}` for columns {} and {}", first + 1, place + 1);
            return Err(wrong(path, "a different name for every column", found));
        }
    }
    Ok(())
}

/// The line of each row, found in one pass.
fn lines(bytes: &[u8], rows: &[StringRecord]) -> Vec<u64> {
    let (mut line, mut seen) = (1, 0);
    let mut place = |row: &StringRecord| {
        let start = begin(bytes, row.position());
        line += newlines(&bytes[seen..start]);
        seen = start;
        line
    };
    rows.iter().map(&mut place).collect()
}

/// The byte where the row at or after `start` begins. The reader's own place is before the line
/// ends between two rows: blank lines, and the LF of a CR LF.
fn begin(bytes: &[u8], start: Option<&Position>) -> usize {
    let start = start.map_or(0, |start| start.byte() as usize).min(bytes.len());
    start + bytes[start..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count()
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|&&byte| byte == b'\n').count() as u64
}

fn line_error(path: &Path, bytes: &[u8], error: csv::Error) -> Error {
    let path = PathBuf::from(path);
    let line = 1 + newlines(&bytes[..begin(bytes, error.position())]);
    let (expected, found) = match error.kind() {
        ErrorKind::UnequalLengths { expected_len, len, .. } => {
            (format!("{expected_len} cells as in the header"), len.to_string())
        }
        ErrorKind::Utf8 { .. } => {
            let found = "other bytes (spreadsheets save it as `CSV UTF-8`)";
            ("UTF-8 text".to_owned(), found.to_owned())
        }
        _ => return Error::Read { path, why: error.to_string() },
    };
    Error::Line { path, line, expected, found }
}

#[cfg(test)]
mod tests;

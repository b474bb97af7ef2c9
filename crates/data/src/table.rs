//! Tables: CSV, plain or gzipped, with a header, numeric features and a target column.

use crate::{Dataset, Error, file, target::target};
use csv::{ErrorKind, Position, StringRecord, Trim};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// What a model is to do with a table's target.
///
/// Unless it is told, a target of text alone is classification when there are at least 5 rows for
/// each distinct value on average; a target of numbers is when, besides, all are whole and at most
/// 20 are distinct. All other numbers are regression, and other text is an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// Each distinct target is a class; numbers rise, text is in alphabetic order.
    Classification,
    /// The target is a number.
    Regression,
}

/// Reads a comma-separated table: all columns but `target` are features, in the file's order.
///
/// White space around cells does not count. Features are kept in 32 bits, to 7 digits.
///
/// # Errors
/// [`Error::Read`], [`Error::Gzip`], [`Error::Format`] for a table without columns or rows or with
/// a bad header, [`Error::NoTarget`], [`Error::Line`] for a line that is ragged or not UTF-8, and
/// [`Error::Cell`] for a cell that is missing or not a finite number.
pub fn read(path: &Path, target: &str, task: Option<Task>) -> Result<Dataset, Error> {
    parse(path, &file::read(path)?, target, task)
}

fn parse(path: &Path, bytes: &[u8], target: &str, task: Option<Task>) -> Result<Dataset, Error> {
    let mut reader = csv::ReaderBuilder::new().trim(Trim::All).from_reader(bytes);
    let broken = |error: csv::Error| line_error(path, bytes, error);
    let header: Vec<String> = reader.headers().map_err(broken)?.iter().map(str::to_owned).collect();
    check(path, &header)?;
    let aim = find(path, &header, target)?;
    let mut columns =
        Columns { path, bytes, header, aim, inputs: vec![], targets: vec![], starts: vec![] };
    let mut record = StringRecord::new();
    while reader.read_record(&mut record).map_err(broken)? {
        columns.push(&record)?;
    }
    columns.dataset(task)
}

fn check(path: &Path, header: &[String]) -> Result<(), Error> {
    let wrong = |expected: &str, found: String| Error::Format {
        path: path.into(),
        expected: expected.to_owned(),
        found,
    };
    if header.is_empty() {
        return Err(wrong("a header line", "an empty file".to_owned()));
    }
    for (place, name) in header.iter().enumerate() {
        if name.is_empty() {
            let found = format!("none for column {} (a row index?)", place + 1);
            return Err(wrong("a name for every column", found));
        }
        if let Some(first) = header[..place].iter().position(|other| other == name) {
            let found = format!("`{name}` for columns {} and {}", first + 1, place + 1);
            return Err(wrong("a different name for every column", found));
        }
    }
    if header.len() == 1 {
        let found = format!("`{}` alone; cells are separated by commas", header[0]);
        return Err(wrong("a target column and at least one feature", found));
    }
    Ok(())
}

fn find(path: &Path, header: &[String], target: &str) -> Result<usize, Error> {
    if let Some(place) = header.iter().position(|name| name == target) {
        return Ok(place);
    }
    let edits = |name: &str| strsim::osa_distance(&name.to_lowercase(), &target.to_lowercase());
    let close = header.iter().min_by_key(|name| edits(name));
    let close = close.filter(|name| edits(name) <= target.chars().count().div_ceil(3));
    let hint = close.map_or(String::new(), |name| format!(" (did you mean `{name}`?)"));
    let mut columns = header[..header.len().min(20)].join(", ");
    if header.len() > 20 {
        columns += &format!(" and {} more", header.len() - 20);
    }
    Err(Error::NoTarget { path: path.into(), target: target.to_owned(), hint, columns })
}

/// A table while it is read.
struct Columns<'a> {
    path: &'a Path,
    bytes: &'a [u8],
    header: Vec<String>,
    /// Place of the target column.
    aim: usize,
    inputs: Vec<f32>,
    targets: Vec<String>,
    /// Where each row begins, for errors that show once the whole target is known.
    starts: Vec<Option<Position>>,
}

impl Columns<'_> {
    fn push(&mut self, record: &StringRecord) -> Result<(), Error> {
        let start = record.position();
        self.starts.push(start.cloned());
        for (column, cell) in record.iter().enumerate() {
            if cell.is_empty() {
                return Err(self.cell(start, column, "a value", "an empty cell"));
            }
            if column == self.aim {
                self.targets.push(cell.to_owned());
                continue;
            }
            let number = cell.parse().ok().filter(|number: &f32| number.is_finite());
            let refused = || {
                let expected = "a finite number of at most 3.4e38";
                self.cell(start, column, expected, &format!("`{cell}`"))
            };
            self.inputs.push(number.ok_or_else(refused)?);
        }
        Ok(())
    }

    fn cell(&self, start: Option<&Position>, column: usize, expected: &str, found: &str) -> Error {
        Error::Cell {
            path: PathBuf::from(self.path),
            line: line(self.bytes, start),
            column: self.header[column].clone(),
            expected: expected.to_owned(),
            found: found.to_owned(),
        }
    }

    fn dataset(mut self, task: Option<Task>) -> Result<Dataset, Error> {
        if self.targets.is_empty() {
            let (expected, found) = ("rows below the header".to_owned(), "none".to_owned());
            return Err(Error::Format { path: self.path.into(), expected, found });
        }
        let target = target(&self.targets, task).map_err(|row| {
            let expected = "a finite number (text needs `task = \"classification\"`)";
            let found = format!("`{}`", self.targets[row]);
            self.cell(self.starts[row].as_ref(), self.aim, expected, &found)
        })?;
        self.header.remove(self.aim);
        Dataset::new(self.inputs, vec![self.header.len()], target, self.header)
    }
}

/// The line of the row that begins at or after `start`, counted from 1. The reader's own count is
/// behind by the line ends between two rows: blank lines, and the LF of a CR LF.
fn line(bytes: &[u8], start: Option<&Position>) -> u64 {
    let (before, row) = bytes.split_at(start.map_or(0, |start| start.byte() as usize));
    let gap = row.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    1 + before.iter().chain(gap).filter(|&&byte| byte == b'\n').count() as u64
}

fn line_error(path: &Path, bytes: &[u8], error: csv::Error) -> Error {
    let path = PathBuf::from(path);
    let line = line(bytes, error.position());
    let (expected, found) = match error.kind() {
        ErrorKind::UnequalLengths { expected_len, len, .. } => {
            (format!("{expected_len} cells as in the header"), len.to_string())
        }
        ErrorKind::Utf8 { .. } => ("UTF-8 text".to_owned(), "other bytes".to_owned()),
        _ => return Error::Read { path, why: error.to_string() },
    };
    Error::Line { path, line, expected, found }
}

#[cfg(test)]
mod tests;

//! A table that is read part by part, so that it may be larger than memory.

mod csv;
mod parquet;

use crate::frame::{Cells, Column, Places};
use crate::{Error, Frame, file, parquet_table};
use std::path::{Path, PathBuf};

/// The rows of one or several files of the same columns, some at a time.
///
/// Each part is a [`Frame`]. Cells are read as [`Frame::read`] does, but for this: whether a column
/// of CSV holds numbers is decided part by part, and only those that are named as words are sure to
/// be words.
pub struct Parts {
    /// Files that are not yet open.
    left: Vec<PathBuf>,
    words: Vec<String>,
    rows: usize,
    /// Columns of the first file.
    names: Option<Vec<String>>,
    open: Option<Box<dyn Source>>,
    /// Bytes of all files, of those that were read to the end, and of the open one.
    bytes: (u64, u64, u64),
}

/// One open file.
trait Source {
    /// The next rows; none at the end.
    fn next(&mut self) -> Option<Result<Frame, Error>>;

    /// How much of the file was read, in [0, 1].
    fn share(&self) -> f64;
}

impl Parts {
    /// Opens `paths` to be read in this order, at most `rows` at a time, with the columns `words`
    /// as words.
    pub fn new(paths: &[PathBuf], words: &[&str], rows: usize) -> Self {
        let mut left = paths.to_vec();
        left.reverse();
        let size = |path: &PathBuf| std::fs::metadata(path).map_or(0, |found| found.len());
        Self {
            bytes: (paths.iter().map(size).sum(), 0, 0),
            left,
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            rows: rows.max(1),
            names: None,
            open: None,
        }
    }

    /// How much was read, in [0, 1].
    pub fn share(&self) -> f64 {
        let (all, done, now) = self.bytes;
        let open = self.open.as_ref().map_or(0.0, |source| source.share()) * now as f64;
        if all == 0 { 0.0 } else { ((done as f64 + open) / all as f64).min(1.0) }
    }

    fn open(&self, path: &Path) -> Result<Box<dyn Source>, Error> {
        let start = file::start(path)?;
        if start == parquet_table::MAGIC || start == parquet_table::ENCRYPTED {
            return Ok(Box::new(parquet::File::open(path, self.rows)?));
        }
        Ok(Box::new(csv::File::open(path, &self.words, self.rows)?))
    }

    /// Refuses another file's columns, and puts them in the order of the first.
    fn alike(&mut self, mut frame: Frame) -> Result<Frame, Error> {
        let names = || frame.columns.iter().map(|column| column.name.clone()).collect();
        let first: &Vec<String> = self.names.get_or_insert_with(names);
        for name in first {
            frame.column(name)?;
        }
        if let Some(other) = frame.columns.iter().find(|column| !first.contains(&column.name)) {
            let expected = "the columns of the first file".to_owned();
            let found = format!("`{}` besides", other.name);
            return Err(Error::Format { path: frame.path, expected, found });
        }
        let place = |column: &Column| first.iter().position(|name| *name == column.name);
        frame.columns.sort_by_key(place);
        Ok(frame)
    }
}

impl Iterator for Parts {
    type Item = Result<Frame, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if self.open.is_none() {
                let path = self.left.pop()?;
                match self.open(&path) {
                    Ok(source) => self.open = Some(source),
                    Err(error) => return Some(Err(error)),
                }
                self.bytes.2 = std::fs::metadata(&path).map_or(0, |found| found.len());
            }
            match self.open.as_mut().and_then(|source| source.next()) {
                Some(part) => return Some(part.and_then(|frame| self.alike(frame))),
                None => {
                    self.open = None;
                    self.bytes = (self.bytes.0, self.bytes.1 + self.bytes.2, 0);
                }
            }
        }
    }
}

impl Frame {
    /// Reads several files of the same columns, one below the other; see [`Frame::read`].
    ///
    /// # Errors
    /// As [`Frame::read`], and [`Error::NoColumn`] or [`Error::Format`] for other columns.
    pub fn read_all(paths: &[PathBuf], words: &[&str]) -> Result<Self, Error> {
        if let [one] = paths {
            return Self::read(one, words);
        }
        let mut order = Parts::new(paths, words, 1);
        let mut frames = Vec::new();
        for path in paths {
            frames.push(order.alike(Self::read(path, words)?)?);
        }
        let path = paths.first().cloned().unwrap_or_default();
        let names = order.names.unwrap_or_default();
        let rows = frames.iter().map(Frame::rows).sum();
        let column = |(place, name): (usize, String)| {
            let parts: Vec<&Column> = frames.iter().map(|frame| &frame.columns[place]).collect();
            Column { name, cells: joined(&parts) }
        };
        let columns = names.into_iter().enumerate().map(column).collect();
        Ok(Self { path, columns, places: Places::Rows(rows) })
    }
}

/// Cells below each other; words where any of the parts has words.
fn joined(parts: &[&Column]) -> Cells {
    let numbers = |column: &&Column| match &column.cells {
        Cells::Numbers(cells) => Some(cells.clone()),
        Cells::Words(_) => None,
    };
    let all: Option<Vec<Vec<Option<f64>>>> = parts.iter().map(numbers).collect();
    match all {
        Some(cells) => Cells::Numbers(cells.concat()),
        None => Cells::Words(parts.iter().flat_map(|column| column.words()).collect()),
    }
}

#[cfg(test)]
mod tests;

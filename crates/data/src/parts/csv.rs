//! CSV, plain or packed, some rows at a time.

use super::Source;
use crate::csv_table::{self, cells, separator};
use crate::frame::{Column, Places};
use crate::{Error, Frame};
use csv::{StringRecord, Trim};
use flate2::read::MultiGzDecoder;
use std::cell::Cell;
use std::io::{self, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Bytes in which the header's end is looked for.
const HEAD: u64 = 1 << 16;

/// An open file.
pub struct File {
    path: PathBuf,
    reader: csv::Reader<Box<dyn Read>>,
    header: Vec<String>,
    words: Vec<String>,
    rows: usize,
    size: u64,
    seen: Rc<Cell<u64>>,
}

/// Counts the bytes that are read, before they are unpacked.
struct Counted(std::fs::File, Rc<Cell<u64>>);

impl Read for Counted {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(bytes)?;
        self.1.set(self.1.get() + read as u64);
        Ok(read)
    }
}

impl File {
    pub fn open(path: &Path, words: &[String], rows: usize) -> Result<Self, Error> {
        let why = |error: io::Error| Error::Read { path: path.into(), why: error.to_string() };
        let start = crate::file::start(path)?;
        let file = std::fs::File::open(path).map_err(why)?;
        let size = file.metadata().map_err(why)?.len();
        let seen = Rc::new(Cell::new(0));
        let counted = BufReader::new(Counted(file, Rc::clone(&seen)));
        let mut plain: Box<dyn Read> = if start.starts_with(&[0x1f, 0x8b]) {
            Box::new(MultiGzDecoder::new(counted))
        } else if start.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
            Box::new(zstd::stream::Decoder::with_buffer(counted).map_err(why)?)
        } else {
            Box::new(counted)
        };
        let mut head = Vec::new();
        plain.by_ref().take(HEAD).read_to_end(&mut head).map_err(why)?;
        csv_table::known(path, &head)?;
        let mark = separator(&head);
        let whole: Box<dyn Read> = Box::new(Cursor::new(head).chain(plain));
        let builder = csv::ReaderBuilder::new().delimiter(mark).trim(Trim::All).from_reader(whole);
        let mut reader = builder;
        let header = reader.headers().map_err(|error| wrong(path, &error))?;
        let header: Vec<String> = header.iter().map(str::to_owned).collect();
        csv_table::check(path, &header)?;
        Ok(Self { path: path.into(), reader, header, words: words.to_vec(), rows, size, seen })
    }

    fn frame(&self, rows: &[StringRecord]) -> Frame {
        let column = |(place, name): (usize, &String)| {
            let cells = cells(rows, place, self.words.contains(name));
            Column { name: name.clone(), cells }
        };
        let line = |row: &StringRecord| row.position().map_or(0, csv::Position::line);
        let columns = self.header.iter().enumerate().map(column).collect();
        let places = Places::Lines(rows.iter().map(line).collect());
        Frame { path: self.path.clone(), columns, places }
    }
}

impl Source for File {
    fn next(&mut self) -> Option<Result<Frame, Error>> {
        let mut rows = Vec::new();
        while rows.len() < self.rows {
            let mut row = StringRecord::new();
            match self.reader.read_record(&mut row) {
                Ok(true) => rows.push(row),
                Ok(false) => break,
                Err(error) => return Some(Err(wrong(&self.path, &error))),
            }
        }
        (!rows.is_empty()).then(|| Ok(self.frame(&rows)))
    }

    fn share(&self) -> f64 {
        self.seen.get() as f64 / self.size.max(1) as f64
    }
}

fn wrong(path: &Path, error: &csv::Error) -> Error {
    let line = error.position().map_or(1, csv::Position::line);
    let (expected, found) = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            (format!("{expected_len} cells as in the header"), len.to_string())
        }
        csv::ErrorKind::Utf8 { .. } => ("UTF-8 text".to_owned(), "other bytes".to_owned()),
        _ => return Error::Read { path: path.into(), why: error.to_string() },
    };
    Error::Line { path: path.into(), line, expected, found }
}

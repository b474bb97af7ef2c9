//! The form in which predictions are written: CSV, JSON or Parquet.

use super::parquet::Table;
use super::rows::{Row, Rows};
use crate::error::Failure;
use std::path::Path;

/// A form, and what it remembers between parts.
pub enum Form {
    Csv,
    /// An object a line.
    Json,
    /// None before its first part.
    Parquet(Option<Box<Table>>),
}

impl Form {
    /// The form that is asked for by --json and the name of the file.
    pub fn of(json: bool, out: Option<&Path>) -> Result<Self, Failure> {
        let name = out.map(|path| path.to_string_lossy().to_lowercase()).unwrap_or_default();
        let refused = |message: &str, hint: &str| Err(Failure::new(message, Some(hint.to_owned())));
        match (json, name.ends_with(".parquet")) {
            _ if name.ends_with(".gz") || name.ends_with(".zst") => refused(
                "predictions are not written into compressed files",
                "write to standard output and compress that, or to a file that ends in .parquet",
            ),
            (true, true) => refused(
                "--json writes lines of JSON, and --out names a Parquet file",
                "leave out --json, or let the file end in .jsonl",
            ),
            (true, false) => Ok(Self::Json),
            (false, true) => Ok(Self::Parquet(None)),
            (false, false) => Ok(Self::Csv),
        }
    }

    /// What stands in front of the first example.
    pub fn begin(&mut self, rows: &Rows<'_>) -> Result<Vec<u8>, Failure> {
        match self {
            Self::Csv => rows.header(),
            Self::Json | Self::Parquet(_) => Ok(Vec::new()),
        }
    }

    /// The examples from `start` on. Parquet keeps some back, until there are enough for a group.
    pub fn part(
        &mut self,
        rows: &Rows<'_>,
        start: usize,
        part: &[Row],
    ) -> Result<Vec<u8>, Failure> {
        match self {
            Self::Csv => rows.csv(start, part),
            Self::Json => rows.json(start, part),
            Self::Parquet(table) => {
                let columns = super::parquet::columns(rows, start, part)?;
                match table {
                    Some(table) => table.add(&columns),
                    None => table.insert(Box::new(Table::begin(&columns)?)).add(&columns),
                }
            }
        }
    }

    /// What stands behind the last example.
    pub fn end(self) -> Result<Vec<u8>, Failure> {
        match self {
            Self::Parquet(Some(table)) => table.end(),
            _ => Ok(Vec::new()),
        }
    }
}

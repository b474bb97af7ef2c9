//! SQLite files, read only: the rows of a table, without indices and queries.
//!
//! A file may be damaged or made to harm. Nothing here is believed: each page is visited once, and
//! what the rows of a table hold together is no more than the size of the file.
//!
//! Source: "Database File Format", <https://www.sqlite.org/fileformat2.html>.

mod bytes;
mod pages;
mod record;
mod schema;
mod statement;
mod tree;
mod wal;

use pages::Pages;
use record::Record;
use schema::{Column, columns};

pub(super) use pages::MAGIC;
pub(super) use record::Value;

/// Names of the columns of `sqlite_schema` that are read, and their places.
const SCHEMA: [(&str, usize); 4] = [("type", 0), ("name", 1), ("rootpage", 3), ("sql", 4)];

/// The tables of a file.
pub(super) struct Database<'a> {
    pages: Pages<'a>,
}

/// Where the rows of a table begin, and what they hold.
struct Table {
    root: u32,
    columns: Vec<Column>,
}

impl<'a> Database<'a> {
    /// Opens a file, with the log of changes that stands beside it (`NAME-wal`); empty without one.
    ///
    /// # Errors
    /// The header is not SQLite's.
    pub fn open(file: &'a [u8], log: &'a [u8]) -> Result<Self, String> {
        Ok(Self { pages: Pages::new(file, log)? })
    }

    /// Gives `each` the values of the `wanted` columns, row by row; a column that the table lacks is
    /// null. What could not be read is skipped, and the first damage returned.
    ///
    /// # Errors
    /// There is no such table, or its rows are not stored as those of a plain one.
    pub fn rows<const N: usize>(
        &self,
        name: &str,
        wanted: [&str; N],
        mut each: impl FnMut([Value<'_>; N]),
    ) -> Result<Option<String>, String> {
        let table = self.table(name)?;
        let places = wanted.map(|wanted| {
            table.columns.iter().position(|column| column.name.eq_ignore_ascii_case(wanted))
        });
        let encoding = self.pages.encoding();
        let mut bad = None;
        let damage = tree::walk(&self.pages, table.root, |row, payload| {
            let values = Record::of(payload).and_then(|record| {
                let mut values = places.map(|_| Value::Null);
                for (value, place) in values.iter_mut().zip(places) {
                    let Some(place) = place else { continue };
                    *value = table.columns[place].value(row, record.get(place, encoding)?);
                }
                Some(values)
            });
            match values {
                Some(values) => each(values),
                None => bad = bad.take().or_else(|| Some(format!("row {row} is no record"))),
            }
        });
        Ok(damage.or(bad))
    }

    fn table(&self, wanted: &str) -> Result<Table, String> {
        let encoding = self.pages.encoding();
        let mut found = None;
        let damage = tree::walk(&self.pages, 1, |_, payload| {
            let entry = Record::of(payload).and_then(|record| {
                let mut entry = SCHEMA.map(|_| Value::Null);
                for (value, (_, place)) in entry.iter_mut().zip(SCHEMA) {
                    *value = record.get(place, encoding)?.unwrap_or(Value::Null);
                }
                Some(entry)
            });
            if let Some(
                [Value::Text(kind), Value::Text(name), Value::Integer(root), Value::Text(sql)],
            ) = entry
                && kind == "table"
                && name.eq_ignore_ascii_case(wanted)
            {
                found = Some((u32::try_from(root).unwrap_or(0), columns(&sql)));
            }
        });
        let missing = || match damage {
            Some(damage) => format!("no table `{wanted}` ({damage})"),
            None => format!("no table `{wanted}`"),
        };
        let (root, columns) = found.ok_or_else(missing)?;
        Ok(Table { root, columns: columns.map_err(|why| format!("table `{wanted}`: {why}"))? })
    }
}

#[cfg(test)]
mod tests;

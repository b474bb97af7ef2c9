//! Tables of the user's own: kept in memory for as long as the server runs, the newest few.

use crate::scratch::{Scratch, plain_table};
use serde::Serialize;
use std::collections::VecDeque;
use std::sync::Arc;
use wellfit::data::Frame;
use wellfit::data::frame::Cells;

/// Bytes of one table, at most.
pub const BYTES: usize = 4 << 20;
/// Tables that are kept; the oldest makes room.
const KEPT: usize = 8;
/// Rows and columns of a table, at most.
const SIZE: [usize; 2] = [20_000, 500];
/// Numbers that a table may become when every word has a column of its own: 64 MiB.
const NUMBERS: usize = 16 << 20;
/// The file that a table is read from.
pub const FILE: &str = "table.csv";

/// A table that was taken in.
#[derive(Debug, Clone, Serialize)]
pub struct Upload {
    /// What the page calls it by.
    pub id: u64,
    /// Names of its columns, in the file's order.
    pub columns: Vec<String>,
    /// Its rows.
    pub rows: usize,
    #[serde(skip)]
    pub text: Arc<str>,
}

/// The tables.
#[derive(Debug, Default)]
pub struct Uploads {
    next: u64,
    kept: VecDeque<Upload>,
}

impl Uploads {
    /// Takes a table in.
    pub fn keep(&mut self, mut upload: Upload) -> Upload {
        self.next += 1;
        upload.id = self.next;
        self.kept.push_back(upload.clone());
        while self.kept.len() > KEPT {
            self.kept.pop_front();
        }
        upload
    }

    /// The text of a table that is still there.
    pub fn get(&self, id: u64) -> Option<Arc<str>> {
        self.kept.iter().find(|upload| upload.id == id).map(|upload| Arc::clone(&upload.text))
    }
}

impl Upload {
    /// Reads a table, to be sure that it is one and of a bearable size.
    ///
    /// # Errors
    /// What is wrong with it, in a sentence.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let text = plain_table(bytes)?;
        let scratch = Scratch::with(FILE, bytes)?;
        let frame = Frame::read(&scratch.file(FILE), &[]);
        let frame = frame.map_err(|error| scratch.hide(&error.to_string()))?;
        let found = [frame.rows(), frame.columns.len()];
        if found[0] > SIZE[0] || found[1] > SIZE[1] {
            let ([rows, columns], [r, c]) = (SIZE, found);
            return Err(format!(
                "expected at most {rows} rows and {columns} columns, found {r} and {c}"
            ));
        }
        let numbers = frame.rows() * frame.columns.iter().map(|c| width(&c.cells)).sum::<usize>();
        if numbers > NUMBERS {
            let message = "too many different words: one column for each of them would make";
            return Err(format!("{message} {numbers} numbers, expected at most {NUMBERS}"));
        }
        let columns = frame.columns.iter().map(|column| column.name.clone()).collect();
        Ok(Self { id: 0, columns, rows: frame.rows(), text: text.into() })
    }
}

/// Inputs that a column may become, a word each or a number and whether it is missing.
fn width(cells: &Cells) -> usize {
    match cells {
        Cells::Numbers(_) => 2,
        Cells::Words(words) => {
            let words: std::collections::BTreeSet<&str> =
                words.iter().flatten().map(String::as_str).collect();
            words.len() + 1
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_tells_its_columns() {
        let upload = Upload::read(b"a,b,c\n1,2,x\n3,4,y\n").unwrap();
        assert_eq!((upload.columns, upload.rows), (vec!["a".into(), "b".into(), "c".into()], 2));
    }

    #[test]
    fn what_is_no_table_or_too_large_is_told() {
        let refused = |bytes: &[u8]| Upload::read(bytes).unwrap_err();
        assert!(refused(&[0x1f, 0x8b, 8, 0]).contains("plain CSV"));
        assert!(refused(b"PAR1....PAR1").contains("plain CSV"));
        assert!(refused("a\n1\n".repeat(10_001).as_bytes()).contains("at most 20000 rows"));
        let ragged = refused(b"a,b\n1,2\n3\n");
        assert!(ragged.contains("line 3") && !ragged.contains("/tmp"), "{ragged}");
        let words: String = (0..18_000).map(|i| format!("w{i}\n")).collect();
        assert!(refused(format!("a\n{words}").as_bytes()).contains("too many different words"));
    }

    #[test]
    fn the_oldest_makes_room() {
        let mut uploads = Uploads::default();
        let upload = Upload::read(b"a\n1\n").unwrap();
        let ids: Vec<u64> = (0..9).map(|_| uploads.keep(upload.clone()).id).collect();
        assert!(uploads.get(ids[0]).is_none() && uploads.get(ids[1]).is_some());
    }
}

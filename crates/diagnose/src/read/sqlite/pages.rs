//! The pages of a file, by number from 1, in their latest state.

use super::bytes::u16_at;
use super::wal::frames;
use std::collections::HashMap;

/// What every file begins with.
pub(in crate::read) const MAGIC: &[u8] = b"SQLite format 3\0";

/// How texts are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
}

/// The pages.
pub(super) struct Pages<'a> {
    file: &'a [u8],
    log: &'a [u8],
    /// Where in the log the latest state of a page begins.
    changed: HashMap<u32, usize>,
    size: usize,
    /// Bytes of a page that SQLite uses.
    pub usable: usize,
}

impl<'a> Pages<'a> {
    pub fn new(file: &'a [u8], log: &'a [u8]) -> Result<Self, String> {
        if !file.starts_with(MAGIC) {
            return Err("no header of SQLite".to_owned());
        }
        // 65536 does not fit into two bytes and is written as 1.
        let size = match u16_at(file, 16) {
            Some(1) => 1 << 16,
            Some(size) if size >= 512 && size.is_power_of_two() => size,
            size => return Err(format!("pages of {} bytes", size.unwrap_or_default())),
        };
        let reserved = usize::from(file.get(20).copied().unwrap_or_default());
        let usable = size - reserved;
        if usable < 480 {
            return Err(format!("pages of {size} bytes of which {reserved} are reserved"));
        }
        Ok(Self { file, log, changed: frames(log, size), size, usable })
    }

    /// A page; the last of a file that was cut off is short. Nothing where there is no such page.
    pub fn page(&self, number: u32) -> Option<&'a [u8]> {
        if let Some(&at) = self.changed.get(&number) {
            return self.log.get(at..at + self.size);
        }
        let begin = (number.checked_sub(1)? as usize).checked_mul(self.size)?;
        let rest = self.file.get(begin..).filter(|rest| !rest.is_empty())?;
        Some(&rest[..rest.len().min(self.size)])
    }

    /// Bytes of the file and of the log.
    pub fn bytes(&self) -> usize {
        self.file.len() + self.log.len()
    }

    /// How texts are stored.
    pub fn encoding(&self) -> Encoding {
        match self.page(1).and_then(|page| page.get(59)) {
            Some(2) => Encoding::Utf16Le,
            Some(3) => Encoding::Utf16Be,
            _ => Encoding::Utf8,
        }
    }
}

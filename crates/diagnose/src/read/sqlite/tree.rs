//! The rows of a table: leaves of a tree of pages, in the order of their numbers.

use super::bytes::{u16_at, u32_at, varint};
use super::pages::Pages;
use std::borrow::Cow;
use std::collections::HashSet;

const INTERIOR: u8 = 0x05;
const LEAF: u8 = 0x0d;

/// Gives `each` the number and the record of every row below the page `root`. Returns what was
/// damaged first; it is left out.
pub(super) fn walk(
    pages: &Pages<'_>,
    root: u32,
    mut each: impl FnMut(i64, &[u8]),
) -> Option<String> {
    let mut walk = Walk { pages, left: pages.bytes(), damage: None };
    let (mut open, mut seen) = (vec![root], HashSet::from([root]));
    while let Some(number) = open.pop() {
        let mut below = Vec::new();
        if walk.page(number, &mut below, &mut each).is_none() {
            walk.damaged(|| format!("page {number} is no page of a table, or is cut off"));
        }
        let found = below.len();
        // Each page once: a circle would never end.
        below.retain(|&page| seen.insert(page));
        if below.len() < found {
            walk.damaged(|| format!("page {number} leads to a page that was read before"));
        }
        open.extend(below.iter().rev());
    }
    walk.damage
}

struct Walk<'a> {
    pages: &'a Pages<'a>,
    /// Bytes that the rows may still hold: more than the file has were never written.
    left: usize,
    damage: Option<String>,
}

impl Walk<'_> {
    /// Reads the rows of a leaf, or lists the pages below another one. None where the page is
    /// damaged as a whole.
    fn page(
        &mut self,
        number: u32,
        below: &mut Vec<u32>,
        each: &mut impl FnMut(i64, &[u8]),
    ) -> Option<()> {
        let page = self.pages.page(number)?;
        // The header of the file stands in the first page.
        let head = if number == 1 { 100 } else { 0 };
        let (kind, cells) = (*page.get(head)?, u16_at(page, head + 3)?);
        let pointers = match kind {
            LEAF => head + 8,
            INTERIOR => head + 12,
            _ => return None,
        };
        for cell in 0..cells {
            let at = u16_at(page, pointers + 2 * cell)?;
            if kind == INTERIOR {
                below.push(u32_at(page, at)?);
            } else if let Some((row, payload)) = page.get(at..).and_then(|cell| self.row(cell)) {
                each(row, &payload);
            } else {
                self.damaged(|| format!("row {cell} of page {number} is damaged"));
            }
        }
        if kind == INTERIOR {
            below.push(u32_at(page, head + 8)?);
        }
        Some(())
    }

    /// The number and the record in a cell.
    fn row<'b>(&mut self, cell: &'b [u8]) -> Option<(i64, Cow<'b, [u8]>)> {
        let (length, first) = varint(cell)?;
        let (row, second) = varint(&cell[first..])?;
        let length = usize::try_from(length).ok().filter(|&length| length <= self.left)?;
        self.left -= length;
        let payload = &cell[first + second..];
        let here = local(length, self.pages.usable);
        if here == length {
            return Some((row as i64, Cow::Borrowed(payload.get(..length)?)));
        }
        let mut whole = Vec::with_capacity(length);
        whole.extend_from_slice(payload.get(..here)?);
        let mut next = u32_at(payload, here)?;
        while whole.len() < length {
            let page = self.pages.page(next)?;
            let part = (length - whole.len()).min(self.pages.usable - 4);
            whole.extend_from_slice(page.get(4..4 + part)?);
            next = u32_at(page, 0)?;
        }
        Some((row as i64, Cow::Owned(whole)))
    }

    fn damaged(&mut self, what: impl FnOnce() -> String) {
        self.damage.get_or_insert_with(what);
    }
}

/// Bytes of a record of `length` that stand in its leaf; the others follow in pages of their own.
fn local(length: usize, usable: usize) -> usize {
    let most = usable - 35;
    if length <= most {
        return length;
    }
    let least = (usable - 12) * 32 / 255 - 23;
    let filling = least + (length - least) % (usable - 4);
    if filling <= most { filling } else { least }
}

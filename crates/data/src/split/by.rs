//! Rows that belong together, and rows that follow each other in time.

use super::Parts;
use crate::chance::draw;
use crate::frame::Cells;
use crate::{Error, Frame};
use rand_core::Rng;
use std::collections::BTreeMap;

/// What keeps rows apart beside chance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// Nothing.
    Nothing,
    /// The rows of each group, which stay in one part.
    Groups(Vec<Vec<usize>>),
    /// All rows, the earliest first.
    Time(Vec<usize>),
}

impl By {
    /// Equal cells of a column make a group.
    ///
    /// # Errors
    /// [`Error::NoColumn`], and [`Error::Cell`] for a missing cell.
    pub fn group(frame: &Frame, name: &str) -> Result<Self, Error> {
        let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (row, cell) in frame.column(name)?.words().into_iter().enumerate() {
            let missing = || frame.refuse(row, name, "a group for every row", "a missing one");
            groups.entry(cell.ok_or_else(missing)?).or_default().push(row);
        }
        Ok(Self::Groups(groups.into_values().collect()))
    }

    /// A column puts the rows in order; equal cells stay as the file has them.
    ///
    /// # Errors
    /// [`Error::NoColumn`], and [`Error::Cell`] for a missing cell.
    pub fn time(frame: &Frame, name: &str) -> Result<Self, Error> {
        let missing = |row| frame.refuse(row, name, "a time for every row", "a missing one");
        let mut rows: Vec<usize> = (0..frame.rows()).collect();
        match &frame.column(name)?.cells {
            Cells::Numbers(cells) => {
                let gap = cells.iter().position(Option::is_none);
                gap.map_or(Ok(()), |row| Err(missing(row)))?;
                let times: Vec<f64> = cells.iter().flatten().copied().collect();
                rows.sort_by(|&a, &b| times[a].total_cmp(&times[b]));
            }
            Cells::Words(cells) => {
                let gap = cells.iter().position(Option::is_none);
                gap.map_or(Ok(()), |row| Err(missing(row)))?;
                rows.sort_by_key(|&row| &cells[row]);
            }
        }
        Ok(Self::Time(rows))
    }
}

/// Deals whole groups out, large ones first and equal ones by chance, each to the part that lacks
/// the most rows. The rows of every part come in a random order.
pub(super) fn grouped(groups: &[Vec<usize>], sizes: [usize; 3], rng: &mut dyn Rng) -> Parts {
    let mut groups: Vec<&Vec<usize>> = groups.iter().collect();
    let count = groups.len();
    draw(rng, &mut groups, count);
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    let mut parts = [vec![], vec![], vec![]];
    for group in groups {
        let lacks = |&part: &usize| sizes[part] as i64 - parts[part].len() as i64;
        // Of equals the last wins: training, as the order is turned round.
        let part = [2, 1, 0].into_iter().max_by_key(lacks).unwrap_or(0);
        parts[part].extend_from_slice(group);
    }
    for part in &mut parts {
        let count = part.len();
        draw(rng, part, count);
    }
    let [train, validation, test] = parts;
    Parts { train, validation, test }
}

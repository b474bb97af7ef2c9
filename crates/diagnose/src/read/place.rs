//! Where the rows of a table stand, and where a run ends and the next begins.

use super::name::Role;
use super::table::{Cell, Table};

/// Where a row stands on the two axes that a log may have.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Place {
    pub epoch: Option<f64>,
    pub step: Option<f64>,
}

/// A table whose columns are understood and whose rows have a place.
pub(super) struct Placed<'a> {
    pub table: &'a Table,
    pub roles: &'a [Role],
    pub places: Vec<Place>,
    /// Where the cells of each row begin, and where those of the last end.
    starts: Vec<usize>,
}

/// Rows of one run, in order.
pub(super) struct Stretch {
    pub rows: Vec<u32>,
    pub note: Option<String>,
}

impl<'a> Placed<'a> {
    pub fn new(table: &'a Table, roles: &'a [Role]) -> Self {
        let mut starts = Vec::with_capacity(table.rows() + 1);
        for (at, cell) in table.cells().iter().enumerate() {
            starts.resize(starts.len().max(cell.row as usize + 1), at);
        }
        starts.resize(table.rows() + 1, table.cells().len());
        Self { table, roles, places: places(table, roles), starts }
    }

    /// The cells of some rows, each with the place of its row and how many rows of them came before.
    pub fn cells<'b>(&'b self, rows: &'b [u32]) -> impl Iterator<Item = (usize, Place, &'b Cell)> {
        rows.iter().enumerate().flat_map(move |(before, &row)| {
            let row = row as usize;
            let cells = &self.table.cells()[self.starts[row]..self.starts[row + 1]];
            cells.iter().map(move |cell| (before, self.places[row], cell))
        })
    }

    /// The columns in which a row holds more than its place.
    fn measured(&self, row: u32) -> impl Iterator<Item = usize> {
        let row = row as usize;
        let cells = &self.table.cells()[self.starts[row]..self.starts[row + 1]];
        let columns = cells.iter().map(|cell| cell.column as usize);
        columns.filter(|&at| matches!(self.roles[at], Role::Series(_) | Role::LearningRate))
    }

    /// Cuts the rows where the epoch falls back to where it began: there a new run was appended.
    /// Where it falls back less far, training went on from a checkpoint, and what came after that
    /// is void.
    pub fn stretches(&self) -> Vec<Stretch> {
        let by_epoch = self.places.iter().any(|place| place.epoch.is_some());
        let at = |row: u32| {
            let place = self.places[row as usize];
            if by_epoch { place.epoch } else { place.step }
        };
        let mut done = Vec::new();
        let mut stretch = Stretch { rows: Vec::new(), note: None };
        let (mut first, mut last): (Option<f64>, Option<f64>) = (None, None);
        // Another metric may count from the beginning again: a curve below the other.
        let mut seen = vec![false; self.roles.len()];
        for row in 0..self.places.len() as u32 {
            let x = at(row);
            if let (Some(x), Some(first_x), Some(last_x)) = (x, first, last)
                && x < last_x
                && self.measured(row).all(|column| seen[column])
            {
                if x <= first_x {
                    let next = Stretch { rows: Vec::new(), note: None };
                    done.push(std::mem::replace(&mut stretch, next));
                    first = None;
                    seen.fill(false);
                } else {
                    while stretch.rows.last().is_some_and(|&row| at(row).is_none_or(|old| old >= x))
                    {
                        stretch.rows.pop();
                    }
                    let note = format!("the log goes back to {x}: what came after it is replaced");
                    stretch.note = Some(note);
                }
            }
            first = first.or(x);
            last = x.or(last);
            stretch.rows.push(row);
            self.measured(row).for_each(|column| seen[column] = true);
        }
        done.push(stretch);
        done
    }
}

/// Epoch and step of every row. A row without an epoch belongs to the step that has one, or to the
/// epoch before it.
fn places(table: &Table, roles: &[Role]) -> Vec<Place> {
    let mut places = vec![Place::default(); table.rows()];
    let indexed = !roles.iter().any(|role| matches!(role, Role::Epoch | Role::Step));
    for cell in table.cells().iter().filter(|cell| cell.value.is_finite()) {
        let place = &mut places[cell.row as usize];
        match roles[cell.column as usize] {
            Role::Epoch => place.epoch = Some(cell.value),
            Role::Step => place.step = place.step.or(Some(cell.value)),
            Role::Index if indexed => place.epoch = Some(cell.value),
            _ => {}
        }
    }
    // Lightning writes the learning rate before the first epoch number: look ahead, then behind.
    let mut next: Option<Place> = None;
    for place in places.iter_mut().rev() {
        match (place.epoch, next) {
            (Some(_), _) => next = Some(*place),
            (None, Some(next)) if next.step == place.step && next.step.is_some() => {
                place.epoch = next.epoch;
            }
            _ => {}
        }
    }
    let mut last = None;
    for place in &mut places {
        place.epoch = place.epoch.or(last);
        last = place.epoch;
    }
    places
}
